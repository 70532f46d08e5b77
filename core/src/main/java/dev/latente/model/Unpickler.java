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

/// Reads the pickle of a PyTorch file as data.
///
/// A pickle is a program, and Python runs what it names. This reader knows the few names that
/// tensors and training programs leave, gives each its fixed meaning, and refuses all others.
/// [Python's pickletools](https://github.com/python/cpython/blob/main/Lib/pickletools.py) describes
/// the operations.
final class Unpickler {
  private static final Pickled MARK = new Inert("mark");

  private final String origin;
  private final TorchObjects objects;
  private final ByteBuffer in;
  private final List<Pickled> stack = new ArrayList<>();
  private final Map<Integer, Pickled> memo = new HashMap<>();

  private Unpickler(String origin, ByteBuffer in) {
    this.origin = origin;
    this.objects = new TorchObjects(origin);
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
      case 'c' -> push(objects.global(line() + "." + line()));
      case 0x93 -> {
        List<Pickled> names = popLast(2);
        push(objects.global(names.get(0).text() + "." + names.get(1).text()));
      }
      case 'Q' -> push(objects.storage(pop()));
      case 'R', 0x81 -> {
        List<Pickled> call = popLast(2);
        push(objects.call(call.get(0), call.get(1)));
      }
      case 'b' -> fields(pop());
      default -> {
        return false;
      }
    }
    return true;
  }

  /// An object's own fields, of which only a `ParameterDict`'s parameters are needed.
  private void fields(Pickled state) {
    if (top() instanceof Dictionary(Map<Pickled, Pickled> entries)
        && state instanceof Dictionary(Map<Pickled, Pickled> fields)
        && fields.get(new Scalar("_parameters"))
            instanceof Dictionary(Map<Pickled, Pickled> parameters)) {
      entries.putAll(parameters);
    }
  }

  private void addAll(List<Pickled> values) {
    if (top() instanceof Sequence(List<Pickled> list)) {
      list.addAll(values);
    } else if (!(top() instanceof Inert)) {
      throw bad("a list to append to", TorchObjects.kindOf(top()));
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
          throw bad("a dictionary to put into", TorchObjects.kindOf(target));
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

  private ModelFormatException bad(String expected, String found) {
    return new ModelFormatException(
        "%s: byte %d of the pickle: expected %s, found %s"
            .formatted(origin, in.position(), expected, found));
  }
}
