package dev.latente.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Native memory that a thread uses again and again, since fresh pages cost more than the work done
/// in them. It grows to what was needed most and is freed with its thread. Not thread-safe.
final class Workspace {
  private static final int ALIGNMENT = 64;

  private static final ThreadLocal<Workspace> CALLERS = ThreadLocal.withInitial(Workspace::new);

  private MemorySegment memory = MemorySegment.NULL;

  /// That of the thread that calls a kernel, for what all of its pieces of work read: kernels use
  /// it one after the other.
  static Workspace ofCaller() {
    return CALLERS.get();
  }

  /// The address of at least `bytes` bytes, whose content is not defined.
  long atLeast(long bytes) {
    if (memory.byteSize() < bytes) {
      memory = Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }
    return memory.address();
  }
}
