"""Pictures that look at others through the model's own attention ("reference-only"): reference-only/*.png and cases.json.

Run with the path of diffusers' examples/community/stable_diffusion_reference.py, whose pipeline draws them, with attention alone (no AdaIN). The first
noise is that of the seed; the pipeline's generator, which makes the references noisy, is seeded with seed ^ 0x52454645. A reference's latents are
its most likely ones.
"""

import importlib.util
import shutil
import sys

import numpy as np
from common import FIXTURES, picture_like, save_json, torch
from diffusers import StableDiffusionPipeline
from PIL import Image
from schedulers import SAMPLERS

FOLDER = FIXTURES / "reference-only"
PROMPT = "a red boat on a calm lake at sunset"
OWN_STREAM = 0x52454645
CASES = {
    "ddim": dict(model="tiny-sd1", sampler="ddim", guidance=6.0, weight=1.0, fidelity=0.5, seed=5),
    "fidelity": dict(model="tiny-sd1", sampler="euler", guidance=6.0, weight=1.0, fidelity=1.0, seed=6),
    "share": dict(model="tiny-sd1", sampler="euler", guidance=3.0, weight=0.4, fidelity=0.0, seed=7),
    "v": dict(model="tiny-sd2", sampler="dpm++2m", guidance=4.0, weight=1.0, fidelity=0.25, seed=8),
}


def main(path):
    spec = importlib.util.spec_from_file_location("stable_diffusion_reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    look = Image.fromarray((((picture_like(48, 48)[0].permute(1, 2, 0).numpy() + 1) / 2) * 255).round().astype(np.uint8))
    look.save(FOLDER / "look.png", optimize=True)
    for name, case in CASES.items():
        variant = "fp16" if case["model"] == "tiny-sd2" else None
        parts = StableDiffusionPipeline.from_pretrained(FIXTURES / case["model"], variant=variant, torch_dtype=torch.float32, safety_checker=None).components
        plain = StableDiffusionPipeline(**parts, requires_safety_checker=False)
        known = {k: v for k, v in parts.items() if k != "image_encoder"}
        pipe = module.StableDiffusionReferencePipeline(**known, requires_safety_checker=False)
        plain.scheduler = pipe.scheduler = SAMPLERS[case["sampler"]].from_config(pipe.scheduler.config)
        factor = pipe.vae_scale_factor
        latents = torch.randn((1, 4, 48 // factor, 48 // factor), generator=torch.Generator("cpu").manual_seed(case["seed"]))
        pipe.prepare_ref_latents = lambda image, *_: pipe.vae.encode(image.float()).latent_dist.mode() * pipe.vae.config.scaling_factor
        common = dict(prompt=PROMPT, height=48, width=48, num_inference_steps=5, guidance_scale=case["guidance"], output_type="np")
        without = plain(**common, latents=latents.clone()).images[0]
        picture = pipe(
            **common, ref_image=look, latents=latents.clone(), generator=torch.Generator("cpu").manual_seed(case["seed"] ^ OWN_STREAM),
            attention_auto_machine_weight=case["weight"], style_fidelity=case["fidelity"], reference_attn=True, reference_adain=False,
        ).images[0]  # fmt: skip
        print(name, "changes the mean value by", abs(picture - without).mean() * 255)
        Image.fromarray((picture * 255).round().astype(np.uint8)).save(FOLDER / f"{name}.png", optimize=True)
    save_json(FOLDER / "cases.json", CASES)


if __name__ == "__main__":
    main(sys.argv[1])
