"""Writes pictures of the tiny models for what only some requests ask for.

more-pictures/   pictures and requests.json: eta, guidance rescale, zero terminal SNR, SDXL's sizes and crop, base and refiner in one run

Usage: more_pictures.py      (after tiny_models.py and tiny_sdxl.py)
"""

import shutil
import sys
import tempfile
from pathlib import Path

import diffusers
import numpy as np
from common import FIXTURES, PROMPTS, save_json, torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline
from PIL import Image

PICTURES = FIXTURES / "more-pictures"
USUAL = dict(prompt=PROMPTS[0], negative_prompt="blurry, a house in the snow", width=64, height=64, guidance=5.0, seed=1)


def requests():
    sd1, sd2 = (dict(USUAL, model=name, steps=6, guidance=7.5) for name in ("tiny-sd1", "tiny-sd2"))
    yield dict(sd1, name="ddim-eta", sampler="DDIM", eta=0.6)
    yield dict(sd2, name="guidance-rescale", sampler="DDIM", guidance_rescale=0.7)
    yield dict(sd2, name="zero-terminal-snr-ddim", sampler="DDIM", zero_terminal_snr=True, guidance_rescale=0.7)
    yield dict(sd2, name="zero-terminal-snr-euler", sampler="Euler", zero_terminal_snr=True)
    xl = dict(USUAL, model="tiny-sdxl", steps=5)
    yield dict(xl, name="sizes", original_size=[96, 64], crop=[16, 8], target_size=[64, 128])  # width first, left first
    yield dict(xl, name="negative-sizes", negative_original_size=[512, 256], negative_crop=[32, 0], negative_target_size=[64, 64])
    refined = dict(USUAL, model="tiny-sdxl", refiner="tiny-sdxl-refiner")
    yield dict(refined, name="refined-at-80", steps=10, refiner_at=0.8)
    yield dict(refined, name="refined-at-50", steps=7, refiner_at=0.5, width=96)
    yield dict(refined, name="refined-scores", steps=6, refiner_at=0.4, score=9.0, negative_score=1.0)
    yield dict(refined, name="refined-dpmpp", steps=10, refiner_at=0.7, sampler="DPM++ 2M")
    # not Heun: diffusers cuts its list of calls, and so hands over in the middle of a step
    yield dict(refined, name="refined-unguided", steps=6, refiner_at=0.6, guidance=1.0)


CLASSES = {"DDIM": "DDIMScheduler", "Euler": "EulerDiscreteScheduler", "DPM++ 2M": "DPMSolverMultistepScheduler"}


def scheduler(pipe, request):
    """What a request asks for, of the pipeline's own."""
    changes = {}
    if request.get("zero_terminal_snr"):
        changes = dict(rescale_betas_zero_snr=True, timestep_spacing="trailing")
    kind = getattr(diffusers, CLASSES[request["sampler"]]) if "sampler" in request else type(pipe.scheduler)
    return kind.from_config(pipe.scheduler.config, **changes)


def swapped(pair):
    return tuple(reversed(pair))


def frame(request):
    """diffusers' names for the frame; it has heights and tops first."""
    names = dict(original_size="original_size", crop="crops_coords_top_left", target_size="target_size",
                 negative_original_size="negative_original_size", negative_crop="negative_crops_coords_top_left",
                 negative_target_size="negative_target_size")
    return {name: swapped(request[key]) for key, name in names.items() if key in request}


def options(request):
    generator = torch.Generator("cpu").manual_seed(request["seed"])
    chosen = dict(negative_prompt=request["negative_prompt"], num_inference_steps=request["steps"],
                  guidance_scale=request["guidance"], generator=generator)
    for name in ("eta", "guidance_rescale"):
        if name in request:
            chosen[name] = request[name]
    return chosen


def draw(pipes, request):
    pipe = pipes[request["model"]]
    own, pipe.scheduler = pipe.scheduler, scheduler(pipe, request)
    size = dict(height=request["height"], width=request["width"])
    if "refiner" not in request:
        picture = pipe(request["prompt"], output_type="np", **size, **options(request), **frame(request)).images[0]
    else:
        refiner = pipes[request["refiner"]]
        refiner.scheduler = scheduler(pipe, request)
        at = request["refiner_at"]
        latents = pipe(request["prompt"], output_type="latent", denoising_end=at, **size, **options(request)).images
        scores = dict(aesthetic_score=request["score"], negative_aesthetic_score=request["negative_score"]) if "score" in request else {}
        picture = refiner(request["prompt"], image=latents, denoising_start=at, output_type="np",
                          **options(request), **scores).images[0]
    pipe.scheduler = own
    return (picture * 255).round().astype(np.uint8)


def whole(folder, name):
    """The model `name`; what its own folder lacks is the base model's."""
    target = Path(folder) / name
    for source in (FIXTURES / "tiny-sdxl", FIXTURES / name):
        shutil.copytree(source, target, dirs_exist_ok=True)
    return target


def load(folder):
    pipes = {name: StableDiffusionPipeline.from_pretrained(
                 FIXTURES / name, variant=variant, torch_dtype=torch.float32, safety_checker=None)
             for name, variant in (("tiny-sd1", None), ("tiny-sd2", "fp16"))}
    pipes["tiny-sdxl"] = StableDiffusionXLPipeline.from_pretrained(FIXTURES / "tiny-sdxl", torch_dtype=torch.float32, add_watermarker=False)
    pipes["tiny-sdxl-refiner"] = StableDiffusionXLImg2ImgPipeline.from_pretrained(
        whole(folder, "tiny-sdxl-refiner"), torch_dtype=torch.float32, add_watermarker=False, text_encoder=None, tokenizer=None)
    for pipe in pipes.values():
        pipe.set_progress_bar_config(disable=True)
    return pipes


def main():
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    done = []
    with tempfile.TemporaryDirectory() as folder:
        pipes = load(folder)
        for request in requests():
            picture = draw(pipes, request)
            print(request["name"], picture.shape, picture.std().round(1), file=sys.stderr)
            Image.fromarray(picture).save(PICTURES / f"{request['name']}.png", optimize=True)
            done.append(dict(request, file=f"{request['name']}.png"))
    save_json(PICTURES / "requests.json", done)


if __name__ == "__main__":
    main()
