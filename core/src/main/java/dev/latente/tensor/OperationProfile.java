package dev.latente.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Counts and times the operations of the thread that opened it, until it is closed.
///
/// One can be open at a time in a process; while none is, an operation is only asked for that. On a
/// device that works by itself, such as CUDA, an operation's time is that of handing it over.
public final class OperationProfile implements AutoCloseable {
  private static final double NANOS = 1e9;

  private static volatile @Nullable OperationProfile open;

  private final Thread thread = Thread.currentThread();
  private Map<Sort, Sum> sums = new LinkedHashMap<>();
  private long inner; // nanoseconds of the operations inside the one that runs

  private OperationProfile() {}

  private record Sort(OperationKind kind, String name, long positions) {}

  private static final class Sum {
    private long calls;
    private long nanos;
    private double flops;
  }

  /// Begins to count.
  ///
  /// @throws IllegalStateException if another one is open
  public static synchronized OperationProfile start() {
    if (open != null) {
      throw new IllegalStateException("another profile is open");
    }
    OperationProfile started = new OperationProfile();
    open = started;
    return started;
  }

  /// What was done since the last call, or since the beginning.
  public List<OperationCost> lap() {
    Map<Sort, Sum> done = sums;
    sums = new LinkedHashMap<>();
    return done.entrySet().stream().map(entry -> cost(entry.getKey(), entry.getValue())).toList();
  }

  private static OperationCost cost(Sort sort, Sum sum) {
    return new OperationCost(
        sort.kind, sort.name, sort.positions, sum.calls, sum.nanos / NANOS, sum.flops);
  }

  @Override
  public void close() {
    open = null;
  }

  /// Runs one operation, as [Guard#call] does, and counts it if a profile of this thread is open.
  static org.bytedeco.pytorch.Tensor call(
      String operation, Supplier<org.bytedeco.pytorch.Tensor> body, Tensor... operands) {
    OperationProfile profile = open;
    return profile == null || profile.thread != Thread.currentThread()
        ? Guard.call(operation, body, operands)
        : profile.timed(operation, body, operands);
  }

  private org.bytedeco.pytorch.Tensor timed(
      String operation, Supplier<org.bytedeco.pytorch.Tensor> body, Tensor... operands) {
    long outer = inner;
    inner = 0;
    long begin = System.nanoTime();
    try {
      var result = Guard.call(operation, body, operands);
      add(operation, System.nanoTime() - begin - inner, result, operands);
      return result;
    } finally {
      inner = outer + System.nanoTime() - begin;
    }
  }

  private void add(
      String operation, long nanos, org.bytedeco.pytorch.Tensor result, Tensor... operands) {
    String name = operation.split(" ", 2)[0]; // some say more, such as a shape
    OperationKind kind = OperationKind.of(name, operands);
    boolean other = kind == OperationKind.REST;
    long positions = other ? 0 : OperationWork.positions(kind, result);
    Sum sum = sums.computeIfAbsent(new Sort(kind, other ? name : "", positions), _ -> new Sum());
    sum.calls++;
    sum.nanos += nanos;
    sum.flops += OperationWork.flops(kind, name, result, operands);
  }
}
