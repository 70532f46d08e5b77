package dev.latente.model;

/// How GGUF stores numbers: plainly, or in blocks of small whole numbers that share a scale.
///
/// The layouts are those of [ggml](https://github.com/ggml-org/ggml)'s `ggml-common.h`; a block's
/// scale `d` and offset `m` are half-precision numbers.
enum GgufType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  /// `d (q - 8)`, 4 bits.
  Q4_0(2, 32, 18),
  /// `d q + m`, 4 bits.
  Q4_1(3, 32, 20),
  /// `d (q - 16)`, 5 bits.
  Q5_0(6, 32, 22),
  /// `d q + m`, 5 bits.
  Q5_1(7, 32, 24),
  /// `d q`, 8 bits with sign.
  Q8_0(8, 32, 34),
  /// `d s q - m t`: 16 parts of a block with a scale and an offset of 4 bits each; 2 bits.
  Q2_K(10, 256, 84),
  /// `d s (q - 4)`: 16 parts with a scale of 6 bits; 3 bits.
  Q3_K(11, 256, 110),
  /// `d s q - m t`: 8 parts with a scale and an offset of 6 bits; 4 bits.
  Q4_K(12, 256, 144),
  /// As [#Q4_K], 5 bits.
  Q5_K(13, 256, 176),
  /// `d s (q - 32)`: 16 parts with a scale of 8 bits; 6 bits.
  Q6_K(14, 256, 210),
  I8(24, 1, 1),
  I16(25, 1, 2),
  I32(26, 1, 4),
  I64(27, 1, 8),
  F64(28, 1, 8),
  BF16(30, 1, 2);

  private final int id;
  private final int blockSize;
  private final int blockBytes;

  GgufType(int id, int blockSize, int blockBytes) {
    this.id = id;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /// The number that stands for it in a file.
  int id() {
    return id;
  }

  /// How many numbers a block holds.
  int blockSize() {
    return blockSize;
  }

  /// How many bytes a block takes.
  int blockBytes() {
    return blockBytes;
  }
}
