package dev.latente.training;

import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Reference;
import dev.latente.unet.ReferenceMaps;
import dev.latente.unet.Residuals;
import dev.latente.unet.UNet;
import dev.latente.vision.ImageProjection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What a reference model (IP-Adapter) should do: help a U-Net, which stays as it is, to tell the
/// noise, by a picture that shows what the caption leaves unsaid.
///
/// [Ye et al. (2023)](https://arxiv.org/abs/2308.06721), section 3.2.3.
///
/// @param batches whose captions are not used
/// @param dropout share of captions, and of pictures, left out, each apart from the other
record ReferenceObjective(
    UNet unet,
    ClipTextEncoder textEncoder,
    ImageProjection.Whole projection,
    ReferenceMaps maps,
    Captions captions,
    NoisyBatch.Maker batches,
    ReferencePairs pairs,
    SeenPictures seen,
    double dropout)
    implements Objective {
  private static final int PAIRS = 3;

  @Override
  public Tensor loss(long step) {
    NoisyBatch batch = batches.at(step);
    SplittableRandom random = Seeds.random(batches.seed(), step, PAIRS);
    List<ReferencePairs.Pair> drawn =
        Arrays.stream(batch.chosen()).mapToObj(i -> pairs.draw(i, random)).toList();
    List<String> texts = new ArrayList<>();
    float[] shown = new float[drawn.size()];
    for (int i = 0; i < shown.length; i++) {
      texts.add(random.nextDouble() < dropout ? "" : drawn.get(i).caption());
      shown[i] = random.nextDouble() < dropout ? 0 : 1;
    }
    Tensor embedded =
        seen.at(drawn.stream().mapToLong(ReferencePairs.Pair::reference).toArray())
            .times(Tensor.of(shown, shown.length, 1));
    Reference reference = maps.reference(projection.project(embedded), _ -> 1);
    Conditioning told =
        Conditioning.of(textEncoder.encode(captions.ids(texts))).withReferences(List.of(reference));
    Tensor estimate =
        unet.forward(batch.noisy(), batch.column(), told, Residuals.NONE).to(Precision.F32);
    return estimate.minus(batch.target()).square().mean();
  }
}
