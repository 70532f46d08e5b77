package dev.latente.scenes.judge;

import dev.latente.scenes.caption.Language;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What came out of an [Evaluation].
///
/// @param pictures how many were judged
/// @param marks by the language of the prompts
/// @param frechet distance of the pictures' features from those of as many rendered pictures; only
///   comparable among equal numbers of pictures, and lower for more
/// @param autoencoder how well the model's autoencoder gives pictures back, if that was measured
public record EvaluationReport(
    int pictures,
    Map<Language, Marks> marks,
    double frechet,
    Optional<Reconstructions> autoencoder) {
  private static final JsonMapper JSON = new JsonMapper();

  public EvaluationReport {
    Map<Language, Marks> all = new EnumMap<>(Language.class);
    for (Language language : Language.values()) {
      all.put(language, marks.getOrDefault(language, Marks.NONE));
    }
    marks = Collections.unmodifiableMap(all);
  }

  /// Compares judgements with what was asked, in the same order.
  static EvaluationReport of(List<Question> questions, List<Judgement> judgements, double frechet) {
    Map<Language, Marks> marks = new EnumMap<>(Language.class);
    for (int i = 0; i < questions.size(); i++) {
      Question question = questions.get(i);
      marks.merge(
          question.caption().language(),
          Marks.of(question.scene(), judgements.get(i)),
          Marks::plus);
    }
    return new EvaluationReport(questions.size(), marks, frechet, Optional.empty());
  }

  /// The same, with the binding of colours taken from `pairs`, pictures of two things.
  public EvaluationReport withPairs(EvaluationReport pairs) {
    Map<Language, Marks> mixed = new EnumMap<>(Language.class);
    marks.forEach((language, own) -> {
      Map<Attribute, Share> shares = new EnumMap<>(own.shares());
      Marks other = pairs.marks.getOrDefault(language, Marks.NONE);
      shares.put(Attribute.BINDING, other.share(Attribute.BINDING));
      mixed.put(language, new Marks(shares));
    });
    return new EvaluationReport(pictures, mixed, frechet, autoencoder);
  }

  /// The same, with what was measured of the autoencoder.
  public EvaluationReport with(Reconstructions reconstructions) {
    return new EvaluationReport(pictures, marks, frechet, Optional.of(reconstructions));
  }

  /// The marks of both languages together.
  public Marks all() {
    return marks.values().stream().reduce(Marks.NONE, Marks::plus);
  }

  /// The share of `attribute` that is right in all pictures.
  public Share share(Attribute attribute) {
    return all().share(attribute);
  }

  /// A table for people: a line for each attribute that was judged, a column for each language.
  public String table() {
    StringBuilder text = new StringBuilder("%-9s%23s".formatted("", "all"));
    marks.keySet().forEach(language -> text.append("%23s".formatted(word(language))));
    for (Attribute attribute : Attribute.values()) {
      if (share(attribute).count() == 0) {
        continue;
      }
      text.append("\n%-9s%s".formatted(word(attribute), cell(share(attribute))));
      marks.values().forEach(part -> text.append(cell(part.share(attribute))));
    }
    text.append(
        "\n\nFréchet distance from %d rendered pictures: %s\n"
            .formatted(pictures, number("%.2f", frechet)));
    autoencoder.ifPresent(found ->
        text.append(
            "autoencoder, %d held-out renders: PSNR %s dB, SSIM %s\n"
                .formatted(
                    found.pictures(), number("%.1f", found.psnr()), number("%.3f", found.ssim()))));
    return text.toString();
  }

  private static String cell(Share share) {
    String counts = share.right() + " of " + share.count();
    return "%23s".formatted("%s %% (%s)".formatted(number("%.1f", 100 * share.value()), counts));
  }

  /// All numbers, in one line.
  public String json() {
    ObjectNode root = JSON.createObjectNode().put("pictures", pictures);
    put(root.putObject("all"), all());
    marks.forEach((language, part) -> put(root.putObject(language.tag()), part));
    root.put("frechet", frechet);
    autoencoder.ifPresent(found ->
        root.putObject("autoencoder")
            .put("pictures", found.pictures())
            .put("psnr", found.psnr())
            .put("ssim", found.ssim()));
    return JSON.writeValueAsString(root);
  }

  private static void put(ObjectNode node, Marks marks) {
    marks
        .shares()
        .forEach((attribute, share) ->
            node.putObject(word(attribute))
                .put("right", share.right())
                .put("count", share.count())
                .put("share", share.value()));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
