package dev.latente.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latente.model.ModelKind.Task;
import dev.latente.nn.ModelFormatException;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// How an upscaler's small picture is made noisy before the network sees it: [Ho et al.
/// (2021)](https://arxiv.org/abs/2106.15282), section 3.
///
/// @param scheduler whose noise levels are meant
/// @param mostNoise the noisiest level that the network was trained with
public record LowResolution(SchedulerConfig scheduler, int mostNoise) {
  /// The folder of its scheduler in a model's folder.
  private static final String COMPONENT = "low_res_scheduler";

  /// That of the published x4 upscaler, and diffusers' default.
  private static final int MOST_NOISE = 350;

  /// The published x4 upscaler's, which its single file does not hold.
  private static final String PUBLISHED =
      """
      {"_class_name": "DDPMScheduler", "beta_end": 0.02, "beta_schedule": "scaled_linear",
       "beta_start": 0.0001, "num_train_timesteps": 1000}
      """;

  private static final String SCHEDULER = "scheduler";

  private static final String MOST = "max_noise_level";

  /// That of a model of these sizes, if it is an upscaler, where no file says more.
  static Optional<LowResolution> published(UNetConfig unet) {
    if (ModelKind.of(unet).task() != Task.UPSCALE) {
      return Optional.empty();
    }
    String origin = "the published upscaler";
    ObjectNode json = Json.parse(origin, ByteBuffer.wrap(PUBLISHED.getBytes(UTF_8)));
    return Optional.of(
        new LowResolution(SchedulerJson.read(new ConfigReader(origin, json)), MOST_NOISE));
  }

  /// That of the model in `folder`, if it is an upscaler.
  static Optional<LowResolution> in(Path folder, UNetConfig unet) throws IOException {
    Path scheduler = folder.resolve(COMPONENT).resolve(DiffusersFolder.SCHEDULER_FILE);
    Optional<LowResolution> published = published(unet);
    if (published.isEmpty() || !Files.isRegularFile(scheduler)) {
      return published;
    }
    Path file = folder.resolve(DiffusersFolder.INDEX);
    ConfigReader index = new ConfigReader(file.toString(), Json.read(file));
    return Optional.of(
        new LowResolution(
            SchedulerJson.read(new ConfigReader(scheduler.toString(), Json.read(scheduler))),
            index.integer(MOST, MOST_NOISE)));
  }

  /// Adds it to the folder of a model.
  ///
  /// @param index the model's `model_index.json`
  void write(Path folder, ObjectNode index) throws IOException {
    Files.createDirectories(folder.resolve(COMPONENT));
    AtomicFile.write(
        folder.resolve(COMPONENT).resolve(DiffusersFolder.SCHEDULER_FILE),
        Json.pretty(SchedulerJson.write(scheduler)));
    index.putArray(COMPONENT).add("diffusers").add(scheduler.className());
    index.put(MOST, mostNoise);
  }

  /// As JSON, for the metadata of a single file.
  ObjectNode write() {
    ObjectNode json = Json.object().put(MOST, mostNoise);
    json.set(SCHEDULER, SchedulerJson.write(scheduler));
    return json;
  }

  /// Reads what [#write()] wrote.
  static LowResolution read(ConfigReader json) {
    String origin = json.origin() + ": " + SCHEDULER;
    if (json.node().path(SCHEDULER) instanceof ObjectNode scheduler) {
      return new LowResolution(
          SchedulerJson.read(new ConfigReader(origin, scheduler)), json.integer(MOST, MOST_NOISE));
    }
    throw new ModelFormatException(origin + ": expected an object, found none");
  }
}
