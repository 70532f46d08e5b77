"""What diffusers' InstructPix2Pix pipeline makes of a picture with a tiny model: control/instruct*.png.

The model is tiny-sd2 with a U-Net of eight input channels, whose weights are drawn from their names (see named_weights.py); it is depth/unet.tsv but for
conv_in.weight.
"""

import numpy as np
import torch
from common import FIXTURES
from control import control_map
from diffusers import StableDiffusionInstructPix2PixPipeline, StableDiffusionPipeline, UNet2DConditionModel
from named_weights import fill
from PIL import Image


def main():
    plain = StableDiffusionPipeline.from_pretrained(FIXTURES / "tiny-sd2", variant="fp16", torch_dtype=torch.float32, safety_checker=None)
    base = {k: v for k, v in plain.unet.config.items() if not k.startswith("_")}
    unet = fill(UNet2DConditionModel(**base | dict(in_channels=8)))
    pipe = StableDiffusionInstructPix2PixPipeline(
        vae=plain.vae, text_encoder=plain.text_encoder, tokenizer=plain.tokenizer, unet=unet, scheduler=plain.scheduler,
        safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    pipe.set_progress_bar_config(disable=True)
    pictures = {}
    for name, scale, image_scale in (("instruct", 5.0, 1.5), ("instruct-strict", 5.0, 3.0), ("instruct-unguided", 1.0, 1.5)):
        result = pipe("make it red", image=Image.fromarray(control_map(64, 48)), num_inference_steps=4, guidance_scale=scale,
                      image_guidance_scale=image_scale, negative_prompt="a house", output_type="np",
                      generator=torch.Generator("cpu").manual_seed(6)).images[0]
        pictures[name] = (result * 255).round().astype(np.uint8)
        Image.fromarray(pictures[name]).save(FIXTURES / f"control/{name}.png", optimize=True)
    for name in ("instruct-strict", "instruct-unguided"):
        print(name, np.abs(pictures["instruct"].astype(int) - pictures[name]).mean())


if __name__ == "__main__":
    main()
