"""What ggml's own reader makes of each quantised type: random blocks, and beside them the numbers they stand for.

Needs `pip install gguf==0.19.0 numpy` and nothing else. Writes gguf/types.gguf, in which `Q4_0` is a tensor of that
type and `Q4_0.expected` the same numbers as F32.
"""

from pathlib import Path

import gguf
import numpy as np

FIXTURES = Path(__file__).resolve().parents[2] / "core/src/test/resources/reference"
ROWS, COLUMNS = 3, 512

# Where the half-precision scales lie in a block.
HALVES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
}


def blocks(name, rng):
    """Random bytes in rows of blocks, with scales that are ordinary numbers."""
    kind = gguf.GGMLQuantizationType[name]
    block, size = gguf.GGML_QUANT_SIZES[kind]
    data = rng.integers(0, 256, (ROWS * COLUMNS // block, size), dtype=np.uint8)
    for at in HALVES[name]:
        scale = rng.normal(0, 0.1, len(data)).astype(np.float16)
        data[:, at : at + 2] = scale.view(np.uint8).reshape(-1, 2)
    return data.reshape(ROWS, -1), kind


def main():
    rng = np.random.default_rng(0)
    path = FIXTURES / "gguf/types.gguf"
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, "sd")
    writer.add_name("types")
    writer.add_array("list", [1, 2, 3])
    for name in HALVES:
        data, kind = blocks(name, rng)
        writer.add_tensor(name, data, raw_dtype=kind)
        writer.add_tensor(name + ".expected", gguf.dequantize(data, kind))
    plain = np.array([[1, -2.5, 0.15625, 3, -4, 1024]], dtype=np.float32).reshape(2, 3)
    writer.add_tensor("F32", plain)
    writer.add_tensor("F16", plain.astype(np.float16))
    writer.add_tensor("BF16", gguf.quantize(plain, gguf.GGMLQuantizationType.BF16), raw_dtype=gguf.GGMLQuantizationType.BF16)
    writer.add_tensor("I32", np.array([7, -8], dtype=np.int32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
