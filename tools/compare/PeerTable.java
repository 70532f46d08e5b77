import java.util.List;
import java.util.Optional;

/// What was measured of all programs, for people.
///
/// @param extrapolate whether whole pictures were not drawn
/// @param steps of the pictures that were
@SuppressWarnings("DefaultPackage") // run as a file
record PeerTable(List<PeerResult> results, boolean extrapolate, int steps) {
  private static final String OURS = "Latente";

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        """

        Seconds and GB: the median (least-greatest). A step is two evaluations of the U-Net; the
        first one is told apart. "whole" is %d steps, from the program's start to its exit, %s.
        """
            .formatted(
                PeerResult.WHOLE,
                extrapolate
                    ? "EXTRAPOLATED from pictures of %d steps".formatted(steps)
                    : "measured"));
    row(text, "", column -> column.label());
    List<PeerResult> measured = results.stream().filter(result -> !result.failed()).toList();
    for (PeerResult result : measured) {
      row(text, result.name(), column -> result.numbers(column, extrapolate).text());
    }
    Optional<PeerResult> ours =
        measured.stream().filter(result -> result.name().equals(OURS)).findFirst();
    if (ours.isPresent() && measured.size() > 1) {
      text.append("\nLatente / other, round by round; less than 1: Latente takes less.\n");
      for (PeerResult result : measured) {
        if (result != ours.get()) {
          row(
              text,
              result.name(),
              column ->
                  ours.get()
                      .byRound(column, extrapolate)
                      .over(result.byRound(column, extrapolate))
                      .text());
        }
      }
    }
    return text.toString();
  }

  /// Says what stands in a column.
  @FunctionalInterface
  private interface Cell {
    String of(PeerResult.Column column);
  }

  private static void row(StringBuilder text, String name, Cell cell) {
    StringBuilder line = new StringBuilder("%-21s".formatted(name));
    for (PeerResult.Column column : PeerResult.Column.values()) {
      line.append(" %-20s".formatted(cell.of(column)));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
