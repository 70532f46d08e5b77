package dev.latente.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/// The files of one fetch, one after the other. Not thread-safe.
final class Batch {
  private final HubSettings settings;
  private final HubCache cache;
  private final Requests requests;
  private final TransferListener listener;
  private final HubAddress address;
  private final String commit;
  private final List<RemoteFile> files;
  private long total = 0;
  private long done = 0;

  Batch(
      HubSettings settings,
      HubCache cache,
      Requests requests,
      TransferListener listener,
      HubAddress address,
      String commit,
      List<RemoteFile> files) {
    this.settings = settings;
    this.cache = cache;
    this.requests = requests;
    this.listener = listener;
    this.address = address;
    this.commit = commit;
    this.files = files;
  }

  void run() throws IOException {
    for (RemoteFile file : files) {
      total += left(file);
    }
    checkRoom();
    for (int i = 0; i < files.size(); i++) {
      bring(i);
    }
  }

  /// The bytes of `file` that are not in the cache yet.
  private long left(RemoteFile file) throws IOException {
    Path blob = blob(file);
    if (Files.exists(blob)) {
      return 0;
    }
    Path partial = FileTransfer.partial(blob);
    long here = Files.exists(partial) ? Files.size(partial) : 0;
    return Math.max(0, file.size().orElse(0) - here);
  }

  private void checkRoom() throws IOException {
    long free = Files.getFileStore(settings.cache()).getUsableSpace();
    if (total > free) {
      throw new HubException(
          "%s: needed %,d MB free in %s, found %,d MB"
              .formatted(address, total / 1_000_000 + 1, settings.cache(), free / 1_000_000));
    }
  }

  private void bring(int index) throws IOException {
    RemoteFile file = files.get(index);
    Path blob = blob(file);
    Path lock = cache.lock(address.repository(), file.etag());
    Files.createDirectories(lock.getParent());
    try (FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      try (FileLock _ = lock(channel, index)) {
        boolean fresh = Files.notExists(blob);
        if (fresh) {
          new FileTransfer(settings, requests, address, file, blob, listener(index)).run();
        }
        cache.link(address.repository(), commit, file.name(), file.etag(), fresh);
      }
    }
  }

  /// Waits while another process, or another thread of this one, fetches the same.
  private FileLock lock(FileChannel channel, int index) throws IOException {
    while (true) {
      tell(index, Duration.ZERO);
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException _) {
        // wait
      }
      Attempts.sleep(Attempts.SLICE.toNanos());
    }
  }

  private FileTransfer.Listener listener(int index) {
    return new FileTransfer.Listener() {
      @Override
      public void fetched(long bytes) {
        done += bytes;
        total = Math.max(total, done); // some came twice, or nobody had said how many
        tell(index, Duration.ZERO);
      }

      @Override
      public void waiting(Duration wait) {
        tell(index, wait);
      }
    };
  }

  private void tell(int index, Duration wait) {
    listener.at(new Transfer(files.get(index).name(), index + 1, files.size(), done, total, wait));
  }

  private Path blob(RemoteFile file) {
    return cache.blob(address.repository(), file.etag());
  }
}
