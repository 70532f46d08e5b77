"""Weights that a test draws again from their names, so that no fixture has to hold them.

Tensor NAME of a model is drawn by torch.Generator("cpu").manual_seed(crc32(NAME)); see dev.latente.testing.NamedWeights.
"""

import json
from zlib import crc32

import torch


def draw(name, shape):
    """Biases and norms near their usual values; matrices and convolutions that keep the size of what they are given."""
    z = torch.randn(shape, generator=torch.Generator("cpu").manual_seed(crc32(name.encode())))
    if tuple(shape) == (1,):
        return 0.1 * z + 2  # the bias of a single output, which shall not be cut off at 0
    if len(shape) == 1:
        return 0.1 * z + (1 if name.endswith("weight") else 0)
    fan_in = 1
    for n in shape[1:]:
        fan_in *= n
    return z / fan_in**0.5


def fill(model, skip=()):
    """Gives all parameters of a model these weights, and returns the model; buffers stay."""
    for name, parameter in model.named_parameters():
        if not any(part in name for part in skip):
            parameter.copy_(draw(name, tuple(parameter.shape)))
    return model.eval()


def write(folder, name, model, config):
    """NAME.json: the config; NAME.tsv: a tensor's name and shape in each line."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(config, indent=1) + "\n")
    lines = (f"{key}\t{' '.join(map(str, value.shape))}\n" for key, value in model.named_parameters())
    (folder / f"{name}.tsv").write_text("".join(lines))
