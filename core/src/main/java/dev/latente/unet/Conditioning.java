package dev.latente.unet;

import dev.latente.nn.Attention;
import dev.latente.nn.Rows;
import dev.latente.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// What a U-Net is told beside the noise level, for each of N pictures.
///
/// All models are told the text. What else one is told, its config says; a network refuses a
/// conditioning that has more or less. Some are told several things: a distilled SDXL is told sizes
/// and a guidance scale.
///
/// @param text hidden states `[N / times, S, E]`
/// @param times how many pictures, one after the other, are told each row of the text
/// @param textTime the pooled text and some numbers: SDXL
/// @param guidance guidance scales `[N]` that the network applies itself: models distilled with one
/// @param labels whole numbers `[N]`, rows of a table: the noise level of the x4 upscaler's picture
/// @param picture a picture's embedding and its noise level, `[N, 2P]`, as [#besideLevel] makes it
/// @param references pictures that are looked at beside the text; any network may be given some
/// @param self what pixels look at where they look at each other
/// @param memory what keeps what attentions make of the text
public record Conditioning(
    Tensor text,
    int times,
    Optional<TextTime> textTime,
    Optional<Tensor> guidance,
    Optional<Tensor> labels,
    Optional<Tensor> picture,
    List<Reference> references,
    SelfAttention self,
    Optional<TextMemory> memory) {

  public Conditioning {
    if (times < 1) {
      throw new IllegalArgumentException("times must be 1 or more: " + times);
    }
    references = List.copyOf(references);
  }

  /// The pooled text, and numbers such as sizes in pixels: [Podell et al.
  /// (2023)](https://arxiv.org/abs/2307.01952), section 2.2.
  ///
  /// @param pooled `[N, P]`
  /// @param ids `[N, 6]`: height and width of the original picture, top and left of the crop,
  ///   height and width aimed at; or `[N, 5]`, an aesthetic score in place of the last two
  ///   (refiner)
  public record TextTime(Tensor pooled, Tensor ids) {}

  /// The text alone: SD 1 and 2.
  public static Conditioning of(Tensor text) {
    return new Conditioning(
        text,
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        SelfAttention.PLAIN,
        Optional.empty());
  }

  /// This, with the pooled text and some numbers.
  public Conditioning withTextTime(TextTime told) {
    return new Conditioning(
        text, times, Optional.of(told), guidance, labels, picture, references, self, memory);
  }

  /// This, with guidance scales `[N]`.
  public Conditioning withGuidance(Tensor scales) {
    return new Conditioning(
        text, times, textTime, Optional.of(scales), labels, picture, references, self, memory);
  }

  /// Of the pictures from `from` (inclusive) to `to` (exclusive).
  public Conditioning rows(long from, long to) {
    boolean whole = from % times == 0 && to % times == 0;
    return new Conditioning(
        whole ? text.slice(0, from / times, to / times) : Rows.each(text, times).slice(0, from, to),
        whole ? times : 1,
        textTime.map(
            told -> new TextTime(told.pooled().slice(0, from, to), told.ids().slice(0, from, to))),
        guidance.map(scales -> scales.slice(0, from, to)),
        labels.map(each -> each.slice(0, from, to)),
        picture.map(each -> each.slice(0, from, to)),
        references.stream().map(seen -> seen.rows(from, to)).toList(),
        self,
        memory);
  }

  /// How many pictures are told.
  long rows() {
    return text.size(0) * times;
  }

  /// Of `count` times as many pictures: each row is told to `count` of them, one after the other.
  public Conditioning each(int count) {
    return count == 1
        ? this
        : new Conditioning(
            text,
            times * count,
            textTime.map(told ->
                new TextTime(Rows.each(told.pooled(), count), Rows.each(told.ids(), count))),
            guidance.map(scales -> Rows.each(scales, count)),
            labels.map(rows -> Rows.each(rows, count)),
            picture.map(rows -> Rows.each(rows, count)),
            references.stream().map(seen -> seen.each(count)).toList(),
            self,
            memory);
  }

  /// This, for a network that is told no guidance scale.
  public Conditioning withoutGuidance() {
    return new Conditioning(
        text, times, textTime, Optional.empty(), labels, picture, references, self, memory);
  }

  /// This, with rows of the network's table, `[N]`.
  public Conditioning withLabels(Tensor rows) {
    return new Conditioning(
        text, times, textTime, guidance, Optional.of(rows), picture, references, self, memory);
  }

  /// This, with other pictures to look at.
  public Conditioning withReferences(List<Reference> pictures) {
    return new Conditioning(
        text, times, textTime, guidance, labels, picture, pictures, self, memory);
  }

  /// This, with a picture's embedding `[N, 2P]`.
  public Conditioning withPicture(Tensor embedding) {
    Optional<Tensor> seen = Optional.of(embedding);
    return new Conditioning(
        text, times, textTime, guidance, labels, seen, references, self, memory);
  }

  /// This, with other hidden states `[N, S, E]`, one row for each picture.
  public Conditioning withText(Tensor states) {
    return new Conditioning(
        states, 1, textTime, guidance, labels, picture, references, self, memory);
  }

  /// Embeddings `[N, P]` of pictures beside sinusoids of their noise level, `[N, 2P]`.
  public static Tensor besideLevel(Tensor embeddings, int level) {
    int width = Math.toIntExact(embeddings.size(1));
    Tensor levels = Tensor.full(level, embeddings.size(0)).like(embeddings);
    return Tensor.concat(
        1, embeddings, TimestepEmbedding.sinusoids(levels, width, true, 0).like(embeddings));
  }

  /// This, with something else to look at where pixels look at each other.
  public Conditioning withSelf(SelfAttention other) {
    return new Conditioning(
        text, times, textTime, guidance, labels, picture, references, other, memory);
  }

  /// This, with a memory for what attentions make of the text.
  public Conditioning withMemory(TextMemory kept) {
    return new Conditioning(
        text, times, textTime, guidance, labels, picture, references, self, Optional.of(kept));
  }

  /// This, looking at no pictures: for other networks than those were made for.
  Conditioning alone() {
    return withReferences(List.of()).withSelf(SelfAttention.PLAIN);
  }

  /// What `attention` sees of the text: pictures that are told the same see the same.
  Attention.Seen seenBy(Attention attention) {
    return memory
        .map(kept -> kept.of(attention, text))
        .orElseGet(() -> attention.see(text))
        .each(times);
  }

  /// What the pictures give the attention called `name`.
  List<Attention.Extra> extras(String name) {
    return references.stream().flatMap(picture -> picture.extra(name).stream()).toList();
  }
}
