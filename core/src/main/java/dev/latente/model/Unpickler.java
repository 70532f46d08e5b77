package dev.latente.model;

import dev.latente.model.Pickled.Dictionary;
import dev.latente.model.Pickled.Global;
import dev.latente.model.Pickled.Inert;
import dev.latente.model.Pickled.Nothing;
import dev.latente.model.Pickled.Scalar;
import dev.latente.model.Pickled.Sequence;
import dev.latente.model.Pickled.Storage;
import dev.latente.model.Pickled.View;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the pickle of a PyTorch file as data.
///
/// A pickle is a program, and Python runs what it names. This reader knows the few names that
/// tensors and training programs leave, gives each its fixed meaning, and refuses all others.
/// [Python's pickletools](https://github.com/python/cpython/blob/main/Lib/pickletools.py) describes
/// the operations.
final class Unpickler {
  private static final String REBUILD = "torch._utils._rebuild_tensor_v2";
  private static final String REBUILD_OLD = "torch._utils._rebuild_tensor";
  private static final String REBUILD_PARAMETER = "torch._utils._rebuild_parameter";

  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "torch.DoubleStorage", ElementType.F64,
          "torch.FloatStorage", ElementType.F32,
          "torch.HalfStorage", ElementType.F16,
          "torch.BFloat16Storage", ElementType.BF16,
          "torch.LongStorage", ElementType.I64,
          "torch.IntStorage", ElementType.I32,
          "torch.ShortStorage", ElementType.I16,
          "torch.CharStorage", ElementType.I8,
          "torch.ByteStorage", ElementType.U8,
          "torch.BoolStorage", ElementType.BOOL);

  private static final Set<String> CONTAINERS =
      Set.of("collections.OrderedDict", "torch.nn.modules.container.ParameterDict");

  /// What training programs leave beside the weights; nothing of it is needed.
  private static final Set<String> INERT =
      Set.of(
          "__builtin__.set",
          "_codecs.encode",
          "argparse.Namespace",
          "builtins.set",
          "collections.defaultdict",
          "numpy._core.multiarray._reconstruct",
          "numpy._core.multiarray.scalar",
          "numpy.core.multiarray._reconstruct",
          "numpy.core.multiarray.scalar",
          "numpy.dtype",
          "numpy.ndarray",
          "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
          "pytorch_lightning.utilities.parsing.AttributeDict",
          "torch.Size",
          "torch.device",
          "torch.dtype",
          "torch.float16",
          "torch.float32");

  private static final Pickled MARK = new Inert("mark");

  private final String origin;
  private final ByteBuffer in;
  private final List<Pickled> stack = new ArrayList<>();
  private final Map<Integer, Pickled> memo = new HashMap<>();

  private Unpickler(String origin, ByteBuffer in) {
    this.origin = origin;
    this.in = in;
  }

  /// The value of the pickle in `bytes`.
  ///
  /// @param origin begins the messages
  /// @throws ModelFormatException if it is damaged or names anything that is not known to be
  ///   harmless
  static Pickled read(String origin, ByteBuffer bytes) {
    Unpickler unpickler = new Unpickler(origin, bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    try {
      return unpickler.run();
    } catch (BufferUnderflowException e) {
      throw new ModelFormatException(origin + ": expected more of the pickle, found its end", e);
    }
  }

  private Pickled run() {
    while (true) {
      int operation = in.get() & 0xff;
      if (operation == '.') {
        return pop();
      }
      if (!scalar(operation) && !container(operation) && !object(operation)) {
        throw bad("a known pickle operation", "0x%02x".formatted(operation));
      }
    }
  }

  /// Operations that push plain values or only move about.
  private boolean scalar(int operation) {
    switch (operation) {
      case 0x80 -> in.get(); // the protocol's number
      case 0x95 -> in.getLong(); // the length of a frame
      case 'N' -> push(new Nothing());
      case 0x88 -> push(new Scalar(true));
      case 0x89 -> push(new Scalar(false));
      case 'J' -> push(new Scalar((long) in.getInt()));
      case 'K' -> push(new Scalar((long) (in.get() & 0xff)));
      case 'M' -> push(new Scalar((long) (in.getShort() & 0xffff)));
      case 0x8a -> push(whole(bytes(in.get() & 0xff)));
      case 'G' -> push(new Scalar(Double.longBitsToDouble(Long.reverseBytes(in.getLong()))));
      case 'X' -> push(text(in.getInt()));
      case 0x8c -> push(text(in.get() & 0xff));
      case 'T' -> push(latin(in.getInt()));
      case 'U' -> push(latin(in.get() & 0xff));
      case 'B' -> push(latin(in.getInt()));
      case 'C' -> push(latin(in.get() & 0xff));
      case 'q' -> memo.put(in.get() & 0xff, top());
      case 'r' -> memo.put(in.getInt(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(recall(in.get() & 0xff));
      case 'j' -> push(recall(in.getInt()));
      case '0' -> pop();
      case '2' -> push(top());
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Operations on lists, tuples and dictionaries.
  private boolean container(int operation) {
    switch (operation) {
      case '(' -> stack.add(MARK);
      case '1' -> popToMark();
      case ')', ']', 0x8f -> push(new Sequence(new ArrayList<>()));
      case '}' -> push(new Dictionary(new LinkedHashMap<>()));
      case 't', 'l', 0x91 -> push(new Sequence(popToMark()));
      case 0x85 -> push(new Sequence(popLast(1)));
      case 0x86 -> push(new Sequence(popLast(2)));
      case 0x87 -> push(new Sequence(popLast(3)));
      case 'd' -> {
        Dictionary dictionary = new Dictionary(new LinkedHashMap<>());
        putAll(dictionary, popToMark());
        push(dictionary);
      }
      case 'a' -> addAll(popLast(1));
      case 'e', 0x90 -> addAll(popToMark());
      case 's' -> {
        List<Pickled> pair = popLast(2);
        putAll(top(), pair);
      }
      case 'u' -> {
        List<Pickled> pairs = popToMark();
        putAll(top(), pairs);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Operations that in Python would look up and call something.
  private boolean object(int operation) {
    switch (operation) {
      case 'c' -> push(global(line() + "." + line()));
      case 0x93 -> {
        List<Pickled> names = popLast(2);
        push(global(names.get(0).text() + "." + names.get(1).text()));
      }
      case 'Q' -> push(storage(pop()));
      case 'R', 0x81 -> {
        List<Pickled> call = popLast(2);
        push(call(call.get(0), call.get(1)));
      }
      case 'b' -> pop(); // an object's own fields; none that is known needs them
      default -> {
        return false;
      }
    }
    return true;
  }

  private Pickled global(String name) {
    boolean known =
        STORAGES.containsKey(name)
            || CONTAINERS.contains(name)
            || INERT.contains(name)
            || name.equals(REBUILD)
            || name.equals(REBUILD_OLD)
            || name.equals(REBUILD_PARAMETER);
    if (!known) {
      throw new ModelFormatException(
          "%s: refused: it names '%s', which Python would load and might run; only tensors are read"
              .formatted(origin, printable(name)));
    }
    return new Global(name);
  }

  private Pickled call(Pickled function, Pickled arguments) {
    if (function instanceof Global global && arguments instanceof Sequence given) {
      return switch (global.name()) {
        case REBUILD, REBUILD_OLD -> view(given.values());
        case REBUILD_PARAMETER ->
            given.values().isEmpty() ? new Nothing() : given.values().getFirst();
        default ->
            CONTAINERS.contains(global.name())
                ? new Dictionary(new LinkedHashMap<>())
                : new Inert(global.name());
      };
    }
    throw bad("a call of a named function", "a call of " + kindOf(function));
  }

  private Pickled view(List<Pickled> arguments) {
    if (arguments.size() >= 4
        && arguments.get(0) instanceof Storage storage
        && arguments.get(1) instanceof Scalar(Long offset)
        && arguments.get(2) instanceof Sequence(List<Pickled> shape)
        && arguments.get(3) instanceof Sequence(List<Pickled> strides)) {
      return new View(storage, offset, numbers(shape), numbers(strides));
    }
    throw bad("a tensor's storage, offset, shape and strides", "other arguments");
  }

  private List<Long> numbers(List<Pickled> values) {
    List<Long> numbers = new ArrayList<>();
    for (Pickled value : values) {
      if (!(value instanceof Scalar(Long number)) || number < 0) {
        throw bad("a tensor's sizes as whole numbers", kindOf(value));
      }
      numbers.add(number);
    }
    return numbers;
  }

  /// A persistent id: `('storage', type, key, location, count)`.
  private Pickled storage(Pickled id) {
    if (id instanceof Sequence(List<Pickled> parts)
        && parts.size() >= 5
        && parts.get(0).text().equals("storage")
        && parts.get(1) instanceof Global(String name)
        && STORAGES.get(name) instanceof ElementType type
        && parts.get(4) instanceof Scalar(Long count)) {
      return new Storage(type, parts.get(2).text(), count);
    }
    throw bad("a reference to a storage of numbers", kindOf(id));
  }

  private void addAll(List<Pickled> values) {
    if (top() instanceof Sequence(List<Pickled> list)) {
      list.addAll(values);
    } else if (!(top() instanceof Inert)) {
      throw bad("a list to append to", kindOf(top()));
    }
  }

  private void putAll(Pickled target, List<Pickled> pairs) {
    if (pairs.size() % 2 != 0) {
      throw bad("keys and values in pairs", "an odd number");
    }
    switch (target) {
      case Dictionary(Map<Pickled, Pickled> entries) -> {
        for (int i = 0; i < pairs.size(); i += 2) {
          // only texts and numbers name tensors; other keys might be anything, and take time to
          // compare
          if (pairs.get(i) instanceof Scalar) {
            entries.put(pairs.get(i), pairs.get(i + 1));
          }
        }
      }
      case Inert _ -> {}
      case Nothing _, Scalar _, Sequence _, Global _, Storage _, View _ ->
          throw bad("a dictionary to put into", kindOf(target));
    }
  }

  private void push(Pickled value) {
    stack.add(value);
  }

  private Pickled pop() {
    if (stack.isEmpty() || stack.getLast() == MARK) {
      throw bad("a value", "an empty stack");
    }
    return stack.removeLast();
  }

  private Pickled top() {
    Pickled top = pop();
    push(top);
    return top;
  }

  private List<Pickled> popLast(int count) {
    List<Pickled> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.addFirst(pop());
    }
    return values;
  }

  private List<Pickled> popToMark() {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw bad("a mark", "none");
    }
    List<Pickled> above = stack.subList(mark + 1, stack.size());
    List<Pickled> values = new ArrayList<>(above);
    stack.subList(mark, stack.size()).clear();
    return values;
  }

  private Pickled recall(int index) {
    Pickled value = memo.get(index);
    if (value == null) {
      throw bad("a value stored as " + index, "none");
    }
    return value;
  }

  private static Pickled whole(byte[] littleEndian) {
    byte[] bigEndian = new byte[littleEndian.length + 1];
    for (int i = 0; i < littleEndian.length; i++) {
      bigEndian[bigEndian.length - 1 - i] = littleEndian[i];
    }
    boolean negative = littleEndian.length > 0 && littleEndian[littleEndian.length - 1] < 0;
    bigEndian[0] = (byte) (negative ? -1 : 0);
    BigInteger number = new BigInteger(bigEndian);
    return number.bitLength() < Long.SIZE ? new Scalar(number.longValue()) : new Nothing();
  }

  private Pickled text(int length) {
    return new Scalar(new String(bytes(length), StandardCharsets.UTF_8));
  }

  private Pickled latin(int length) {
    return new Scalar(new String(bytes(length), StandardCharsets.ISO_8859_1));
  }

  private byte[] bytes(int length) {
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (char c = (char) in.get(); c != '\n'; c = (char) in.get()) {
      line.append(c);
    }
    return line.toString();
  }

  /// What a value is, for messages; its content may be endless.
  private static String kindOf(Pickled value) {
    return switch (value) {
      case Nothing _ -> "nothing";
      case Scalar(Object scalar) -> printable(scalar.toString());
      case Sequence _ -> "a list";
      case Dictionary _ -> "a dictionary";
      case Global(String name) -> name;
      case Inert(String name) -> name;
      case Storage _ -> "a storage";
      case View _ -> "a tensor";
    };
  }

  private static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "…" : clean;
  }

  private ModelFormatException bad(String expected, String found) {
    return new ModelFormatException(
        "%s: byte %d of the pickle: expected %s, found %s"
            .formatted(origin, in.position(), expected, found));
  }
}
