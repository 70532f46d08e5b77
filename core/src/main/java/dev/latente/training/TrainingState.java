package dev.latente.training;

import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.AdamW;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.MovingAverage;
import dev.latente.tensor.Parameters;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// All that training needs to go on exactly: weights, their average, the optimiser's means, the
/// step.
///
/// @param parameters the weights
/// @param optimizer their optimiser
/// @param average their moving average
record TrainingState(Parameters parameters, AdamW optimizer, MovingAverage average) {
  private static final String STEP = "step";
  private static final String LOSS = "loss";
  private static final String RECIPE = "recipe";
  private static final String WEIGHTS = "weights";
  private static final String AVERAGE = "average";

  /// How far training got.
  ///
  /// @param step steps done
  /// @param loss mean of the last steps' losses, as shown; not a number before the first step
  record Reached(long step, double loss) {
    static final Reached NOTHING = new Reached(0, Double.NaN);
  }

  /// Writes the state where training got; the old file stays until the new one is whole.
  ///
  /// @param recipe what must be the same to go on: sizes, seed, data
  void write(Path file, Reached reached, String recipe) throws IOException {
    new SafetensorsWriter()
        .metadata(STEP, Long.toString(reached.step()))
        .metadata(LOSS, Double.toString(reached.loss()))
        .metadata(RECIPE, recipe)
        .add(WEIGHTS, parameters.values(), ElementType.F32)
        .add(AVERAGE, average.values(), ElementType.F32)
        .addAll(optimizer.state(), ElementType.F32)
        .write(file);
  }

  /// Puts back a written state.
  ///
  /// @return how far training had got
  Reached read(Path file, String recipe) throws IOException {
    try (SafetensorsFile saved = SafetensorsFile.open(file);
        Scope _ = Scope.open()) {
      String found = saved.metadata().getOrDefault(RECIPE, "");
      if (!found.equals(recipe)) {
        throw new ModelFormatException(
            "%s was written by another training: needed \"%s\", found \"%s\""
                .formatted(file, recipe, found));
      }
      long step = Long.parseLong(saved.metadata().getOrDefault(STEP, "0"));
      parameters.set(saved.read(WEIGHTS, Precision.F32));
      average.set(saved.read(AVERAGE, Precision.F32));
      Map<String, Tensor> state = new LinkedHashMap<>();
      for (String name : optimizer.state().keySet()) {
        state.put(name, saved.read(name, Precision.F32));
      }
      optimizer.restore(state, step);
      return new Reached(step, Double.parseDouble(saved.metadata().getOrDefault(LOSS, "NaN")));
    }
  }
}
