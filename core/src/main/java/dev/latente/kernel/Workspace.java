package dev.latente.kernel;

import java.lang.foreign.Arena;
import java.lang.ref.Cleaner;

/// Native memory that a thread uses again and again, since fresh pages cost more than the work done
/// in them. It grows to what was needed most, and is freed when it grows and with its thread. Not
/// thread-safe.
final class Workspace {
  private static final int ALIGNMENT = 64;
  private static final Cleaner CLEANER = Cleaner.create();
  private static final ThreadLocal<Workspace> CALLERS = ThreadLocal.withInitial(Workspace::new);

  private final Memory memory = new Memory();

  Workspace() {
    CLEANER.register(this, memory::free);
  }

  /// That of the thread that calls a kernel, for what all of its pieces of work read: kernels use
  /// it one after the other.
  static Workspace ofCaller() {
    return CALLERS.get();
  }

  /// The address of at least `bytes` bytes, whose content is not defined. Addresses given before no
  /// longer hold.
  long atLeast(long bytes) {
    return memory.atLeast(bytes);
  }

  /// What is left to free when nobody holds the workspace.
  private static final class Memory {
    private Arena arena = Arena.global();
    private long address;
    private long size;

    @SuppressWarnings("MustBeClosed") // free() closes it
    long atLeast(long bytes) {
      if (size < bytes) {
        free();
        arena = Arena.ofShared();
        address = arena.allocate(bytes, ALIGNMENT).address();
        size = bytes;
      }
      return address;
    }

    void free() {
      if (size > 0) {
        arena.close();
        size = 0;
      }
    }
  }
}
