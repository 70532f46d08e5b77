package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsWriterTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"F64", "F32", "F16", "BF16"})
  void whatIsWrittenIsReadBack(ElementType type) throws IOException {
    Path path = folder.resolve("model.safetensors");
    float[] values = {0, -0f, 1, -2.5f, 1024, 0.15625f}; // exact in every type
    try (Scope _ = Scope.open()) {
      new SafetensorsWriter()
          .add("b", Tensor.of(values, 2, 3), type)
          .add("a", Tensor.of(new long[] {7, -8}, 2), type)
          .metadata("format", "pt")
          .write(path);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.type("b")).isEqualTo(type);
        assertThat(file.type("a")).isEqualTo(ElementType.I64);
        assertThat(file.shape("b")).containsExactly(2, 3);
        Tensor b = file.read("b", Precision.F32);
        assertThat(b.toFloatArray()).isEqualTo(values);
        assertThat(file.read("a", Precision.F32).toLongArray()).containsExactly(7, -8);
        assertThat(file.metadata()).containsExactly(java.util.Map.entry("format", "pt"));
      }
    }
  }

  @Test
  void writesTheBytesTheFormatDescribes() throws IOException {
    Path path = folder.resolve("model.safetensors");
    try (Scope _ = Scope.open()) {
      new SafetensorsWriter()
          .add("h", Tensor.of(new float[] {1}, 1), ElementType.F16)
          .add("x", Tensor.of(new float[] {1}, 1), ElementType.F32)
          .write(path);
    }
    String json =
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[4,6]}}";
    String padded = json + " ".repeat(Math.floorMod(-json.length(), 8));
    assertThat(Files.readAllBytes(path))
        .isEqualTo(
            ByteBuffer.allocate(8 + padded.length() + 6)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded.length())
                .put(padded.getBytes(StandardCharsets.UTF_8))
                .putFloat(1)
                .putShort((short) 0x3c00)
                .array());
  }

  @Test
  void leavesTheOldFileWhenWritingFails() throws IOException {
    Path path = folder.resolve("model.safetensors");
    Files.writeString(path, "old");
    SafetensorsWriter writer =
        new SafetensorsWriter().add("x", ElementType.F32, new long[] {2}, () -> new byte[4]);
    assertThatThrownBy(() -> writer.write(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor 'x' needs 8 bytes for F32 of [2], not 4");
    assertThat(Files.readString(path)).isEqualTo("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void refusesANameTwice() {
    SafetensorsWriter writer =
        new SafetensorsWriter().add("x", ElementType.U8, new long[] {1}, () -> new byte[1]);
    assertThatThrownBy(() -> writer.add("x", ElementType.U8, new long[] {1}, () -> new byte[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor 'x' is there already");
  }
}
