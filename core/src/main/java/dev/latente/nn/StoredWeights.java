package dev.latente.nn;

import dev.latente.tensor.Device;
import dev.latente.tensor.LentTensor;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Weights of a checkpoint, each checked for its shape and used exactly once.
///
/// A weight that is missing or has another shape is noted and replaced by an empty stand-in, so
/// that [#finish] can report all faults together. Not thread-safe.
public final class StoredWeights implements WeightSource {
  private static final int SHOWN = 12;

  private final TensorSource source;
  private final Device device;
  private final Precision precision;
  private final Optional<Lending> lending; // empty: all is read
  private final List<Lending.Memory> owners; // of what tensors lie in
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final AtomicInteger users = new AtomicInteger(); // who use all often
  private final List<String> missing = new ArrayList<>();
  private final List<String> misshapen = new ArrayList<>();

  /// Weights of `source`, put on `device` as `precision`.
  public StoredWeights(TensorSource source, Device device, Precision precision) {
    this(source, device, precision, List.of(), Optional.empty());
  }

  private StoredWeights(
      TensorSource source,
      Device device,
      Precision precision,
      List<Lending.Memory> owners,
      Optional<Lending> lending) {
    this.source = source;
    this.device = device;
    this.precision = precision;
    this.owners = owners;
    this.lending = lending;
  }

  /// Weights of `source` for use as f32 on a processor. Matrices stay as they are stored, in half
  /// precision or quantised, in the file's own memory if it is mapped, and are widened each time
  /// they are used, which takes less memory and some time.
  ///
  /// @param leaving whether a matrix' part of the file's memory is left to the system after each
  ///   use, so that hardly any of it counts as the process' own
  public static StoredWeights compact(TensorSource source, boolean leaving) {
    List<Lending.Memory> owners = new ArrayList<>();
    return new StoredWeights(
        source,
        Device.CPU,
        Precision.F32,
        owners,
        Optional.of(new Lending(owners::add, leaving, true)));
  }

  @Override
  public Tensor matrix(String name, Init init, long... shape) {
    Precision own =
        lending.isPresent() && source.names().contains(name)
            ? source.precision(name).orElse(precision)
            : precision;
    return tensor(name, own, lending, shape);
  }

  @Override
  public Tensor tensor(String name, Init init, long... shape) {
    return tensor(name, precision, Optional.empty(), shape);
  }

  private Tensor tensor(String name, Precision wanted, Optional<Lending> how, long... shape) {
    if (tensors.containsKey(name)) {
      throw new IllegalStateException("weight asked for twice: " + name);
    }
    try (Scope _ = Scope.open()) {
      Tensor found = read(name, wanted, how, shape).retain();
      tensors.put(name, found);
      return found;
    }
  }

  private Tensor read(String name, Precision wanted, Optional<Lending> how, long... shape) {
    if (!source.names().contains(name)) {
      missing.add(name + " " + Arrays.toString(shape));
      return Tensor.full(0, 0);
    }
    long[] found = source.shape(name);
    if (!Arrays.equals(found, shape)) {
      misshapen.add(
          "%s: needed %s, found %s"
              .formatted(name, Arrays.toString(shape), Arrays.toString(found)));
      return Tensor.full(0, 0);
    }
    return how.isPresent()
        ? LentTensor.stored(source.lend(name, wanted, how.get()))
        : source.read(name, wanted).to(device);
  }

  @Override
  public void rest() {
    owners.forEach(Lending.Memory::leave);
  }

  @Override
  public Often often() {
    if (lending.isEmpty() || lending.get().leaving() || !LentTensor.copiesPay()) {
      return () -> {};
    }
    if (users.getAndIncrement() == 0) {
      tensors.values().forEach(weight -> LentTensor.often(weight, true));
    }
    return () -> {
      if (users.decrementAndGet() == 0) {
        tensors.values().forEach(weight -> LentTensor.often(weight, false));
      }
    };
  }

  /// Ends the loading: every tensor of the checkpoint was used, or `ignored` says it may be left.
  ///
  /// @throws ModelFormatException naming all that is missing, misshapen or left over
  public void finish(Predicate<String> ignored) {
    var leftOver = new TreeSet<>(source.names());
    leftOver.removeAll(tensors.keySet());
    leftOver.removeIf(ignored);
    if (missing.isEmpty() && misshapen.isEmpty() && leftOver.isEmpty()) {
      return;
    }
    release();
    throw new ModelFormatException(
        source.origin()
            + " does not fit its config: "
            + Stream.of(
                    listed("missing", missing),
                    listed("of another shape", misshapen),
                    listed("left over", List.copyOf(leftOver)))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; ")));
  }

  private static String listed(String what, List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
    int more = names.size() - SHOWN;
    return "%d %s (%s%s)"
        .formatted(names.size(), what, shown, more > 0 ? ", and %d more".formatted(more) : "");
  }

  @Override
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }
}
