"""Everything that guides a picture in one call: together/picture.png, by diffusers' StableDiffusionControlNetInpaintPipeline. Run masks.py and ip_adapter.py first.

Text, a mask, a picture to begin with, a reference picture (IP-Adapter), a ControlNet that sees a depth map and one that sees the picture without what is
redrawn (both are controlnet-sd1).
"""

import numpy as np
from common import FIXTURES, save_json, torch
from control import control_map, controlnet
from diffusers import DDIMScheduler, StableDiffusionControlNetInpaintPipeline
from ip_adapter import CLIPImageProcessor, VISION
from masks import ellipse
from PIL import Image
from transformers import CLIPVisionModelWithProjection

FOLDER = FIXTURES / "together"
CASE = dict(prompt="a red boat on a calm lake at sunset", negative_prompt="a house", steps=6, guidance=5.0, seed=21, strength=0.8,
            depth_weight=0.7, inpaint_weight=0.9, reference="wide", reference_weight=0.6)  # fmt: skip


def depth_map(width, height):
    """Nearness falls from the bottom to the top; a box is near."""
    y, x = np.mgrid[0:height, 0:width]
    near = y * 255 // (height - 1)
    return Image.fromarray(np.where((x > 20) & (x < 40) & (y > 10) & (y < 30), 220, near).astype(np.uint8)).convert("RGB")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    encoder = CLIPVisionModelWithProjection.from_pretrained(str(VISION / "image_encoder"), dtype=torch.float32).eval()
    pipe = StableDiffusionControlNetInpaintPipeline.from_pretrained(
        str(FIXTURES / "tiny-sd1"), controlnet=[controlnet("sd1"), controlnet("sd1")], image_encoder=encoder, safety_checker=None,
        feature_extractor=CLIPImageProcessor(size={"shortest_edge": 21}, crop_size={"height": 21, "width": 21}), torch_dtype=torch.float32,
    )  # fmt: skip
    pipe.set_progress_bar_config(disable=True)
    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
    pipe.load_ip_adapter(str(FIXTURES / "ip-adapter"), subfolder="", weight_name=["plain.bin"])
    pipe.set_ip_adapter_scale(CASE["reference_weight"])
    start, mask, depth = Image.fromarray(control_map(64, 48)), ellipse(64, 48, 34, 25, 20, 16), depth_map(64, 48)
    depth.save(FOLDER / "depth.png", optimize=True)
    seen = torch.from_numpy(np.asarray(start).astype(np.float32) / 255).permute(2, 0, 1)[None]
    seen[:, :, torch.from_numpy(np.asarray(mask) > 127)] = -1
    given = torch.from_numpy(np.asarray(depth).astype(np.float32) / 255).permute(2, 0, 1)[None]
    picture = pipe(
        CASE["prompt"], negative_prompt=CASE["negative_prompt"], image=start, mask_image=mask, control_image=[given, seen], height=48, width=64,
        strength=CASE["strength"], num_inference_steps=CASE["steps"], guidance_scale=CASE["guidance"],
        generator=torch.Generator("cpu").manual_seed(CASE["seed"]), controlnet_conditioning_scale=[CASE["depth_weight"], CASE["inpaint_weight"]],
        ip_adapter_image=[Image.open(VISION / f"pictures/{CASE['reference']}.png").convert("RGB")],
    ).images[0]  # fmt: skip
    picture.save(FOLDER / "picture.png", optimize=True)
    save_json(FOLDER / "case.json", CASE)


if __name__ == "__main__":
    main()
