"""Enlarges a picture with diffusers' StableDiffusionUpscalePipeline and a tiny upscaler: upscaler/.

The model is tiny-upscaler's U-Net with tiny-sd1's text encoder and tiny-sd2's autoencoder (factor 4); model_index.json and low_res_scheduler/
are stored here. small.png (20 x 12) becomes 80 x 48. The first noise is that of the seed; the generator, which makes the small picture noisy, is
seeded with seed ^ 0x534d414c.
"""

import json
import shutil

import numpy as np
from common import FIXTURES, load_component, picture_like, save_json, torch
from diffusers import DDPMScheduler, PNDMScheduler, StableDiffusionUpscalePipeline, UNet2DConditionModel
from PIL import Image
from schedulers import SAMPLERS

FOLDER = FIXTURES / "upscaler"
OWN_STREAM = 0x534D414C
PROMPT, NEGATIVE = "a red boat on a calm lake at sunset", "blurry"
CASES = {
    "ddim": dict(sampler="ddim", guidance=6.0, noise=4, seed=5), "clean": dict(sampler="euler", guidance=1.0, noise=0, seed=6),
    "noisy": dict(sampler="dpm++2m", guidance=3.0, noise=9, seed=7),
}  # fmt: skip


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    low = DDPMScheduler(beta_start=0.004, beta_end=0.05, beta_schedule="scaled_linear", num_train_timesteps=1000)
    pipe = StableDiffusionUpscalePipeline(
        vae=load_component("tiny-sd2", "vae"), text_encoder=load_component("tiny-sd1", "text_encoder"), tokenizer=load_component("tiny-sd1", "tokenizer"),
        unet=UNet2DConditionModel.from_pretrained(FIXTURES / "tiny-upscaler/unet", torch_dtype=torch.float32).eval(), low_res_scheduler=low,
        scheduler=PNDMScheduler.from_pretrained(FIXTURES / "tiny-sd1/scheduler"), max_noise_level=9)  # fmt: skip
    pipe.vae.register_to_config(scaling_factor=0.18215)  # its own, which the pipeline takes for a mistake
    low.save_pretrained(FOLDER / "low_res_scheduler")
    index = {k: v for k, v in json.loads(pipe.to_json_string()).items()} if hasattr(pipe, "to_json_string") else dict(pipe.config)
    save_json(FOLDER / "model_index.json", {k: v for k, v in index.items() if not k.startswith("_") or k == "_class_name"})
    small = Image.fromarray((((picture_like(12, 20)[0].permute(1, 2, 0).numpy() + 1) / 2) * 255).round().astype(np.uint8))
    small.save(FOLDER / "small.png", optimize=True)
    own = pipe.scheduler
    for name, case in CASES.items():
        pipe.scheduler = SAMPLERS[case["sampler"]].from_config(own.config)
        latents = torch.randn((1, 4, 12, 20), generator=torch.Generator("cpu").manual_seed(case["seed"]))
        picture = pipe(PROMPT, small, negative_prompt=NEGATIVE, num_inference_steps=5, guidance_scale=case["guidance"], noise_level=case["noise"], latents=latents,
                       generator=torch.Generator("cpu").manual_seed(case["seed"] ^ OWN_STREAM), output_type="np").images[0]  # fmt: skip
        print(name, picture.shape, picture.std())
        Image.fromarray((picture * 255).round().astype(np.uint8)).save(FOLDER / f"{name}.png", optimize=True)
    save_json(FOLDER / "cases.json", dict(prompt=PROMPT, negative_prompt=NEGATIVE, cases=CASES))


if __name__ == "__main__":
    main()
