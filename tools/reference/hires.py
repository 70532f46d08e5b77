"""Pictures of two passes, the second one larger: hires/*.png and requests.json.

The first pass is diffusers' text-to-image pipeline; its latents are enlarged by torch.nn.functional.interpolate (or decoded, resized by
Pillow's Lanczos and encoded again, the most likely latents); the second is diffusers' picture-to-picture pipeline on these latents, with a
new generator of the same seed. As A1111's web UI has it, the second pass has int(steps / strength) steps, of which the last are taken.
Where a refiner goes on, the second pass ends at a share of the noise levels, and the refiner's pipeline begins there.
"""

import shutil
import tempfile

import numpy as np
from common import FIXTURES, save_json, torch
from control import control_map, controlnet
from diffusers import (
    StableDiffusionControlNetImg2ImgPipeline, StableDiffusionControlNetPipeline, StableDiffusionImg2ImgPipeline, StableDiffusionPipeline,
    StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline)
from more_pictures import whole
from PIL import Image
from schedulers import SAMPLERS

FOLDER = FIXTURES / "hires"
PROMPT, NEGATIVE = "a red boat on a calm lake at sunset", "blurry, a house in the snow"
MODES = {"latent": "bilinear", "latent-bicubic": "bicubic", "latent-nearest": "nearest"}
CASES = [  # model, sampler, upscaler, strength, steps of the second pass, whether a map guides it, where a refiner goes on
    ("tiny-sd1", "euler", "latent", 0.5, 6, False, None), ("tiny-sd1", "euler-a", "latent-bicubic", 0.7, 7, False, None),
    ("tiny-sd1", "dpm++2m", "latent-nearest", 1.0, 5, False, None), ("tiny-sd2", "ddim", "pixel", 0.5, 3, False, None),
    ("tiny-sdxl", "euler", "latent", 0.6, 6, False, None), ("tiny-sd1", "ddim", "latent", 0.6, 6, True, None),
    ("tiny-sdxl", "euler", "latent", 0.6, 6, False, 0.7), ("tiny-sdxl", "dpm++2m", "latent", 0.5, 6, False, 0.8),
]  # fmt: skip
SIZE = (96, 96)


def pipelines(model, guided):
    variant = "fp16" if model == "tiny-sd2" else None
    common = dict(torch_dtype=torch.float32, variant=variant, safety_checker=None)
    if model == "tiny-sdxl":
        return [kind.from_pretrained(FIXTURES / model, torch_dtype=torch.float32) for kind in (StableDiffusionXLPipeline, StableDiffusionXLImg2ImgPipeline)]
    if guided:
        net = controlnet("sd1")
        return [kind.from_pretrained(FIXTURES / model, controlnet=net, **common)
                for kind in (StableDiffusionControlNetPipeline, StableDiffusionControlNetImg2ImgPipeline)]
    return [kind.from_pretrained(FIXTURES / model, **common) for kind in (StableDiffusionPipeline, StableDiffusionImg2ImgPipeline)]


def refiner(folder, scheduler):
    pipe = StableDiffusionXLImg2ImgPipeline.from_pretrained(
        whole(folder, "tiny-sdxl-refiner"), torch_dtype=torch.float32, add_watermarker=False, text_encoder=None, tokenizer=None)
    pipe.scheduler = type(scheduler).from_config(scheduler.config)
    return pipe


def refined(second, said, at, seeded, more):
    """The second pass to the share `at` of the noise levels, and the refiner from there."""
    half = second(**said, **more, denoising_end=at, output_type="latent").images
    with tempfile.TemporaryDirectory() as folder:
        last = refiner(folder, second.scheduler)
        steps = more["num_inference_steps"]
        return last(**said, image=half, denoising_start=at, num_inference_steps=steps, generator=seeded(), output_type="np").images[0]


def enlarged(pipe, latents, upscaler, size):
    width, height = size
    if upscaler != "pixel":
        factor = pipe.vae_scale_factor
        return torch.nn.functional.interpolate(latents, size=(height // factor, width // factor), mode=MODES[upscaler])
    scale = pipe.vae.config.scaling_factor
    pixels = pipe.image_processor.postprocess(pipe.vae.decode(latents / scale).sample, output_type="pil")[0].resize(size, Image.LANCZOS)
    return pipe.vae.encode(pipe.image_processor.preprocess(pixels)).latent_dist.mode() * scale


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    requests = []
    for model, sampler, upscaler, strength, steps, guided, at in CASES:
        first, second = pipelines(model, guided)
        first.scheduler = SAMPLERS[sampler].from_config(first.scheduler.config)
        second.scheduler = SAMPLERS[sampler].from_config(first.scheduler.config)
        request = dict(name=f"{model}-{upscaler}-{sampler}{'-control' if guided else ''}{'-refined' if at else ''}", model=model, sampler=sampler, upscaler=upscaler,
                       strength=strength, steps=8, second=steps, width=64, height=64, larger=list(SIZE), guidance=6.0, seed=11, control=guided)  # fmt: skip
        if at:
            request.update(refiner="tiny-sdxl-refiner", refiner_at=at)
        said = dict(prompt=PROMPT, negative_prompt=NEGATIVE, guidance_scale=6.0)
        seeded = lambda: torch.Generator("cpu").manual_seed(11)  # noqa: E731
        drawn = Image.fromarray(control_map(80, 60))
        maps = [drawn.resize(s, Image.LANCZOS) for s in ((64, 64), SIZE)]
        more = [dict(image=maps[0]), dict(control_image=maps[1], controlnet_conditioning_scale=1.0)] if guided else [{}, {}]
        latents = first(**said, height=64, width=64, num_inference_steps=8, generator=seeded(), output_type="latent", **more[0]).images
        latents = enlarged(first, latents, upscaler, SIZE)
        total = int(steps / min(strength, 0.999))
        assert int(total * strength) == steps, request
        again = dict(image=latents, strength=strength, num_inference_steps=total, generator=seeded(), **more[1])
        picture = refined(second, said, at, seeded, again) if at else second(**said, **again, output_type="np").images[0]
        Image.fromarray((picture * 255).round().astype(np.uint8)).save(FOLDER / f"{request['name']}.png", optimize=True)
        requests.append(request)
        print(request["name"], picture.shape)
    save_json(FOLDER / "requests.json", dict(prompt=PROMPT, negative_prompt=NEGATIVE, requests=requests))


if __name__ == "__main__":
    main()
