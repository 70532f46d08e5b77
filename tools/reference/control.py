"""ControlNets and T2I-Adapters beside the tiny models: control/.

NAME.json, NAME.tsv          config and tensors (see named_weights.py) of each network
components.safetensors       what the U-Net of a tiny model makes of fixed input beside each network
*.png, requests.json         pictures of diffusers' pipelines

Maps are drawn by a formula, so that they need not be stored: see control_map.
"""

import inspect

import numpy as np
from common import FIXTURES, noise, save_json, save_tensors, torch
from diffusers import (
    ControlNetModel, DDIMScheduler, EulerDiscreteScheduler, StableDiffusionAdapterPipeline, StableDiffusionControlNetPipeline,
    StableDiffusionXLAdapterPipeline, StableDiffusionXLControlNetPipeline, T2IAdapter, UNet2DConditionModel)
from diffusers.loaders.single_file_utils import convert_controlnet_checkpoint
from named_weights import fill, write
from PIL import Image

FOLDER = FIXTURES / "control"
BOAT = "a red boat on a calm lake at sunset"
MODELS = {"sd1": "tiny-sd1", "sd2": "tiny-sd2", "sdxl": "tiny-sdxl"}
EMBEDDINGS = {"sd1": (4, 8, 8, 12), "sd2": (4, 8, 8), "sdxl": (4, 8, 8, 12)}


