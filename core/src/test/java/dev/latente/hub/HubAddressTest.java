package dev.latente.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubAddressTest {
  @Test
  void addressesAreReadAsPeopleWriteThem() {
    assertThat(HubAddress.parse("a/b.c"))
        .isEqualTo(new HubAddress("a/b.c", "main", Optional.empty()));
    assertThat(HubAddress.parse("a/b@v1.0"))
        .isEqualTo(new HubAddress("a/b", "v1.0", Optional.empty()));
    assertThat(HubAddress.parse("a/b/c/d.safetensors"))
        .isEqualTo(new HubAddress("a/b", "main", Optional.of("c/d.safetensors")));
    assertThat(HubAddress.parse("a/b@r/d.gguf"))
        .isEqualTo(new HubAddress("a/b", "r", Optional.of("d.gguf")));
    assertThat(HubAddress.parse("https://huggingface.co/a/b"))
        .isEqualTo(new HubAddress("a/b", "main", Optional.empty()));
    assertThat(HubAddress.parse("https://huggingface.co/a/b/blob/main/d.safetensors?download=true"))
        .isEqualTo(new HubAddress("a/b", "main", Optional.of("d.safetensors")));
    assertThat(HubAddress.parse("https://huggingface.co/a/b/tree/fp16"))
        .isEqualTo(new HubAddress("a/b", "fp16", Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "a/", "/a", "../b", "a/..", "a b/c", "a/b@", "a/b/../c", "a/b@../x"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> HubAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
