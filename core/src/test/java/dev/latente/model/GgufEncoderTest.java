package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufEncoderTest {
  private static final Path FIXTURE = Path.of("src/test/resources/reference/gguf/quantised.gguf");

  private static float[] floats(byte[] bytes) {
    float[] numbers = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
    return numbers;
  }

  private static byte[] encoded(GgufType type, float[] numbers) {
    int blocks = numbers.length / type.blockSize();
    byte[] out = new byte[blocks * type.blockBytes()];
    GgufEncoder.encode(type, numbers, blocks, out);
    return out;
  }

  @ParameterizedTest
  @EnumSource(Quantisation.class)
  void blocksAreGgmlsToTheLastBit(Quantisation quantisation) throws IOException {
    GgufType type = GgufType.valueOf(quantisation.name());
    try (GgufFile file = GgufFile.open(FIXTURE);
        Scope _ = Scope.open()) {
      float[] numbers = floats(file.read("numbers", Precision.F32).toBytes(ElementType.F32));
      byte[] expected = file.stored(type.name()).toArray(ValueLayout.JAVA_BYTE);
      byte[] found = encoded(type, numbers);
      assertThat(found).hasSameSizeAs(expected);
      for (int block = 0; block < found.length / type.blockBytes(); block++) {
        int from = block * type.blockBytes();
        assertThat(Arrays.copyOfRange(found, from, from + type.blockBytes()))
            .as("block " + block)
            .isEqualTo(Arrays.copyOfRange(expected, from, from + type.blockBytes()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Quantisation.class)
  void whatIsReadBackIsNear(Quantisation quantisation) {
    GgufType type = GgufType.valueOf(quantisation.name());
    Random random = new Random(3);
    float[] numbers = new float[64 * 256];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    float[] back = new float[numbers.length];
    byte[] blocks = encoded(type, numbers);
    GgufBlocks.decode(type, blocks, blocks.length / type.blockBytes(), back);
    double sum = 0;
    for (int i = 0; i < numbers.length; i++) {
      sum += Math.pow(back[i] - numbers[i], 2);
    }
    // of normal numbers; a step is about 4 to 5 deviations over the number of levels, and the error
    // of rounding to steps is a step over the root of 12
    double most =
        switch (quantisation) {
          case Q8_0 -> 0.007;
          case Q6_K -> 0.02;
          case Q5_0, Q5_1, Q5_K -> 0.05;
          case Q4_0, Q4_1, Q4_K -> 0.11;
          case Q3_K -> 0.21;
          case Q2_K -> 0.37;
        };
    assertThat(Math.sqrt(sum / numbers.length)).isBetween(most / 4, most);
  }

  @Test
  void plainTypesHaveNoBlocks() {
    assertThatThrownBy(() -> GgufEncoder.encode(GgufType.F16, new float[1], 1, new byte[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
