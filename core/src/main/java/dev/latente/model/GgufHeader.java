package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The start of a GGUF file, checked: its metadata, and which tensor lies where.
///
/// The format is described in [ggml's
/// documentation](https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
///
/// @param metadata single values as text; lists are left out
/// @param entries the tensors by name, in the file's order
record GgufHeader(Map<String, String> metadata, Map<String, Entry> entries) {
  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final int LONGEST_TEXT = 1 << 20;
  private static final int MOST_DIMENSIONS = 4;

  /// One tensor's place.
  ///
  /// @param shape as PyTorch has it, the slowest dimension first
  /// @param begin its first byte, counted from the start of the file
  record Entry(GgufType type, List<Long> shape, long begin, long bytes) {
    long count() {
      return shape.stream().reduce(1L, (a, b) -> a * b);
    }
  }

  /// Reads the header of `file`.
  ///
  /// @param origin begins the messages
  /// @throws ModelFormatException if it is not as the format demands
  static GgufHeader parse(String origin, MemorySegment file) {
    return new Reader(origin, file).header();
  }

  private static final class Reader {
    private final String origin;
    private final MemorySegment file;
    private long at = 0;

    Reader(String origin, MemorySegment file) {
      this.origin = origin;
      this.file = file;
    }

    GgufHeader header() {
      if (file.byteSize() < 24 || int32() != MAGIC) {
        throw bad("a GGUF file", "other bytes");
      }
      int version = int32();
      if (version != 2 && version != 3) {
        throw bad("GGUF version 2 or 3", Integer.toUnsignedString(version));
      }
      long tensors = count("tensors", 24);
      long values = count("metadata values", 12);
      Map<String, String> metadata = new LinkedHashMap<>();
      for (long i = 0; i < values; i++) {
        String key = text("a metadata key");
        String value = value(key, int32());
        if (!value.isEmpty()) {
          metadata.put(key, value);
        }
      }
      return new GgufHeader(metadata, entries(tensors, alignment(metadata)));
    }

    private long alignment(Map<String, String> metadata) {
      String text = metadata.getOrDefault("general.alignment", "32");
      if (!text.matches("\\d{1,6}") || Integer.bitCount(Integer.parseInt(text)) != 1) {
        throw bad("a power of two as general.alignment", text);
      }
      return Long.parseLong(text);
    }

    private Map<String, Entry> entries(long tensors, long alignment) {
      Map<String, Entry> relative = new LinkedHashMap<>();
      for (long i = 0; i < tensors; i++) {
        String name = text("a tensor's name");
        if (relative.put(name, entry(name, alignment)) != null) {
          throw bad("each tensor once", "'%s' twice".formatted(name));
        }
      }
      long start = Math.ceilDiv(at, alignment) * alignment;
      Map<String, Entry> entries = new LinkedHashMap<>();
      relative.forEach((name, entry) -> entries.put(name, place(name, entry, start)));
      checkOverlaps(entries);
      return entries;
    }

    private Entry entry(String name, long alignment) {
      int dimensions = int32();
      if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
        throw bad(
            "tensor '%s' of 0 to %d dimensions".formatted(name, MOST_DIMENSIONS),
            Integer.toUnsignedString(dimensions));
      }
      List<Long> sizes = new ArrayList<>();
      for (int i = 0; i < dimensions; i++) {
        sizes.add(int64());
      }
      GgufType type = type(name, int32());
      long offset = int64();
      if (offset < 0 || offset % alignment != 0) {
        throw bad(
            "tensor '%s' at a multiple of %d".formatted(name, alignment),
            Long.toUnsignedString(offset));
      }
      long bytes = bytes(name, type, sizes);
      return new Entry(type, sizes.reversed(), offset, bytes);
    }

    private GgufType type(String name, int id) {
      for (GgufType type : GgufType.values()) {
        if (type.id() == id) {
          return type;
        }
      }
      String known =
          Arrays.stream(GgufType.values())
              .map(type -> type.name() + "=" + type.id())
              .collect(Collectors.joining(", "));
      throw bad("tensor '%s' of a type of %s".formatted(name, known), Integer.toUnsignedString(id));
    }

