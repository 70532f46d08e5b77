package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Names as programs write them.
class LoraKeyTest {
  private static final String ATTENTION = "down_blocks_0_attentions_0_transformer_blocks_0_attn1";

  @ParameterizedTest
  @CsvSource({
    // kohya's scripts
    "lora_unet_%s_to_q.lora_down.weight, UNET, %s_to_q, DOWN",
    "lora_unet_%s_to_out_0.lora_up.weight, UNET, %s_to_out_0, UP",
    "lora_unet_%s_to_q.alpha, UNET, %s_to_q, ALPHA",
    "lora_unet_down_blocks_0_resnets_0_conv1.lora_mid.weight, UNET, down_blocks_0_resnets_0_conv1,"
        + " MID",
    "lora_te_text_model_encoder_layers_0_mlp_fc1.lora_up.weight, TEXT,"
        + " text_model_encoder_layers_0_mlp_fc1, UP",
    "lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_up.weight, TEXT_1,"
        + " text_model_encoder_layers_0_mlp_fc1, UP",
    "lora_te2_text_projection.lora_up.weight, TEXT_2, text_projection, UP",
    // LyCORIS
    "lora_unet_%s_to_q.hada_w1_a, UNET, %s_to_q, HADA_1_A",
    "lora_unet_%s_to_q.lokr_w2, UNET, %s_to_q, LOKR_2",
    "lora_unet_%s_to_q.lokr_w2_b, UNET, %s_to_q, LOKR_2_B",
    "lora_unet_%s_to_q.dora_scale, UNET, %s_to_q, DORA_SCALE",
    "lora_unet_conv_norm_out.w_norm, UNET, conv_norm_out, WEIGHT_DIFFERENCE",
    "lora_unet_conv_in.diff_b, UNET, conv_in, BIAS_DIFFERENCE",
    "lycoris_%s_to_q.lokr_w1, UNET, %s_to_q, LOKR_1",
    // diffusers: first, old and new
    "down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.down.weight, UNET,"
        + " %s_to_q, DOWN",
    "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_out_lora.up.weight,"
        + " UNET, %s_to_out, UP",
    "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora.down.weight, UNET,"
        + " %s_to_q, DOWN",
    "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_B.weight, UNET, %s_to_q,"
        + " UP",
    "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_magnitude_vector, UNET,"
        + " %s_to_q, MAGNITUDE",
    "text_encoder.text_model.encoder.layers.1.self_attn.to_v_lora.up.weight, TEXT_1,"
        + " text_model_encoder_layers_1_self_attn_to_v, UP",
    "text_encoder.text_model.encoder.layers.1.self_attn.v_proj.lora_linear_layer.down.weight,"
        + " TEXT_1, text_model_encoder_layers_1_self_attn_v_proj, DOWN",
    "text_encoder_2.text_model.encoder.layers.1.mlp.fc2.lora_A.weight, TEXT_2,"
        + " text_model_encoder_layers_1_mlp_fc2, DOWN",
    // PEFT
    "base_model.model.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.default.weight,"
        + " UNET, %s_to_q, DOWN",
    "base_model.model.mid_block.attentions.0.proj_in.lora_magnitude_vector.default.weight, UNET,"
        + " mid_block_attentions_0_proj_in, MAGNITUDE",
    "base_model.model.text_model.encoder.layers.3.self_attn.q_proj.lora_B.weight, TEXT,"
        + " text_model_encoder_layers_3_self_attn_q_proj, UP",
    // ComfyUI
    "diffusion_model.input_blocks.4.1.proj_in.lora_up.weight, UNET, input_blocks_4_1_proj_in, UP",
    "text_encoders.clip_g.transformer.text_model.encoder.layers.0.mlp.fc1.lora_A.weight, TEXT_2,"
        + " text_model_encoder_layers_0_mlp_fc1, DOWN",
    // other networks
    "transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight, FOREIGN,"
        + " single_transformer_blocks_0_attn_to_q, DOWN",
    "lora_te3_encoder_block_0_layer_0_SelfAttention_q.lora_down.weight, FOREIGN,"
        + " te3_encoder_block_0_layer_0_SelfAttention_q, DOWN",
  })
  void readsEveryProgramsNames(String name, LoraPart part, String path, LoraRole role) {
    assertThat(LoraKey.parse(name.replace("%s", ATTENTION)))
        .contains(new LoraKey(part, path.replace("%s", ATTENTION), role));
  }

  @ParameterizedTest
  @ValueSource(strings = {"alpha", ".alpha", "emb_params", "clip_l", "x.lora_down", ""})
  void whatIsNoLayersTensorIsNone(String name) {
    assertThat(LoraKey.parse(name)).isEmpty();
  }

  @Test
  void originalNamesLeadBackToDiffusers() {
    for (Architecture architecture : Architecture.values()) {
      OriginalLayers originals = OriginalLayers.of(architecture.unet());
      Renaming names = OriginalNames.unet(architecture.unet());
      for (String layer :
          new String[] {
            "conv_in",
            "time_embedding.linear_2",
            "down_blocks.0.resnets.1.conv1",
            "down_blocks.0.downsamplers.0.conv",
            "down_blocks.1.attentions.1.transformer_blocks.0.attn2.to_out.0",
            "down_blocks.1.resnets.0.conv_shortcut",
            "mid_block.attentions.0.proj_out",
            "mid_block.resnets.1.time_emb_proj",
            "up_blocks.0.upsamplers.0.conv",
            "up_blocks.1.upsamplers.0.conv",
            "up_blocks.1.resnets.2.norm2",
            "conv_norm_out"
          }) {
        assertThat(originals.name(layer)).isNotEqualTo(layer);
        assertThat(names.targets(originals.name(layer) + ".bias"))
            .singleElement()
            .extracting(Renaming.Target::name)
            .isEqualTo(layer + ".bias");
      }
    }
  }
}
