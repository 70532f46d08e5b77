package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where the entries of a ZIP file lie, so that they can be read from a map of the file.
///
/// Only stored (uncompressed) entries are known, which is all that PyTorch writes. ZIP64 is
/// understood: [PKWARE's APPNOTE](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT),
/// sections 4.3 and 4.5.3.
final class ZipIndex {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int END_64_LOCATOR = 0x07064b50;
  private static final int END_BYTES = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final long IN_EXTRA = 0xffffffffL;

  private final String origin;
  private final MemorySegment file;
  private final Map<String, MemorySegment> entries = new LinkedHashMap<>();

  private ZipIndex(String origin, MemorySegment file) {
    this.origin = origin;
    this.file = file;
  }

  /// The bytes of each entry of `file`, by name.
  ///
  /// @throws ModelFormatException if it is not a ZIP file, or an entry is compressed
  static Map<String, MemorySegment> of(String origin, MemorySegment file) {
    ZipIndex index = new ZipIndex(origin, file);
    index.read();
    return index.entries;
  }

  private void read() {
    long end = findEnd();
    long count = int16(end + 10);
    long at = int32(end + 16);
    if ((count == 0xffff || at == IN_EXTRA) && end >= 20 && int32(end - 20) == END_64_LOCATOR) {
      long end64 = int64(end - 20 + 8);
      check(end64, 56);
      if (int32(end64) != END_64) {
        throw bad("a ZIP64 end record at byte " + end64);
      }
      count = int64(end64 + 32);
      at = int64(end64 + 48);
    }
    for (long i = 0; i < count; i++) {
      at = readCentral(at);
    }
  }

  private long findEnd() {
    long last = file.byteSize() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
      if (int32(at) == END) {
        return at;
      }
    }
    throw bad("the end record of a ZIP file: it is cut off, or no PyTorch file");
  }

  /// Reads one entry of the central directory, and returns where the next one begins.
  private long readCentral(long at) {
    check(at, 46);
    if (int32(at) != CENTRAL) {
      throw bad("a ZIP directory entry at byte " + at);
    }
    int method = int16(at + 10);
    long compressed = int32(at + 20);
    long size = int32(at + 24);
    int nameBytes = int16(at + 28);
    int extraBytes = int16(at + 30);
    int commentBytes = int16(at + 32);
    long local = int32(at + 42);
    check(at + 46, nameBytes + extraBytes + commentBytes);
    byte[] name = file.asSlice(at + 46, nameBytes).toArray(ValueLayout.JAVA_BYTE);
    long extra = at + 46 + nameBytes;
    long wide = wideFields(extra, extraBytes);
    // the wide values stand in this order, each only if its narrow field is full
    if (size == IN_EXTRA) {
      size = int64(wide);
      wide += 8;
    }
    if (compressed == IN_EXTRA) {
      compressed = int64(wide);
      wide += 8;
    }
    if (local == IN_EXTRA) {
      local = int64(wide);
    }
    String text = new String(name, StandardCharsets.UTF_8);
    if (method != 0 || compressed != size) {
      throw bad("entry '%s' uncompressed".formatted(text));
    }
    if (entries.put(text, content(text, local, size)) != null) {
      throw bad("entry '%s' once".formatted(text));
    }
    return extra + extraBytes + commentBytes;
  }

  private MemorySegment content(String name, long local, long size) {
    check(local, 30);
    if (int32(local) != LOCAL) {
      throw bad("entry '%s' at byte %d".formatted(name, local));
    }
    long begin = local + 30 + int16(local + 26) + int16(local + 28);
    check(begin, size);
    return file.asSlice(begin, size);
  }

  /// Where the values of the extra field 1 (ZIP64) begin, or where the field would be.
  private long wideFields(long at, int bytes) {
    long end = at + bytes;
    while (at + 4 <= end) {
      if (int16(at) == 1) {
        return at + 4;
      }
      at += 4 + int16(at + 2);
    }
    return end;
  }

  private int int16(long at) {
    check(at, 2);
    return file.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at)
        & 0xffff;
  }

  private long int32(long at) {
    check(at, 4);
    return Integer.toUnsignedLong(
        file.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at));
  }

  private long int64(long at) {
    check(at, 8);
    return file.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at);
  }

  private void check(long at, long bytes) {
    if (at < 0 || bytes < 0 || at > file.byteSize() || bytes > file.byteSize() - at) {
      throw bad("%d bytes at byte %d, but the file has %d".formatted(bytes, at, file.byteSize()));
    }
  }

  private ModelFormatException bad(String expected) {
    return new ModelFormatException("%s: expected %s".formatted(origin, expected));
  }
}
