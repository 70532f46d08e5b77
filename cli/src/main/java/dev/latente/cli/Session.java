package dev.latente.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// What surrounds one run of the command.
///
/// @param out for results
/// @param err for progress and complaints
/// @param terminal whether somebody watches `err`
/// @param locale the user's language and way to write numbers
/// @param cancellation whether the user wants it to stop
/// @param environment the variables of the process
/// @param debug whether failures are to be shown with their stack trace
record Session(
    PrintWriter out,
    PrintWriter err,
    BooleanSupplier terminal,
    Locale locale,
    Cancellation cancellation,
    Map<String, String> environment,
    boolean debug) {

  /// A home that is nobody's.
  private static final Map<String, String> NOBODY = Map.of("HOME", "nowhere");

  /// The session of this process.
  static Session ofProcess(Cancellation cancellation) {
    return new Session(
        writer(System.out),
        writer(System.err),
        Terminal::watchesErrors,
        language(System.getenv()),
        cancellation,
        Map.copyOf(System.getenv()),
        !System.getenv().getOrDefault("LATENTE_DEBUG", "").isEmpty());
  }

  /// One without a terminal and without an environment, in English.
  static Session of(PrintWriter out, PrintWriter err) {
    return new Session(out, err, () -> false, Locale.ENGLISH, new Cancellation(), NOBODY, false);
  }

  Session withLocale(Locale other) {
    return new Session(out, err, terminal, other, cancellation, environment, debug);
  }

  Session withTerminal() {
    return new Session(out, err, () -> true, locale, cancellation, environment, debug);
  }

  Session withCancellation(Cancellation other) {
    return new Session(out, err, terminal, locale, other, environment, debug);
  }

  Session withEnvironment(Map<String, String> other) {
    return new Session(out, err, terminal, locale, cancellation, Map.copyOf(other), debug);
  }

  /// The variable `name`, if it is set to something.
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /// The user's own folder.
  Path home() {
    return Path.of(variable("HOME").orElseGet(() -> System.getProperty("user.home", ".")));
  }

  /// The language that POSIX' variables ask for; Java's own guess if they ask for none.
  ///
  /// Java follows them only where the system has that locale installed.
  static Locale language(Map<String, String> environment) {
    String wanted =
        Stream.of("LC_ALL", "LC_MESSAGES", "LANG")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("");
    String tag = wanted.replaceFirst("[.@].*", "").replace('_', '-'); // es_ES.UTF-8
    Locale locale = Locale.forLanguageTag(tag);
    boolean none = locale.getLanguage().isEmpty() || tag.equals("POSIX");
    return none ? Locale.getDefault() : locale;
  }

  private static PrintWriter writer(PrintStream stream) {
    Charset charset = stream.charset();
    boolean unset = charset.equals(StandardCharsets.US_ASCII); // the locale "C" says nothing
    return new PrintWriter(stream, true, unset ? StandardCharsets.UTF_8 : charset);
  }
}
