package dev.latente.tensor;

import org.jspecify.annotations.Nullable;

/// While it is open on a thread, what its kernels make takes the memory of results of the same size
/// that were freed before: for loops that make the same tensors again and again, such as the steps
/// of a picture.
///
/// The C library cuts large blocks that are freed into smaller ones and puts others between them,
/// so that memory grows for several rounds; the results of a step of SD 1.5 at 512×512 need 430 MB.
///
/// Such memory stays with the process until this is closed; what tensors then still use stays
/// theirs.
public final class TensorReuse implements AutoCloseable {
  private static final ThreadLocal<@Nullable TensorReuse> HERE = new ThreadLocal<>();

  private final NativeBlocks blocks = new NativeBlocks();
  private final @Nullable TensorReuse outer = HERE.get();

  private TensorReuse() {}

  /// Begins, on this thread, with no memory; another one that is open waits.
  public static TensorReuse open() {
    TensorReuse reuse = new TensorReuse();
    HERE.set(reuse);
    return reuse;
  }

  /// What is freed and used on this thread, if one is open.
  static @Nullable NativeBlocks here() {
    TensorReuse open = HERE.get();
    return open == null ? null : open.blocks;
  }

  /// Frees what is not in use.
  @Override
  public void close() {
    blocks.release();
    HERE.set(outer);
  }
}
