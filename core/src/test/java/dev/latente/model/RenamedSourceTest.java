package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.nn.ClipActivation;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextConfig;
import dev.latente.vae.VaeConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RenamedSourceTest {
  private static final ClipTextConfig TEXT =
      new ClipTextConfig(9, 2, 8, 1, 1, 3, ClipActivation.GELU, 1e-5, 2, 8, true);

  @Test
  void fusedQueriesKeysAndValuesAreTakenApart() {
    try (Scope _ = Scope.open()) {
      CheckpointSource source =
          RenamedSource.of(
              new Numbers(
                  Map.of(
                      "transformer.resblocks.0.attn.in_proj_weight",
                      Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 6, 2),
                      "transformer.resblocks.0.attn.in_proj_bias",
                      Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 6))),
              OriginalNames.text(TEXT));
      String attention = "text_model.encoder.layers.0.self_attn.";
      assertThat(source.names()).hasSize(6);
      assertThat(source.shape(attention + "k_proj.weight")).containsExactly(2, 2);
      assertThat(floats(source, attention + "q_proj.weight")).containsExactly(1, 2, 3, 4);
      assertThat(floats(source, attention + "k_proj.weight")).containsExactly(5, 6, 7, 8);
      assertThat(floats(source, attention + "v_proj.weight")).containsExactly(9, 10, 11, 12);
      assertThat(floats(source, attention + "k_proj.bias")).containsExactly(3, 4);
    }
  }

  @Test
  void theTextProjectionIsTransposed() {
    try (Scope _ = Scope.open()) {
      Tensor stored = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
      CheckpointSource source =
          RenamedSource.of(
              new Numbers(Map.of("text_projection", stored)), OriginalNames.text(TEXT));
      assertThat(source.shape("text_projection.weight")).containsExactly(2, 3);
      assertThat(floats(source, "text_projection.weight")).containsExactly(1, 3, 5, 2, 4, 6);
    }
  }

  @Test
  void attentionStoredAsConvolutionsBecomesMatrices() {
    try (Scope _ = Scope.open()) {
      CheckpointSource source =
          RenamedSource.of(
              new Numbers(
                  Map.of(
                      "decoder.mid.attn_1.q.weight",
                      Tensor.of(new float[] {1, 2, 3, 4}, 2, 2, 1, 1))),
              OriginalNames.vae(VaeConfig.of(List.of(4, 4), 1, 4, 4, 8, 1)));
      String name = "decoder.mid_block.attentions.0.to_q.weight";
      assertThat(source.shape(name)).containsExactly(2, 2);
      assertThat(source.read(name, Precision.F32).shape()).containsExactly(2, 2);
      assertThat(floats(source, name)).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void theDecodersLevelsAreCountedFromTheOtherEnd() {
    Renaming names = OriginalNames.vae(VaeConfig.of(List.of(4, 4, 4), 1, 4, 4, 8, 1));
    assertThat(names.targets("decoder.up.0.block.1.nin_shortcut.bias"))
        .extracting(Renaming.Target::name)
        .containsExactly("decoder.up_blocks.2.resnets.1.conv_shortcut.bias");
    assertThat(names.targets("decoder.up.2.upsample.conv.bias"))
        .extracting(Renaming.Target::name)
        .containsExactly("decoder.up_blocks.0.upsamplers.0.conv.bias");
  }

  @Test
  void twoTensorsForOnePlaceAreRefused() {
    try (Scope _ = Scope.open()) {
      Tensor x = Tensor.full(0, 1);
      CheckpointSource source =
          new Numbers(Map.of("mid.attentions.0.query.bias", x, "mid.attentions.0.to_q.bias", x));
      assertThatThrownBy(() -> RenamedSource.of(source, DiffusersNames.VAE))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("expected one tensor for 'mid.attentions.0.to_q.bias', found two");
    }
  }

  private static float[] floats(CheckpointSource source, String name) {
    return source.read(name, Precision.F32).toFloatArray();
  }

  private record Numbers(Map<String, Tensor> tensors) implements CheckpointSource {
    @Override
    public String storedAs(String name) {
      return "F32";
    }

    @Override
    public String origin() {
      return "numbers";
    }

    @Override
    public Set<String> names() {
      return tensors.keySet();
    }

    @Override
    public long[] shape(String name) {
      return read(name, Precision.F32).shape();
    }

    @Override
    public Tensor read(String name, Precision precision) {
      return Objects.requireNonNull(tensors.get(name));
    }

    @Override
    public void close() {}
  }
}
