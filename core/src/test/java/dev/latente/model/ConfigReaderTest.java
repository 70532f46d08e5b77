package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.nn.ModelFormatException;
import dev.latente.unet.UNetConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"_class_name\":\"UNet3D\"} | _class_name: only UNet2DConditionModel is supported, found"
            + " \"UNet3D\"",
        "{\"in_channels\":\"4\"}      | in_channels: expected a whole number, found \"4\"",
        "{\"in_channels\":4.5}        | in_channels: expected a whole number, found 4.5",
        "{\"in_channels\":0}          | in_channels must be positive: 0",
        "{\"norm_eps\":[]}            | norm_eps: expected a number, found a list",
        "{\"use_linear_projection\":1} | use_linear_projection: expected true or false, found 1",
        "{\"down_block_types\":[\"AttnDownBlock2D\"]}"
            + " | down_block_types: expected one of DownBlock2D, CrossAttnDownBlock2D, found"
            + " \"AttnDownBlock2D\"",
        "{\"block_out_channels\":[32]} | block_out_channels must have one entry for each of the 4"
            + " down_block_types: [32]",
        "{\"norm_num_groups\":7}      | norm_num_groups must divide block_out_channels: 7 does not"
            + " divide 320",
        "{\"attention_head_dim\":7}   | (the number of heads) must divide block_out_channels: 7"
            + " does not divide 320",
        "{\"addition_embed_type\":\"text\"} | addition_embed_type: only text_time is supported,"
            + " found \"text\"",
        "{\"encoder_hid_dim\":512}    | encoder_hid_dim is not supported, found 512",
        "{\"transformer_layers_per_block\":[[1,2],3,4,5]} | expected a whole number, found a list",
      })
  void saysWhichFieldIsWrong(String text, String message) {
    assertThatThrownBy(() -> UNetJson.read(reader(text)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("unet/config.json: ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void anExplicitNullMeansNoMiddleBlock() {
    assertThat(UNetJson.read(reader("{\"mid_block_type\":null}")).midBlockType())
        .isEqualTo(UNetConfig.MidBlockType.None);
    assertThat(UNetJson.read(reader("{}")).midBlockType())
        .isEqualTo(UNetConfig.MidBlockType.UNetMidBlock2DCrossAttn);
  }

  private static ConfigReader reader(String json) {
    return new ConfigReader(
        "unet/config.json",
        Json.parse("unet", ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8))));
  }
}
