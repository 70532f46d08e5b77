package dev.latente.cli;

import dev.latente.image.ImageFormatException;
import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Tells users what went wrong, in one line.
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Session session;

  Failures(Session session) {
    this.session = session;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    say("%s (see %s --help)".formatted(e.getMessage(), command));
    return ExitCode.WRONG_CALL;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e);
  }

  /// Says what `e` means.
  ///
  /// @return the exit code
  int report(Throwable e) {
    if (session.debug()) {
      e.printStackTrace(session.err());
    }
    say(line(e));
    return switch (e) {
      case CancellationException _ -> ExitCode.STOPPED;
      case ModelFormatException _, ImageFormatException _ -> ExitCode.FAILED;
      case IllegalArgumentException _ -> ExitCode.WRONG_CALL;
      default -> ExitCode.FAILED;
    };
  }

  private void say(String line) {
    String whole = line.lines().map(String::strip).collect(Collectors.joining(" "));
    session.err().println("latente: " + whole);
  }

  private static String line(Throwable thrown) {
    Throwable cause = thrown.getCause();
    Throwable e = thrown instanceof UncheckedIOException && cause != null ? cause : thrown;
    return switch (e) {
      case NoSuchFileException file -> file.getFile() + ": no such file or folder";
      case AccessDeniedException file -> file.getFile() + ": permission denied";
      case FileAlreadyExistsException file -> file.getFile() + ": expected a folder, found a file";
      case FileSystemException file when file.getReason() != null ->
          file.getFile() + ": " + file.getReason();
      case OutOfMemoryError _ ->
          "not enough memory for this: try a smaller size (" + e.getMessage() + ")";
      case LinkageError _ -> "libtorch cannot be loaded: " + rootMessage(e);
      case IOException _, IllegalArgumentException _, CancellationException _ -> message(e);
      case IllegalStateException _ -> message(e);
      default -> "unexpected: " + e + " (LATENTE_DEBUG=1 shows where)";
    };
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return message(root);
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
