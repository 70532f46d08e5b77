package dev.latente.hub;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the hub's answers mean.
final class Answers {
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final Pattern RATE_LIMIT = Pattern.compile("(?:^|;)\\s*t=(\\d+)");

  private Answers() {}

  /// The failure that `response` stands for.
  ///
  /// @param what was asked for, as messages call it
  static IOException failure(HubSettings settings, HubAddress what, Answer response) {
    int status = response.status();
    if (PASSING.contains(status)) {
      return new Fault("the server answered %d".formatted(status), retryAfter(response.headers()));
    }
    String code = response.header("X-Error-Code").orElse("");
    String name = what.repository();
    return switch (status) {
      case 401, 403 ->
          new HubException(
              code.equals("GatedRepo")
                  ? "%s: access is gated: agree to its terms at %s/%s, and %s"
                      .formatted(name, settings.endpoint(), name, token(settings))
                  : "%s: no such repository, or it is private: %s"
                      .formatted(name, token(settings)));
      case 404 ->
          new HubException(
              switch (code) {
                case "RevisionNotFound" ->
                    "%s: no such revision: '%s'".formatted(name, what.revision());
                case "EntryNotFound" -> missing(what);
                default ->
                    what.file().isPresent()
                        ? missing(what)
                        : "%s: no such repository, or no revision '%s' of it, at %s"
                            .formatted(name, what.revision(), settings.endpoint());
              });
      default ->
          new HubException(
              "%s: expected an answer 200, found %d%s"
                  .formatted(
                      name,
                      status,
                      response.header("X-Error-Message").map(" (%s)"::formatted).orElse("")));
    };
  }

  private static String missing(HubAddress what) {
    return "%s: no such file in the repository: '%s'".formatted(what, what.file().orElse(""));
  }

  private static String token(HubSettings settings) {
    return settings.token().isPresent()
        ? "the token given does not allow it"
        : "set HF_TOKEN to a token that allows it";
  }

  /// Seconds, a date, or the hub's own `RateLimit: "api";r=0;t=55`.
  private static Duration retryAfter(HttpHeaders headers) {
    Optional<String> asked = headers.firstValue("Retry-After").map(String::strip);
    if (asked.isPresent()) {
      return asked.get().matches("\\d{1,9}")
          ? Duration.ofSeconds(Long.parseLong(asked.get()))
          : until(asked.get());
    }
    Matcher limit = RATE_LIMIT.matcher(headers.firstValue("RateLimit").orElse(""));
    return limit.find() && limit.group(1).length() < 10
        ? Duration.ofSeconds(Long.parseLong(limit.group(1)))
        : Duration.ZERO;
  }

  private static Duration until(String date) {
    try {
      ZonedDateTime end = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration left = Duration.between(ZonedDateTime.now(end.getZone()), end);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException _) {
      return Duration.ZERO;
    }
  }
}
