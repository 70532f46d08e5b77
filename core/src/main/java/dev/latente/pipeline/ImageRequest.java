package dev.latente.pipeline;

import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What to draw and how. Equal requests give equal pictures.
///
/// @param prompt what the pictures shall show; may be empty, then they show anything
/// @param negativePrompt what they shall not show; may be empty
/// @param width in pixels, a multiple of 8
/// @param height in pixels, a multiple of 8
/// @param steps sampler steps, 1 to 1000
/// @param sampler how to sample; the model's own scheduler if empty
/// @param schedule which noise levels to visit; as the model's scheduler says if empty
/// @param guidance scale of classifier-free guidance, 0 to 100; 1 or less turns it off; a network
///   with guidance built in is told it
/// @param seed where the noise of the first picture comes from, 0 or more; each further picture has
///   the next one
/// @param count how many pictures
/// @param batch how many pictures are computed together, 1 to 256; equal but for rounding
/// @param prompts how prompts are read
/// @param noise how the noise of a seed is drawn
/// @param sampling what is seldom changed about sampling
/// @param micro what SDXL is told beside the text
/// @param loras what is merged into the model for this request
/// @param refinerAt the share of the noise levels, above 0 and below 1, after which the refiner
///   goes on; without one, if empty
/// @param imageGuidance how strictly to keep to the picture that is changed, 1 to 100: models that
///   change pictures by an instruction
/// @param depth how near things shall be, for models that draw after depth
/// @param controls maps that guide the model through control networks
/// @param references pictures that the model looks at beside the text
/// @param reference how the model looks at them without a reference model
/// @param watermark whether the pictures are marked invisibly as drawn by a program
/// @param start the picture to begin with; noise alone if empty
/// @param hires a second pass at a larger size, if there is one
public record ImageRequest(
    String prompt,
    String negativePrompt,
    int width,
    int height,
    int steps,
    Optional<SamplerKind> sampler,
    Optional<Schedule> schedule,
    double guidance,
    long seed,
    int count,
    int batch,
    PromptOptions prompts,
    NoiseOptions noise,
    SamplingOptions sampling,
    MicroConditioning micro,
    LoraOptions loras,
    OptionalDouble refinerAt,
    double imageGuidance,
    Optional<DepthSource> depth,
    List<Control> controls,
    List<ReferencePicture> references,
    ReferenceOptions reference,
    boolean watermark,
    Optional<StartPicture> start,
    Optional<HiresOptions> hires) {

  /// Sides are multiples of this.
  public static final int MULTIPLE = 8;

  /// The longest side in pixels.
  public static final int MAX_SIDE = 8192;

  /// The most steps: no model is trained with more noise levels.
  public static final int MAX_STEPS = 1000;

  /// The greatest guidance: far past what gives pictures.
  public static final double MAX_GUIDANCE = 100;

  /// Brooks et al. (2023) advise 1 to 1.5.
  public static final double USUAL_IMAGE_GUIDANCE = 1.5;

  /// The most pictures of one request.
  public static final int MAX_COUNT = 10_000;

  /// The most pictures of one batch.
  public static final int MAX_BATCH = 256;

  /// Checks every number.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public ImageRequest {
    controls = List.copyOf(controls);
    references = List.copyOf(references);
    Ranges.requireSide("width", width);
    Ranges.requireSide("height", height);
    Ranges.require("steps", steps, MAX_STEPS);
    Ranges.require("batch", batch, MAX_BATCH);
    Ranges.require("count", count, MAX_COUNT);
    Ranges.requireGuidance("guidance", guidance, 0);
    Ranges.requireGuidance("image guidance", imageGuidance, 1);
    if (refinerAt.isPresent() && !(refinerAt.getAsDouble() > 0 && refinerAt.getAsDouble() < 1)) {
      throw new IllegalArgumentException(
          "a refiner goes on between 0 and 1: " + refinerAt.getAsDouble());
    }
    if (seed < 0 || seed > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException(
          "seed must be from 0 to %d: %d".formatted(Long.MAX_VALUE - count, seed));
    }
  }

  /// A request for one picture of 512x512 in 20 steps with guidance 7.5 and seed 0, to be changed.
  ///
  /// A model knows better numbers: [TextToImage#request].
  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /// This request, to be changed.
  public Builder toBuilder() {
    return new Builder(prompt)
        .negativePrompt(negativePrompt)
        .size(width, height)
        .steps(steps)
        .sampler(sampler)
        .schedule(schedule)
        .guidance(guidance)
        .seed(seed)
        .count(count)
        .batch(batch)
        .prompts(prompts)
        .noise(noise)
        .sampling(sampling)
        .micro(micro)
        .loras(loras)
        .refinerAt(refinerAt)
        .imageGuidance(imageGuidance)
        .depth(depth)
        .controls(controls)
        .references(references)
        .reference(reference)
        .watermark(watermark)
        .start(start)
        .hires(hires);
  }

  /// The request of the picture `index` alone, counted from 0.
  ImageRequest picture(int index) {
    long own = noise.varies() ? seed : seed + index;
    return toBuilder().seed(own).noise(noise.picture(index)).count(1).batch(1).build();
  }

  /// Width and height.
  public PixelSize size() {
    return new PixelSize(width, height);
  }

  /// Makes a request part by part. Not thread-safe.
  public static final class Builder {
    private final String prompt;
    private String negativePrompt = "";
    private int width = 512;
    private int height = 512;
    private int steps = 20;
    private Optional<SamplerKind> sampler = Optional.empty();
    private Optional<Schedule> schedule = Optional.empty();
    private double guidance = 7.5;
    private long seed;
    private int count = 1;
    private int enlarging = 1;
    private int batch = 1;
    private PromptOptions prompts = PromptOptions.usual();
    private NoiseOptions noise = NoiseOptions.plain();
    private SamplingOptions sampling = SamplingOptions.usual();
    private MicroConditioning micro = MicroConditioning.usual();
    private LoraOptions loras = LoraOptions.none();
    private OptionalDouble refinerAt = OptionalDouble.empty();
    private double imageGuidance = USUAL_IMAGE_GUIDANCE;
    private Optional<DepthSource> depth = Optional.empty();
    private List<Control> controls = List.of();
    private List<ReferencePicture> references = List.of();
    private ReferenceOptions reference = ReferenceOptions.usual();
    private boolean watermark;
    private Optional<StartPicture> start = Optional.empty();
    private Optional<HiresOptions> hires = Optional.empty();

    private Builder(String prompt) {
      this.prompt = prompt;
    }

    /// Sets what the pictures shall not show.
    public Builder negativePrompt(String text) {
      negativePrompt = text;
      return this;
    }

    /// Sets width and height in pixels.
    public Builder size(int width, int height) {
      this.width = width;
      this.height = height;
      return this;
    }

    /// Sets the number of steps.
    public Builder steps(int count) {
      steps = count;
      return this;
    }

    /// Sets the sampler.
    public Builder sampler(SamplerKind kind) {
      return sampler(Optional.of(kind));
    }

    /// Sets the sampler, or leaves it to the model.
    public Builder sampler(Optional<SamplerKind> kind) {
      sampler = kind;
      return this;
    }

    /// Sets the noise levels.
    public Builder schedule(Schedule levels) {
      return schedule(Optional.of(levels));
    }

    /// Sets the noise levels, or leaves them to the model.
    public Builder schedule(Optional<Schedule> levels) {
      schedule = levels;
      return this;
    }

    /// Sets the scale of guidance.
    public Builder guidance(double scale) {
      guidance = scale;
      return this;
    }

    /// Sets the seed of the first picture.
    public Builder seed(long first) {
      seed = first;
      return this;
    }

    /// Sets the number of pictures.
    public Builder count(int pictures) {
      count = pictures;
      return this;
    }

    /// Sets how many pictures are computed together.
    public Builder batch(int pictures) {
      batch = pictures;
      return this;
    }

    /// Sets how prompts are read.
    public Builder prompts(PromptOptions options) {
      prompts = options;
      return this;
    }

    /// Sets how the noise of a seed is drawn.
    public Builder noise(NoiseOptions options) {
      noise = options;
      return this;
    }

    /// Sets what is seldom changed about sampling.
    public Builder sampling(SamplingOptions options) {
      sampling = options;
      return this;
    }

    /// Sets what SDXL is told beside the text.
    public Builder micro(MicroConditioning told) {
      micro = told;
      return this;
    }

    /// Sets the LoRAs.
    public Builder loras(LoraOptions options) {
      loras = options;
      return this;
    }

    /// Sets the share after which the refiner goes on.
    public Builder refinerAt(double share) {
      return refinerAt(OptionalDouble.of(share));
    }

    /// Sets the share after which the refiner goes on, or leaves it out.
    public Builder refinerAt(OptionalDouble share) {
      refinerAt = share;
      return this;
    }

    /// Sets how strictly to keep to the picture that is changed.
    public Builder imageGuidance(double scale) {
      imageGuidance = scale;
      return this;
    }

    /// Sets how near things shall be.
    public Builder depth(DepthSource source) {
      return depth(Optional.of(source));
    }

    /// Sets how near things shall be, or leaves it open.
    public Builder depth(Optional<DepthSource> source) {
      depth = source;
      return this;
    }

    /// Sets the maps that guide the model.
    public Builder controls(List<Control> maps) {
      controls = List.copyOf(maps);
      return this;
    }

    /// Sets the pictures that the model looks at beside the text.
    public Builder references(List<ReferencePicture> pictures) {
      references = List.copyOf(pictures);
      return this;
    }

    /// Sets how the model looks at pictures without a reference model.
    public Builder reference(ReferenceOptions options) {
      reference = options;
      return this;
    }

    /// Sets whether the pictures are marked; the library does not mark unless it is asked to.
    public Builder watermark(boolean mark) {
      watermark = mark;
      return this;
    }

    /// Sets the picture to begin with.
    public Builder start(StartPicture picture) {
      return start(Optional.of(picture));
    }

    /// Sets the picture to begin with, or begins with noise alone.
    public Builder start(Optional<StartPicture> picture) {
      start = picture;
      return this;
    }

    /// Sets the second pass, or leaves it out.
    public Builder hires(Optional<HiresOptions> options) {
      hires = options;
      return this;
    }

    /// Sets width and height to the proportion of `picture` and about as many pixels as before; for
    /// a model that enlarges pictures, to that of the enlarged picture.
    public Builder proportion(PixelSize picture) {
      PixelSize drawn = new PixelSize(width, height).like(picture);
      PixelSize fitting = enlarging == 1 ? drawn : picture.enlarged(enlarging);
      return size(fitting.width(), fitting.height());
    }

    Builder enlarging(int times) {
      enlarging = times;
      return this;
    }

    /// Makes the request.
    ///
    /// @throws IllegalArgumentException if a number is out of its range
    public ImageRequest build() {
      return new ImageRequest(
          prompt,
          negativePrompt,
          width,
          height,
          steps,
          sampler,
          schedule,
          guidance,
          seed,
          count,
          batch,
          prompts,
          noise,
          sampling,
          micro,
          loras,
          refinerAt,
          imageGuidance,
          depth,
          controls,
          references,
          reference,
          watermark,
          start,
          hires);
    }
  }
}
