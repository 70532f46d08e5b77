"""Prints numbers of PyTorch's CUDA generator as PhiloxNoiseTest states them; needs only numpy.

Philox4x32-10 after Salmon et al. 2011, in Python's integers, tested with Random123's known answers; then Box-Muller on the first two words.
The counter is (tensor, 0, element, 0), the key the seed.
"""

import math

import numpy as np

MASK = 0xFFFFFFFF


def philox(counter, key):
    a, b, c, d = counter
    k, l = key
    for _ in range(10):
        low, high = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (high >> 32) ^ b ^ k, high & MASK, (low >> 32) ^ d ^ l, low & MASK
        k, l = (k + 0x9E3779B9) & MASK, (l + 0xBB67AE85) & MASK
    return a, b, c, d


def normal(seed, tensor, element):
    x, y, _, _ = philox((tensor, 0, element, 0), (seed & MASK, seed >> 32))
    turn = float(np.float32(2 * math.pi / 2**32))
    return np.float32(math.sqrt(-2 * math.log((x + 0.5) / 2**32)) * math.sin((y + 0.5) * turn))


def main():
    assert philox((0, 0, 0, 0), (0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    for seed, tensor in ((0, 0), (42, 0), (42, 1), (2**40 + 1, 0), (2**64 - 1, 2)):
        print(seed, tensor, [repr(normal(seed, tensor, i).item()) for i in (0, 1, 16383)])


if __name__ == "__main__":
    main()
