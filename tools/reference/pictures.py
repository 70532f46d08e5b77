"""Writes whole pictures of the tiny pipelines, made by diffusers' StableDiffusionPipeline: pictures/*.png and pictures/requests.json.

Each request's generator is torch.Generator("cpu").manual_seed(seed); the scheduler is made from the model's own by from_config, so that
spacings are those that diffusers would use; "timestep_spacing", "timesteps" and "prediction_type" tell what came of that.
"""

import shutil
from itertools import combinations

import numpy as np
from common import FIXTURES, TINY, save_json, torch
from diffusers import PNDMScheduler, StableDiffusionPipeline
from PIL import Image
from schedulers import SAMPLERS

FOLDER = FIXTURES / "pictures"
BOAT = "a red boat on a calm lake at sunset"
NEGATIVE = "blurry, a house in the snow"


def requests():
    """Name, model, and what differs from the defaults below; sampler "default" is the model's own scheduler."""
    defaults = dict(prompt=BOAT, negative_prompt=NEGATIVE, width=64, height=64, steps=7, guidance=7.5, seed=1, options={})
    for model in TINY:
        for sampler in ("default", *SAMPLERS):
            for empty in (False, True):
                width, height = (96, 64) if empty else (64, 64)
                yield defaults | dict(name=f"{model}-{sampler}{'-wide' if empty else ''}", model=model, sampler=sampler,
                                      negative_prompt="" if empty else NEGATIVE, width=width, height=height)
        for name, change in {
            "other-prompt": dict(prompt="una casa azul en la montaña, de noche!"),
            "other-negative": dict(negative_prompt="a sunny meadow"),
            "other-seed": dict(seed=2**32 + 3),
            "no-guidance": dict(guidance=1.0),
            "tall": dict(width=56, height=72),
            "trailing": dict(options=dict(timestep_spacing="trailing")),
            "no-prompt": dict(prompt="", negative_prompt=""),
        }.items():
            yield defaults | dict(name=f"{model}-euler-{name}", model=model, sampler="euler") | change
        for sampler in ("euler", "dpm++2m"):
            yield defaults | dict(name=f"{model}-{sampler}-karras", model=model, sampler=sampler, options=dict(use_karras_sigmas=True))


def draw(pipe, own, request):
    kind = type(own) if request["sampler"] == "default" else SAMPLERS[request["sampler"]]
    pipe.scheduler = kind.from_config(own.config, **request["options"])
    generator = torch.Generator("cpu").manual_seed(request["seed"])
    picture = pipe(
        request["prompt"], negative_prompt=request["negative_prompt"], width=request["width"], height=request["height"],
        num_inference_steps=request["steps"], guidance_scale=request["guidance"], generator=generator, output_type="np",
    ).images[0]
    config = pipe.scheduler.config
    request["scheduler"] = kind.__name__
    request["timestep_spacing"] = config.timestep_spacing
    request["prediction_type"] = config.prediction_type
    request["timesteps"] = [float(t) for t in pipe.scheduler.timesteps]
    return (picture * 255).round().astype(np.uint8)


def distance(a, b):
    return np.abs(a.astype(int) - b.astype(int)).mean()


def check(pictures):
    """A picture that hardly depended on what was asked would prove nothing."""
    for model in TINY:
        of = {n: p for n, p in pictures.items() if n.startswith(model)}
        base = of[f"{model}-euler"]
        for other in ("other-prompt", "other-negative", "other-seed", "no-guidance"):
            assert distance(base, of[f"{model}-euler-{other}"]) >= 5, (model, other)
        same_size = {n: p for n, p in of.items() if p.shape == base.shape}
        for (a, x), (b, y) in sorted(combinations(same_size.items(), 2), key=lambda pair: distance(pair[0][1], pair[1][1]))[:6]:
            print(f"closest: {a} and {b}: {distance(x, y):.2f} levels")
        assert base.std() > 20


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    pipes = {}
    for model in TINY:
        pipe = StableDiffusionPipeline.from_pretrained(
            FIXTURES / model, torch_dtype=torch.float32, variant="fp16" if model == "tiny-sd2" else None, safety_checker=None)
        pipe.set_progress_bar_config(disable=True)
        pipes[model] = (pipe, pipe.scheduler)
    pictures, done = {}, []
    for request in requests():
        picture = draw(*pipes[request["model"]], request)
        request["file"] = request["name"] + ".png"
        Image.fromarray(picture).save(FOLDER / request["file"], optimize=True)
        pictures[request["name"]] = picture
        done.append(request)
        print(request["name"], request["timestep_spacing"], picture.mean().round(1), picture.std().round(1))
    check(pictures)
    save_json(FOLDER / "requests.json", done)


if __name__ == "__main__":
    main()
