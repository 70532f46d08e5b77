package dev.latente.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A repository at a revision, or one file of it.
///
/// @param repository such as `stabilityai/sd-turbo`
/// @param revision a branch, a tag or a commit
/// @param file the only file that is meant, if it is not the whole
public record HubAddress(String repository, String revision, Optional<String> file) {
  /// The branch that is meant where none is named.
  public static final String MAIN = "main";

  private static final String FORM = "ORG/NAME[@REVISION][/FILE]";

  /// The hub's own rule for the names of owners and repositories.
  private static final String NAME = "[A-Za-z0-9][\\w.-]*";

  private static final Pattern REPOSITORY = Pattern.compile(NAME + "/" + NAME);
  private static final Pattern WRITTEN =
      Pattern.compile("(%s/%s)(?:@([^/@]+))?(?:/(.+))?".formatted(NAME, NAME));
  private static final Pattern PAGE =
      Pattern.compile(
          "https?://(?:www\\.)?(?:huggingface\\.co|hf\\.co)/(%s/%s)(?:/(?:tree|blob|resolve)/([^/?]+)(?:/([^?]+))?)?/?(?:\\?.*)?"
              .formatted(NAME, NAME));

  public HubAddress {
    if (!REPOSITORY.matcher(repository).matches() || repository.contains("..")) {
      throw new IllegalArgumentException(
          "a repository must be written ORG/NAME: '%s'".formatted(repository));
    }
    if (!SafePath.isSafe(revision)) {
      throw new IllegalArgumentException(
          "a revision must be a branch, a tag or a commit: '%s'".formatted(revision));
    }
    file.ifPresent(name -> {
      if (!SafePath.isSafe(name)) {
        throw new IllegalArgumentException("no file can be called '%s'".formatted(name));
      }
    });
  }

  /// Reads `ORG/NAME`, `ORG/NAME@REVISION`, either with `/FILE` after it, or the address of such a
  /// page on huggingface.co.
  ///
  /// @throws IllegalArgumentException if `text` is none of these
  public static HubAddress parse(String text) {
    for (Pattern form : new Pattern[] {WRITTEN, PAGE}) {
      Matcher matcher = form.matcher(text);
      if (matcher.matches()) {
        return new HubAddress(
            matcher.group(1),
            Optional.ofNullable(matcher.group(2)).orElse(MAIN).replace("%2F", "/"),
            Optional.ofNullable(matcher.group(3)));
      }
    }
    throw new IllegalArgumentException(
        "a model of the hub is written %s: '%s'".formatted(FORM, text));
  }

  @Override
  public String toString() {
    return repository + (revision.equals(MAIN) ? "" : "@" + revision);
  }
}
