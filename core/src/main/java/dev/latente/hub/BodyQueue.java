package dev.latente.hub;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The body of a response, read piece by piece; unlike Java's own streams it notices silence and
/// can be left at any time.
final class BodyQueue implements Subscriber<List<ByteBuffer>>, AutoCloseable {
  private sealed interface Piece {
    record Bytes(List<ByteBuffer> buffers) implements Piece {}

    record End() implements Piece {}

    record Failure(Throwable cause) implements Piece {}
  }

  private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();

  @Override
  public void onSubscribe(Subscription started) {
    subscription.complete(started);
    started.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    pieces.add(new Piece.Bytes(buffers));
  }

  @Override
  public void onError(Throwable cause) {
    pieces.add(new Piece.Failure(cause));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece.End());
  }

  /// The next bytes; none at the end.
  ///
  /// @param silence how long to wait for them
  /// @param meanwhile called while nothing comes; may throw to give up
  /// @throws IOException if the connection broke or was silent
  Optional<List<ByteBuffer>> next(Duration silence, Runnable meanwhile) throws IOException {
    return switch (take(silence, meanwhile)) {
      case Piece.Bytes(List<ByteBuffer> buffers) -> {
        subscription.join().request(1);
        yield Optional.of(buffers);
      }
      case Piece.End _ -> Optional.empty();
      case Piece.Failure(Throwable cause) -> throw new IOException(Attempts.reason(cause), cause);
    };
  }

  private Piece take(Duration silence, Runnable meanwhile) throws IOException {
    long end = System.nanoTime() + silence.toNanos();
    while (System.nanoTime() < end) {
      meanwhile.run();
      try {
        Piece piece = pieces.poll(Attempts.SLICE.toMillis(), TimeUnit.MILLISECONDS);
        if (piece != null) {
          return piece;
        }
      } catch (InterruptedException e) {
        throw Attempts.stopped(e);
      }
    }
    throw new HttpTimeoutException(
        "the server sent nothing for %d s".formatted(silence.toSeconds()));
  }

  /// Wants no more; the connection is closed if there was more.
  @Override
  public void close() {
    subscription.thenAccept(Subscription::cancel);
  }
}
