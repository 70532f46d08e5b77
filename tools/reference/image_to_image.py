"""Writes pictures that begin with a picture, made by diffusers' picture-to-picture and inpainting pipelines: image-to-image/*.png and requests.json.

The picture to begin with, start.png (88 x 72), is stretched to 64 x 64 as diffusers' image processor does (Lanczos); mask.png is white where the
picture is to be redrawn. Each request's generator is torch.Generator("cpu").manual_seed(seed).
"""

import shutil

import numpy as np
from common import FIXTURES, picture_like, save_json, torch
from diffusers import StableDiffusionImg2ImgPipeline, StableDiffusionInpaintPipeline, StableDiffusionXLImg2ImgPipeline
from PIL import Image
from schedulers import SAMPLERS

FOLDER = FIXTURES / "image-to-image"
SIDE = 64
PROMPT, NEGATIVE = "a red boat on a calm lake at sunset", "blurry, a house in the snow"
PIPELINES = {
    "image": StableDiffusionImg2ImgPipeline,
    "image-xl": StableDiffusionXLImg2ImgPipeline,
    "mask": StableDiffusionInpaintPipeline,
}
CASES = [
    ("image", "tiny-sd1", "default", 0.6), ("image", "tiny-sd1", "euler", 0.6), ("image", "tiny-sd1", "euler-a", 0.75),
    ("image", "tiny-sd1", "dpm++2m", 1.0), ("image", "tiny-sd1", "ddim", 0.5), ("image", "tiny-sd1", "ddpm", 0.8),
    ("image-xl", "tiny-sdxl", "euler", 0.7),
    ("mask", "tiny-sd1", "euler", 0.75), ("mask", "tiny-sd1", "euler-a", 1.0), ("mask", "tiny-sd1", "dpm++2m", 0.9),
]  # fmt: skip


def to_picture(pixels):
    return Image.fromarray((pixels * 255).round().astype(np.uint8))


def start_and_mask():
    start = to_picture((picture_like(72, 88)[0].permute(1, 2, 0).numpy() + 1) / 2)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[16:48, 24:64] = 255
    return start, Image.fromarray(mask)


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    start, mask = start_and_mask()
    start.save(FOLDER / "start.png", optimize=True)
    mask.save(FOLDER / "mask.png", optimize=True)
    requests, pipes = [], {}
    for kind, model, sampler, strength in CASES:
        if (kind, model) not in pipes:
            pipes[kind, model] = PIPELINES[kind].from_pretrained(FIXTURES / model, torch_dtype=torch.float32, safety_checker=None)
        pipe = pipes[kind, model]
        own = PIPELINES[kind].from_pretrained(FIXTURES / model, torch_dtype=torch.float32, safety_checker=None).scheduler
        chosen = type(own) if sampler == "default" else SAMPLERS[sampler]
        pipe.scheduler = chosen.from_config(own.config)
        request = dict(name=f"{model}-{kind}-{sampler}", kind=kind, model=model, sampler=sampler, strength=strength, steps=8, guidance=6.0, seed=11)
        more = dict(mask_image=mask, height=SIDE, width=SIDE) if kind == "mask" else {}
        stretched = start.resize((SIDE, SIDE), Image.LANCZOS)
        picture = pipe(
            PROMPT, negative_prompt=NEGATIVE, image=stretched, strength=strength, num_inference_steps=request["steps"], output_type="np",
            guidance_scale=request["guidance"], generator=torch.Generator("cpu").manual_seed(request["seed"]), **more,
        ).images[0]  # fmt: skip
        to_picture(picture).save(FOLDER / f"{request['name']}.png", optimize=True)
        requests.append(request)
        print(request["name"])
    save_json(FOLDER / "requests.json", dict(prompt=PROMPT, negative_prompt=NEGATIVE, requests=requests))


if __name__ == "__main__":
    main()
