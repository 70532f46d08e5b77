import dev.latente.control.ControlNet;
import dev.latente.control.ControlNetConfig;
import dev.latente.control.Guide;
import dev.latente.control.T2iAdapter;
import dev.latente.control.T2iAdapterConfig;
import dev.latente.model.Checkpoint;
import dev.latente.model.RandomModel;
import dev.latente.nn.ListedWeights;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.TensorSource;
import dev.latente.nn.Weights;
import dev.latente.tensor.Acceleration;
import dev.latente.tensor.Device;
import dev.latente.tensor.NativeHeap;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.tensor.Threads;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Reference;
import dev.latente.unet.ReferenceMaps;
import dev.latente.unet.Residuals;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What guides cost in each step: that of an untrained SD 1.5 with both halves of guidance, plain
/// and with networks of the published sizes, in turns. What is done once for a picture (a map that
/// is looked at, a picture's tokens) is left out.
///
/// `control_cost.sh [ROUNDS [SIDE [balanced|fast]]]`
@SuppressWarnings("DefaultPackage") // run as a file
final class ControlCost {
  private static final int ROWS = 2; // without the prompt, and with it
  private static final int TEXT = 77; // tokens
  private static final int PLAIN_TOKENS = 4; // of an IP-Adapter
  private static final int PLUS_TOKENS = 16;
  private static final RandomNoise NOISE = RandomNoise.seeded(1);

  private final boolean narrow;
  private final Tensor x;
  private final Tensor map;
  private final Tensor timesteps;
  private final Conditioning told;
  private final UNet unet;

  /// One kind of step, and what it was seen to take in each round.
  private record Kind(String name, double most, Runnable step, List<Spent> spent) {}

  /// @param seconds on the clock
  /// @param work processor time of all threads, in seconds
  private record Spent(double seconds, double work) {}

  /// Weights of a network that nobody trained, in half precision or single.
  private record Untrained(Map<String, ListedWeights.Entry> entries, boolean narrow)
      implements TensorSource {
    @Override
    public String origin() {
      return "untrained";
    }

    @Override
    public Set<String> names() {
      return entries.keySet();
    }

    @Override
    public long[] shape(String name) {
      return entries.get(name).shape().stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public Optional<Precision> precision(String name) {
      return Optional.of(narrow ? Precision.F16 : Precision.F32);
    }

    @Override
    public Tensor read(String name, Precision precision) {
      return Scope.tidy(() -> entries.get(name).init().make(NOISE, shape(name)).to(precision));
    }
  }

  private ControlCost(int side, boolean narrow) {
    this.narrow = narrow;
    try (Checkpoint model = RandomModel.SD15.open(Path.of("none"), Precision.F16)) {
      UNetConfig sizes = model.unet().config();
      unet = built(at -> UNet.of(at, sizes));
    }
    x = NOISE.normal(ROWS, 4, side / 8, side / 8);
    map = NOISE.uniform(0, 1, 1, 3, side, side);
    timesteps = Tensor.full(500, ROWS);
    told = Conditioning.of(NOISE.normal(ROWS, TEXT, unet.config().crossAttentionDim()));
  }

  static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int side = args.length > 1 ? Integer.parseInt(args[1]) : RandomModel.SD15.side();
    String memory = args.length > 2 ? args[2] : "balanced";
    if (!List.of("balanced", "fast").contains(memory)) {
      throw new IllegalArgumentException("memory must be balanced or fast: " + memory);
    }
    if (!Acceleration.use(true)) {
      throw new IllegalStateException("needs --add-modules=jdk.incubator.vector");
    }
    NativeHeap.keepFreed(); // as when a model is loaded
    try (Scope _ = Scope.open()) {
      ControlCost cost = new ControlCost(side, memory.equals("balanced"));
      List<Kind> kinds = cost.kinds();
      System.out.printf(
          "SD 1.5, %dx%d, guided, %s, %d threads, %d rounds%n",
          side, side, memory, Threads.count(), rounds);
      cost.measure(kinds, rounds);
      print(kinds);
    }
  }

