package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void readsEachTypeAsItsBytesSay() throws IOException {
    // 1.5 and -2 in each real type, 3 and -4 (or 3 and 1) in each whole one, written by hand.
    Path path =
        file(
            """
            {"bf16":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},
             "f16":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},
             "f32":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},
             "f64":{"dtype":"F64","shape":[2,1],"data_offsets":[16,32]},
             "i8":{"dtype":"I8","shape":[2],"data_offsets":[32,34]},
             "i16":{"dtype":"I16","shape":[2],"data_offsets":[34,38]},
             "i32":{"dtype":"I32","shape":[2],"data_offsets":[38,46]},
             "i64":{"dtype":"I64","shape":[2],"data_offsets":[46,62]},
             "u8":{"dtype":"U8","shape":[2],"data_offsets":[62,64]},
             "bool":{"dtype":"BOOL","shape":[2],"data_offsets":[64,66]},
             "none":{"dtype":"F32","shape":[0,7],"data_offsets":[66,66]},
             "scalar":{"dtype":"F32","shape":[],"data_offsets":[66,70]},
             "__metadata__":{"format":"pt","é":"ü"}}
            """,
            ByteBuffer.allocate(70)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x3fc0)
                .putShort((short) 0xc000)
                .putShort((short) 0x3e00)
                .putShort((short) 0xc000)
                .putFloat(1.5f)
                .putFloat(-2)
                .putDouble(1.5)
                .putDouble(-2)
                .put((byte) 3)
                .put((byte) -4)
                .putShort((short) 3)
                .putShort((short) -4)
                .putInt(3)
                .putInt(-4)
                .putLong(3)
                .putLong(-4)
                .put((byte) 3)
                .put((byte) 252)
                .put((byte) 1)
                .put((byte) 0)
                .putFloat(7)
                .array());
    try (Scope _ = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(path)) {
      for (String name : List.of("bf16", "f16", "f32", "f64")) {
        for (Precision precision : Precision.values()) {
          Tensor tensor = file.read(name, precision);
          assertThat(tensor.elementType()).isEqualTo(precision.elementType());
          assertThat(tensor.toFloatArray()).containsExactly(1.5f, -2f);
        }
      }
      for (String name : List.of("i8", "i16", "i32", "i64")) {
        assertThat(longs(file, name)).containsExactly(3, -4);
      }
      assertThat(longs(file, "u8")).containsExactly(3, 252);
      assertThat(longs(file, "bool")).containsExactly(1, 0);
      assertThat(file.read("none", Precision.F32).shape()).containsExactly(0, 7);
      assertThat(file.read("scalar", Precision.F32).item()).isEqualTo(7);
      assertThat(file.shape("f64")).containsExactly(2, 1);
      assertThat(file.names()).hasSize(12);
      assertThat(file.metadata()).containsEntry("format", "pt").containsEntry("é", "ü");
    }
  }

  @Test
  void tensorsOutliveTheFile() throws IOException {
    Path path = oneFloat();
    try (Scope _ = Scope.open()) {
      Tensor tensor;
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        tensor = file.read("x", Precision.F32);
      }
      assertThat(tensor.item()).isEqualTo(2.5);
    }
  }

  @Test
  void refusesToReadWhenClosed() throws IOException {
    SafetensorsFile file = SafetensorsFile.open(oneFloat());
    file.close();
    assertThatThrownBy(() -> file.read("x", Precision.F32))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("is closed");
  }

  @Test
  void namesATensorItDoesNotHave() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(oneFloat())) {
      assertThatThrownBy(() -> file.shape("y"))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageEndingWith("no tensor 'y'");
    }
  }

  @Test
  void readsPastTwoGibibytes() throws IOException {
    long hole = 5L << 29; // 2.5 GiB, sparse on the disk
    Path path = folder.resolve("big.safetensors");
    byte[] json =
        """
        {"zeros":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]},
         "x":{"dtype":"F32","shape":[2],"data_offsets":[%d,%d]}}
        """
            .formatted(hole, hole, hole, hole + 8)
            .getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(
          ByteBuffer.allocate(8 + json.length)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(json.length)
              .put(json)
              .flip());
      channel.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).flip(),
          8 + json.length + hole);
    }
    try (Scope _ = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.read("x", Precision.F32).toFloatArray()).containsExactly(1, 2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json                     | expected JSON, found an error",
        "[1]                          | expected a JSON object, found a list",
        "{\"x\":{}} trailing          | expected JSON, found an error",
        "{\"x\":1}                    | tensor 'x': expected an object, found 1",
        "{\"x\":{\"dtype\":\"F8\",\"shape\":[1],\"data_offsets\":[0,4]}}"
            + " | tensor 'x': expected a dtype of F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL,"
            + " found \"F8\"",
        "{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}"
            + " | tensor 'x': expected a list as shape, found nothing",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}"
            + " | expected whole numbers from 0 to 2^63 - 1 in shape, found -1",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}"
            + " | in shape, found 1.5",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}"
            + " | in shape, found 99999999999999999999",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}}"
            + " | expected a shape of less than 2^63 bytes",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}"
            + " | expected data_offsets [begin, end], found [4, 0]",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}"
            + " | expected 8 bytes for F32 of [2], found 4 at [0, 4]",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
            + " | expected 8 bytes after the header, as its tensors need, found 4: the file is cut"
            + " off",
        "{\"x\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}"
            + " | expected 3 bytes after the header, as its tensors need, found 4",
        "{\"x\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}}"
            + " | expected to begin at byte 0, where the one before it ends, found 1: a hole",
        "{\"x\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
            + "\"y\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}"
            + " | tensor 'y': expected to begin at byte 3, where the one before it ends, found 2:"
            + " they overlap",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
            + " | Duplicate Object property \"x\"",
        "{\"__metadata__\":{\"a\":1},\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
            + " | __metadata__: expected a text for 'a', found 1",
      })
  void refusesABadHeader(String json, String message) throws IOException {
    Path path = file(json, new byte[4]);
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesAnAbsurdHeaderLength() throws IOException {
    for (long length : new long[] {0, -1, 1L << 60, 100_000_001, 5, Long.MIN_VALUE}) {
      Path path = folder.resolve("length.safetensors");
      Files.write(
          path, ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
      assertThatThrownBy(() -> SafetensorsFile.open(path))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage(
              "%s: expected a safetensors header of 2 to 4 bytes, found %s",
              path, Long.toUnsignedString(length));
    }
  }

  @Test
  void refusesAFileTooShortForALength() throws IOException {
    Path path = Files.write(folder.resolve("short.safetensors"), new byte[7]);
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("%s: expected a safetensors file, found only 7 bytes", path);
    Path empty = Files.write(folder.resolve("empty.safetensors"), new byte[0]);
    assertThatThrownBy(() -> SafetensorsFile.open(empty)).isInstanceOf(ModelFormatException.class);
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() throws IOException {
    Path path = folder.resolve("latin.safetensors");
    byte[] json = "{\"é\":{}}".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(path, bytes(json, new byte[0]));
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void saysWhatAFileOfAnotherKindIs() throws IOException {
    Path pointer = folder.resolve("pointer.safetensors");
    Files.writeString(pointer, "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
    assertThatThrownBy(() -> SafetensorsFile.open(pointer)).hasMessageContaining("Git LFS");
    Path page = Files.writeString(folder.resolve("page.safetensors"), "<!DOCTYPE html><html>");
    assertThatThrownBy(() -> SafetensorsFile.open(page)).hasMessageContaining("found a web page");
    assertThatThrownBy(() -> SafetensorsFile.open(folder))
        .hasMessageContaining("expected a safetensors file, found a folder");
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("no such file");
  }

  private static long[] longs(SafetensorsFile file, String name) {
    return file.read(name, Precision.F32).toLongArray();
  }

  private Path oneFloat() throws IOException {
    return file(
        "{\"x\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,4]}}"
            .formatted(ElementType.F32),
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(2.5f).array());
  }

  private Path file(String json, byte[] data) throws IOException {
    return Files.write(
        folder.resolve("model.safetensors"), bytes(json.getBytes(StandardCharsets.UTF_8), data));
  }

  private static byte[] bytes(byte[] json, byte[] data) {
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }
}
