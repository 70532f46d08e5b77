"""What ggml's own quantisers make of some numbers: `numbers` as F32 and, named after its type, each quantised tensor.

Needs `pip install gguf==0.19.0 numpy` and a compiled ggml (2026-08 was taken), whose reference functions are called through ctypes: give
the path of its libggml-base.so, built without contraction of floating-point operations. Writes gguf/quantised.gguf.
"""

import ctypes
import sys
from pathlib import Path

import gguf
import numpy as np

FIXTURES = Path(__file__).resolve().parents[2] / "core/src/test/resources/reference"
TYPES = ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"]


def numbers(rng):
    """Rows that are ordinary, skewed, sparse, tiny and constant."""
    rows = rng.normal(0, 0.05, (6, 512)).astype(np.float32)
    rows[1] = np.abs(rows[1]) + 0.02
    rows[2] *= rng.random(512) < 0.1
    rows[3] *= np.float32(1e-4)
    rows[4] = 0
    rows[4, 256:] = np.float32(-0.25)
    rows[5, ::37] *= 20
    return rows


def quantised(library, name, rows):
    kind = gguf.GGMLQuantizationType[name]
    block, size = gguf.GGML_QUANT_SIZES[kind]
    out = np.zeros((rows.shape[0], rows.shape[1] // block * size), dtype=np.uint8)
    function = getattr(library, f"quantize_row_{name.lower().replace('_k', '_K')}_ref")
    function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    function(np.ascontiguousarray(rows).ctypes.data, out.ctypes.data, rows.size)
    return out


def main():
    rows = numbers(np.random.default_rng(7))
    library = ctypes.CDLL(sys.argv[1])
    path = FIXTURES / "gguf/quantised.gguf"
    writer = gguf.GGUFWriter(path, "sd")
    writer.add_tensor("numbers", rows)
    for name in TYPES:
        writer.add_tensor(name, quantised(library, name, rows), raw_dtype=gguf.GGMLQuantizationType[name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
