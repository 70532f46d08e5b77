"""Adds pictures of an inpainting model (9 channels) to image-to-image/: inpainting*.png and inpainting.json. Run image_to_image.py first.

The model is tiny-sd1 with 5 more input channels, whose weights are a formula of their place: 0.1 sin(7 o + 5 c + 3 y + x), rounded to float16, of output
o, channel c = 0 .. 4 and the kernel's row y and column x.
"""

import torch
from common import FIXTURES, save_json
from diffusers import StableDiffusionInpaintPipeline
from image_to_image import FOLDER, NEGATIVE, PROMPT, SIDE, start_and_mask, to_picture
from PIL import Image
from schedulers import SAMPLERS

CASES = [("euler", 0.75), ("euler-a", 1.0)]


def widened(unet):
    old = unet.conv_in
    new = torch.nn.Conv2d(9, old.out_channels, 3, padding=1)
    o, c, y, x = torch.meshgrid(*(torch.arange(n, dtype=torch.float64) for n in (old.out_channels, 5, 3, 3)), indexing="ij")
    more = (0.1 * torch.sin(7 * o + 5 * c + 3 * y + x)).half().float()
    new.weight.copy_(torch.cat([old.weight, more], dim=1))
    new.bias.copy_(old.bias)
    unet.conv_in = new
    unet.register_to_config(in_channels=9)


pipe = StableDiffusionInpaintPipeline.from_pretrained(FIXTURES / "tiny-sd1", torch_dtype=torch.float32, safety_checker=None)
own = pipe.scheduler
widened(pipe.unet)
start, mask = start_and_mask()
requests = []
for sampler, strength in CASES:
    pipe.scheduler = SAMPLERS[sampler].from_config(own.config)
    request = dict(name=f"inpainting-{sampler}", kind="mask", model="inpainting", sampler=sampler, strength=strength, steps=8, guidance=6.0, seed=11)
    picture = pipe(
        PROMPT, negative_prompt=NEGATIVE, image=start.resize((SIDE, SIDE), Image.LANCZOS), mask_image=mask, height=SIDE, width=SIDE, strength=strength,
        num_inference_steps=request["steps"], output_type="np", guidance_scale=request["guidance"],
        generator=torch.Generator("cpu").manual_seed(request["seed"]),
    ).images[0]  # fmt: skip
    to_picture(picture).save(FOLDER / f"{request['name']}.png", optimize=True)
    requests.append(request)
save_json(FOLDER / "inpainting.json", dict(prompt=PROMPT, negative_prompt=NEGATIVE, requests=requests))
