package dev.latente.tensor;

import dev.latente.kernel.Kernels;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Whether operations on a processor may be done by the kernels of [dev.latente.kernel] instead of
/// libtorch's, where these were measured to be slower. They are, unless this says otherwise.
///
/// The kernels keep no second form of weights. Their results differ from libtorch's in the fifth or
/// sixth digit; those of linear maps and attention in the fourth or fifth where [#useShorts] says
/// so. Nothing through which a gradient flows goes through them, but for what a [Tape] says.
public final class Acceleration {
  private static final AtomicBoolean WANTED = new AtomicBoolean(true);
  private static final AtomicBoolean SHORTS = new AtomicBoolean(true);
  private static final AtomicBoolean WARMED = new AtomicBoolean();
  private static final CompletableFuture<@Nullable Void> WARM = new CompletableFuture<>();
  private static final Duration WARM_UP = Duration.ofSeconds(4);

  private Acceleration() {}

  /// Lets kernels be used or not, by all of the process.
  ///
  /// @return whether this machine and this Java can use them: it needs `--add-modules
  ///   jdk.incubator.vector`
  public static boolean use(boolean kernels) {
    WANTED.set(kernels);
    return Kernels.available();
  }

  /// Lets linear maps and attention go by whole numbers of 16 bits, or not, in all of the process.
  /// They do, unless this says otherwise, on processors that multiply such numbers twice as fast as
  /// f32 (those with AVX-512's VNNI and without AMX, under Linux).
  ///
  /// Small ones, of less than 2^23 multiplications for a picture, never do.
  ///
  /// Each 64 numbers of a map share a scale then. Results of variance 1 are off by 8e-5 (the root
  /// of the mean square); rounding weights and rows to f16 would cost almost four times as much.
  /// What attention finds among values of variance 1 is off by some 1e-4.
  public static void useShorts(boolean shorts) {
    SHORTS.set(shorts);
  }

  /// What [#useShorts] said last.
  public static boolean shorts() {
    return SHORTS.get();
  }

  /// Has libtorch loaded and machine code written beside other work, such as the reading of a
  /// model. Where there is none, because the processor has no AVX-512 or the system is not Linux,
  /// Java compiles the kernels' loops then, in a thread of its own that ends when they no longer
  /// become faster, after four seconds at most: until they are compiled, a step takes up to twice
  /// as long. Does nothing the second time.
  public static void warmUp() {
    if (WARMED.compareAndSet(false, true)) {
      Thread.ofPlatform()
          .daemon()
          .name("warming up")
          .uncaughtExceptionHandler((_, _) -> {}) // who needs libtorch meets it and can say it
          .start(Acceleration::prepare);
    }
  }

  private static void prepare() {
    try {
      Native.threads(); // loads libtorch
      if (on() && Kernels.wide() && NativeTiles.here().isEmpty()) {
        WarmUp.run(WARM_UP);
      }
    } finally {
      WARM.complete(null);
    }
  }

  /// Waits until [#warmUp] is done, if that was called: what would run meanwhile would run slowly,
  /// and in the compiler's way.
  public static void awaitWarmUp() {
    if (WARMED.get()) {
      WARM.join();
    }
  }

  static boolean on() {
    return WANTED.get() && Kernels.available();
  }
}
