"""Writes two tiny IP-Adapters for tiny-sd1 with random weights, and what diffusers makes of them: ip-adapter/.

plain.bin is a PyTorch file and plus.safetensors is named as the published files are. They look through tiny-vision's image encoder.
numbers.safetensors: <kind>.tokens and <kind>.empty [1, T, 32] of picture "wide"; unet.sample [2, 4, 8, 8], unet.context [2, 77, 32]
and unet.<case> [2, 4, 8, 8], the output at timestep 500 with (empty, tokens) as the pictures of the two samples. <case>.png: whole
pictures of 48 x 48, 4 steps of DDIM, as cases.json says.
"""


import numpy as np
from common import FIXTURES, load_component, noise, save_json, save_tensors, torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from PIL import Image
from transformers import CLIPVisionModelWithProjection

try:
    from transformers import CLIPImageProcessorPil as CLIPImageProcessor
except ImportError:
    from transformers import CLIPImageProcessor

FOLDER = FIXTURES / "ip-adapter"
VISION = FIXTURES / "tiny-vision"
CONTEXT, SEEN, HEAD, HIDDEN = 32, 16, 64, 12

BLOCKS = {"down": {"block_1": [0.0, 1.0]}, "up": {"block_1": [0.5, 0.0, 1.5]}}
CASES = {
    "plain": dict(files=["plain.bin"], pictures=["wide"], scale=[0.6], guidance=7.5, seed=1),
    "two": dict(files=["plain.bin", "plain.bin"], pictures=["wide", "tall"], scale=[0.5, 1.5], guidance=7.5, seed=2),
    "plus": dict(files=["plus.safetensors"], pictures=["tall"], scale=[1.0], guidance=1.0, seed=3),
    "blocks": dict(files=["plus.safetensors"], pictures=["two"], scale=[BLOCKS], guidance=5.0, seed=4),
}


def linear(out, inside, generator, scale=1.0):
    return (torch.randn(out, inside, generator=generator) * scale / inside**0.5).half()


def norm(name, size, generator):
    return {f"{name}.weight": (1 + 0.1 * torch.randn(size, generator=generator)).half(),
            f"{name}.bias": (0.1 * torch.randn(size, generator=generator)).half()}


def maps(unet, generator):
    result = {}
    for i, (name, module) in enumerate(unet.attn_processors.items()):
        if "attn2" in name:
            block = unet.get_submodule(name.removesuffix(".processor"))
            for kind in ("to_k_ip", "to_v_ip"):
                result[f"{i}.{kind}.weight"] = linear(block.to_q.out_features, CONTEXT, generator, 2)
    return result


def plain(generator):
    return {"proj.weight": linear(4 * CONTEXT, SEEN, generator), "proj.bias": linear(4 * CONTEXT, 1, generator)[:, 0],
            **norm("norm", CONTEXT, generator)}


def plus(generator):
    result = {"latents": torch.randn(1, 3, HIDDEN, generator=generator).half(),
              "proj_in.weight": linear(HIDDEN, SEEN, generator), "proj_in.bias": linear(HIDDEN, 1, generator)[:, 0],
              "proj_out.weight": linear(CONTEXT, HIDDEN, generator), "proj_out.bias": linear(CONTEXT, 1, generator)[:, 0],
              **norm("norm_out", CONTEXT, generator)}
    for i in range(4):
        at = f"layers.{i}"
        result |= {**norm(f"{at}.0.norm1", HIDDEN, generator), **norm(f"{at}.0.norm2", HIDDEN, generator),
                   f"{at}.0.to_q.weight": linear(HEAD, HIDDEN, generator), f"{at}.0.to_kv.weight": linear(2 * HEAD, HIDDEN, generator),
                   f"{at}.0.to_out.weight": linear(HIDDEN, HEAD, generator), **norm(f"{at}.1.0", HIDDEN, generator),
                   f"{at}.1.1.weight": linear(4 * HIDDEN, HIDDEN, generator), f"{at}.1.3.weight": linear(HIDDEN, 4 * HIDDEN, generator)}
    return result


def pipeline(files):
    folder = FIXTURES / "tiny-sd1"
    pipe = StableDiffusionPipeline.from_pretrained(str(folder), safety_checker=None, feature_extractor=None, torch_dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
    encoder = CLIPVisionModelWithProjection.from_pretrained(str(VISION / "image_encoder"), dtype=torch.float32)
    pipe.register_modules(image_encoder=encoder.eval(), feature_extractor=CLIPImageProcessor(
        size={"shortest_edge": 21}, crop_size={"height": 21, "width": 21}))
    pipe.load_ip_adapter(str(FOLDER), subfolder="", weight_name=files)
    return pipe


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(5)
    unet = load_component("tiny-sd1", "unet")
    torch.save({"image_proj": plain(generator), "ip_adapter": maps(unet, generator)}, FOLDER / "plain.bin")
    save_tensors(FOLDER / "plus.safetensors", {
        **{f"image_proj.{k}": v for k, v in plus(generator).items()},
        **{f"ip_adapter.{k}": v for k, v in maps(unet, generator).items()}})

    images = {n: Image.open(VISION / f"pictures/{n}.png").convert("RGB") for n in ("wide", "tall", "two")}
    tensors = {"unet.sample": noise(70, (2, 4, 8, 8)), "unet.context": noise(71, (2, 77, CONTEXT))}
    for kind, file in (("plain", "plain.bin"), ("plus", "plus.safetensors")):
        pipe = pipeline([file])
        embeds = pipe.prepare_ip_adapter_image_embeds(images["wide"], None, "cpu", 1, True)
        tokens = pipe.unet.encoder_hid_proj(embeds)[0]
        tensors |= {f"{kind}.empty": tokens[:1, 0], f"{kind}.tokens": tokens[1:, 0]}
        for name, scale in (("one", 1.0), ("blocks", BLOCKS)):
            pipe.set_ip_adapter_scale(scale)
            tensors[f"unet.{kind}.{name}"] = pipe.unet(
                tensors["unet.sample"], 500, tensors["unet.context"], added_cond_kwargs={"image_embeds": embeds}).sample
    save_tensors(FOLDER / "numbers.safetensors", tensors)

    for name, case in CASES.items():
        pipe = pipeline(case["files"])
        pipe.set_ip_adapter_scale(case["scale"])
        picture = pipe("a red boat on a calm lake at sunset", height=48, width=48, num_inference_steps=4,
                       guidance_scale=case["guidance"], ip_adapter_image=[images[n] for n in case["pictures"]],
                       generator=torch.Generator("cpu").manual_seed(case["seed"])).images[0]
        picture.save(FOLDER / f"{name}.png")
        print(name, np.asarray(picture).std())
    save_json(FOLDER / "cases.json", CASES)
    orders = {name: [n.removesuffix(".processor") for n in load_component(name, "unet").attn_processors if "attn2" in n]
              for name in ("tiny-sd1", "tiny-sdxl")}
    save_json(FOLDER / "attentions.json", orders)


if __name__ == "__main__":
    main()
