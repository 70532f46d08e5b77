package dev.latente.cli;

import dev.latente.tensor.Acceleration;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Set;

/// Where the `latente` command begins.
public final class Main {
  // Commands that draw, and so need libtorch, and kernels where Java has the module of vectors.
  private static final Set<String> DRAWING = Set.of("generate", "bench");
  private static final Set<String> HELPING = Set.of("-h", "--help", "-V", "--version");

  private Main() {}

  /// Runs the command line `args` and ends the process with its exit code.
  public static void main(String[] args) {
    StandardError.restore();
    if (draws(args)) {
      Acceleration.warmUp(); // beside the reading of options and files
    }
    Cancellation cancellation = new Cancellation();
    cancellation.listenToSignals();
    int code = ExitCode.FAILED;
    try {
      code = run(args, Session.ofProcess(cancellation));
    } finally {
      cancellation.finished(); // else the end of the process would wait for it
    }
    System.exit(code);
  }

  private static boolean draws(String[] args) {
    return args.length > 0
        && DRAWING.contains(args[0])
        && Arrays.stream(args).noneMatch(HELPING::contains);
  }

  /// Runs the command line `args` in this process, as if no terminal were there.
  ///
  /// @return 0, or what [ExitCode] says
  public static int run(String[] args, PrintWriter out, PrintWriter err) {
    return run(args, Session.of(out, err));
  }

  static int run(String[] args, Session session) {
    try {
      return Latente.commandLine(session).execute(args);
    } catch (OutOfMemoryError | LinkageError e) {
      return new Failures(session).report(e);
    } finally {
      session.out().flush();
      session.err().flush();
    }
  }
}
