import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Measurements of the same thing, in the order they were made.
@SuppressWarnings("DefaultPackage") // run as a file
record PeerNumbers(List<Double> values) {
  PeerNumbers {
    values = List.copyOf(values);
  }

  static PeerNumbers of(List<Double> values) {
    return new PeerNumbers(values);
  }

  /// The middle one; NaN if there is none.
  double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /// Each of these divided by its counterpart.
  PeerNumbers over(PeerNumbers other) {
    int count = Math.min(values.size(), other.values.size());
    return of(
        IntStream.range(0, count).mapToObj(i -> values.get(i) / other.values.get(i)).toList());
  }

  /// The median, and the least and the greatest if there are several.
  String text() {
    if (values.isEmpty()) {
      return "-";
    }
    if (values.size() == 1) {
      return number(values.getFirst());
    }
    var all = values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    return "%s (%s-%s)".formatted(number(median()), number(all.getMin()), number(all.getMax()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }
}
