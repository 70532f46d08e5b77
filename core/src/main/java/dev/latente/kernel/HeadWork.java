package dev.latente.kernel;

import dev.latente.kernel.Attention.Operand;

/// A way to let a head's queries attend, for [TiledAttention]: its keys and values are laid out
/// first, block by block, then some queries at a time meet them. Thread-safe.
interface HeadWork {
  /// Bytes of a head's keys and values when they are laid out.
  long bytes();

  /// Blocks of keys.
  int blocks();

  /// The most queries at once.
  int queries();

  /// Lays a block's keys and values out.
  ///
  /// @param packed address of [#bytes]
  void pack(Operand k, Operand v, int block, long packed);

  /// Writes to `to` what `count` queries from `first` on find.
  ///
  /// @param packed address of what all blocks' keys and values became
  void attend(Operand q, int first, int count, long packed, Operand to);
}
