import dev.latente.image.Picture;
import dev.latente.pipeline.GuidanceInterval;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.SamplingOptions;
import dev.latente.pipeline.Shortcuts;
import dev.latente.pipeline.TextToImage;
import dev.latente.scenes.judge.Attribute;
import dev.latente.scenes.judge.Combinations;
import dev.latente.scenes.judge.Evaluation;
import dev.latente.scenes.judge.EvaluationReport;
import dev.latente.scenes.judge.Judge;
import dev.latente.scenes.judge.Question;
import dev.latente.scenes.judge.Share;
import dev.latente.tensor.Device;
import dev.latente.tensor.OperationCost;
import dev.latente.tensor.OperationProfile;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Threads;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/// What options that spare evaluations cost, and models that were distilled for few steps: held-out
/// scenes, drawn plainly and with each, in turns.
///
/// `fewer.sh [PICTURES [MODEL [THREADS [DISTILLED]]]]`
@SuppressWarnings("DefaultPackage") // run as a file
final class Fewer {
  private static final long SEED = 1000;

  private final String name;
  private final TextToImage model;
  private final UnaryOperator<ImageRequest.Builder> option;
  private final Map<Question, Picture> pictures = new HashMap<>();
  private final List<Double> seconds = new ArrayList<>(); // of processor time, for each picture
  private double flops;

  private Fewer(String name, TextToImage model, UnaryOperator<ImageRequest.Builder> option) {
    this.name = name;
    this.model = model;
    this.option = option;
  }

  private static Fewer of(String name, TextToImage model, Shortcuts shortcuts) {
    SamplingOptions sampling = SamplingOptions.usual().withShortcuts(shortcuts);
    return new Fewer(name, model, request -> request.sampling(sampling));
  }

  private static Fewer guided(TextToImage model, double from, double to) {
    GuidanceInterval interval = new GuidanceInterval(from, to);
    return of("--guidance-interval " + interval, model, Shortcuts.none().withGuidance(interval));
  }

  private static Fewer cached(TextToImage model, int interval) {
    return of("--cache-interval " + interval, model, Shortcuts.none().withCacheInterval(interval));
  }

  private static Fewer fewer(TextToImage model, int steps) {
    return new Fewer("--steps " + steps, model, request -> request.steps(steps));
  }

  private static Fewer plain(String name, TextToImage model) {
    return new Fewer(name, model, UnaryOperator.identity());
  }

  private static List<Fewer> options(TextToImage model) {
    GuidanceInterval middle = new GuidanceInterval(0.2, 0.8);
    return List.of(
        plain("plain", model),
        guided(model, 0, 0.8),
        guided(model, 0.2, 1),
        guided(model, 0.2, 0.8),
        cached(model, 2),
        cached(model, 3),
        cached(model, 5),
        of(
            "--cache-interval 2 with " + middle,
            model,
            Shortcuts.none().withGuidance(middle).withCacheInterval(2)),
        fewer(model, 15),
        fewer(model, 10),
        fewer(model, 7));
  }

  /// With few steps alone.
  private static List<Fewer> steps(TextToImage model, TextToImage distilled) {
    return List.of(
        plain("plain", model),
        fewer(model, 10),
        fewer(model, 7),
        fewer(model, 5),
        fewer(model, 4),
        plain("distilled", distilled));
  }

  static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    int threads = Integer.parseInt(args[2]);
    if (threads > 0) {
      Threads.use(threads);
    }
    Evaluation evaluation = new Evaluation(count, 1, Combinations.HELD_OUT, SEED);
    boolean both = args.length > 3;
    try (TextToImage model = TextToImage.open(Path.of(args[1]), Device.CPU, Precision.F32);
        TextToImage other =
            TextToImage.open(Path.of(args[both ? 3 : 1]), Device.CPU, Precision.F32);
        Judge judge = Judge.load()) {
      List<Fewer> kinds = both ? steps(model, other) : options(model);
      List<Question> questions = evaluation.questions();
      for (Fewer kind : kinds) {
        Picture _ = kind.draw(questions.getFirst()); // for Java's compiler
      }
      for (int i = 0; i < count; i++) {
        for (int turn = 0; turn < kinds.size(); turn++) {
          kinds.get((i + turn) % kinds.size()).measure(questions.get(i));
        }
        System.err.printf("scene %d of %d%n", i + 1, count);
      }
      System.out.printf(
          Locale.ROOT,
          "%d held-out scenes, %d threads%n%-36s %10s %10s %10s %14s%n",
          count,
          Threads.count(),
          "",
          "arithmetic",
          "time",
          "PSNR dB",
          "right of 100");
      for (Fewer kind : kinds) {
        EvaluationReport report = evaluation.run(kind.pictures::get, judge, (_, _) -> {});
        kind.print(kinds.getFirst(), report);
      }
    }
  }

  private Picture draw(Question question) {
    ImageRequest.Builder request = model.request(question.caption().text()).seed(question.seed());
    return model.generate(option.apply(request).build()).getFirst().picture();
  }

  private void measure(Question question) {
    try (OperationProfile profile = OperationProfile.start()) {
      long begun = processorTime();
      pictures.put(question, draw(question));
      seconds.add((processorTime() - begun) / 1e9);
      flops += profile.lap().stream().mapToDouble(OperationCost::flops).sum();
    }
  }

  private static long processorTime() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }

  private void print(Fewer plain, EvaluationReport report) {
    double[] ratios = new double[seconds.size()];
    Arrays.setAll(ratios, i -> seconds.get(i) / plain.seconds.get(i));
    Arrays.sort(ratios);
    double psnr =
        pictures.entrySet().stream()
            .mapToDouble(entry -> psnr(entry.getValue(), plain.pictures.get(entry.getKey())))
            .average()
            .orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "%-36s %10.2f %10.2f %10s %14.1f   %s%n",
        name,
        flops / plain.flops,
        ratios[ratios.length / 2],
        this == plain ? "" : "%.1f".formatted(psnr),
        100 * right(report),
        each(report));
  }

  /// The mean share of all attributes that were judged.
  private static double right(EvaluationReport report) {
    return Arrays.stream(Attribute.values())
        .map(report::share)
        .filter(share -> share.count() > 0)
        .mapToDouble(Share::value)
        .average()
        .orElseThrow();
  }

  private static String each(EvaluationReport report) {
    List<String> shares = new ArrayList<>();
    for (Attribute attribute : Attribute.values()) {
      Share share = report.share(attribute);
      if (share.count() > 0) {
        shares.add(attribute.name().toLowerCase(Locale.ROOT) + " " + share.right());
      }
    }
    return String.join(", ", shares);
  }

  /// In dB, of values 0 to 255; equal pictures count as 99.
  private static double psnr(Picture picture, Picture plain) {
    byte[] ones = picture.rgb();
    byte[] others = plain.rgb();
    double sum = 0;
    for (int i = 0; i < ones.length; i++) {
      double off = (ones[i] & 0xff) - (others[i] & 0xff);
      sum += off * off;
    }
    return sum == 0 ? 99 : 10 * Math.log10(255 * 255 / (sum / ones.length));
  }
}
