"""Writes small LoRA files for the tiny models, and what they should do (needs peft==0.21.0 besides the usual).

lora/kinds.safetensors          some layers changed in every way that LyCORIS has, under kohya's names
lora/kinds-weights.safetensors  plain.NAME: small weights of such layers; merged.NAME: the same with the file at strength STRENGTH,
                                by the published formulas, in float64 numpy
lora/sd1-*, sdxl-*              LoRAs as kohya's scripts, old and new diffusers and PEFT write them
lora/*.png, requests.json       what diffusers draws with them

Usage: loras.py
"""

import json
import shutil

import numpy as np
from common import FIXTURES, noise, save_json, save_tensors, torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline
from peft import LoraConfig
from PIL import Image
from safetensors.torch import load_file

FOLDER = FIXTURES / "lora"
STRENGTH = 0.7
BOAT = "a red boat on a calm lake at sunset"


class Kinds:
    """Draws the tensors of each layer and computes its changed weight with loops and numpy's own products."""

    def __init__(self):
        self.weights, self.file, self.seed = {}, {}, 500

    def draw(self, *shape, size=0.3):
        self.seed += 1
        return noise(self.seed, shape) * size

    def layer(self, name, shape, change, bias=None, **tensors):
        """`change`: from the weight and the tensors (float64) to what is added at strength 1; `bias`: the tensor added to the bias."""
        key = "lora_unet_" + name.replace(".", "_")
        stored = {k.replace("__", "."): v.float() if torch.is_tensor(v) else torch.tensor(float(v)) for k, v in tensors.items()}
        self.file |= {f"{key}.{k}": v for k, v in stored.items()}
        values = {k.replace(".weight", ""): v.double().numpy() for k, v in stored.items()}
        weight = self.draw(*shape, size=0.5)
        added = change(weight.double().numpy(), values)
        assert added.shape == shape, (name, added.shape, shape)
        self.weights |= {f"plain.{name}.weight": weight, f"merged.{name}.weight": (weight + STRENGTH * torch.from_numpy(added)).float()}
        if bias is not None:
            own = self.draw(shape[0])
            self.weights |= {f"plain.{name}.bias": own, f"merged.{name}.bias": own + STRENGTH * stored[bias]}


def low_rank(w, t, scale):
    """Hu et al. (2021); a convolution is one of `down` followed by a 1x1 one of `up`."""
    up, down = t["lora_up"].reshape(w.shape[0], -1), t["lora_down"]
    return (scale * np.tensordot(up, down, axes=(1, 0))).reshape(w.shape)


def core(t, a, b):
    """Tucker's form: out of `a` [rank, out], the core [rank, rank, k, k] and `b` [rank, in]."""
    result = np.zeros((a.shape[1], b.shape[1], *t.shape[2:]))
    for i in range(t.shape[0]):
        for j in range(t.shape[1]):
            result += np.multiply.outer(np.outer(a[i], b[j]), t[i, j])
    return result


def kron(first, second):
    if second.ndim == 2:
        return np.kron(first, second)
    planes = [[np.kron(first, second[:, :, y, x]) for x in range(second.shape[3])] for y in range(second.shape[2])]
    return np.moveaxis(np.array(planes), (0, 1), (2, 3))


def dora(w, added, length, axis):
    """Liu et al. (2024): every output's (or input's) part of the sum gets the given length."""
    turned, length = w + added, length.reshape(-1)
    result = np.empty_like(w)
    for i in range(w.shape[axis]):
        part = np.take(turned, i, axis)
        index = [slice(None)] * w.ndim
        index[axis] = i
        result[tuple(index)] = length[i] * part / np.sqrt((part**2).sum())
    return result - w


