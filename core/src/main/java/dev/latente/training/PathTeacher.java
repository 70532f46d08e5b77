package dev.latente.training;

import dev.latente.sampling.Denoiser;
import dev.latente.tensor.Autocast;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Draws what [TeacherPaths] keeps: for captions of the data, chosen by lot, the points of the
/// teacher's path at a few timesteps and its end.
///
/// @param teacher samples in many steps, some of which begin at `timesteps`
/// @param data whose captions are used
/// @param timesteps at which the path is seen, the noisiest first
/// @param precision of the teacher's products
/// @param name what else the paths depend on
record PathTeacher(
    Sampling teacher,
    ImageFolder data,
    List<Integer> timesteps,
    Precision precision,
    String name,
    long seed) {
  /// Paths of a block, which are drawn side by side.
  static final int AT_ONCE = 32;

  private static final int CHOICES = 1;
  private static final int NOISE = 2;

  /// So many of the paths have no caption, so that the student knows what to do without one.
  private static final double DROP_OUT = 0.03;

  PathTeacher {
    timesteps = List.copyOf(timesteps);
  }

  /// All that the points depend on.
  String description() {
    return "%s, %d steps of %s seen at %s, guidance %s, captions of %d pictures, seed %d, %s"
        .formatted(
            name,
            teacher.steps(),
            teacher.scheduler().sampler().id(),
            timesteps.stream().map(String::valueOf).collect(Collectors.joining(" ")),
            teacher.guidance(),
            data.size(),
            seed,
            precision);
  }

  /// What the paths of `block` are drawn for.
  List<String> captions(int block) {
    SplittableRandom random = Seeds.random(seed, block, CHOICES);
    return IntStream.range(0, AT_ONCE)
        .mapToObj(_ -> data.entries().get(random.nextInt(data.size())))
        .map(entry -> Captions.wording(entry, DROP_OUT, random))
        .toList();
  }

  /// The points of the paths of `block`, `[AT_ONCE, timesteps + 1, C, H, W]`.
  Tensor draw(int block) {
    RandomNoise noise = RandomNoise.seeded(Seeds.mix(seed, block, NOISE));
    List<Tensor> points = new ArrayList<>();
    try (Autocast _ = Autocast.open(Device.CPU, precision)) {
      points.add(teacher.samples(captions(block), noise, asked -> watched(asked, points)));
    }
    if (points.size() != timesteps.size() + 1) {
      throw new IllegalArgumentException(
          "the teacher's steps must begin at the timesteps %s: found %d of them in %d steps of %s"
              .formatted(
                  timesteps, points.size() - 1, teacher.steps(), teacher.scheduler().schedule()));
    }
    return Tensor.stack(1, points.toArray(Tensor[]::new));
  }

  /// A denoiser that keeps what it is asked about at the timesteps.
  private Denoiser watched(Denoiser denoiser, List<Tensor> points) {
    return (x, level) -> {
      if (timesteps.stream().anyMatch(t -> t == level.timestep())) {
        points.add(x.times(level.alpha()));
      }
      return denoiser.denoise(x, level);
    };
  }
}
