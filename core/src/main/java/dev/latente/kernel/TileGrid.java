package dev.latente.kernel;

/// The tiles `first` to `first + count` of a convolution's by Winograd's way.
record TileGrid(Winograd.Shape shape, int first, int count) {
  private static final int POINTS = WinogradTransform.POINTS;
  private static final int PIXELS = WinogradTransform.OUT * WinogradTransform.OUT;

  /// Takes what tiles were transformed to.
  @FunctionalInterface
  interface Spread {
    /// Takes some tiles from `tile` on, of which each point's `bytes` bytes lie one after another
    /// at `near`.
    void of(long near, long bytes, int tile);
  }

  /// Transforms tiles `from` to `from + pieces` of the input at `x`, a few at a time.
  void input(int from, int pieces, long x, Spread to, Workspace scratch) {
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
      to.of(near, tiles * row, tile);
    }
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
