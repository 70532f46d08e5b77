package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.NoiseSource;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NoiseOptionsTest {
  private static final NoiseOptions PLAIN = NoiseOptions.plain();

  private static TextToImage model;

  @BeforeAll
  static void open() throws IOException {
    model = Reference.open("tiny-sd1");
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static ImageRequest request(long seed, NoiseOptions noise) {
    return model
        .request("a red boat")
        .size(32, 32)
        .steps(2)
        .sampler(SamplerKind.EULER)
        .seed(seed)
        .noise(noise)
        .build();
  }

  private static Picture picture(long seed, NoiseOptions noise) {
    return model.generate(request(seed, noise)).getFirst().picture();
  }

  @Test
  void aWholeVariationIsThePictureOfItsSeed() {
    assertThat(picture(3, PLAIN.withVariation(9, 0))).isEqualTo(picture(3, PLAIN));
    PictureDifference.of(picture(3, PLAIN.withVariation(9, 1)), picture(9, PLAIN)).isRounding();
    assertThat(picture(3, PLAIN.withVariation(9, 0.5)))
        .isNotEqualTo(picture(3, PLAIN))
        .isNotEqualTo(picture(9, PLAIN));
  }

  @Test
  void picturesOfARequestTakeTheNextVariation() {
    NoiseOptions noise = PLAIN.withVariation(9, 0.3);
    ImageRequest request = request(3, noise).toBuilder().count(2).build();
    List<GeneratedImage> two = model.generate(request);
    assertThat(two).extracting(GeneratedImage::seed).containsExactly(3L, 3L);
    assertThat(two.get(1).picture()).isEqualTo(picture(3, PLAIN.withVariation(10, 0.3)));
    assertThat(two.get(1).parameters().value("Variation seed")).contains("10");
    assertThat(two.get(1).parameters().value("Variation seed strength")).contains("0.3");
  }

  @Test
  void theSourceIsToldInThePicture() {
    NoiseOptions cuda = PLAIN.withSource(NoiseSource.CUDA);
    GeneratedImage image = model.generate(request(3, cuda)).getFirst();
    assertThat(image.picture()).isNotEqualTo(picture(3, PLAIN));
    assertThat(image.parameters().value("RNG")).isEmpty();
  }

  @Test
  void noiseMayBeDrawnForAnotherSize() {
    assertThat(picture(3, PLAIN.withDrawnFor(new PixelSize(32, 32)))).isEqualTo(picture(3, PLAIN));
    assertThat(picture(3, PLAIN.withDrawnFor(new PixelSize(16, 16))))
        .isNotEqualTo(picture(3, PLAIN));
  }

  @Test
  void onlySamplersThatAddNoiseHearOfTheStepsSeed() {
    NoiseOptions other = PLAIN.withStepOffset(31337);
    assertThat(picture(3, other)).isEqualTo(picture(3, PLAIN));
    ImageRequest ancestral = request(3, other).toBuilder().sampler(SamplerKind.EULER_A).build();
    assertThat(model.generate(ancestral).getFirst().picture())
        .isNotEqualTo(
            model.generate(ancestral.toBuilder().noise(PLAIN).build()).getFirst().picture());
  }

  @Test
  void etaSaysHowMuchNoiseIsRenewed() {
    ImageRequest ancestral =
        request(3, PLAIN).toBuilder()
            .sampler(SamplerKind.EULER_A)
            .sampling(SamplingOptions.usual().withEta(0))
            .build();
    PictureDifference.of(model.generate(ancestral).getFirst().picture(), picture(3, PLAIN))
        .isRounding(); // Euler a without noise is Euler
    assertThatThrownBy(() -> SamplingOptions.usual().withEta(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("eta must be from 0 to 10: -1.0");
  }
}
