package dev.latente.model;

import dev.latente.lora.Axis;
import dev.latente.lora.Change;
import dev.latente.lora.Decomposed;
import dev.latente.lora.Difference;
import dev.latente.lora.Factors;
import dev.latente.lora.Generalized;
import dev.latente.lora.Hadamard;
import dev.latente.lora.Kronecker;
import dev.latente.lora.LowRank;
import dev.latente.lora.Rescaling;
import dev.latente.nn.TensorSource;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.util.Optional;

/// Reads the tensors of one layer of a LoRA as the change they are. Inside an open scope.
///
/// @param scaling what the file says of scales outside its tensors
record LoraChanges(TensorSource source, LoraLayer layer, LoraScaling scaling, Device device) {
  /// The change of the layer's weight, if that is changed.
  Optional<Change> weight() {
    return layer.kind().map(this::change).map(this::decomposed);
  }

  /// The change of its bias, if that is changed.
  Optional<Change> bias() {
    return layer.changesBias()
        ? Optional.of(new Difference(read(LoraRole.BIAS_DIFFERENCE)))
        : Optional.empty();
  }

  private Change change(LoraKind kind) {
    return switch (kind) {
      case LORA -> lowRank();
      case LOHA -> hadamard();
      case LOKR -> kronecker();
      case GLORA ->
          new Generalized(
              factors(LoraRole.GLORA_A2, LoraRole.GLORA_A1),
              factors(LoraRole.GLORA_B2, LoraRole.GLORA_B1),
              scale());
      case IA3 -> {
        boolean onInput = read(LoraRole.IA3_ON_INPUT).sum().item() != 0;
        yield new Rescaling(read(LoraRole.IA3_FACTORS), onInput ? Axis.INPUT : Axis.OUTPUT);
      }
      case FULL -> new Difference(read(LoraRole.WEIGHT_DIFFERENCE));
    };
  }

  private Change lowRank() {
    Factors factors =
        new Factors(read(LoraRole.UP), readIfThere(LoraRole.MID), read(LoraRole.DOWN));
    return new LowRank(factors, scale());
  }

  private Change hadamard() {
    return new Hadamard(
        tucker(LoraRole.HADA_1_A, LoraRole.HADA_1_T, LoraRole.HADA_1_B),
        tucker(LoraRole.HADA_2_A, LoraRole.HADA_2_T, LoraRole.HADA_2_B),
        scale());
  }

  private Change kronecker() {
    boolean factored = layer.rank().isPresent();
    Tensor first =
        layer.has(LoraRole.LOKR_1)
            ? read(LoraRole.LOKR_1)
            : factors(LoraRole.LOKR_1_A, LoraRole.LOKR_1_B).product();
    Tensor second = layer.has(LoraRole.LOKR_2) ? read(LoraRole.LOKR_2) : secondFactor();
    return new Kronecker(first, second, factored ? scale() : 1);
  }

  /// `[c, d, k·k]`.
  private Tensor secondFactor() {
    Tensor flat = tucker(LoraRole.LOKR_2_A, LoraRole.LOKR_2_T, LoraRole.LOKR_2_B).product();
    long[] right = layer.shape(LoraRole.LOKR_2_B);
    return flat.reshape(flat.size(0), right[1], -1);
  }

  /// LyCORIS stores the left factor `[rank, out]` where there is a core.
  private Factors tucker(LoraRole a, LoraRole t, LoraRole b) {
    Optional<Tensor> core = readIfThere(t);
    Tensor left = core.isPresent() ? read(a).transpose(0, 1) : read(a);
    return new Factors(left, core, read(b));
  }

  private Factors factors(LoraRole left, LoraRole right) {
    return Factors.of(read(left), read(right));
  }

  private double scale() {
    int rank = layer.rank().orElse(1);
    return layer.has(LoraRole.ALPHA)
        ? read(LoraRole.ALPHA).item() / rank
        : scaling.scale(layer, rank);
  }

  private Change decomposed(Change change) {
    if (layer.has(LoraRole.MAGNITUDE)) {
      return new Decomposed(change, read(LoraRole.MAGNITUDE), Axis.OUTPUT);
    }
    if (layer.has(LoraRole.DORA_SCALE)) {
      long[] shape = layer.shape(LoraRole.DORA_SCALE);
      boolean row = shape.length > 1 && shape[0] == 1 && shape[1] > 1; // [1, in, …]
      return new Decomposed(change, read(LoraRole.DORA_SCALE), row ? Axis.INPUT : Axis.OUTPUT);
    }
    return change;
  }

  private Optional<Tensor> readIfThere(LoraRole role) {
    return layer.has(role) ? Optional.of(read(role)) : Optional.empty();
  }

  private Tensor read(LoraRole role) {
    return source.read(layer.tensor(role), Precision.F32).to(Precision.F32).to(device);
  }
}
