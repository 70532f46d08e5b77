package dev.latente.cli;

/// What the process tells the shell.
final class ExitCode {
  /// Everything was done.
  static final int OK = 0;

  /// It was a proper call, but it could not be carried out.
  static final int FAILED = 1;

  /// The command line was wrong.
  static final int WRONG_CALL = 2;

  /// It was done, but a model's safety checker kept at least one picture back.
  static final int FLAGGED = 3;

  /// The user stopped it: what shells give for a process that SIGINT ended, 128 + 2.
  static final int STOPPED = 130;

  private ExitCode() {}
}
