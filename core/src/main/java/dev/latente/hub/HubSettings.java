package dev.latente.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Where the hub is, where its files are kept, and how to talk to it.
///
/// @param endpoint such as `https://huggingface.co`
/// @param cache the folder of the cache
/// @param token proves who asks; it is sent to `endpoint` only
/// @param offline whether to use the cache alone
/// @param links whether the cache may hold symbolic links
/// @param proxies the way out of this network
public record HubSettings(
    URI endpoint,
    Path cache,
    Optional<String> token,
    boolean offline,
    boolean links,
    Proxies proxies,
    Patience patience) {
  private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");

  public HubSettings {
    String scheme = Optional.ofNullable(endpoint.getScheme()).orElse("");
    if (endpoint.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException(
          "HF_ENDPOINT must begin with http:// or https://: '%s'".formatted(endpoint));
    }
  }

  /// What the variables that Python's `huggingface_hub` knows say.
  ///
  /// @param home the user's folder
  /// @throws IOException if there is a file with a token that cannot be read
  public static HubSettings of(Map<String, String> environment, Path home) throws IOException {
    Environment variables = new Environment(environment, home);
    Path own =
        variables
            .path("HF_HOME")
            .orElseGet(() ->
                variables
                    .path("XDG_CACHE_HOME")
                    .orElse(home.resolve(".cache"))
                    .resolve("huggingface"));
    return new HubSettings(
        endpoint(variables.text("HF_ENDPOINT").orElse("https://huggingface.co")),
        variables.path("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE").orElse(own.resolve("hub")),
        token(variables, own),
        variables.flag("HF_HUB_OFFLINE") || variables.flag("TRANSFORMERS_OFFLINE"),
        !variables.flag("HF_HUB_DISABLE_SYMLINKS"),
        Proxies.of(environment),
        Patience.USUAL);
  }

  /// These, but the cache alone.
  public HubSettings withoutNetwork() {
    return new HubSettings(endpoint, cache, token, true, links, proxies, patience);
  }

  private static URI endpoint(String text) {
    try {
      return URI.create(text.replaceFirst("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("HF_ENDPOINT must be a web address: '" + text + "'", e);
    }
  }

  private static Optional<String> token(Environment variables, Path own) throws IOException {
    if (variables.flag("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      return Optional.empty();
    }
    Optional<String> given = variables.text("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
    Path file = variables.path("HF_TOKEN_PATH").orElse(own.resolve("token"));
    if (given.isPresent() || !Files.isRegularFile(file)) {
      return given;
    }
    return Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty());
  }

  /// Never shows the token.
  @Override
  public String toString() {
    return "HubSettings[%s, %s%s]".formatted(endpoint, cache, offline ? ", offline" : "");
  }

  private record Environment(Map<String, String> variables, Path home) {
    /// The first of `names` that is set to something.
    Optional<String> text(String... names) {
      return Stream.of(names)
          .map(name -> variables.getOrDefault(name, "").strip())
          .filter(value -> !value.isEmpty())
          .findFirst();
    }

    Optional<Path> path(String... names) {
      return text(names)
          .map(value ->
              value.equals("~") || value.startsWith("~/") ? home + value.substring(1) : value)
          .map(Path::of);
    }

    boolean flag(String name) {
      return text(name).filter(value -> YES.contains(value.toUpperCase(Locale.ROOT))).isPresent();
    }
  }
}