  /// A network with the weights that it asks for: matrices as narrow as in a file of half
  /// precision, as `--memory balanced` has them, or all in single precision.
  private <T> T built(Function<Weights, T> network) {
    ListedWeights listed = new ListedWeights();
    network.apply(Weights.of(listed));
    Untrained source = new Untrained(listed.entries(), narrow);
    return network.apply(
        Weights.of(
            narrow
                ? StoredWeights.compact(source, false)
                : new StoredWeights(source, Device.CPU, Precision.F32)));
  }

  private List<Kind> kinds() {
    ControlNet net = built(at -> ControlNet.of(at, ControlNetConfig.of(unet.config())));
    T2iAdapterConfig sizes =
        new T2iAdapterConfig(
            3, unet.config().blockOutChannels(), 2, 8, T2iAdapterConfig.Type.FULL_ADAPTER);
    T2iAdapter adapter = built(at -> T2iAdapter.of(at, sizes));
    Guide byNet = net.guide(map);
    Guide byAdapter = adapter.guide(map);
    int width = unet.config().crossAttentionDim();
    ReferenceMaps maps = built(at -> ReferenceMaps.of(at, unet.crossAttentions(), width));
    return List.of(
        kind("plain", Double.NaN, told, List.of()),
        kind("ControlNet", 1.45, told, List.of(byNet)),
        // its weights are read again, as another's would be
        kind("two ControlNets", Double.NaN, told, List.of(byNet, byNet)),
        kind("T2I-Adapter", Double.NaN, told, List.of(byAdapter)),
        kind("IP-Adapter", 1.1, looking(maps, PLAIN_TOKENS), List.of()),
        kind("IP-Adapter plus", 1.1, looking(maps, PLUS_TOKENS), List.of()));
  }

  private Conditioning looking(ReferenceMaps maps, int tokens) {
    Tensor seen = NOISE.normal(ROWS, tokens, unet.config().crossAttentionDim());
    Reference reference = maps.reference(seen, _ -> 1);
    return told.withReferences(List.of(reference));
  }

  private Kind kind(String name, double most, Conditioning asked, List<Guide> guides) {
    return new Kind(name, most, () -> step(asked, guides), new ArrayList<>());
  }

  private void step(Conditioning asked, List<Guide> guides) {
    try (Scope _ = Scope.open()) {
      Residuals residuals =
          guides.stream()
              .map(guide -> guide.residuals(x, timesteps, asked))
              .reduce(Residuals::plus)
              .orElse(Residuals.NONE);
      Tensor _ = unet.predict(x, timesteps, asked, residuals);
    }
  }

  /// All kinds in turns, each round beginning with another; the first round is for Java's compiler.
  private void measure(List<Kind> kinds, int rounds) {
    kinds.forEach(kind -> spent(kind.step()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < kinds.size(); i++) {
        Kind kind = kinds.get((round + i) % kinds.size());
        kind.spent().add(spent(kind.step()));
      }
      System.err.printf("round %d of %d%n", round + 1, rounds);
    }
  }

  private static Spent spent(Runnable step) {
    long work = work();
    long began = System.nanoTime();
    step.run();
    return new Spent((System.nanoTime() - began) / 1e9, (work() - work) / 1e9);
  }

  private static long work() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }

  private static void print(List<Kind> kinds) {
    System.out.println(
        "step              seconds   to a plain one (least to most)   of its work (least to most)");
    List<Spent> plain = kinds.getFirst().spent();
    for (Kind kind : kinds) {
      double[] times = kind.spent().stream().mapToDouble(Spent::seconds).sorted().toArray();
      System.out.printf(
          Locale.ROOT,
          "%-16s %8.2f   %-30s   %-27s %s%n",
          kind.name(),
          times[times.length / 2],
          shown(ratios(kind.spent(), plain, Spent::seconds)),
          shown(ratios(kind.spent(), plain, Spent::work)),
          Double.isNaN(kind.most()) ? "" : "at most %.2f".formatted(kind.most()));
    }
  }

  /// To the plain step of the same round, in order.
  private static double[] ratios(
      List<Spent> spent, List<Spent> plain, Function<Spent, Double> number) {
    double[] ratios = new double[spent.size()];
    Arrays.setAll(ratios, i -> number.apply(spent.get(i)) / number.apply(plain.get(i)));
    Arrays.sort(ratios);
    return ratios;
  }

  private static String shown(double[] sorted) {
    return "%.3f  (%.3f to %.3f)"
        .formatted(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }
}
