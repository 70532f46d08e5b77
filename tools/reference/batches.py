"""Writes pictures that diffusers draws together, each with a generator of its own: batches/*.png and requests.json.

Also image-to-image/late-lms.png, with LMS begun in the middle of its levels. diffusers' own step takes coefficients for four slopes there while it has
one, and drops those it has no slope for; here the order is the number of slopes it has, as at the beginning of a whole run.

Usage: batches.py      (after tiny_models.py and image_to_image.py)
"""

import shutil

from common import FIXTURES, save_json, torch
from diffusers import LMSDiscreteScheduler, StableDiffusionImg2ImgPipeline, StableDiffusionPipeline
from image_to_image import NEGATIVE, PROMPT, SIDE, start_and_mask, to_picture
from PIL import Image
from schedulers import SAMPLERS

FOLDER = FIXTURES / "batches"
SEEDS = (7, 8, 9)
CASES = [("text", "euler-a"), ("text", "ddpm"), ("text", "dpm++2m"), ("image", "euler-a")]
PIPELINES = {"text": StableDiffusionPipeline, "image": StableDiffusionImg2ImgPipeline}


class CountingLms(LMSDiscreteScheduler):
    """LMS of the order that the slopes at hand allow."""

    def step(self, model_output, timestep, sample, order=4, **more):
        return super().step(model_output, timestep, sample, order=min(order, len(self.derivatives) + 1), **more)


def generators():
    return [torch.Generator("cpu").manual_seed(seed) for seed in SEEDS]


def stretched():
    return start_and_mask()[0].resize((SIDE, SIDE), Image.LANCZOS)


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    pipes = {kind: pipe.from_pretrained(FIXTURES / "tiny-sd1", torch_dtype=torch.float32, safety_checker=None) for kind, pipe in PIPELINES.items()}
    own = pipes["text"].scheduler.config
    usual = dict(negative_prompt=NEGATIVE, num_inference_steps=5, guidance_scale=6.0, output_type="np")
    requests = []
    for kind, sampler in CASES:
        pipe = pipes[kind]
        pipe.scheduler = SAMPLERS[sampler].from_config(own)
        more = dict(width=40, height=32) if kind == "text" else dict(image=stretched(), strength=0.6)
        pictures = pipe(PROMPT, num_images_per_prompt=len(SEEDS), generator=generators(), **usual, **more).images
        for seed, picture in zip(SEEDS, pictures, strict=True):
            to_picture(picture).save(FOLDER / f"{kind}-{sampler}-{seed}.png", optimize=True)
        requests.append(dict(name=f"{kind}-{sampler}", kind=kind, sampler=sampler, seed=SEEDS[0], count=len(SEEDS)))
    save_json(FOLDER / "requests.json", requests)
    pipe = pipes["image"]
    pipe.scheduler = CountingLms.from_config(own)
    generator = torch.Generator("cpu").manual_seed(11)
    late = pipe(PROMPT, image=stretched(), strength=0.6, generator=generator, **dict(usual, num_inference_steps=12)).images[0]
    to_picture(late).save(FIXTURES / "image-to-image" / "late-lms.png", optimize=True)


if __name__ == "__main__":
    main()
