package dev.latente.cli;

import java.io.PrintWriter;

/// Where the `latente` command begins.
public final class Main {
  private Main() {}

  /// Runs the command line `args` and ends the process with its exit code.
  public static void main(String[] args) {
    StandardError.restore();
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
