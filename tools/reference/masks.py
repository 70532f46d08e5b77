"""Pictures redrawn in part: masks/*.png and requests.json. Run tiny_models.py and image_to_image.py first.

blur-*.png      Pillow's GaussianBlur of control.py's map of 40 x 30
fill.png        A1111's masked content "fill": that map without an ellipse, covered by its surroundings
crop-*.png      diffusers' StableDiffusionInpaintPipeline(padding_mask_crop=N): what it gives, and as -raw what it pastes
soft-*.png      differential diffusion (Levin and Fried 2023, https://arxiv.org/abs/2306.00950, algorithm 1), in plain PyTorch
fill-*.png      masked content noise, zero and blur, in plain PyTorch
extend.png      a picture that grows, in plain PyTorch
The plain ones take every number from diffusers' networks and schedulers; draws come from torch.Generator("cpu").manual_seed(seed).
"""

import shutil

import numpy as np
from common import FIXTURES, save_json, torch
from control import control_map
from diffusers import DDIMScheduler, EulerDiscreteScheduler, StableDiffusionInpaintPipeline
from inpainting_model import widened
from PIL import Image, ImageFilter

FOLDER = FIXTURES / "masks"
PROMPT, NEGATIVE = "a red boat on a calm lake at sunset", "blurry, a house in the snow"
STEPS, GUIDANCE, SEED = 8, 6.0, 11
SCHEDULERS = {"euler": EulerDiscreteScheduler, "ddim": DDIMScheduler}


