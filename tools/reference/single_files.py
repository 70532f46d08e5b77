"""Tells how the tiny models are written as single files, in the naming of the original code: single-files.json.gz.

{model: {original name: [form, [component/name in the folder, ...]]}}; form is "same", "stack" (below each other: queries, keys,
values), "transposed", or "image" (a matrix as a 1x1 convolution). Numbered as ldm's openaimodel.py and model.py build their blocks, and
as open_clip names its layers; nothing of Latente is used."""

import gzip
import json

from safetensors import safe_open

from common import FIXTURES

RESNET = {"in_layers.0": "norm1", "in_layers.2": "conv1", "emb_layers.1": "time_emb_proj", "out_layers.0": "norm2", "out_layers.3": "conv2",
          "skip_connection": "conv_shortcut"}
ROOT = {"time_embed.0": "time_embedding.linear_1", "time_embed.2": "time_embedding.linear_2", "input_blocks.0.0": "conv_in",
        "out.0": "conv_norm_out", "out.2": "conv_out", "label_emb.0.0": "add_embedding.linear_1", "label_emb.0.2": "add_embedding.linear_2",
        "label_emb": "class_embedding"}


def config(model, component):
    return json.loads((FIXTURES / model / component / "config.json").read_text())


def names(model, component):
    file, = (FIXTURES / model / component).glob("*.safetensors")
    with safe_open(str(file), "pt") as tensors:
        return {name: tensors.get_slice(name).get_shape() for name in tensors.keys()}


def moved(table, here, there, known):
    """What lies under the places of `there` in the folder goes to those of `here`."""
    for old, new in table.items():
        prefix = f"{there}{new}."
        for name in known:
            if name.startswith(prefix):
                yield f"{here}{old}.{name[len(prefix):]}", name


def unet(model):
    known, sizes = names(model, "unet"), config(model, "unet")
    layers, down, up = sizes["layers_per_block"], sizes["down_block_types"], sizes["up_block_types"]
    places = {}  # original block -> (what, the folder's block)
    number = 1
    for level, kind in enumerate(down):
        for i in range(layers):
            places[f"input_blocks.{number}.0."] = ("resnet", f"down_blocks.{level}.resnets.{i}.")
            if kind.startswith("CrossAttn"):
                places[f"input_blocks.{number}.1."] = ("as it is", f"down_blocks.{level}.attentions.{i}.")
            number += 1
        if level < len(down) - 1:
            places[f"input_blocks.{number}.0.op."] = ("as it is", f"down_blocks.{level}.downsamplers.0.conv.")
            number += 1
    places |= {"middle_block.0.": ("resnet", "mid_block.resnets.0."), "middle_block.1.": ("as it is", "mid_block.attentions.0."),
               "middle_block.2.": ("resnet", "mid_block.resnets.1.")}
    number = 0
    for level, kind in enumerate(up):
        for i in range(layers + 1):
            places[f"output_blocks.{number}.0."] = ("resnet", f"up_blocks.{level}.resnets.{i}.")
            attends = kind.startswith("CrossAttn")
            if attends:
                places[f"output_blocks.{number}.1."] = ("as it is", f"up_blocks.{level}.attentions.{i}.")
            if i == layers and level < len(up) - 1:
                places[f"output_blocks.{number}.{2 if attends else 1}.conv."] = ("as it is", f"up_blocks.{level}.upsamplers.0.conv.")
            number += 1
    pairs = list(moved(ROOT, "", "", known))
    for here, (what, there) in places.items():
        if what == "resnet":
            pairs += moved(RESNET, here, there, known)
        else:
            pairs += [(here + name[len(there):], name) for name in known if name.startswith(there)]
    return {f"model.diffusion_model.{old}": ["same", [f"unet/{new}"]] for old, new in checked(pairs, known)}


def checked(pairs, known):
    assert sorted(new for _, new in pairs) == sorted(known), set(known) ^ {new for _, new in pairs}
    return pairs


