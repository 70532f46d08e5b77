package dev.latente.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The Hugging Face hub, or what speaks like it. One thread at a time may use it.
public final class Hub implements FileFetcher, AutoCloseable {
  private static final int LONGEST_LISTING = 64 << 20;

  private final HubSettings settings;
  private final TransferListener listener;
  private final HubCache cache;
  private final Requests requests;

  /// @param listener told how each fetch goes on
  public Hub(HubSettings settings, TransferListener listener) {
    this.settings = settings;
    this.listener = listener;
    this.cache = new HubCache(settings.cache(), settings.links());
    this.requests = new Requests(settings);
  }

  /// What a revision has.
  ///
  /// @param commit what the revision means now
  /// @param files the names of all files
  public record Listing(String commit, List<String> files) {
    public Listing {
      files = List.copyOf(files);
    }
  }

  /// Fetches `files`; asks nobody if they are in the cache, even if a branch has moved on.
  @Override
  public Path fetch(String repository, String revision, List<String> files) throws IOException {
    HubAddress address = new HubAddress(repository, revision, Optional.empty());
    Optional<String> known = cache.commit(repository, revision);
    if (known.isPresent() && missing(repository, known.get(), files).isEmpty()) {
      return cache.snapshot(repository, known.get());
    }
    if (settings.offline()) {
      List<String> missing =
          known.isPresent() ? missing(repository, known.get(), files) : List.copyOf(files);
      throw new HubException(
          "%s: %s: not in the cache %s, and the hub may not be asked (offline)"
              .formatted(address, String.join(", ", missing), settings.cache()));
    }
    return bring(address, list(address).commit(), files);
  }

  /// Fetches the files of `address` that `wanted` picks; asks first what the revision means now,
  /// unless offline.
  ///
  /// @param wanted picks from the names of all files, or complains
  public Path pull(HubAddress address, Selection wanted) throws IOException {
    if (!settings.offline()) {
      Listing listing = list(address);
      return bring(address, listing.commit(), wanted.of(listing.files()));
    }
    Optional<String> commit = cache.commit(address.repository(), address.revision());
    Path snapshot = commit.map(c -> cache.snapshot(address.repository(), c)).orElse(Path.of(""));
    if (commit.isEmpty() || !Files.isDirectory(snapshot)) {
      throw new HubException(
          "%s: not in the cache %s, and the hub may not be asked (offline)"
              .formatted(address, settings.cache()));
    }
    return snapshot;
  }

  /// Picks files of a repository by their names.
  @FunctionalInterface
  public interface Selection {
    /// Those of `names` to fetch.
    ///
    /// @throws HubException if there is nothing to fetch
    List<String> of(List<String> names) throws HubException;
  }

  /// Asks what a revision has.
  public Listing list(HubAddress address) throws IOException {
    URI uri =
        URI.create(
            "%s/api/models/%s/revision/%s"
                .formatted(
                    settings.endpoint(),
                    address.repository(),
                    URLEncoder.encode(address.revision(), StandardCharsets.UTF_8)));
    HubAddress whole = new HubAddress(address.repository(), address.revision(), Optional.empty());
    JsonNode json = repeated(address.toString(), () -> json(uri, whole));
    String commit = json.path("sha").asString("");
    List<String> files =
        json.path("siblings")
            .valueStream()
            .map(file -> file.path("rfilename").asString(""))
            .toList();
    Optional<String> unsafe = files.stream().filter(Predicate.not(SafePath::isSafe)).findFirst();
    if (!HubCache.isCommit(commit) || unsafe.isPresent()) {
      throw new HubException(
          "%s: expected a commit and names of files, found '%s' and '%s'"
              .formatted(address, commit, unsafe.orElse("")));
    }
    return new Listing(commit, files);
  }

  private JsonNode json(URI uri, HubAddress what) throws IOException {
    Answer response = requests.send("GET", uri, Map.of(), true, this::check);
    try (BodyQueue body = response.body()) {
      if (response.status() != 200) {
        throw Answers.failure(settings, what, response);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (Optional<List<ByteBuffer>> next = next(body); next.isPresent(); next = next(body)) {
        for (ByteBuffer piece : next.get()) {
          byte[] part = new byte[piece.remaining()];
          piece.get(part);
          bytes.writeBytes(part);
        }
        if (bytes.size() > LONGEST_LISTING) {
          throw new HubException(what + ": expected a listing, found more than 64 MiB");
        }
      }
      return JsonMapper.shared().readTree(bytes.toByteArray());
    } catch (JacksonException e) {
      throw new HubException(
          "%s: expected JSON from %s, found something else: is this the hub?"
              .formatted(what, settings.endpoint()),
          e);
    }
  }

  private Optional<List<ByteBuffer>> next(BodyQueue body) throws Fault {
    try {
      return body.next(settings.patience().silence(), this::check);
    } catch (IOException e) {
      throw new Fault(Attempts.reason(e), e);
    }
  }

  private Path bring(HubAddress address, String commit, List<String> files) throws IOException {
    cache.tag();
    String repository = address.repository();
    cache.remember(repository, address.revision(), commit);
    List<RemoteFile> absent = new ArrayList<>();
    for (String file : missing(repository, commit, files)) {
      HubAddress what = new HubAddress(repository, address.revision(), Optional.of(file));
      absent.add(repeated(what + ": " + file, () -> head(what, commit)));
    }
    new Batch(settings, cache, requests, listener, address, commit, absent).run();
    return cache.snapshot(repository, commit);
  }

  private List<String> missing(String repository, String commit, List<String> files) {
    Path snapshot = cache.snapshot(repository, commit);
    return files.stream().filter(file -> !Files.exists(snapshot.resolve(file))).toList();
  }

  private RemoteFile head(HubAddress what, String commit) throws IOException {
    String file = what.file().orElseThrow();
    URI uri =
        URI.create(
            "%s/%s/resolve/%s/%s"
                .formatted(settings.endpoint(), what.repository(), commit, escaped(file)));
    Answer response = requests.send("HEAD", uri, Map.of(), false, this::check);
    response.body().close();
    int status = response.status();
    if (status != 200 && status / 100 != 3) {
      throw Answers.failure(settings, what, response);
    }
    String etag =
        response
            .header("X-Linked-Etag")
            .or(() -> response.header("ETag"))
            .map(text -> text.replaceFirst("^W/", "").replace("\"", ""))
            .orElse("");
    if (!HubCache.isEtag(etag)) {
      throw new HubException(
          "%s: %s: expected a hash as ETag, found '%s': is %s the hub?"
              .formatted(what, file, etag, settings.endpoint()));
    }
    OptionalLong size = response.headers().firstValueAsLong("X-Linked-Size");
    if (size.isEmpty() && status == 200) { // a redirect's length is that of its text
      size = response.headers().firstValueAsLong("Content-Length");
    }
    return new RemoteFile(file, uri, etag, size);
  }

  private static String escaped(String path) {
    return Arrays.stream(path.split("/"))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  private interface Request<T> {
    T send() throws IOException;
  }

  private <T> T repeated(String what, Request<T> request) throws IOException {
    Attempts attempts = new Attempts(settings.patience());
    while (true) {
      try {
        return request.send();
      } catch (Fault e) {
        attempts.failed(what, e, wait -> listener.at(new Transfer(what, 0, 0, 0, 0, wait)));
      }
    }
  }

  private void check() {
    listener.at(new Transfer("", 0, 0, 0, 0, Duration.ZERO));
  }

  /// Closes all connections.
  @Override
  public void close() {
    requests.close();
  }
}