def ellipse(width, height, cx, cy, rx, ry):
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray((((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1).astype(np.uint8) * 255)


def ramp(width, height):
    """0 in the first 16 columns, then rising to 255 at the last but 16."""
    row = np.clip((np.arange(width) - 16) * 255 // (width - 33), 0, 255).astype(np.uint8)
    return Image.fromarray(np.tile(row, (height, 1)))


def surroundings(image, mask):
    """What A1111's masking.fill makes: blurs of what is not masked, laid above each other from wide to narrow."""
    seen = np.asarray(image).astype(float)
    opacity = 255 - np.asarray(mask).astype(int)
    layers = np.dstack([np.round(seen * opacity[..., None] / 255), opacity]).astype(np.uint8)
    whole = Image.new("RGBA", image.size)
    for radius, times in ((256, 1), (64, 1), (16, 2), (4, 4), (2, 2), (0, 1)):
        layer = Image.fromarray(layers, "RGBa").filter(ImageFilter.GaussianBlur(radius)).convert("RGBA")
        for _ in range(times):
            whole.alpha_composite(layer)
    return whole.convert("RGB")


def pixels(image):
    return torch.from_numpy(np.asarray(image).astype(np.float32) / 255).permute(2, 0, 1)[None] * 2 - 1


def picture(tensor):
    return Image.fromarray(((tensor / 2 + 0.5).clamp(0, 1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8))


def partly(pipe, image, mask, sampler, strength, fill="original"):
    """Redraws image (PIL) where mask (PIL, grey) says; its start is filled there."""
    scheduler = SCHEDULERS[sampler].from_config(pipe.scheduler.config)
    generator = torch.Generator("cpu").manual_seed(SEED)
    prompt, negative = pipe.encode_prompt(PROMPT, "cpu", 1, True, NEGATIVE)
    text = torch.cat([negative, prompt])
    scale, factor = pipe.vae.config.scaling_factor, pipe.vae_scale_factor
    seen = pipe.unet.config.in_channels == 9
    shape = (1, 4, image.height // factor, image.width // factor)
    change = torch.tensor(np.asarray(mask).astype(np.int64)[::factor, ::factor])[None, None]  # 0 .. 255
    soft = bool(((change > 0) & (change < 255)).any())

    def encode(rgb, noise):
        dist = pipe.vae.encode(rgb).latent_dist
        return (dist.mean + dist.std * noise) * scale

    scheduler.set_timesteps(STEPS)
    timesteps = scheduler.timesteps[STEPS - int(STEPS * strength):]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(STEPS - len(timesteps))
    n = len(timesteps)
    first = torch.randn(shape, generator=generator) if strength < 1 or soft or not seen else None
    noise = torch.randn(shape, generator=generator)
    second = torch.randn(shape, generator=generator)
    clean = encode(pixels(image), first) if first is not None else None
    if strength == 1:
        x = noise * scheduler.init_noise_sigma
    else:
        start = clean
        share = change / 255
        if fill == "noise":
            start = clean * (1 - share) + torch.randn(shape, generator=generator) * share
        elif fill == "zero":
            start = clean * (1 - share)
        elif fill == "blur":
            start = encode(pixels(surroundings(image, mask)), first)
        x = scheduler.add_noise(start, noise, timesteps[:1])
    beside = None
    if seen:
        hidden = torch.from_numpy(np.asarray(mask) < 128)
        beside = torch.cat([(change >= 128).float(), encode(pixels(image) * hidden, second)], 1).repeat(2, 1, 1, 1)
    for i, t in enumerate(timesteps):
        if soft or (not seen and not (i == 0 and strength == 1)):
            keep = (255 - change) * n > 255 * i
            x = torch.where(keep, scheduler.add_noise(clean, noise, t[None]), x)
        asked = scheduler.scale_model_input(torch.cat([x, x]), t)
        if seen:
            asked = torch.cat([asked, beside], 1)
        without, told = pipe.unet(asked, t, encoder_hidden_states=text).sample.chunk(2)
        x = scheduler.step(without + GUIDANCE * (told - without), t, x).prev_sample
    if soft or not seen:
        x = torch.where(change == 0, clean, x)
    return picture(pipe.vae.decode(x / scale).sample)


def crops(pipes, requests):
    start = Image.fromarray(control_map(120, 88))
    start.save(FOLDER / "wide.png", optimize=True)
    for name, model, mask, padding, size, strength in [
        ("crop-square", "tiny-sd1", ellipse(120, 88, 50, 40, 9, 13), 8, (64, 64), 0.75),
        ("crop-corner", "tiny-sd1", ellipse(120, 88, 112, 80, 17, 10), 5, (64, 48), 0.75),
        ("crop-large", "tiny-sd1", ellipse(120, 88, 60, 44, 55, 30), 32, (48, 64), 0.9),
        ("crop-inpainting", "inpainting", ellipse(120, 88, 50, 40, 9, 13), 8, (64, 64), 0.75),
    ]:
        mask.save(FOLDER / f"{name}-mask.png", optimize=True)
        pipe = pipes[model]
        pipe.scheduler = EulerDiscreteScheduler.from_config(pipe.scheduler.config)
        raw = []
        overlay = type(pipe.image_processor).apply_overlay
        pipe.image_processor.apply_overlay = lambda m, o, i, c: (raw.append(i), overlay(pipe.image_processor, m, o, i, c))[1]
        whole = pipe(
            PROMPT, negative_prompt=NEGATIVE, image=start, mask_image=mask, width=size[0], height=size[1], strength=strength, num_inference_steps=STEPS,
            guidance_scale=GUIDANCE, padding_mask_crop=padding, generator=torch.Generator("cpu").manual_seed(SEED),
        ).images[0]  # fmt: skip
        del pipe.image_processor.apply_overlay
        whole.save(FOLDER / f"{name}.png", optimize=True)
        raw[0].save(FOLDER / f"{name}-raw.png", optimize=True)
        requests.append(dict(name=name, kind="crop", model=model, sampler="euler", strength=strength, padding=padding, size=size))


def parts(pipes, requests):
    start = Image.fromarray(control_map(64, 48))
    masks = dict(ramp=ramp(64, 48), ellipse=ellipse(64, 48, 34, 25, 20, 16))
    for name, mask in masks.items():
        mask.save(FOLDER / f"{name}.png", optimize=True)
    for name, model, mask, sampler, strength, fill in [
        ("soft-euler", "tiny-sd1", "ramp", "euler", 0.75, "original"), ("soft-ddim", "tiny-sd1", "ramp", "ddim", 0.9, "original"),
        ("soft-all", "tiny-sd1", "ramp", "euler", 1.0, "original"), ("soft-inpainting", "inpainting", "ramp", "euler", 0.75, "original"),
        ("fill-noise", "tiny-sd1", "ellipse", "euler", 0.5, "noise"), ("fill-zero", "tiny-sd1", "ellipse", "ddim", 0.5, "zero"),
        ("fill-blur", "tiny-sd1", "ellipse", "euler", 0.5, "blur"), ("fill-inpainting", "inpainting", "ellipse", "euler", 0.5, "zero"),
    ]:  # fmt: skip
        partly(pipes[model], start, masks[mask], sampler, strength, fill).save(FOLDER / f"{name}.png", optimize=True)
        requests.append(dict(name=name, kind="part", model=model, mask=mask, sampler=sampler, strength=strength, fill=fill))


def extension(pipes, requests):
    """44 x 40, 16 more at the left and 8 at the top: 4 more at the left make 64 x 48. It overlaps by 7 pixels."""
    left, top, overlap = 20, 8, 7
    old = control_map(44, 40)
    canvas = np.pad(old, ((top, 0), (left, 0), (0, 0)), mode="edge")
    mask = np.full(canvas.shape[:2], 255, np.uint8)
    for y in range(40):
        for x in range(44):
            depth = min(x, y) + 1
            mask[top + y, left + x] = 0 if depth > overlap else 255 - 255 * depth // (overlap + 1)
    image = partly(pipes["tiny-sd1"], Image.fromarray(canvas), Image.fromarray(mask), "euler", 0.9, "blur")
    image.save(FOLDER / "extend.png", optimize=True)
    requests.append(dict(name="extend", kind="extend", model="tiny-sd1", sampler="euler", strength=0.9, fill="blur"))


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    source = Image.fromarray(control_map(40, 30))
    for sigma in (0.5, 2.3, 4, 16):
        source.filter(ImageFilter.GaussianBlur(sigma)).save(FOLDER / f"blur-{sigma}.png", optimize=True)
    surroundings(source, ellipse(40, 30, 22, 14, 11, 9)).save(FOLDER / "fill.png", optimize=True)
    pipes, requests = {}, []
    for model in ("tiny-sd1", "inpainting"):
        pipes[model] = StableDiffusionInpaintPipeline.from_pretrained(FIXTURES / "tiny-sd1", torch_dtype=torch.float32, safety_checker=None)
        pipes[model].set_progress_bar_config(disable=True)
    widened(pipes["inpainting"].unet)
    crops(pipes, requests)
    parts(pipes, requests)
    extension(pipes, requests)
    save_json(FOLDER / "requests.json", dict(prompt=PROMPT, negative_prompt=NEGATIVE, steps=STEPS, guidance=GUIDANCE, seed=SEED, requests=requests))


if __name__ == "__main__":
    main()
