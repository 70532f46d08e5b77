package dev.latente.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Brings one file into the cache: what came before is kept and gone on with, and nothing is taken
/// for the file before its length and hash are right. Not thread-safe.
final class FileTransfer {
  private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

  /// Told of bytes that came, and of waiting.
  interface Listener {
    void fetched(long bytes);

    void waiting(Duration wait);

    default void check() {
      waiting(Duration.ZERO);
    }
  }

  private final HubSettings settings;
  private final Requests requests;
  private final HubAddress address;
  private final RemoteFile file;
  private final Path target;
  private final Path partial;
  private final Listener listener;
  private boolean wasWrong = false;

  FileTransfer(
      HubSettings settings,
      Requests requests,
      HubAddress address,
      RemoteFile file,
      Path target,
      Listener listener) {
    this.settings = settings;
    this.requests = requests;
    this.address = address;
    this.file = file;
    this.target = target;
    this.partial = partial(target);
    this.listener = listener;
  }

  /// Where what came of `target` so far lies.
  static Path partial(Path target) {
    return target.resolveSibling(target.getFileName() + ".incomplete");
  }

  /// Fetches the file.
  void run() throws IOException {
    Files.createDirectories(target.getParent());
    Attempts attempts = new Attempts(settings.patience());
    while (true) {
      long before = size();
      try {
        attempt();
        return;
      } catch (Fault e) {
        if (size() > before) {
          attempts.succeeded();
        }
        attempts.failed(address + ": " + file.name(), e, listener::waiting);
      }
    }
  }

  private void attempt() throws IOException {
    long begin = size();
    if (file.size().isPresent() && begin > file.size().getAsLong()) {
      begin = 0; // of another time: no file is shorter than its part
    }
    ContentHash hash = ContentHash.of(file.etag(), file.size());
    if (file.size().isEmpty() || begin < file.size().getAsLong() || begin == 0) {
      receive(begin, hash);
    } else {
      hash.add(partial, listener::check);
    }
    finish(hash);
  }

  private void receive(long begin, ContentHash hash) throws IOException {
    Map<String, String> range = begin > 0 ? Map.of("Range", "bytes=" + begin + "-") : Map.of();
    Answer response = requests.send("GET", file.address(), range, true, listener::check);
    try (BodyQueue body = response.body()) {
      switch (response.status()) {
        case 200 -> write(body, 0, response.headers().firstValueAsLong("Content-Length"), hash);
        case 206 -> write(body, continued(response, begin), OptionalLong.empty(), hash);
        case 416 -> {
          Files.deleteIfExists(partial);
          throw new Fault("the server cannot go on at byte %d".formatted(begin), Duration.ZERO);
        }
        default -> throw Answers.failure(settings, address, response);
      }
    }
  }

  private long continued(Answer response, long begin) throws IOException {
    String range = response.header("Content-Range").orElse("");
    Matcher matcher = RANGE.matcher(range);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) != begin) {
      Files.deleteIfExists(partial);
      throw new Fault(
          "expected the bytes from %d on, found '%s'".formatted(begin, range), Duration.ZERO);
    }
    return begin;
  }

  private void write(BodyQueue body, long begin, OptionalLong stated, ContentHash hash)
      throws IOException {
    if (begin > 0) {
      hash.add(partial, listener::check);
    }
    long most = file.size().orElse(stated.orElse(Long.MAX_VALUE));
    try (FileChannel out =
        FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.truncate(begin).position(begin);
      for (Optional<List<ByteBuffer>> next = next(body); next.isPresent(); next = next(body)) {
        for (ByteBuffer bytes : next.get()) {
          hash.add(bytes.duplicate());
          write(out, bytes);
        }
        if (out.position() > most) {
          throw new Fault("expected %d bytes, found more".formatted(most), Duration.ZERO);
        }
      }
    }
  }

  private Optional<List<ByteBuffer>> next(BodyQueue body) throws Fault {
    try {
      return body.next(settings.patience().silence(), listener::check);
    } catch (IOException e) {
      throw new Fault(Attempts.reason(e), e);
    }
  }

  private void write(FileChannel out, ByteBuffer bytes) throws IOException {
    long count = bytes.remaining();
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new HubException(
          "%s cannot be written: %s; what has come stays for the next time"
              .formatted(partial, Attempts.reason(e)),
          e);
    }
    listener.fetched(count);
  }

  private void finish(ContentHash hash) throws IOException {
    long found = size();
    if (file.size().isPresent() && found < file.size().getAsLong()) {
      throw new Fault(
          "expected %d bytes, found %d".formatted(file.size().getAsLong(), found), Duration.ZERO);
    }
    try {
      hash.check();
    } catch (Fault e) {
      Files.deleteIfExists(partial);
      if (wasWrong) { // not a damage on the way
        throw new HubException(
            "%s: %s: %s, twice".formatted(address, file.name(), e.getMessage()), e);
      }
      wasWrong = true;
      throw e;
    }
    Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
  }

  private long size() throws IOException {
    return Files.exists(partial) ? Files.size(partial) : 0;
  }
}
