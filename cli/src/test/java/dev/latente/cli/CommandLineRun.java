package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/// What one run of the command in this process printed.
record CommandLineRun(int code, String out, String err) {
  static final Path MODEL = Path.of("../core/src/test/resources/reference/tiny-sd1");

  static CommandLineRun of(String... args) {
    return of(UnaryOperator.identity(), args);
  }

  static CommandLineRun of(UnaryOperator<Session> change, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Session session = Session.of(new PrintWriter(out), new PrintWriter(err));
    int code = Main.run(args, change.apply(session));
    return new CommandLineRun(code, out.toString(), err.toString());
  }

  /// Checks that it failed with one clear line.
  void assertRefused(int expectedCode, String message) {
    assertThat(err).startsWith("latente: ").contains(message).doesNotContain("\tat ");
    assertThat(err.lines()).hasSize(1);
    assertThat(out).isEmpty();
    assertThat(code).isEqualTo(expectedCode);
  }

  CommandLineRun assertDone() {
    assertThat(err).isEmpty();
    assertThat(code).isZero();
    return this;
  }
}