def kinds():
    k = Kinds()
    d = k.draw
    n, m, c, h = 8, 6, 4, 8  # features, the text's width, channels of the first level and of the middle
    block = "down_blocks.1.attentions.0"
    attention = f"{block}.transformer_blocks.0.attn"
    resnet = "down_blocks.0.resnets.0"
    lora = lambda scale: lambda w, t: low_rank(w, t, scale)
    k.layer(f"{attention}1.to_q", (n, n), lora(2.0), alpha=6, lora_down__weight=d(3, n), lora_up__weight=d(n, 3))
    k.layer(f"{attention}1.to_k", (n, n), lora(1.0), lora_down__weight=d(2, n), lora_up__weight=d(n, 2))
    k.layer(f"{block}.proj_in", (n, n, 1, 1), lora(0.5), alpha=1, lora_down__weight=d(2, n, 1, 1), lora_up__weight=d(n, 2, 1, 1))
    k.layer(f"{block}.proj_out", (n, n, 1, 1), lora(0.5), alpha=1, lora_down__weight=d(2, n), lora_up__weight=d(n, 2))
    k.layer(f"{resnet}.conv1", (c, c, 3, 3), lora(0.5), alpha=1, lora_down__weight=d(2, c, 3, 3), lora_up__weight=d(c, 2, 1, 1))
    k.layer(f"{resnet}.conv2", (c, c, 3, 3), lambda w, t: 0.5 * core(t["lora_mid"], t["lora_up"].reshape(c, 2).T, t["lora_down"].reshape(2, c)),
            alpha=1, lora_down__weight=d(2, c, 1, 1), lora_up__weight=d(c, 2, 1, 1), lora_mid__weight=d(2, 2, 3, 3))
    k.layer(f"{attention}1.to_v", (n, n), lambda w, t: 1.5 * (t["hada_w1_a"] @ t["hada_w1_b"]) * (t["hada_w2_a"] @ t["hada_w2_b"]),
            alpha=3, hada_w1_a=d(n, 2), hada_w1_b=d(2, n), hada_w2_a=d(n, 2), hada_w2_b=d(2, n))
    mid = "mid_block.resnets.0"
    k.layer(f"{mid}.conv1", (h, h, 3, 3),
            lambda w, t: ((t["hada_w1_a"] @ t["hada_w1_b"]) * (t["hada_w2_a"] @ t["hada_w2_b"])).reshape(w.shape),
            alpha=2, hada_w1_a=d(h, 2), hada_w1_b=d(2, h * 9), hada_w2_a=d(h, 2), hada_w2_b=d(2, h * 9))
    k.layer(f"{mid}.conv2", (h, h, 3, 3),
            lambda w, t: 2 * core(t["hada_t1"], t["hada_w1_a"], t["hada_w1_b"]) * core(t["hada_t2"], t["hada_w2_a"], t["hada_w2_b"]),
            alpha=4, hada_w1_a=d(2, h), hada_w1_b=d(2, h), hada_t1=d(2, 2, 3, 3), hada_w2_a=d(2, h), hada_w2_b=d(2, h), hada_t2=d(2, 2, 3, 3))
    other = "mid_block.attentions.0.transformer_blocks.0.attn1"
    # where both factors are whole, LyCORIS takes no scale, whatever alpha says
    k.layer(f"{other}.to_q", (h, h), lambda w, t: kron(t["lokr_w1"], t["lokr_w2"]), alpha=7, lokr_w1=d(4, 2), lokr_w2=d(h // 4, h // 2))
    k.layer(f"{other}.to_k", (h, h), lambda w, t: 0.5 * kron(t["lokr_w1"], t["lokr_w2_a"] @ t["lokr_w2_b"]),
            alpha=1, lokr_w1=d(4, 4), lokr_w2_a=d(h // 4, 2), lokr_w2_b=d(2, h // 4))
    k.layer(f"{other}.to_v", (h, h), lambda w, t: 1.5 * kron(t["lokr_w1_a"] @ t["lokr_w1_b"], t["lokr_w2_a"] @ t["lokr_w2_b"]),
            alpha=3, lokr_w1_a=d(4, 2), lokr_w1_b=d(2, 4), lokr_w2_a=d(h // 4, 2), lokr_w2_b=d(2, h // 4))
    second = "mid_block.resnets.1"
    k.layer(f"{second}.conv1", (h, h, 3, 3), lambda w, t: kron(t["lokr_w1"], t["lokr_w2"]), lokr_w1=d(2, 4), lokr_w2=d(h // 2, h // 4, 3, 3))
    k.layer(f"{second}.conv2", (h, h, 3, 3), lambda w, t: 2 * kron(t["lokr_w1"], core(t["lokr_t2"], t["lokr_w2_a"], t["lokr_w2_b"])),
            alpha=4, lokr_w1=d(2, 2), lokr_t2=d(2, 2, 3, 3), lokr_w2_a=d(2, h // 2), lokr_w2_b=d(2, h // 2))
    for name, shape, axis in (("to_q", (n, 1), 0), ("to_k", (1, m), 1)):
        inputs = n if name == "to_q" else m
        k.layer(f"{attention}2.{name}", (n, inputs), lambda w, t, axis=axis: dora(w, low_rank(w, t, 0.5), t["dora_scale"], axis),
                alpha=1, lora_down__weight=d(2, inputs), lora_up__weight=d(n, 2), dora_scale=d(*shape).abs() + 1)
    k.layer("down_blocks.1.resnets.0.conv2", (n, n, 3, 3), lambda w, t: dora(w, low_rank(w, t, 0.5), t["dora_scale"], 0),
            alpha=1, lora_down__weight=d(2, n, 3, 3), lora_up__weight=d(n, 2, 1, 1), dora_scale=d(n, 1, 1, 1).abs() + 1)
    k.layer(f"{attention}2.to_v", (n, m), lambda w, t: w * t["weight"][None, :], weight=d(m), on_input=1)
    k.layer(f"{attention}2.to_out.0", (n, n), lambda w, t: w * t["weight"][:, None], weight=d(n), on_input=0)
    k.layer("conv_in", (c, 4, 3, 3), lambda w, t: t["diff"], bias="diff_b", diff=d(c, 4, 3, 3), diff_b=d(c))
    k.layer("conv_norm_out", (c,), lambda w, t: t["w_norm"], bias="b_norm", w_norm=d(c), b_norm=d(c))
    k.layer(f"{attention}1.to_out.0", (n, n), lambda w, t: 0.5 * (w @ t["a2"] @ t["a1"] + t["b2"] @ t["b1"]),
            alpha=1, a1__weight=d(2, n), a2__weight=d(n, 2), b1__weight=d(2, n), b2__weight=d(n, 2))
    save_tensors(FOLDER / "kinds.safetensors", k.file)
    save_tensors(FOLDER / "kinds-weights.safetensors", k.weights)


def kohya(prefixes, seed, size):
    """LoRA tensors for the layers of `prefixes`: {file prefix: {file layer: weight's shape}}; ranks 2 and 4.

    All have one alpha: diffusers at this commit forgets the alphas of attention's layers where they differ.
    """
    tensors = {}
    for prefix, layers in prefixes.items():
        for i, (layer, shape) in enumerate(layers.items()):
            rank, alpha = (2, 4)[i % 2], 2.0
            name = f"{prefix}_{layer.replace('.', '_')}"
            window = shape[2:]
            tensors[f"{name}.lora_down.weight"] = noise(seed, (rank, shape[1], *window)) * size
            tensors[f"{name}.lora_up.weight"] = noise(seed + 1, (shape[0], rank, *([1] * len(window)))) * size
            tensors[f"{name}.alpha"] = torch.tensor(alpha)
            seed += 2
    return {name: value.half() for name, value in tensors.items()}


def shapes(model, *endings, under=""):
    return {name.removesuffix(".weight"): tuple(value.shape) for name, value in model.state_dict().items()
            if name.startswith(under) and name.removesuffix(".weight").endswith(endings)}


def texts(model):
    """transformers 5 leaves out `text_model.`, which files have."""
    return {f"text_model.{name.removeprefix('text_model.')}": shape for name, shape in shapes(model, "_proj", "fc1", "fc2").items()}


def sd1_files(pipe):
    unet = shapes(pipe.unet, "attn1.to_q", "attn2.to_k", "attn2.to_out.0", "ff.net.0.proj", "proj_in", "conv1", "time_emb_proj",
                  "downsamplers.0.conv", "conv_shortcut")
    unet = {k: v for k, v in unet.items() if k.startswith(("down_blocks.1", "mid_block"))}
    file = kohya({"lora_unet": unet, "lora_te": texts(pipe.text_encoder)}, 700, 0.22)
    metadata = dict(ss_network_module="networks.lora", ss_network_dim="4", ss_network_alpha="4", ss_base_model_version="sd_v1",
                    ss_output_name="boats", ss_tag_frequency=json.dumps({"3_boat": {"boat": 9, "lake": 4}, "1_sea": {"boat": 2}}))
    save_tensors(FOLDER / "sd1-kohya.safetensors", file, metadata)
    old = {}
    for i, (layer, shape) in enumerate(shapes(pipe.unet, "to_q", "to_k", "to_v", "to_out.0", under="up_blocks.1").items()):
        before, last = layer.removesuffix(".0").rsplit(".", 1)
        key = f"unet.{before}.processor.{last}_lora"
        old[f"{key}.down.weight"] = (noise(900 + 2 * i, (2, shape[1])) * 0.25).half()
        old[f"{key}.up.weight"] = (noise(901 + 2 * i, (shape[0], 2)) * 0.25).half()
    save_tensors(FOLDER / "sd1-old-diffusers.safetensors", old)
    torch.save({name.removeprefix("unet."): value for name, value in old.items()}, FOLDER / "sd1-first-diffusers.bin")


def adapter(pipe, name, unet, text, seed):
    """A LoRA made by PEFT inside the pipeline, with random tensors, as diffusers saves it."""
    pipe.unet.add_adapter(unet, name)
    if text is not None:
        pipe.text_encoder.add_adapter(text, name)
    from peft import get_peft_model_state_dict
    layers = {}
    for model, key in ((pipe.unet, "unet_lora_layers"), (pipe.text_encoder, "text_encoder_lora_layers")):
        if key.startswith("text") and text is None:
            continue
        for parameter_name, parameter in model.named_parameters():
            if f".{name}" in parameter_name and "lora_" in parameter_name:
                seed += 1
                drawn = noise(seed, parameter.shape)
                parameter.copy_(parameter * (1 + 0.5 * drawn) if "magnitude" in parameter_name else 0.25 * drawn)
        layers[key] = {k: v.half() for k, v in get_peft_model_state_dict(model, adapter_name=name).items()}
    return layers


def save_adapter(pipe, name, unet, text, seed):
    from diffusers.loaders.lora_base import _pack_dict_with_prefix
    layers = adapter(pipe, name, unet, text, seed)
    metadata = {"unet_lora_adapter_metadata": unet.to_dict()}
    if text is not None:
        metadata["text_encoder_lora_adapter_metadata"] = text.to_dict()
    metadata = {k: {a: sorted(b) if isinstance(b, set) else b for a, b in v.items()} for k, v in metadata.items()}
    for settings in metadata.values():
        settings["base_model_name_or_path"] = None
    pipe.save_lora_weights(FOLDER, weight_name=f"{name}.safetensors", **layers, **metadata)
    pipe.unet.delete_adapters(name)
    if text is not None:
        pipe.text_encoder.delete_adapter(name)
    pipe.unload_lora_weights()
    print(name, (FOLDER / f"{name}.safetensors").stat().st_size, "bytes")


ORIGINAL = {"conv1": "in_layers.2", "conv2": "out_layers.3", "time_emb_proj": "emb_layers.1", "conv_shortcut": "skip_connection"}


def original(layer):
    """The original code's name of a layer of tiny-sdxl, whose three levels have one residual block each."""
    parts = layer.split(".")
    if parts[0] == "mid_block":
        number = {"resnets": 2 * int(parts[2]), "attentions": 1}[parts[1]]
        block = f"middle_block.{number}"
        rest = parts[3:]
    elif parts[0] == "down_blocks":
        level, kind, rest = int(parts[1]), parts[2], parts[4:]
        block = f"input_blocks.{2 * level + (2 if kind == 'downsamplers' else 1)}.{1 if kind == 'attentions' else 0}"
        rest = ["op"] if kind == "downsamplers" else rest
    else:
        level, kind, index, rest = int(parts[1]), parts[2], int(parts[3]), parts[4:]
        number = 2 * level + (1 if kind == "upsamplers" else index)
        block = f"output_blocks.{number}.{ {'resnets': 0, 'attentions': 1, 'upsamplers': 2}[kind] }"
    if rest[0] in ORIGINAL:
        rest = [ORIGINAL[rest[0]]]
    return ".".join([block, *rest])


def sdxl_files(pipe):
    unet = shapes(pipe.unet, "attn2.to_k", "ff.net.2", "conv2", "time_emb_proj", "samplers.0.conv")
    unet = {original(k): v for k, v in unet.items() if k.startswith(("down_blocks.1", "mid_block", "up_blocks.0"))}
    file = kohya({"lora_unet": unet, "lora_te1": texts(pipe.text_encoder), "lora_te2": texts(pipe.text_encoder_2)}, 1200, 0.2)
    save_tensors(FOLDER / "sdxl-kohya.safetensors", file, dict(ss_base_model_version="sdxl_base_v1-0", ss_network_dim="4"))


def requests():
    usual = dict(prompt=BOAT, negative_prompt="blurry, a house in the snow", width=64, height=64, steps=5, guidance=5.0, seed=1)
    for model, name, loras in (
        ("tiny-sd1", "plain", []),
        ("tiny-sd1", "kohya", [("sd1-kohya", 0.8, 0.8)]),
        ("tiny-sd1", "unet-only", [("sd1-kohya", 0.8, 0.0)]),
        ("tiny-sd1", "apart", [("sd1-kohya", 0.4, 1.0)]),
        ("tiny-sd1", "old-diffusers", [("sd1-old-diffusers", 1.0, 1.0)]),
        ("tiny-sd1", "peft", [("sd1-peft", 0.7, 0.7)]),
        ("tiny-sd1", "two", [("sd1-kohya", 0.6, 0.6), ("sd1-peft", -0.5, -0.5)]),
        ("tiny-sdxl", "plain", []),
        ("tiny-sdxl", "kohya", [("sdxl-kohya", 0.9, 0.9)]),
        ("tiny-sdxl", "dora", [("sdxl-dora", 1.0, 1.0)]),
    ):
        yield usual | dict(name=f"{model}-{name}", model=model, loras=[dict(file=f"{f}.safetensors", unet=u, text=t) for f, u, t in loras])


def as_transformers_names(read):
    """diffusers expects all text encoders' layers under `text_model.`, where transformers 5 has only those with a projection."""
    def renamed(*args, **kwargs):
        return tuple(
            None if values is None else {k.replace("text_encoder.text_model.", "text_encoder."): v for k, v in values.items()} for values in read(*args, **kwargs))
    return renamed


def draw(pipe, request):
    for i, lora in enumerate(request["loras"]):
        pipe.load_lora_weights(FOLDER, weight_name=lora["file"], adapter_name=f"l{i}")
    if request["loras"]:
        components = [c for c in ("unet", "text_encoder", "text_encoder_2") if getattr(pipe, c, None) is not None]
        weights = [{c: l["unet"] if c == "unet" else l["text"] for c in components} for l in request["loras"]]
        pipe.set_adapters([f"l{i}" for i in range(len(weights))], weights)
        print({c: sum("lora_A" in n for n, _ in getattr(pipe, c).named_parameters()) for c in components})
    generator = torch.Generator("cpu").manual_seed(request["seed"])
    picture = pipe(request["prompt"], negative_prompt=request["negative_prompt"], width=request["width"], height=request["height"],
                   num_inference_steps=request["steps"], guidance_scale=request["guidance"], generator=generator, output_type="np").images[0]
    pipe.unload_lora_weights()
    return (picture * 255).round().astype(np.uint8)


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    pipes = {
        "tiny-sd1": StableDiffusionPipeline.from_pretrained(FIXTURES / "tiny-sd1", torch_dtype=torch.float32, safety_checker=None),
        "tiny-sdxl": StableDiffusionXLPipeline.from_pretrained(FIXTURES / "tiny-sdxl", torch_dtype=torch.float32, add_watermarker=False),
    }
    for pipe in pipes.values():
        pipe.set_progress_bar_config(disable=True)
        pipe.lora_state_dict = as_transformers_names(pipe.lora_state_dict)
    kinds()
    sd1_files(pipes["tiny-sd1"])
    unet = LoraConfig(r=3, lora_alpha=3, use_rslora=True, target_modules=r"(mid_block|up_blocks\.0)\..*(to_v|conv2)", init_lora_weights=False)
    text = LoraConfig(r=2, lora_alpha=2, target_modules=["k_proj", "out_proj"], init_lora_weights=False)
    save_adapter(pipes["tiny-sd1"], "sd1-peft", unet, text, 1500)
    sdxl_files(pipes["tiny-sdxl"])
    unet = LoraConfig(r=2, lora_alpha=2, use_dora=True, target_modules=r"(mid_block|up_blocks\.0)\..*(to_q|to_out\.0|conv1)", init_lora_weights=False)
    save_adapter(pipes["tiny-sdxl"], "sdxl-dora", unet, None, 1700)
    done, drawn = [], {}
    for request in requests():
        drawn[request["name"]] = picture = draw(pipes[request["model"]], request)
        if request["loras"]:
            Image.fromarray(picture).save(FOLDER / f"{request['name']}.png", optimize=True)
            done.append(request | dict(file=f"{request['name']}.png"))
        plain = drawn[f"{request['model']}-plain"].astype(int)
        print(request["name"], picture.std().round(1), "levels from plain:", np.abs(picture - plain).mean().round(2))
    save_json(FOLDER / "requests.json", done)


if __name__ == "__main__":
    main()
