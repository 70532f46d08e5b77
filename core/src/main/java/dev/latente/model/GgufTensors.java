package dev.latente.model;

import dev.latente.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which type each tensor of a GGUF file has, and its bytes in it.
final class GgufTensors {
  /// Numbers encoded at a time; a multiple of every block.
  private static final int CHUNK = 1 << 14;

  /// What stays as it is: stable-diffusion.cpp's own list (`tensor_should_be_converted`), as far as
  /// these models have such names, and the projection of the pooled text, which it transposes.
  private static final Pattern PLAIN =
      Pattern.compile(".*(\\.bias|time_embed\\..*|label_emb\\..*|embedding.*|text_projection)");

  private GgufTensors() {}

  /// The type to store `tensor` in.
  ///
  /// @param plain its type if it is not quantised
  static GgufType type(OriginalTensor tensor, ElementType plain, Optional<Quantisation> wanted) {
    GgufType usual = plainType(plain);
    long[] shape = tensor.shape();
    boolean small = shape.length < 2 || PLAIN.matcher(tensor.name()).matches();
    return small || wanted.isEmpty() ? usual : wanted.get().of(shape[shape.length - 1], usual);
  }

  /// The numbers of `tensor` as `type`.
  static byte[] bytes(OriginalTensor tensor, GgufType type) {
    return switch (type) {
      case F32 -> tensor.bytes(ElementType.F32);
      case F16 -> tensor.bytes(ElementType.F16);
      case BF16 -> tensor.bytes(ElementType.BF16);
      case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          encoded(tensor.bytes(ElementType.F32), type);
      case F64, I8, I16, I32, I64 ->
          throw new IllegalArgumentException("weights are not written as " + type);
    };
  }

  private static byte[] encoded(byte[] singles, GgufType type) {
    FloatBuffer numbers = ByteBuffer.wrap(singles).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    int blocks = numbers.remaining() / type.blockSize();
    int atOnce = CHUNK / type.blockSize();
    float[] in = new float[CHUNK];
    byte[] part = new byte[atOnce * type.blockBytes()];
    byte[] out = new byte[Math.multiplyExact(blocks, type.blockBytes())];
    for (int block = 0; block < blocks; block += atOnce) {
      int count = Math.min(atOnce, blocks - block);
      numbers.get(in, 0, count * type.blockSize());
      GgufEncoder.encode(type, in, count, part);
      System.arraycopy(part, 0, out, block * type.blockBytes(), count * type.blockBytes());
    }
    return out;
  }

  private static GgufType plainType(ElementType type) {
    return switch (type) {
      case F64, F32 -> GgufType.F32;
      case BF16 -> GgufType.BF16;
      case F16 -> GgufType.F16;
      case I64, I32, I16, I8, U8, BOOL ->
          throw new IllegalArgumentException("weights are not written as " + type);
    };
  }
}
