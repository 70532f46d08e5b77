package dev.latente.hub;

import java.io.IOException;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Sends requests and follows redirects, with the token only where it belongs. One thread at a time
/// may use it.
final class Requests implements AutoCloseable {
  private static final int MOST_REDIRECTS = 10;
  private static final String AGENT = "latente; java/" + Runtime.version().feature();

  private final HubSettings settings;
  private final HttpClient client;

  Requests(HubSettings settings) {
    this.settings = settings;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // ranges and broken connections are simpler
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.patience().silence())
            .proxy(settings.proxies().selector());
    authenticator(settings.proxies()).ifPresent(builder::authenticator);
    this.client = builder.build();
  }

  /// Sends one request.
  ///
  /// @param method `GET` or `HEAD`
  /// @param across whether to follow redirects to other hosts; those within the host always are
  /// @param meanwhile called while nothing comes; may throw to give up
  /// @throws Fault if the connection broke
  Answer send(
      String method, URI uri, Map<String, String> headers, boolean across, Runnable meanwhile)
      throws IOException {
    URI place = uri;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      Answer response = once(method, place, headers, meanwhile);
      Optional<URI> next = redirect(response, place);
      if (next.isEmpty() || !(across || sameHost(next.get(), place))) {
        return response;
      }
      response.body().close();
      if (place.getScheme().equals("https") && !next.get().getScheme().equals("https")) {
        throw new HubException(
            "%s: expected a redirect to https, found one to %s"
                .formatted(uri, next.get().getScheme()));
      }
      place = next.get();
    }
    throw new HubException(
        "%s: expected at most %d redirects, found more".formatted(uri, MOST_REDIRECTS));
  }

  private Answer once(String method, URI uri, Map<String, String> headers, Runnable meanwhile)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, BodyPublishers.noBody())
            .setHeader("User-Agent", AGENT)
            .setHeader("Accept-Encoding", "identity");
    headers.forEach(request::setHeader);
    if (sameHost(uri, settings.endpoint())) {
      settings.token().ifPresent(token -> request.setHeader("Authorization", "Bearer " + token));
    }
    CompletableFuture<Answer> answer =
        client.sendAsync(request.build(), BodyHandlers.ofPublisher()).thenApply(Answer::of);
    try {
      return await(answer, meanwhile);
    } catch (IOException | RuntimeException | Error e) {
      answer.cancel(true);
      throw e;
    }
  }

  private Answer await(CompletableFuture<Answer> answer, Runnable meanwhile) throws IOException {
    Duration silence = settings.patience().silence();
    long end = System.nanoTime() + silence.toNanos();
    while (System.nanoTime() < end) {
      meanwhile.run();
      try {
        return answer.get(Attempts.SLICE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        // look again
      } catch (InterruptedException e) {
        throw Attempts.stopped(e);
      } catch (ExecutionException e) {
        Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
        throw new Fault(Attempts.reason(cause), cause);
      }
    }
    throw new Fault(
        "the server did not answer within %d s".formatted(silence.toSeconds()), Duration.ZERO);
  }

  private static Optional<URI> redirect(Answer response, URI from) throws IOException {
    if (response.status() / 100 != 3 || response.status() == 304) {
      return Optional.empty();
    }
    Optional<String> location = response.header("Location");
    if (location.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI to = from.resolve(location.get());
      if (to.getHost() != null && to.getScheme().matches("https?")) {
        return Optional.of(to);
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    throw new HubException(
        "%s: expected a redirect to a web address, found '%s'".formatted(from, location.get()));
  }

  /// Whether two addresses are served by the same program: scheme, host and port are equal.
  static boolean sameHost(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  private static int port(URI uri) {
    int usual = uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    return uri.getPort() < 0 ? usual : uri.getPort();
  }

  /// Gives a proxy its password, and nobody else.
  private static Optional<Authenticator> authenticator(Proxies proxies) {
    boolean needed =
        proxies.http().or(proxies::https).stream().anyMatch(uri -> uri.getRawUserInfo() != null)
            || proxies.https().stream().anyMatch(uri -> uri.getRawUserInfo() != null);
    return needed ? Optional.of(new ProxyPassword(proxies)) : Optional.empty();
  }

  private static final class ProxyPassword extends Authenticator {
    private final Proxies proxies;

    ProxyPassword(Proxies proxies) {
      this.proxies = proxies;
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
      if (getRequestorType() != RequestorType.PROXY) {
        return null;
      }
      Optional<URI> proxy =
          getRequestingScheme().equals("https") ? proxies.https() : proxies.http();
      String[] user = proxy.map(URI::getRawUserInfo).orElse("").split(":", 2);
      return user[0].isEmpty()
          ? null
          : new PasswordAuthentication(
              decoded(user[0]), decoded(user.length > 1 ? user[1] : "").toCharArray());
    }

    private static String decoded(String text) {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