def vae(model):
    known = names(model, "vae")
    levels = len(config(model, "vae")["block_out_channels"])
    result = {}
    for name, shape in known.items():
        old = name.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")
        for side in ("encoder", "decoder"):
            old = old.replace(f"{side}.mid_block.resnets.0", f"{side}.mid.block_1").replace(f"{side}.mid_block.resnets.1", f"{side}.mid.block_2")
            old = old.replace(f"{side}.mid_block.attentions.0", f"{side}.mid.attn_1")
        for level in range(levels):
            old = old.replace(f"encoder.down_blocks.{level}.resnets", f"encoder.down.{level}.block")
            old = old.replace(f"encoder.down_blocks.{level}.downsamplers.0", f"encoder.down.{level}.downsample")
            old = old.replace(f"decoder.up_blocks.{level}.resnets", f"decoder.up.{levels - 1 - level}.block")
            old = old.replace(f"decoder.up_blocks.{level}.upsamplers.0", f"decoder.up.{levels - 1 - level}.upsample")
        form = "same"
        if ".attn_1." in old:
            old = old.replace("group_norm", "norm")
            for new, short in (("query", "q"), ("to_q", "q"), ("key", "k"), ("to_k", "k"), ("value", "v"), ("to_v", "v"),
                               ("proj_attn", "proj_out"), ("to_out.0", "proj_out")):
                old = old.replace(f".{new}.", f".{short}.")
            form = "image" if len(shape) == 2 else "same"
        assert "_blocks" not in old and "mid_block" not in old, old
        result[f"first_stage_model.{old}"] = [form, [f"vae/{name}"]]
    assert len(result) == len(known)
    return result


def clip(model, component, prefix):
    """transformers' names under a prefix, as in SD 1 and for XL's first encoder."""
    result = {}
    for name in names(model, component):
        whole = name if name.startswith("text_model.") else f"text_model.{name}"
        result[f"{prefix}{whole}"] = ["same", [f"{component}/{name}"]]
    return result


def open_clip(model, component, prefix):
    result = {}
    for name in names(model, component):
        bare = name.removeprefix("text_model.")
        source = f"{component}/{name}"
        old = (bare.replace("embeddings.token_embedding", "token_embedding").replace("final_layer_norm", "ln_final")
               .replace("encoder.layers", "transformer.resblocks").replace("layer_norm1", "ln_1").replace("layer_norm2", "ln_2")
               .replace("mlp.fc1", "mlp.c_fc").replace("mlp.fc2", "mlp.c_proj").replace("self_attn.out_proj", "attn.out_proj"))
        if bare == "embeddings.position_embedding.weight":
            result[f"{prefix}positional_embedding"] = ["same", [source]]
        elif bare == "text_projection.weight":
            result[f"{prefix}text_projection"] = ["transposed", [source]]
        elif ".self_attn.q_proj." in name:
            fused = old.replace("self_attn.q_proj.", "attn.in_proj_")
            result[f"{prefix}{fused}"] = ["stack", [source.replace("q_proj", f"{x}_proj") for x in "qkv"]]
        elif ".self_attn.k_proj." not in name and ".self_attn.v_proj." not in name:
            result[f"{prefix}{old}"] = ["same", [source]]
    return result


def main():
    files = {
        "tiny-sd1": clip("tiny-sd1", "text_encoder", "cond_stage_model.transformer."),
        "tiny-sd2": open_clip("tiny-sd2", "text_encoder", "cond_stage_model.model."),
        "tiny-sdxl": clip("tiny-sdxl", "text_encoder", "conditioner.embedders.0.transformer.")
        | open_clip("tiny-sdxl", "text_encoder_2", "conditioner.embedders.1.model."),
    }
    files = {model: unet(model) | vae(model) | texts for model, texts in files.items()}
    files["tiny-upscaler"] = unet("tiny-upscaler") | vae("tiny-sd2") | clip("tiny-sd1", "text_encoder", "cond_stage_model.transformer.")
    path = FIXTURES / "single-files.json.gz"
    text = json.dumps(files, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(path.name, path.stat().st_size, "bytes", {model: len(names) for model, names in files.items()})


if __name__ == "__main__":
    main()
