package dev.latente.kernel;

import dev.latente.kernel.WinogradTiles.Input;
import dev.latente.kernel.WinogradTiles.Output;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The tiles `first` to `first + count` of a convolution's by Winograd's way.
record TileGrid(Winograd.Shape shape, int first, int count) {
  private static final int POINTS = WinogradTransform.POINTS;
  private static final int PIXELS = WinogradTransform.OUT * WinogradTransform.OUT;

  /// Transforms tiles `from` to `from + pieces` of the input at `x`, a few at a time.
  ///
  /// @param to address of the first point's numbers, `[count, in]`
  /// @param stride bytes from a point's to the next one's
  void input(int from, int pieces, long x, long to, long stride, Workspace scratch) {
    int group = WinogradTransform.GROUP;
    long row = (long) shape.in() * Float.BYTES;
    long room = WinogradTransform.scratch(shape.in());
    long work = scratch.atLeast(room + (1 + POINTS * group) * row);
    long zeros = work + room;
    long near = zeros + row;
    Lanes.clear(zeros, row);
    long[] pixels = new long[POINTS];
    int end = Math.min(count, from + pieces);
    for (int tile = from; tile < end; tile += group) {
      int tiles = Math.min(group, end - tile);
      for (int i = 0; i < tiles; i++) {
        address(tile + i, WinogradTransform.IN, 1, x, row, zeros, pixels);
        WinogradTransform.input(pixels, near + i * row, tiles * row, shape.in(), work);
      }
      WinogradTransform.spread(near, tiles * row, to + tile * row, stride);
    }
  }

  /// As the other, and makes halves of that.
  void input(
      int from, int pieces, long x, WinogradInput to, WinogradTiles with, Workspace scratch) {
    int tiles = Math.min(pieces, count - from);
    long row = (long) shape.in() * Float.BYTES;
    long table = POINTS * (long) Long.BYTES;
    long near = scratch.atLeast(WinogradInputCode.SCRATCH + row + tiles * table);
    long zeros = near + WinogradInputCode.SCRATCH;
    long addresses = zeros + row;
    Lanes.clear(zeros, row);
    long[] pixels = new long[POINTS];
    for (int i = 0; i < tiles; i++) {
      address(from + i, WinogradTransform.IN, 1, x, row, zeros, pixels);
      write(pixels, addresses + i * table);
    }
    HalvedRows first = to.rows(0);
    with.input(
        new Input(addresses, tiles, shape.in(), first.row(from), first.low(), to.apart(), near));
  }

  private static void write(long[] all, long to) {
    MemorySegment.copy(all, 0, Lanes.MEMORY, ValueLayout.JAVA_LONG_UNALIGNED, to, all.length);
  }

  /// Transforms tiles `from` to `from + pieces` of `m` to `part` of the channels at `y`, with their
  /// bias.
  void output(
      int from,
      int pieces,
      Channels part,
      long m,
      long stride,
      Addends more,
      long y,
      Workspace scratch) {
    long row = (long) part.count() * Float.BYTES;
    long offset = (long) part.from() * Float.BYTES;
    long room = WinogradTransform.scratch(part.count());
    long work = scratch.atLeast(room + row);
    long nowhere = work + room;
    Lanes.clear(work, room);
    long all = (long) shape.out() * Float.BYTES;
    long[] pixels = new long[PIXELS];
    for (int tile = from; tile < Math.min(count, from + pieces); tile++) {
      address(tile, WinogradTransform.OUT, 0, y + offset, all, nowhere, pixels);
      long bias = more.bias((first + tile) / (shape.down() * shape.across()), part.from());
      WinogradTransform.output(m + tile * row, stride, pixels, part.count(), bias, work);
    }
  }

  /// As the other, and adds all that is to be added.
  void output(
      int from,
      int pieces,
      Channels part,
      long m,
      long stride,
      Addends more,
      long y,
      WinogradTiles with,
      Workspace scratch) {
    int tiles = Math.min(pieces, count - from);
    long row = (long) part.count() * Float.BYTES;
    long all = (long) shape.out() * Float.BYTES;
    long offset = (long) part.from() * Float.BYTES;
    long table = WinogradOutputCode.TABLE * (long) Long.BYTES;
    long nowhere = scratch.atLeast(row + tiles * table);
    long addresses = nowhere + row;
    long[] pixels = new long[PIXELS];
    boolean plus = more.other() != 0;
    for (int i = 0; i < tiles; i++) {
      int tile = from + i;
      long to = addresses + i * table;
      address(tile, WinogradTransform.OUT, 0, y + offset, all, nowhere, pixels);
      write(pixels, to);
      if (plus) {
        address(tile, WinogradTransform.OUT, 0, more.other() + offset, all, nowhere, pixels);
        write(pixels, to + PIXELS * (long) Long.BYTES);
      }
      long bias = more.bias((first + tile) / (shape.down() * shape.across()), part.from());
      Lanes.put(to + 2L * PIXELS * Long.BYTES, bias);
    }
    with.output(new Output(m + from * row, stride, addresses, tiles, part.count(), plus));
  }

  /// The addresses of a tile's pixels; `outside` for those that are not in the picture.
  private void address(
      int tile, int side, int padding, long start, long row, long outside, long[] pixels) {
    int index = first + tile;
    int perPicture = shape.down() * shape.across();
    long picture = start + (long) (index / perPicture) * shape.height() * shape.width() * row;
    int top = index % perPicture / shape.across() * WinogradTransform.OUT - padding;
    int left = index % shape.across() * WinogradTransform.OUT - padding;
    for (int i = 0; i < side; i++) {
      int h = top + i;
      for (int j = 0; j < side; j++) {
        int w = left + j;
        boolean inside = h >= 0 && h < shape.height() && w >= 0 && w < shape.width();
        pixels[i * side + j] = inside ? picture + ((long) h * shape.width() + w) * row : outside;
      }
    }
  }
}
