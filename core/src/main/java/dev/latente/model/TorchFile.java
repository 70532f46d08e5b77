package dev.latente.model;

import dev.latente.model.Pickled.Dictionary;
import dev.latente.model.Pickled.Scalar;
import dev.latente.model.Pickled.View;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A PyTorch file (`.ckpt`, `.pt`, `.bin`), of which only the tensors are read; nothing in it can
/// run.
///
/// Of a training program's file the `state_dict` is taken; tensors in nested dictionaries are named
/// by their path. One thread at a time may use it.
public final class TorchFile implements CheckpointSource {
  private static final String PICKLE = "data.pkl";
  private static final String STATE = "state_dict";
  private static final int DEEPEST = 8;
  private static final int MOST_TENSORS = 100_000;

  private final MappedFile file;
  private final Map<String, MemorySegment> storages;
  private final Map<String, View> tensors = new LinkedHashMap<>();

  private TorchFile(MappedFile file, Map<String, MemorySegment> storages) {
    this.file = file;
    this.storages = storages;
  }

  /// Maps `path` and reads which tensors it holds.
  ///
  /// @throws ModelFormatException if it is damaged, or names anything but tensors
  public static TorchFile open(Path path) throws IOException {
    MappedFile file = MappedFile.open(path, "a PyTorch file");
    try {
      return read(file);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static TorchFile read(MappedFile file) {
    String origin = file.path().toString();
    if (file.bytes().byteSize() > 1 && file.bytes().get(ValueLayout.JAVA_BYTE, 0) == (byte) 0x80) {
      throw new ModelFormatException(
          origin
              + ": expected a PyTorch file of version 1.6 or later, found the older form;"
              + " save it anew or convert it to safetensors");
    }
    Map<String, MemorySegment> entries = ZipIndex.of(origin, file.bytes());
    List<Map.Entry<String, MemorySegment>> pickles =
        entries.entrySet().stream().filter(entry -> entry.getKey().endsWith("/" + PICKLE)).toList();
    if (pickles.size() != 1) {
      throw new ModelFormatException(
          "%s: expected one entry %s, found %d".formatted(origin, PICKLE, pickles.size()));
    }
    String prefix = pickles.getFirst().getKey().replace(PICKLE, "");
    MemorySegment order = entries.get(prefix + "byteorder");
    if (order != null && !text(order).equals("little")) {
      throw new ModelFormatException(
          "%s: expected little-endian numbers, found %s".formatted(origin, text(order)));
    }
    Map<String, MemorySegment> storages = new LinkedHashMap<>();
    entries.forEach((name, bytes) -> {
      if (name.startsWith(prefix + "data/")) {
        storages.put(name.substring(prefix.length() + 5), bytes);
      }
    });
    TorchFile result = new TorchFile(file, storages);
    result.collect(Unpickler.read(origin, pickles.getFirst().getValue().asByteBuffer()));
    return result;
  }

  private static String text(MemorySegment bytes) {
    byte[] start = bytes.asSlice(0, Math.min(16, bytes.byteSize())).toArray(ValueLayout.JAVA_BYTE);
    return new String(start, StandardCharsets.US_ASCII);
  }

  private void collect(Pickled root) {
    Pickled state =
        root instanceof Dictionary(Map<Pickled, Pickled> entries)
                && entries.get(new Scalar(STATE)) instanceof Dictionary inner
            ? inner
            : root;
    collect("", state, 0);
    tensors.forEach(this::check);
  }

  private void collect(String name, Pickled value, int depth) {
    if (value instanceof View view) {
      tensors.put(name, view);
      if (tensors.size() > MOST_TENSORS) {
        throw new ModelFormatException(
            "%s: expected at most %d tensors, found more".formatted(origin(), MOST_TENSORS));
      }
    } else if (value instanceof Dictionary(Map<Pickled, Pickled> entries) && depth < DEEPEST) {
      entries.forEach((key, inner) -> {
        if (key instanceof Scalar(String text)) {
          collect(name.isEmpty() ? text : name + "." + text, inner, depth + 1);
        }
      });
    }
  }

  /// Checks that a tensor lies within its storage.
  private void check(String name, View view) {
    MemorySegment bytes = storages.get(view.storage().key());
    if (bytes == null) {
      throw bad(name, "entry data/%s".formatted(view.storage().key()), "none");
    }
    if (view.shape().size() != view.strides().size()) {
      throw bad(name, "as many strides as sizes", view.strides() + " for " + view.shape());
    }
    long needed;
    try {
      long last = view.offset();
      boolean empty = false;
      for (int i = 0; i < view.shape().size(); i++) {
        empty |= view.shape().get(i) == 0;
        last = Math.addExact(last, Math.multiplyExact(view.shape().get(i), view.strides().get(i)));
        last -= view.strides().get(i);
      }
      needed = empty ? 0 : Math.multiplyExact(last + 1, (long) view.storage().type().bytes());
      count(view);
    } catch (ArithmeticException _) {
      throw bad(name, "a shape of less than 2^63 bytes", view.shape().toString());
    }
    if (needed > bytes.byteSize() || view.offset() < 0) {
      throw bad(
          name,
          "%d bytes in data/%s".formatted(needed, view.storage().key()),
          Long.toString(bytes.byteSize()));
    }
  }

  private static long count(View view) {
    return view.shape().stream().reduce(1L, Math::multiplyExact);
  }

  @Override
  public String origin() {
    return file.path().toString();
  }

  @Override
  public Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public long[] shape(String name) {
    return tensor(name).shape().stream().mapToLong(Long::longValue).toArray();
  }

  /// The type the file stores `name` in.
  public ElementType type(String name) {
    return tensor(name).storage().type();
  }

  @Override
  public String storedAs(String name) {
    return type(name).name();
  }

  @Override
  public Tensor read(String name, Precision precision) {
    file.bytes(); // says so if the file is closed
    View view = tensor(name);
    ElementType type = view.storage().type();
    MemorySegment storage = storages.get(view.storage().key());
    if (storage == null) {
      throw new IllegalStateException("checked when opened");
    }
    long[] shape = shape(name);
    if (isRowMajor(view)) {
      MemorySegment bytes =
          storage.asSlice(view.offset() * type.bytes(), count(view) * type.bytes());
      return Tensor.read(bytes, type, precision, shape);
    }
    try (Arena arena = Arena.ofConfined()) {
      return Tensor.read(gather(view, storage, arena), type, precision, shape);
    }
  }

  private static boolean isRowMajor(View view) {
    long stride = 1;
    for (int i = view.shape().size() - 1; i >= 0; i--) {
      if (view.shape().get(i) != 1 && view.strides().get(i) != stride) {
        return count(view) == 0;
      }
      stride *= view.shape().get(i);
    }
    return true;
  }

  /// Copies the elements of a transposed or otherwise strided view into row-major order.
  private static MemorySegment gather(View view, MemorySegment storage, Arena arena) {
    int size = view.storage().type().bytes();
    long count = count(view);
    MemorySegment rows = arena.allocate(count * size, size);
    int dimensions = view.shape().size();
    long[] index = new long[dimensions];
    long from = view.offset();
    for (long to = 0; to < count; to++) {
      MemorySegment.copy(storage, from * size, rows, to * size, size);
      for (int d = dimensions - 1; d >= 0; d--) {
        from += view.strides().get(d);
        if (++index[d] < view.shape().get(d)) {
          break;
        }
        from -= view.strides().get(d) * view.shape().get(d);
        index[d] = 0;
      }
    }
    return rows;
  }

  private View tensor(String name) {
    View view = tensors.get(name);
    if (view == null) {
      throw new ModelFormatException("%s: no tensor '%s'".formatted(origin(), name));
    }
    return view;
  }

  private ModelFormatException bad(String name, String expected, String found) {
    return new ModelFormatException(
        "%s: tensor '%s': expected %s, found %s".formatted(origin(), name, expected, found));
  }

  @Override
  public void close() {
    file.close();
  }
}
