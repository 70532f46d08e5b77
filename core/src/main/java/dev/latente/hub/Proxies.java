package dev.latente.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The proxies that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name, as curl
/// understands them.
///
/// @param http the one for addresses with `http`
/// @param https the one for addresses with `https`
/// @param except hosts and ends of hosts that are reached without one; `*` stands for all
public record Proxies(Optional<URI> http, Optional<URI> https, List<String> except) {
  /// No proxies.
  public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), List.of());

  public Proxies {
    except = List.copyOf(except);
  }

  /// Those of `environment`; names in small letters are known too.
  ///
  /// @throws IllegalArgumentException if one is no address of a proxy
  public static Proxies of(Map<String, String> environment) {
    Optional<URI> all = proxy(environment, "ALL_PROXY");
    return new Proxies(
        proxy(environment, "HTTP_PROXY").or(() -> all),
        proxy(environment, "HTTPS_PROXY").or(() -> all),
        Arrays.stream(variable(environment, "NO_PROXY").orElse("").split(","))
            .map(host -> host.strip().toLowerCase(Locale.ROOT))
            .filter(host -> !host.isEmpty())
            .toList());
  }

  /// The proxy to reach `uri` by.
  Optional<URI> by(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    boolean direct =
        except.stream()
            .map(end -> end.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", ""))
            .anyMatch(end -> end.equals("*") || host.equals(end) || host.endsWith("." + end));
    return direct ? Optional.empty() : uri.getScheme().equals("https") ? https : http;
  }

  /// The same for Java's client.
  ProxySelector selector() {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return List.of(
            by(uri)
                .map(proxy ->
                    new Proxy(
                        Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), proxy.getPort())))
                .orElse(Proxy.NO_PROXY));
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // the request itself fails and says so
      }
    };
  }

  private static Optional<URI> proxy(Map<String, String> environment, String name) {
    return variable(environment, name).map(text -> proxy(name, text));
  }

  private static URI proxy(String name, String text) {
    String whole = text.contains("://") ? text : "http://" + text;
    try {
      URI uri = URI.create(whole);
      if (uri.getHost() != null && uri.getScheme().equals("http")) {
        String port = uri.getPort() < 0 ? ":80" : ":" + uri.getPort();
        String user = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo() + "@";
        return URI.create("http://" + user + uri.getHost() + port);
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    // the text may hold a password
    throw new IllegalArgumentException(name + " must be written http://HOST:PORT");
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Stream.of(name.toLowerCase(Locale.ROOT), name)
        .map(key -> environment.getOrDefault(key, "").strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }
}
