package dev.latente.kernel;

/// Of each point of [WinogradTransform] the [HalvedRows] of the input `[tiles, in]`.
record WinogradInput(int tiles, int in, long address) {
  private static final int POINTS = WinogradTransform.POINTS;

  HalvedRows rows(int point) {
    return new HalvedRows(address + point * apart(), tiles, in);
  }

  /// Bytes from a point's rows to the next one's.
  long apart() {
    return HalvedRows.bytes(tiles, in) + WinogradPanel.GAP;
  }

  long bytes() {
    return POINTS * apart();
  }

  /// Splits some tiles from `tile` on, of which `near` has one point after another.
  void split(long near, long bytes, int tile) {
    long row = (long) in * Float.BYTES;
    for (int point = 0; point < POINTS; point++) {
      HalvedRows rows = rows(point);
      for (int i = 0; i < bytes / row; i++) {
        rows.fill(tile + i, near + point * bytes + i * row);
      }
    }
  }
}
