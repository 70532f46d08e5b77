"""Files as PyTorch saves them: plain and nested tensors, views, and what a training program leaves beside them.

Writes torch/tensors.ckpt and torch/embedding.pt.
"""

import collections

import torch

from common import FIXTURES


def main():
    folder = FIXTURES / "torch"
    folder.mkdir(parents=True, exist_ok=True)
    values = torch.tensor([[1, -2.5, 0.15625], [3, -4, 1024]])
    table = torch.arange(12.0)
    state = collections.OrderedDict()
    state["f32"] = values
    state["f16"] = values.half()
    state["bf16"] = values.bfloat16()
    state["f64"] = values.double()
    state["i64"] = torch.tensor([7, -8])
    state["bool"] = torch.tensor([True, False])
    state["parameter"] = torch.nn.Parameter(values)
    state["part"] = table[4:8]
    state["transposed"] = table.reshape(3, 4).t()
    state["scalar"] = torch.tensor(2.5)
    state["empty"] = torch.zeros(0, 3)
    torch.save(
        {
            "epoch": 3,
            "global_step": 875000,
            "lr": 1e-4,
            "big": 2**70,
            "state_dict": state,
            "optimizer_states": [{"state": {0: {"exp_avg": values}}, "param_groups": [{"betas": (0.9, 0.999)}]}],
            "hyper_parameters": {"a": None, "b": [True, False]},
            "size": values.shape,
        },
        folder / "tensors.ckpt",
    )
    # the form of AUTOMATIC1111's textual-inversion embeddings
    torch.save(
        {"string_to_token": {"*": 265}, "string_to_param": {"*": torch.nn.Parameter(values)}, "name": "words", "step": 9},
        folder / "embedding.pt",
    )
    for path in sorted(folder.iterdir()):
        print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
