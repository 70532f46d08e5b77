"""Writes numbers of PyTorch's CPU generator: noise.safetensors and noise.json.

Each case makes torch.Generator("cpu").manual_seed(seed) and takes its draws from it one after the other; a draw is "randn" (standard
normal, float32) or "rand" (uniform in 0 .. 1, float32) of a number of values. The tensor "<case>.<i>" is draw i. torch draws fewer than 16
normal values by another way than 16 or more, and redraws the last 16 where the number is not a multiple of 16; hence the sizes.
"""

from common import FIXTURES, save_json, save_tensors, torch

SIZES = (1, 2, 5, 15, 16, 17, 31, 32, 1000, 4 * 64 * 64)
SEEDS = (0, 1, 42, 2**31, 2**32 - 1, 2**32, 2**32 + 3, 2**63 - 1)


def cases():
    for size in SIZES:
        yield f"randn-{size}", 0, [("randn", size)]
    for seed in SEEDS:
        yield f"seed-{seed}", seed, [("randn", 16), ("rand", 4)]
    for size in (1, 15, 17, 1000):
        yield f"rand-{size}", 3, [("rand", size)]
    yield "odd-then-few", 4, [("randn", 3), ("randn", 3), ("randn", 17), ("randn", 1), ("rand", 3), ("randn", 2)]
    yield "past-one-block", 5, [("rand", 700), ("randn", 48), ("randn", 5), ("rand", 1)]


def main():
    tensors, listed = {}, []
    for name, seed, draws in cases():
        generator = torch.Generator("cpu").manual_seed(seed)
        for i, (kind, size) in enumerate(draws):
            tensors[f"{name}.{i}"] = getattr(torch, kind)(size, generator=generator)
        listed.append(dict(name=name, seed=seed, draws=[dict(kind=k, size=s) for k, s in draws]))
    save_tensors(FIXTURES / "noise.safetensors", tensors)
    save_json(FIXTURES / "noise.json", listed)


if __name__ == "__main__":
    main()