def control_map(width, height):
    """Bars, circles and a ramp, uint8 [H, W, 3]."""
    y, x = np.mgrid[0:height, 0:width]
    red = (x * 7 + y * 3) % 256
    green = np.where((x // 5 + y // 9) % 2 == 0, 230, 20)
    blue = (x * x + y * y) % 251
    return np.stack([red, green, blue], -1).astype(np.uint8)


def unet(model):
    variant = "fp16" if model == "tiny-sd2" else None
    return UNet2DConditionModel.from_pretrained(FIXTURES / model / "unet", variant=variant, torch_dtype=torch.float32).eval()


def config_of(model):
    return {k: v for k, v in model.config.items() if not k.startswith("_") or k == "_class_name"} | {"_class_name": type(model).__name__}


def controlnet(kind, **change):
    of_unet = unet(MODELS[kind]).config
    known = inspect.signature(ControlNetModel.__init__).parameters
    config = {k: v for k, v in of_unet.items() if k in known}
    model = ControlNetModel(**config | dict(conditioning_embedding_out_channels=EMBEDDINGS[kind]) | change)
    return fill(model)


def adapter(**config):
    return fill(T2IAdapter(**config))


def networks():
    return {
        "controlnet-sd1": controlnet("sd1"),
        "controlnet-sd1-pooled": controlnet("sd1", global_pool_conditions=True, controlnet_conditioning_channel_order="bgr"),
        "controlnet-sd2": controlnet("sd2"),
        "controlnet-sdxl": controlnet("sdxl"),
        "adapter-sd1": adapter(in_channels=1, channels=[16, 32, 32], num_res_blocks=2, downscale_factor=8, adapter_type="full_adapter"),
        "adapter-sd1-light": adapter(in_channels=3, channels=[16, 32], num_res_blocks=2, downscale_factor=8, adapter_type="light_adapter"),
        "adapter-sdxl": adapter(in_channels=3, channels=[16, 32, 32, 32], num_res_blocks=2, downscale_factor=16,
                                adapter_type="full_adapter_xl"),
    }


def components(nets):
    tensors = {}
    for name, net in nets.items():
        model = MODELS[name.split("-")[1]]
        base = unet(model)
        pixels, factor = 64, 4 if model == "tiny-sd2" else 8
        picture = torch.from_numpy(control_map(pixels, pixels)).permute(2, 0, 1)[None] / 255
        x, t = noise(7, (2, 4, pixels // factor, pixels // factor)), torch.tensor([801.0, 801.0])
        text = noise(8, (2, 77, base.config.cross_attention_dim))
        more = {}
        if model == "tiny-sdxl":
            more = dict(added_cond_kwargs=dict(text_embeds=noise(9, (2, 20)), time_ids=torch.tensor([[64.0, 64, 0, 0, 64, 64]] * 2)))
        if isinstance(net, ControlNetModel):
            down, mid = net(x, t, text, picture, conditioning_scale=0.8, return_dict=False, **more)
            output = base(x, t, text, down_block_additional_residuals=down, mid_block_additional_residual=mid, **more).sample
        else:
            grey = picture.mean(1, keepdim=True) if net.config.in_channels == 1 else picture
            features = [f.expand(2, -1, -1, -1) * 0.8 for f in net(grey)]  # else the bottom ignores its own
            output = base(x, t, text, down_intrablock_additional_residuals=features, **more).sample
        plain = base(x, t, text, **more).sample
        print(name, "changes the output by", ((output - plain).std() / plain.std()).item())
        assert (output - plain).std() > 0.05 * plain.std()
        tensors[name] = output
    save_tensors(FOLDER / "components.safetensors", tensors)


def original_name(name, levels, layers):
    """The name that lllyasviel's code gives tensor `name` of a ControlNet."""
    for new, old in {
        "time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2", "conv_in": "input_blocks.0.0",
        "controlnet_cond_embedding.conv_in": "input_hint_block.0", "controlnet_cond_embedding.conv_out": "input_hint_block.14",
        "controlnet_mid_block": "middle_block_out.0", "mid_block.resnets.0": "middle_block.0",
        "mid_block.attentions.0": "middle_block.1", "mid_block.resnets.1": "middle_block.2",
        **{f"controlnet_cond_embedding.blocks.{i}": f"input_hint_block.{2 * i + 2}" for i in range(6)},
    }.items():
        if name.startswith(new + "."):
            name = old + name[len(new):]
    for i in range(levels):
        for j in range(layers + 1):
            at = 1 + i * (layers + 1) + j
            name = name.replace(f"down_blocks.{i}.downsamplers.0.conv.", f"input_blocks.{(i + 1) * (layers + 1)}.0.op.")
            if not name.startswith("controlnet"):
                name = name.replace(f"down_blocks.{i}.resnets.{j}.", f"input_blocks.{at}.0.")
                name = name.replace(f"down_blocks.{i}.attentions.{j}.", f"input_blocks.{at}.1.")
    for new, old in {"norm1.": "in_layers.0.", "conv1.": "in_layers.2.", "time_emb_proj.": "emb_layers.1.", "norm2.": "out_layers.0.",
                     "conv2.": "out_layers.3.", "conv_shortcut.": "skip_connection."}.items():
        if "transformer_blocks" not in name:
            name = name.replace("." + new, "." + old)
    if name.startswith("controlnet_down_blocks."):
        _, index, rest = name.split(".")
        name = f"zero_convs.{index}.0.{rest}"
    return "control_model." + name


def originals(net):
    """controlnet-sd1-original.tsv: original name and diffusers' name, checked with diffusers' own converter."""
    config = net.config
    new = dict(net.named_parameters())
    names = {k: original_name(k, len(config.block_out_channels), config.layers_per_block) for k in new}
    converted = convert_controlnet_checkpoint({names[k]: v for k, v in new.items()}, config)
    assert set(converted) == set(new), set(converted) ^ set(new)
    assert all(torch.equal(converted[k], new[k]) for k in new)
    (FOLDER / "controlnet-sd1-original.tsv").write_text("".join(f"{old}\t{k}\n" for k, old in names.items()))


def requests():
    defaults = dict(prompt=BOAT, negative_prompt="a house", width=48, height=40, steps=4, guidance=5.0, seed=3, guess=False)

    def one(network, weight=1.0, start=0.0, end=1.0, size=(48, 40)):
        return dict(network=network, weight=weight, start=start, end=end, map=list(size))

    yield defaults | dict(name="sd1", model="tiny-sd1", controls=[one("controlnet-sd1")])
    yield defaults | dict(name="sd1-resized", model="tiny-sd1", guidance=1.0, controls=[one("controlnet-sd1", 0.6, size=(61, 70))])
    yield defaults | dict(name="sd1-two", model="tiny-sd1", controls=[
        one("controlnet-sd1", 0.7, 0.0, 0.5), one("controlnet-sd1", 0.9, 0.3, 1.0, size=(96, 80))])
    yield defaults | dict(name="sd1-guess", model="tiny-sd1", guess=True, controls=[one("controlnet-sd1")])
    yield defaults | dict(name="sd1-pooled", model="tiny-sd1", controls=[one("controlnet-sd1-pooled", 0.8)])
    yield defaults | dict(name="sd2", model="tiny-sd2", controls=[one("controlnet-sd2", 0.8)])
    yield defaults | dict(name="sdxl", model="tiny-sdxl", controls=[one("controlnet-sdxl", 0.5)])
    yield defaults | dict(name="sd1-adapter", model="tiny-sd1", controls=[one("adapter-sd1", 0.8)])
    yield defaults | dict(name="sd1-light", model="tiny-sd1", controls=[one("adapter-sd1-light", 0.8)])
    yield defaults | dict(name="sdxl-adapter", model="tiny-sdxl", width=64, height=64, controls=[one("adapter-sdxl", 0.5, 0.0, 0.5, size=(64, 64))])


def load(kind, model, **parts):
    variant = "fp16" if model == "tiny-sd2" else None
    pipe = kind.from_pretrained(FIXTURES / model, torch_dtype=torch.float32, variant=variant, **parts)
    pipe.set_progress_bar_config(disable=True)
    pipe.scheduler = (EulerDiscreteScheduler if model == "tiny-sdxl" else DDIMScheduler).from_config(pipe.scheduler.config)
    return pipe


def draw(request, nets):
    model, controls = request["model"], request["controls"]
    networks = [nets[c["network"]] for c in controls]
    maps = [Image.fromarray(control_map(*c["map"])) for c in controls]
    common = dict(
        prompt=request["prompt"], negative_prompt=request["negative_prompt"], width=request["width"], height=request["height"],
        num_inference_steps=request["steps"], guidance_scale=request["guidance"], output_type="np",
        generator=torch.Generator("cpu").manual_seed(request["seed"]))
    large = model == "tiny-sdxl"
    more = {} if large else dict(safety_checker=None)
    if isinstance(networks[0], T2IAdapter):
        kind = StableDiffusionXLAdapterPipeline if large else StableDiffusionAdapterPipeline
        pipe = load(kind, model, adapter=networks[0], **more)
        grey = networks[0].config.in_channels == 1
        factor = dict(adapter_conditioning_factor=controls[0]["end"]) if large else {}
        return pipe(**common, image=maps[0].convert("L") if grey else maps[0],
                    adapter_conditioning_scale=controls[0]["weight"], **factor).images[0]
    kind = StableDiffusionXLControlNetPipeline if large else StableDiffusionControlNetPipeline
    single = len(networks) == 1
    pipe = load(kind, model, controlnet=networks[0] if single else networks, **more)
    values = {k: [c[k] for c in controls] for k in ("weight", "start", "end")}
    return pipe(
        **common, image=maps[0] if single else maps, guess_mode=request["guess"],
        controlnet_conditioning_scale=values["weight"][0] if single else values["weight"],
        control_guidance_start=values["start"], control_guidance_end=values["end"]).images[0]


def main():
    nets = networks()
    for name, net in nets.items():
        write(FOLDER, name, net, config_of(net))
    components(nets)
    originals(nets["controlnet-sd1"])
    done = []
    for request in requests():
        picture = (draw(request, nets) * 255).round().astype(np.uint8)
        Image.fromarray(picture).save(FOLDER / f"{request['name']}.png", optimize=True)
        print(request["name"], picture.mean().round(1), picture.std().round(1))
        done.append(request)
    save_json(FOLDER / "requests.json", done)


if __name__ == "__main__":
    main()
