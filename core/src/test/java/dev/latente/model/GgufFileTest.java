package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTest {
  /// Written by ggml's own Python package, with what it reads in each type beside it.
  private static final Path TYPES = Path.of("src/test/resources/reference/gguf/types.gguf");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"})
  void quantisedNumbersAreThoseOfTheReference(String type) throws IOException {
    try (Scope _ = Scope.open();
        GgufFile file = GgufFile.open(TYPES)) {
      assertThat(file.type(type)).isEqualTo(type);
      assertThat(file.shape(type)).containsExactly(3, 512);
      float[] found = file.read(type, Precision.F32).toFloatArray();
      float[] expected = file.read(type + ".expected", Precision.F32).toFloatArray();
      for (int i = 0; i < expected.length; i++) {
        // numbers reach 63 · 31 · 0.4; two roundings of f32 may fall in another order
        assertThat(found[i]).isCloseTo(expected[i], within(2e-4f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"})
  void quantisedNumbersAreTheSameInParts(String type) throws IOException {
    try (Scope _ = Scope.open();
        GgufFile file = GgufFile.open(TYPES);
        Arena arena = Arena.ofConfined()) {
      float[] whole = file.read(type, Precision.F32).toFloatArray();
      GgufNumbers numbers = new GgufNumbers(GgufType.valueOf(type), file.stored(type));
      Random random = new Random(1);
      for (int i = 0; i < 50; i++) {
        int first = random.nextInt(whole.length);
        int count = 1 + random.nextInt(whole.length - first);
        MemorySegment floats = arena.allocate(ValueLayout.JAVA_FLOAT, count);
        numbers.decode(first, floats);
        assertThat(floats.toArray(ValueLayout.JAVA_FLOAT))
            .isEqualTo(Arrays.copyOfRange(whole, first, first + count));
      }
    }
  }

  @Test
  void plainNumbersAreReadAsTheyAre() throws IOException {
    try (Scope _ = Scope.open();
        GgufFile file = GgufFile.open(TYPES)) {
      for (String type : new String[] {"F32", "F16", "BF16"}) {
        assertThat(file.shape(type)).containsExactly(2, 3);
        assertThat(file.read(type, Precision.F32).toFloatArray())
            .containsExactly(1, -2.5f, 0.15625f, 3, -4, 1024);
      }
      assertThat(file.read("I32", Precision.F32).toLongArray()).containsExactly(7, -8);
      assertThat(file.read("Q4_0", Precision.F16).elementType()).isEqualTo(ElementType.F16);
      assertThat(file.metadata())
          .containsEntry("general.architecture", "sd")
          .containsEntry("general.name", "types")
          .doesNotContainKey("list");
    }
  }

  @Test
  void refusesToReadWhenClosed() throws IOException {
    GgufFile file = GgufFile.open(TYPES);
    file.close();
    file.close();
    assertThatThrownBy(() -> file.read("F32", Precision.F32))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFileCutOffAnywhereIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(TYPES);
    Path path = folder.resolve("cut.gguf");
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      // the last tensor, of 8 bytes, is padded to 32, so a cut nearer to the end takes nothing away
      int length = i < 30 ? i * 40 : random.nextInt(whole.length - 32);
      Files.write(path, Arrays.copyOf(whole, length));
      assertRefused(path, path.toString());
    }
  }

  @Test
  void hostileHeadersAreRefused() throws IOException {
    assertHeaderRefused(header(9, 0, 0), "expected GGUF version 2 or 3, found 9");
    assertHeaderRefused(
        header(3, 1L << 60, 0),
        "expected no more tensors than the file can hold, found 1152921504606846976");
    assertHeaderRefused(header(3, -1, 0), "found 18446744073709551615");
    assertHeaderRefused(
        header(3, 0, 1).putLong(-1), "expected a metadata key of at most 1048576 bytes");
    assertHeaderRefused(
        text(header(3, 0, 1), "k").putInt(13), "expected a type 0 to 12 for 'k', found 13");
    assertHeaderRefused(text(header(3, 0, 1), "k").putInt(9).putInt(9), "no list of lists as 'k'");
    assertHeaderRefused(
        text(text(header(3, 0, 1), "general.alignment").putInt(8), "33"),
        "expected a power of two as general.alignment, found 33");
  }

  @Test
  void hostileTensorsAreRefused() throws IOException {
    assertHeaderRefused(tensor(99, 0, 4), "expected tensor 'x' of a type of F32=0, ");
    assertHeaderRefused(
        tensor(2, 0, 31), "expected tensor 'x' of Q4_0 in rows of a multiple of 32");
    assertHeaderRefused(tensor(0, 8, 4), "expected tensor 'x' at a multiple of 32, found 8");
    assertHeaderRefused(tensor(0, 1L << 40, 4), "the file is cut off");
    assertHeaderRefused(tensor(0, 0, 1L << 62, 8), "expected tensor 'x' of less than 2^63 bytes");
    assertHeaderRefused(tensor(0, 0, -1, 8), "expected tensor 'x' of less than 2^63 bytes");
    assertHeaderRefused(tensor(0, 0, 1, 1, 1, 1, 1), "of 0 to 4 dimensions, found 5");
  }

  @Test
  void aSafetensorsFileIsNoGgufFile() throws IOException {
    assertRefused(Files.writeString(folder.resolve("a.gguf"), "x".repeat(99)), "a GGUF file");
    assertRefused(folder.resolve("none.gguf"), "no such file");
    assertRefused(folder, "found a folder");
  }

  private void assertHeaderRefused(ByteBuffer header, String message) throws IOException {
    byte[] bytes = Arrays.copyOf(header.array(), header.position() + 64);
    assertRefused(Files.write(folder.resolve("bad.gguf"), bytes), message);
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> GgufFile.open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private static ByteBuffer header(int version, long tensors, long values) {
    return ByteBuffer.allocate(200)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("GGUF".getBytes(StandardCharsets.US_ASCII))
        .putInt(version)
        .putLong(tensors)
        .putLong(values);
  }

  private static ByteBuffer text(ByteBuffer buffer, String text) {
    return buffer.putLong(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static ByteBuffer tensor(int type, long offset, long... sizes) {
    ByteBuffer buffer = text(header(3, 1, 0), "x").putInt(sizes.length);
    for (long size : sizes) {
      buffer.putLong(size);
    }
    return buffer.putInt(type).putLong(offset);
  }
}