    private long bytes(String name, GgufType type, List<Long> sizes) {
      long row = sizes.isEmpty() ? 1 : sizes.getFirst();
      if (row % type.blockSize() != 0) {
        throw bad(
            "tensor '%s' of %s in rows of a multiple of %d".formatted(name, type, type.blockSize()),
            Long.toString(row));
      }
      try {
        long bytes = type.blockBytes();
        for (long size : sizes) {
          if (size < 0) {
            throw new ArithmeticException();
          }
          bytes = Math.multiplyExact(bytes, size);
        }
        return bytes / type.blockSize();
      } catch (ArithmeticException _) {
        throw bad("tensor '%s' of less than 2^63 bytes".formatted(name), sizes.toString());
      }
    }

    private Entry place(String name, Entry entry, long start) {
      long begin = start + entry.begin();
      if (begin < start || begin > file.byteSize() || entry.bytes() > file.byteSize() - begin) {
        throw bad(
            "tensor '%s' within the file's %d bytes".formatted(name, file.byteSize()),
            "%d bytes at %d: the file is cut off".formatted(entry.bytes(), begin));
      }
      return new Entry(entry.type(), entry.shape(), begin, entry.bytes());
    }

    private void checkOverlaps(Map<String, Entry> entries) {
      List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
      inOrder.sort(Map.Entry.comparingByValue(Comparator.comparingLong(Entry::begin)));
      long end = 0;
      for (Map.Entry<String, Entry> next : inOrder) {
        Entry entry = next.getValue();
        if (entry.begin() < end && entry.bytes() > 0) {
          throw bad(
              "tensor '%s' to begin at byte %d or later".formatted(next.getKey(), end),
              "%d: they overlap".formatted(entry.begin()));
        }
        end = Math.max(end, entry.begin() + entry.bytes());
      }
    }

    /// A metadata value as text; empty for a list.
    private String value(String key, int type) {
      return switch (type) {
        case 0 -> Integer.toString(int8() & 0xff);
        case 1 -> Integer.toString(int8());
        case 2 -> Integer.toString(int16() & 0xffff);
        case 3 -> Integer.toString(int16());
        case 4 -> Integer.toUnsignedString(int32());
        case 5 -> Integer.toString(int32());
        case 6 -> Float.toString(Float.intBitsToFloat(int32()));
        case 7 -> Boolean.toString(int8() != 0);
        case 8 -> text("metadata value '%s'".formatted(key));
        case 9 -> {
          skipList(key);
          yield "";
        }
        case 10 -> Long.toUnsignedString(int64());
        case 11 -> Long.toString(int64());
        case 12 -> Double.toString(Double.longBitsToDouble(int64()));
        default -> throw badType(key, type);
      };
    }

    private void skipList(String key) {
      int type = int32();
      if (type == 9) {
        throw bad("no list of lists as '%s'".formatted(key), "one");
      }
      long length = count("entries of '%s'".formatted(key), 1);
      for (long i = 0; i < length; i++) {
        value(key, type);
      }
    }

    private ModelFormatException badType(String key, int type) {
      return bad("a type 0 to 12 for '%s'".formatted(key), Integer.toUnsignedString(type));
    }

    /// A number of things that take at least `least` bytes each.
    private long count(String what, int least) {
      long count = int64();
      if (count < 0 || count > (file.byteSize() - at) / least) {
        throw bad(
            "no more %s than the file can hold".formatted(what), Long.toUnsignedString(count));
      }
      return count;
    }

    private String text(String what) {
      long length = int64();
      if (length < 0 || length > LONGEST_TEXT) {
        throw bad(
            "%s of at most %d bytes".formatted(what, LONGEST_TEXT), Long.toUnsignedString(length));
      }
      ByteBuffer bytes = file.asSlice(advance(length), length).asByteBuffer();
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      } catch (CharacterCodingException e) {
        throw new ModelFormatException(
            "%s: expected %s in UTF-8, found other bytes".formatted(origin, what), e);
      }
    }

    private byte int8() {
      return file.get(ValueLayout.JAVA_BYTE, advance(1));
    }

    private short int16() {
      return file.get(
          ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(2));
    }

    private int int32() {
      return file.get(
          ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(4));
    }

    private long int64() {
      return file.get(
          ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(8));
    }

    private long advance(long bytes) {
      if (bytes > file.byteSize() - at) {
        throw bad("more of the header", "the end of the file at byte " + file.byteSize());
      }
      long from = at;
      at += bytes;
      return from;
    }

    private ModelFormatException bad(String expected, String found) {
      return new ModelFormatException(
          "%s: expected %s, found %s".formatted(origin, expected, found));
    }
  }

  GgufHeader {
    metadata = Collections.unmodifiableMap(metadata);
    entries = Collections.unmodifiableMap(entries);
  }
}
