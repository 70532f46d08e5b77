package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
  /// Written by PyTorch.
  private static final Path TENSORS = Path.of("src/test/resources/reference/torch/tensors.ckpt");

  private static final Path EMBEDDING = Path.of("src/test/resources/reference/torch/embedding.pt");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"f32", "f16", "bf16", "f64", "parameter"})
  void realNumbersOfEachTypeAreRead(String name) throws IOException {
    try (Scope _ = Scope.open();
        TorchFile file = TorchFile.open(TENSORS)) {
      assertThat(file.shape(name)).containsExactly(2, 3);
      assertThat(file.read(name, Precision.F32).toFloatArray())
          .containsExactly(1, -2.5f, 0.15625f, 3, -4, 1024);
    }
  }

  @Test
  void viewsOfOneStorageAreRead() throws IOException {
    try (Scope _ = Scope.open();
        TorchFile file = TorchFile.open(TENSORS)) {
      assertThat(file.read("part", Precision.F32).toFloatArray()).containsExactly(4, 5, 6, 7);
      assertThat(file.shape("transposed")).containsExactly(4, 3);
      assertThat(file.read("transposed", Precision.F32).toFloatArray())
          .containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
      assertThat(file.read("scalar", Precision.F32).item()).isEqualTo(2.5);
      assertThat(file.read("empty", Precision.F32).shape()).containsExactly(0, 3);
      assertThat(file.read("i64", Precision.F32).toLongArray()).containsExactly(7, -8);
      assertThat(file.type("bool")).isEqualTo(ElementType.BOOL);
      assertThat(file.read("bool", Precision.F32).toLongArray()).containsExactly(1, 0);
    }
  }

  @Test
  void onlyTheStateOfATrainingProgramIsTaken() throws IOException {
    try (TorchFile file = TorchFile.open(TENSORS)) {
      assertThat(file.names())
          .containsExactly(
              "f32",
              "f16",
              "bf16",
              "f64",
              "i64",
              "bool",
              "parameter",
              "part",
              "transposed",
              "scalar",
              "empty");
    }
  }

  @Test
  void nestedTensorsAreNamedByTheirPath() throws IOException {
    try (Scope _ = Scope.open();
        TorchFile file = TorchFile.open(EMBEDDING)) {
      assertThat(file.names()).containsExactly("string_to_param.*");
      assertThat(file.read("string_to_param.*", Precision.F32).shape()).containsExactly(2, 3);
    }
  }

  @Test
  void aFileCutOffOrDamagedIsRefusedOrReadButNeverMore() throws IOException {
    byte[] whole = Files.readAllBytes(TENSORS);
    Path path = folder.resolve("damaged.ckpt");
    for (int length = 0; length < whole.length; length += 397) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertRefused(path, path.toString());
    }
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 150; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(whole.length)] = (byte) random.nextInt(256);
      Files.write(path, damaged);
      try (TorchFile file = TorchFile.open(path);
          Scope _ = Scope.open()) {
        file.names().forEach(name -> file.read(name, Precision.F32));
      } catch (ModelFormatException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(8, 149);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cos\nsystem\n(S'true'\ntR.",
        "cposix\nsystem\n(X\u0004\0\0\0trueTR.",
        "c__builtin__\neval\n(X\u0001\0\0\0" + "1tR.",
        "c__builtin__\ngetattr\n.",
        "ctorch\nload\n.",
        "ctorch.hub\nload\n.",
        "cdev.latente\nanything\n.",
      })
  void aPickleThatNamesCodeIsRefusedByName(String pickle) throws IOException {
    Path path = write(Map.of("archive/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1)));
    String name = pickle.substring(1, pickle.indexOf('\n', pickle.indexOf('\n') + 1));
    assertRefused(path, "refused: it names '%s'".formatted(name.replace('\n', '.')));
  }

  @Test
  void namesMadeOnTheStackAreRefusedToo() throws IOException {
    byte[] pickle =
        "\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093.".getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(write(Map.of("a/data.pkl", pickle)), "refused: it names 'os.system'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "N",
        "0.",
        "h\u0005.",
        "(t",
        "R.",
        "NNR.",
        "u.",
        "(NNu.",
        "N(u.",
        "1.",
        "]NQ.",
        "\u0081.",
        "]q\0h\0ah\0Q.",
        "X\u00ff\u00ff\u00ff\u007f.",
        "i.",
        "}(NNNu.",
        "\u00ff."
      })
  void aPickleOfNonsenseIsRefused(String pickle) throws IOException {
    Path path = write(Map.of("a/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1)));
    assertRefused(path, "pickle");
  }

  @Test
  void aTensorOutsideItsStorageIsRefused() throws IOException {
    assertRefused(
        write(Map.of("a/data.pkl", tensor(4, 0, 5, 1), "a/data/0", new byte[16])),
        "tensor 'x': expected 20 bytes in data/0, found 16");
    assertRefused(
        write(Map.of("a/data.pkl", tensor(4, 3, 2, 1), "a/data/0", new byte[16])),
        "tensor 'x': expected 20 bytes in data/0, found 16");
    assertRefused(
        write(Map.of("a/data.pkl", tensor(4, 0, 2, 255), "a/data/0", new byte[16])),
        "tensor 'x': expected 1024 bytes in data/0, found 16");
    assertRefused(
        write(Map.of("a/data.pkl", tensor(4, 0, 4, 1))),
        "tensor 'x': expected entry data/0, found none");
  }

  @Test
  void aZipFileThatIsNoPyTorchFileIsRefused() throws IOException {
    assertRefused(write(Map.of("a/other", new byte[1])), "expected one entry data.pkl, found 0");
    Path compressed = folder.resolve("compressed.ckpt");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(compressed))) {
      zip.putNextEntry(new ZipEntry("a/data.pkl"));
      zip.write(new byte[100]);
    }
    assertRefused(compressed, "expected entry 'a/data.pkl' uncompressed");
    Path big =
        write(
            Map.of(
                "a/data.pkl",
                "}.".getBytes(StandardCharsets.ISO_8859_1),
                "a/byteorder",
                "big".getBytes(StandardCharsets.ISO_8859_1)));
    assertRefused(big, "expected little-endian numbers, found big");
    Path old = Files.write(folder.resolve("old.pt"), new byte[] {(byte) 0x80, 2, 'N', '.'});
    assertRefused(old, "version 1.6 or later, found the older form");
  }

  /// `{'x': a tensor of one dimension}` with storage 0 of `count` floats.
  private static byte[] tensor(int count, int offset, int size, int stride) {
    String pickle =
        "}X\u0001\0\0\0xctorch._utils\n_rebuild_tensor_v2\n("
            + "(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\0"
            + "0X\u0003\0\0\0cpuK"
            + (char) count
            + "tQK"
            + (char) offset
            + "K"
            + (char) size
            + "\u0085K"
            + (char) stride
            + "\u0085\u0089}tRs.";
    return pickle.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> TensorFile.open(path).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private Path write(Map<String, byte[]> entries) throws IOException {
    Path path = folder.resolve("made.ckpt");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      for (Map.Entry<String, byte[]> entry : new LinkedHashMap<>(entries).entrySet()) {
        CRC32 crc = new CRC32();
        crc.update(entry.getValue());
        ZipEntry header = new ZipEntry(entry.getKey());
        header.setMethod(ZipEntry.STORED);
        header.setSize(entry.getValue().length);
        header.setCrc(crc.getValue());
        zip.putNextEntry(header);
        zip.write(entry.getValue());
      }
    }
    return path;
  }
}
