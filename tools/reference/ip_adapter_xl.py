"""Writes two tiny IP-Adapters for tiny-sdxl with random weights, and pictures that diffusers draws with them: ip-adapter-xl/.

As ip_adapter.py, whose shapes they have; 3 heads of diffusers' blocks are named as there. Pictures of 64 x 64, 4 steps of Euler.
"""

import numpy as np
import ip_adapter as plain_ones
from common import FIXTURES, save_json, save_tensors, torch
from diffusers import StableDiffusionXLPipeline, UNet2DConditionModel
from PIL import Image

FOLDER = FIXTURES / "ip-adapter-xl"
PROMPT = "a red boat on a calm lake at sunset"


def pipeline(files):
    pipe = StableDiffusionXLPipeline.from_pretrained(str(FIXTURES / "tiny-sdxl"), torch_dtype=torch.float32, feature_extractor=None, image_encoder=None)
    pipe.set_progress_bar_config(disable=True)
    encoder = plain_ones.CLIPVisionModelWithProjection.from_pretrained(str(plain_ones.VISION / "image_encoder"), dtype=torch.float32)
    pipe.register_modules(image_encoder=encoder.eval(), feature_extractor=plain_ones.CLIPImageProcessor(
        size={"shortest_edge": 21}, crop_size={"height": 21, "width": 21}))
    if files:
        pipe.load_ip_adapter(str(FOLDER), subfolder="", weight_name=files)
    return pipe


def blocks(unet):
    """Factors for each transformer of the levels that have some, other ones on the way up than down."""
    down = {f"block_{i}": [0.4 + 0.5 * j for j in range(len(b.attentions))] for i, b in enumerate(unet.down_blocks) if hasattr(b, "attentions")}
    up = {f"block_{i}": [1.5 - 0.6 * j for j in range(len(b.attentions))] for i, b in enumerate(unet.up_blocks) if hasattr(b, "attentions")}
    up[sorted(up)[-1]][0] = 0.0
    return {"down": down, "up": up}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    unet = UNet2DConditionModel.from_pretrained(FIXTURES / "tiny-sdxl/unet", torch_dtype=torch.float32)
    plain_ones.CONTEXT = unet.config.cross_attention_dim
    generator = torch.Generator().manual_seed(6)
    for name, make in (("plain", plain_ones.plain), ("plus", plain_ones.plus)):
        save_tensors(FOLDER / f"{name}.safetensors", {
            **{f"image_proj.{k}": v for k, v in make(generator).items()},
            **{f"ip_adapter.{k}": v for k, v in plain_ones.maps(unet, generator).items()}})
    cases = {
        "plain": dict(files=["plain.safetensors"], pictures=["wide"], scale=[0.7], guidance=6.0, seed=1),
        "two": dict(files=["plain.safetensors", "plus.safetensors"], pictures=["tall", "wide"], scale=[0.5, 0.8], guidance=5.0, seed=2),
        "blocks": dict(files=["plus.safetensors"], pictures=["two"], scale=[blocks(unet)], guidance=5.0, seed=3),
    }
    images = {n: Image.open(plain_ones.VISION / f"pictures/{n}.png").convert("RGB") for n in ("wide", "tall", "two")}
    for name, case in cases.items():
        common = dict(prompt=PROMPT, height=64, width=64, num_inference_steps=4, guidance_scale=case["guidance"], output_type="np")
        seeded = lambda: torch.Generator("cpu").manual_seed(case["seed"])  # noqa: E731, B023
        pipe = pipeline(case["files"])
        pipe.set_ip_adapter_scale(case["scale"])
        picture = pipe(**common, ip_adapter_image=[images[n] for n in case["pictures"]], generator=seeded()).images[0]
        without = pipeline([])(**common, generator=seeded()).images[0]
        print(name, "changes the mean value by", abs(picture - without).mean() * 255)
        Image.fromarray((picture * 255).round().astype(np.uint8)).save(FOLDER / f"{name}.png", optimize=True)
    save_json(FOLDER / "cases.json", cases)


if __name__ == "__main__":
    main()
