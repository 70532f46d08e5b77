import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What was measured of a program, round after round. Not thread-safe.
@SuppressWarnings("DefaultPackage") // run as a file
final class PeerResult {
  /// Steps of a whole picture.
  static final int WHOLE = 20;

  private final String name;
  private final List<PeerTimes> rounds = new ArrayList<>();
  private final List<Double> extrapolated = new ArrayList<>();
  private final List<Double> whole = new ArrayList<>();
  private final List<Double> memory = new ArrayList<>();
  private boolean failed = false;

  PeerResult(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void add(PeerRun run, PeerTimes times) {
    rounds.add(times);
    memory.add((double) run.peakMemory());
    double step = PeerNumbers.of(times.later()).median();
    extrapolated.add(run.seconds() + (WHOLE - times.steps().size()) * step);
  }

  void addWhole(PeerRun run) {
    whole.add(run.seconds());
    memory.add((double) run.peakMemory());
  }

  void fail() {
    failed = true;
  }

  boolean failed() {
    return failed;
  }

  /// What a column of the table holds.
  enum Column {
    STEP("step"),
    FIRST("first"),
    LOAD("load"),
    TEXT("text"),
    DECODE("decode"),
    WHOLE("whole"),
    MEMORY("memory");

    private final String label;

    Column(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /// All values of a column: seconds, or gigabytes.
  ///
  /// @param extrapolate whether whole pictures were not drawn
  PeerNumbers numbers(Column column, boolean extrapolate) {
    return switch (column) {
      case STEP -> of(rounds.stream().flatMap(times -> times.later().stream()));
      case FIRST -> of(rounds.stream().map(PeerTimes::first));
      case LOAD -> of(rounds.stream().map(PeerTimes::load));
      case TEXT -> of(rounds.stream().map(PeerTimes::text));
      case DECODE -> of(rounds.stream().map(PeerTimes::decode));
      case WHOLE -> PeerNumbers.of(extrapolate ? extrapolated : whole);
      case MEMORY -> of(memory.stream().map(bytes -> bytes / 1e9));
    };
  }

  /// The same, one number a round.
  PeerNumbers byRound(Column column, boolean extrapolate) {
    return column == Column.STEP
        ? of(rounds.stream().map(times -> PeerNumbers.of(times.later()).median()))
        : numbers(column, extrapolate);
  }

  private static PeerNumbers of(Stream<Double> numbers) {
    return PeerNumbers.of(numbers.toList());
  }
}
