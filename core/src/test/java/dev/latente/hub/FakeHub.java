package dev.latente.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// A hub with one repository, and another host that has its big files; both misbehave when asked.
final class FakeHub implements AutoCloseable {
  static final String REPOSITORY = "some-body/tiny.model";
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /// Content of this length or more lies on the other host, as big files of the hub do.
  private static final int BIG = 1000;

  /// What a server does instead of its work.
  @FunctionalInterface
  interface Misdeed {
    void answer(HttpExchange exchange) throws IOException;
  }

  final Map<String, byte[]> files = new TreeMap<>();
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  final List<String> storeRequests = Collections.synchronizedList(new ArrayList<>());
  final Deque<Misdeed> misdeeds = new ArrayDeque<>();
  final Deque<Misdeed> storeMisdeeds = new ArrayDeque<>();
  String commit = COMMIT;
  private final HttpServer hub = server();
  private final HttpServer store = server();

  FakeHub() {
    hub.createContext("/", exchange -> serve(exchange, requests, misdeeds, this::hub));
    store.createContext(
        "/", exchange -> serve(exchange, storeRequests, storeMisdeeds, this::store));
    hub.start();
    store.start();
  }

  private static HttpServer server() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI endpoint() {
    return address(hub);
  }

  URI storeAddress() {
    return address(store);
  }

  private static URI address(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void serve(
      HttpExchange exchange, List<String> requests, Deque<Misdeed> misdeeds, Misdeed usual)
      throws IOException {
    requests.add(
        "%s %s range=%s token=%s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Range"),
                exchange.getRequestHeaders().getFirst("Authorization")));
    Misdeed next = misdeeds.poll();
    try (exchange) {
      (next == null ? usual : next).answer(exchange);
    }
  }

  private void hub(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith("/api/models/" + REPOSITORY + "/revision/")) {
      list(exchange, path.substring(path.lastIndexOf('/') + 1));
      return;
    }
    String prefix = "/" + REPOSITORY + "/resolve/" + commit + "/";
    if (!path.startsWith(prefix)) {
      refuse(exchange, 401, "RepoNotFound");
      return;
    }
    byte[] content = files.get(path.substring(prefix.length()));
    if (content == null) {
      refuse(exchange, 404, "EntryNotFound");
      return;
    }
    exchange.getResponseHeaders().set("X-Repo-Commit", commit);
    if (content.length < BIG) {
      exchange.getResponseHeaders().set("ETag", "\"" + gitHash(content) + "\"");
      answer(exchange, 200, content);
    } else {
      exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + sha256(content) + "\"");
      exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
      exchange
          .getResponseHeaders()
          .set("Location", storeAddress() + "/" + sha256(content) + "?signature=secret");
      answer(exchange, 302, "Found. Redirecting".getBytes(StandardCharsets.UTF_8));
    }
  }

  private void list(HttpExchange exchange, String revision) throws IOException {
    if (!revision.equals("main") && !revision.equals(commit)) {
      refuse(exchange, 404, "RevisionNotFound");
      return;
    }
    String siblings =
        files.keySet().stream()
            .map("{\"rfilename\": \"%s\"}"::formatted)
            .collect(Collectors.joining(", "));
    String json =
        "{\"id\": \"%s\", \"sha\": \"%s\", \"siblings\": [%s]}"
            .formatted(REPOSITORY, commit, siblings);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    answer(exchange, 200, json.getBytes(StandardCharsets.UTF_8));
  }

  private void store(HttpExchange exchange) throws IOException {
    String hash = exchange.getRequestURI().getPath().substring(1);
    for (byte[] content : files.values()) {
      if (sha256(content).equals(hash)) {
        part(exchange, content);
        return;
      }
    }
    refuse(exchange, 404, "");
  }

  private static void part(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      answer(exchange, 200, content);
      return;
    }
    int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    answer(exchange, 206, Arrays.copyOfRange(content, from, content.length));
  }

  static void answer(HttpExchange exchange, int status, byte[] content) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, content.length);
      exchange.getResponseBody().write(content);
    }
  }

  static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().set("X-Error-Code", code);
    exchange.sendResponseHeaders(status, -1);
  }

  /// Answers with a status and headers alone.
  static Misdeed status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  /// Promises all of `content`, sends `count` bytes of it and hangs up.
  static Misdeed cutAfter(byte[] content, int count) {
    return exchange -> {
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content, 0, count);
      exchange.getResponseBody().flush();
    };
  }

  /// Sends something else with status 200.
  static Misdeed send(byte[] content) {
    return exchange -> answer(exchange, 200, content);
  }

  static String sha256(byte[] content) {
    return hash("SHA-256", content);
  }

  static String gitHash(byte[] content) {
    byte[] start = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] whole = Arrays.copyOf(start, start.length + content.length);
    System.arraycopy(content, 0, whole, start.length, content.length);
    return hash("SHA-1", whole);
  }

  private static String hash(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
  }
}
