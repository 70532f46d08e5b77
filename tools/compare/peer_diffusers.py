"""Draws a picture with diffusers and tells what each stage took; Peers.java reads it.

Usage: peer_diffusers.py trial MODEL THREADS       prints seconds of an evaluation in each layout of memory
       peer_diffusers.py run MODEL THREADS STEPS LAYOUT [PICTURE]
"""

import sys
import time

BEGAN = time.perf_counter()

import torch
from diffusers import EulerDiscreteScheduler, StableDiffusionPipeline, UNet2DConditionModel

LAYOUTS = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}
PROMPT = "a red boat on a calm lake at sunset"
GUIDANCE = 7.5


def lap(stage):
    """Prints the seconds since the last lap."""
    global BEGAN
    now = time.perf_counter()
    print(stage, f"{now - BEGAN:.4f}", flush=True)
    BEGAN = time.perf_counter()


def trial(model):
    unet = UNet2DConditionModel.from_pretrained(model, subfolder="unet", torch_dtype=torch.float32)
    x, text = torch.randn(2, 4, 64, 64), torch.randn(2, 77, 768)
    for name, layout in LAYOUTS.items():
        unet.to(memory_format=layout)
        seconds = []
        for _ in range(3):
            began = time.perf_counter()
            unet(x.to(memory_format=layout), 500, text)
            seconds.append(time.perf_counter() - began)
        print(name, f"{min(seconds[1:]):.4f}", flush=True)


def run(model, steps, layout, picture):
    lap("start")
    pipe = StableDiffusionPipeline.from_pretrained(
        model, torch_dtype=torch.float32, safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    pipe.scheduler = EulerDiscreteScheduler.from_config(pipe.scheduler.config)
    pipe.set_progress_bar_config(disable=True)
    pipe.unet.to(memory_format=LAYOUTS[layout])
    pipe.vae.to(memory_format=LAYOUTS[layout])
    lap("load")
    given, without = pipe.encode_prompt(PROMPT, "cpu", 1, True)
    lap("text")

    def after(_pipe, _step, _t, kept):
        lap("step")
        return kept

    latents = pipe(
        prompt_embeds=given,
        negative_prompt_embeds=without,
        num_inference_steps=steps,
        guidance_scale=GUIDANCE,
        height=512,
        width=512,
        generator=torch.Generator("cpu").manual_seed(0),
        output_type="latent",
        callback_on_step_end=after,
    ).images
    pixels = pipe.vae.decode(latents / pipe.vae.config.scaling_factor, return_dict=False)[0]
    lap("decode")
    if picture:
        pipe.image_processor.postprocess(torch.nan_to_num(pixels), output_type="pil")[0].save(picture)


def main(what, model, threads, *arguments):
    torch.set_grad_enabled(False)
    torch.set_num_threads(int(threads))
    if what == "trial":
        trial(model)
    else:
        steps, layout, *picture = arguments
        run(model, int(steps), layout, picture[0] if picture else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
