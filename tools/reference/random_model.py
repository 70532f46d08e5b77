"""Writes a model of full size with random weights in float16, to measure speed and memory with; no picture is worth looking at.

Usage: random_model.py CONFIGS OUT      (CONFIGS: a model's folder in diffusers' layout; its weights are not needed)
"""

import json
import shutil
import struct
import sys
from pathlib import Path

import diffusers
import numpy as np
import torch
import transformers

POOL = np.random.default_rng(0).standard_normal(1 << 20).astype(np.float32)
FILES = {"diffusers": "diffusion_pytorch_model.safetensors", "transformers": "model.safetensors"}


def network(library, kind, config):
    """The network without memory, for its names and shapes."""
    with torch.device("meta"):
        if library == "diffusers":
            return getattr(diffusers, kind).from_config(config)
        return getattr(transformers, kind)(transformers.CLIPTextConfig(**{k: v for k, v in config.items() if k != "torch_dtype"}))


def values(name, shape):
    """Numbers of the usual deviation: matrices keep the variance, norms and biases change nothing."""
    count = int(np.prod(shape))
    if len(shape) == 1:
        return np.full(count, 1 if "norm" in name and name.endswith("weight") else 0, np.float16)
    scale = (0.02 if "embedding" in name else 1 / np.sqrt(np.prod(shape[1:])))
    start = hash(name) % 1000
    return (np.resize(POOL[start:], count) * scale).astype(np.float16)


def write(path, shapes):
    header, end = {}, 0
    for name, shape in shapes.items():
        size = 2 * int(np.prod(shape))
        header[name] = dict(dtype="F16", shape=list(shape), data_offsets=[end, end + size])
        end += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shapes.items():
            file.write(values(name, shape).tobytes())
    print(path, f"{end / 1e9:.2f} GB", flush=True)


def main(configs, out):
    configs, out = Path(configs), Path(out)
    shutil.copytree(configs, out, dirs_exist_ok=True)
    index = json.loads((configs / "model_index.json").read_text())
    for part, entry in index.items():
        config = configs / part / "config.json"
        if isinstance(entry, list) and entry[0] in FILES and config.exists() and not part.startswith(("safety", "scheduler")):
            state = network(*entry, json.loads(config.read_text())).state_dict()
            shapes = {name: tuple(tensor.shape) for name, tensor in state.items() if not name.endswith("position_ids")}
            if entry[0] == "transformers" and not any(name.startswith("text_model.") for name in shapes):
                shapes = {name if name.startswith("text_projection") else "text_model." + name: shape for name, shape in shapes.items()}
            write(out / part / FILES[entry[0]], shapes)


if __name__ == "__main__":
    main(*sys.argv[1:])
