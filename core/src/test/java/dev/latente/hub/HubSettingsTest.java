package dev.latente.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {
  @TempDir private Path home = Path.of("");

  @Test
  void theVariablesAreThoseOfPython() throws IOException {
    HubSettings usual = HubSettings.of(Map.of(), home);
    assertThat(usual.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(usual.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(usual.token()).isEmpty();
    assertThat(usual.offline()).isFalse();
    assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", "/x"), home).cache())
        .isEqualTo(Path.of("/x/huggingface/hub"));
    assertThat(HubSettings.of(Map.of("HF_HOME", "/h"), home).cache()).isEqualTo(Path.of("/h/hub"));
    assertThat(HubSettings.of(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "~/c"), home).cache())
        .isEqualTo(home.resolve("c"));
    assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "yes"), home).offline()).isTrue();
    assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "0"), home).offline()).isFalse();
    assertThat(HubSettings.of(Map.of("HF_ENDPOINT", "http://h:8/"), home).endpoint())
        .isEqualTo(URI.create("http://h:8"));
    assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", "h"), home))
        .hasMessage("HF_ENDPOINT must begin with http:// or https://: 'h'");
  }

  @Test
  void theTokenComesFromTheEnvironmentOrItsFileAndIsNeverShown() throws IOException {
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "hf_file\n");
    HubSettings settings = HubSettings.of(Map.of(), home);
    assertThat(settings.token()).contains("hf_file");
    assertThat(settings.toString()).doesNotContain("hf_file");
    assertThat(HubSettings.of(Map.of("HF_TOKEN", " hf_x "), home).token()).contains("hf_x");
    assertThat(HubSettings.of(Map.of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"), home).token())
        .isEmpty();
  }

  @Test
  void proxiesAreThoseOfCurl() {
    Proxies proxies =
        Proxies.of(
            Map.of("HTTPS_PROXY", "http://u:p@proxy:3128", "no_proxy", ".inner.org, 10.0.0.1"));
    assertThat(proxies.by(URI.create("https://huggingface.co/x")))
        .contains(URI.create("http://u:p@proxy:3128"));
    assertThat(proxies.by(URI.create("http://huggingface.co/x"))).isEmpty();
    assertThat(proxies.by(URI.create("https://a.inner.org/x"))).isEmpty();
    assertThat(proxies.by(URI.create("https://10.0.0.1/x"))).isEmpty();
    assertThat(proxies.by(URI.create("https://outer.org"))).isPresent();
    assertThat(Proxies.of(Map.of("ALL_PROXY", "p:1", "NO_PROXY", "*")).by(URI.create("http://a")))
        .isEmpty();
    assertThatThrownBy(() -> Proxies.of(Map.of("HTTPS_PROXY", "socks5://u:secret@p")))
        .hasMessage("HTTPS_PROXY must be written http://HOST:PORT");
  }
}
