package dev.latente.model;

import dev.latente.sampling.SchedulerConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// How an upscaler's small picture is made noisy before the network sees it: [Ho et al.
/// (2021)](https://arxiv.org/abs/2106.15282), section 3.
///
/// @param scheduler whose noise levels are meant
/// @param mostNoise the noisiest level that the network was trained with
public record LowResolution(SchedulerConfig scheduler, int mostNoise) {
  /// That of the published x4 upscaler, and diffusers' default.
  private static final int MOST_NOISE = 350;

  /// The published x4 upscaler's, which its single file does not hold.
  private static final String PUBLISHED =
      """
      {"_class_name": "DDPMScheduler", "beta_end": 0.02, "beta_schedule": "scaled_linear",
       "beta_start": 0.0001, "num_train_timesteps": 1000}
      """;

  /// What the model at `path` says: a folder in its `low_res_scheduler`.
  public static LowResolution read(Path path) throws IOException {
    Path scheduler = path.resolve("low_res_scheduler").resolve(DiffusersFolder.SCHEDULER_FILE);
    if (!Files.isRegularFile(scheduler)) {
      ConfigReader published =
          new ConfigReader(
              "the published upscaler",
              Json.parse(
                  "the published upscaler",
                  ByteBuffer.wrap(PUBLISHED.getBytes(StandardCharsets.UTF_8))));
      return new LowResolution(SchedulerJson.read(published), MOST_NOISE);
    }
    Path file = path.resolve(DiffusersFolder.INDEX);
    ConfigReader index = new ConfigReader(file.toString(), Json.read(file));
    return new LowResolution(
        SchedulerJson.read(new ConfigReader(scheduler.toString(), Json.read(scheduler))),
        index.integer("max_noise_level", MOST_NOISE));
  }
}
