package dev.latente.hub;

/// Told how a fetch goes on.
@FunctionalInterface
public interface TransferListener {
  /// Nobody.
  TransferListener NONE = _ -> {};

  /// Called many times a second, also while nothing comes. To stop, throw a
  /// [java.util.concurrent.CancellationException]: what has come stays for the next time.
  void at(Transfer transfer);
}
