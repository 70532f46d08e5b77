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
}
