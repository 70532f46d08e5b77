package dev.latente.training;

import dev.latente.control.ControlNet;
import dev.latente.model.ControlFolderWriter;
import dev.latente.model.DiffusersFolder;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.unet.Conditioning;
import dev.latente.unet.UNetConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Trains a ControlNet for a model that stays as it is: pictures, captions, and a map of each.
///
/// @param model folder of the model, whose autoencoder lies in its `vae`
/// @param plan how long and how
/// @param dropout share of captions left out, 0 to 1; more makes the map count more
/// @param focus which errors count more; its `gamma` must be 0
/// @param from folder of a ControlNet for such a model to go on from; without, it begins as a copy
///   of the U-Net's way down
public record ControlTraining(
    Path model, TrainingPlan plan, double dropout, Focus focus, Optional<Path> from) {
  private static final int SHOWN = 6;

  public ControlTraining {
    if (!(dropout >= 0 && dropout <= 1)) {
      throw new IllegalArgumentException("caption drop-out must be 0 to 1: " + dropout);
    }
    if (focus.gamma() != 0) {
      throw new IllegalArgumentException("a ControlNet's loss has no min-SNR: " + focus.gamma());
    }
  }

  /// Trains on `data`, opened with [ImageFolder#withMaps], keeping its state in `folder`, and
  /// writes the network to `folder/controlnet`.
  ///
  /// @return whether the end was reached; if not, the network is that of the last step, and the
  ///   same call goes on
  public boolean run(ImageFolder data, Path folder, TrainingListener listener) throws IOException {
    Files.createDirectories(folder);
    ClipTokenizer tokenizer = TrainedFolder.tokenizer(model, folder.resolve("tokenizer"));
    DiffusionNetworks base = DiffusionNetworks.stored(model);
    SchedulerConfig scheduler = TrainedFolder.scheduler(model);
    UNetConfig unet = base.unet().config();
    SampleSpace space = TrainedFolder.latents(model.resolve("vae"), unet, data, folder, listener);
    int downscale =
        DiffusersFolder.openVae(model.resolve("vae"), Precision.F32).config().downscale();
    ControlStart start =
        from.isPresent()
            ? ControlStart.stored(from.get(), unet, downscale)
            : ControlStart.fresh(base, downscale, plan.seed());
    Captions captions = new Captions(tokenizer);
    MapFolder maps = new MapFolder(data, unet.sampleSize() * downscale);
    TrainingLoop loop =
        new TrainingLoop(
            plan,
            start.weights().tensors(),
            folder.resolve("checkpoint.safetensors"),
            "controlnet %s %sfor %s of %s batch %d seed %d"
                .formatted(
                    start.config(),
                    from.map(at -> "from " + at.toAbsolutePath().normalize() + " ").orElse(""),
                    model.toAbsolutePath().normalize(),
                    space.description(),
                    plan.batch(),
                    plan.seed()));
    ControlObjective objective =
        new ControlObjective(
            base.unet(),
            base.textEncoder(),
            start.network(),
            captions,
            maps,
            NoisyBatch.Maker.of(data, space, scheduler, focus, dropout, plan),
            Emphasis.of(data, unet.sampleSize(), focus.things()));
    boolean finished =
        loop.run(
            objective,
            () -> sheet(base, start.network(), captions, scheduler, space, maps),
            listener);
    loop.withAverage(() -> write(folder.resolve("controlnet"), start));
    return finished;
  }

  private BufferedImage sheet(
      DiffusionNetworks base,
      ControlNet network,
      Captions captions,
      SchedulerConfig scheduler,
      SampleSpace space,
      MapFolder maps) {
    int count = Math.min(SHOWN, maps.folder().size());
    Tensor shown = maps.at(IntStream.range(0, count).toArray());
    List<String> prompts = new ArrayList<>();
    maps.folder()
        .entries()
        .subList(0, count)
        .forEach(entry -> prompts.add(entry.captions().getFirst()));
    Tensor both = Tensor.concat(0, shown, shown);
    Sampling sampling =
        new Sampling(
            base.unet(),
            base.textEncoder(),
            captions,
            scheduler,
            space::pictures,
            DiffusionTraining.STEPS,
            DiffusionTraining.GUIDANCE,
            (x, t, text) -> network.forward(x, t, Conditioning.of(text), both));
    return sampling.draw(prompts, plan.seed());
  }

  private static void write(Path folder, ControlStart start) {
    try {
      ControlFolderWriter.write(folder, start.config(), start.weights().tensors(), ElementType.F16);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
