"""Adds pictures of an inpainting model (9 channels) to image-to-image/: inpainting*.png and inpainting.json. Run image_to_image.py first.

The model is that of inpainting_model.py.
"""

from common import FIXTURES, save_json, torch
from diffusers import StableDiffusionInpaintPipeline
from image_to_image import FOLDER, NEGATIVE, PROMPT, SIDE, start_and_mask, to_picture
from inpainting_model import widened
from PIL import Image
from schedulers import SAMPLERS

CASES = [("euler", 0.75), ("euler-a", 1.0)]

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
