package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.hub.HubSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {
  @TempDir Path folder;

  @Test
  void withoutNetworkItSaysWhatToDo() throws IOException {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    HubSettings settings = HubSettings.of(Map.of("HF_HUB_OFFLINE", "1"), folder.resolve("home"));
    Tokenizers tokenizers =
        new Tokenizers(
            Session.of(nowhere, nowhere),
            settings,
            List.of(folder.resolve("models")),
            () -> {
              throw new IllegalStateException("nothing is to be fetched");
            });
    Path model = folder.resolve("model.safetensors");
    assertThatThrownBy(() -> tokenizers.files(Optional.empty()).folder(model))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(model + ": expected CLIP's vocabulary, which a single file lacks")
        .hasMessageContaining(
            "%s, %s, %s".formatted(folder, folder.resolve("models"), settings.cache()))
        .hasMessageContaining("(offline)")
        .hasMessageEndingWith("or name their folder with --tokenizer");
    assertThat(tokenizers.files(Optional.of(folder)).folder(model)).isEqualTo(folder);
  }
}
