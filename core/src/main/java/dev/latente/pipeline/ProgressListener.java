package dev.latente.pipeline;

/// Hears of each step of a request.
///
/// To cancel, throw [java.util.concurrent.CancellationException]: it passes through the request,
/// and no picture of that call comes after.
@FunctionalInterface
public interface ProgressListener {
  /// Called once a step, on the thread of the request.
  void onStep(Progress progress);

  /// Called once a request, when its prompts have been encoded, on the thread of the request.
  default void onEncoded() {}

  /// One that does nothing.
  static ProgressListener none() {
    return _ -> {};
  }
}
