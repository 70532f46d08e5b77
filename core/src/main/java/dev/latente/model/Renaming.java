package dev.latente.model;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the tensors of a foreign file go: from a name to those a layer asks for.
@FunctionalInterface
interface Renaming {
  /// One destination of a stored tensor.
  record Target(String name, Form form) {}

  /// The destinations of the tensor stored as `name`; none if it is to be ignored.
  List<Target> targets(String name);

  /// This renaming, then `next`; at most one of the two may change a tensor's form.
  default Renaming then(Renaming next) {
    return name ->
        targets(name).stream()
            .flatMap(first ->
                next.targets(first.name()).stream()
                    .map(second ->
                        first.form() == Form.SAME
                            ? second
                            : new Target(second.name(), first.form())))
            .toList();
  }

  /// The part of a file whose names begin with one of `prefixes`, which are cut off, and then
  /// renamed; everything else is ignored.
  default Renaming under(List<String> prefixes) {
    return name ->
        prefixes.stream()
            .filter(name::startsWith)
            .findFirst()
            .map(prefix -> targets(name.substring(prefix.length())))
            .orElse(List.of());
  }

  /// A table of rules: the first whose pattern matches the whole name decides; if none does, the
  /// name stays.
  static Renaming table(Rule... rules) {
    List<Rule> table = List.of(rules);
    return name -> {
      for (Rule rule : table) {
        Matcher matcher = rule.pattern().matcher(name);
        if (matcher.matches()) {
          return rule.targets().stream()
              .map(target -> new Target(matcher.replaceFirst(target.name()), target.form()))
              .toList();
        }
      }
      return List.of(new Target(name, Form.SAME));
    };
  }

  /// One line of a table; the targets' names may refer to the pattern's groups.
  record Rule(Pattern pattern, List<Target> targets) {
    /// Renames what matches `pattern`.
    static Rule rename(String pattern, String replacement) {
      return to(pattern, new Target(replacement, Form.SAME));
    }

    /// Leaves out what matches `pattern`.
    static Rule ignore(String pattern) {
      return to(pattern);
    }

    /// Sends what matches `pattern` to each of `targets`.
    static Rule to(String pattern, Target... targets) {
      return new Rule(Pattern.compile("^(?:" + pattern + ")$"), List.of(targets));
    }
  }
}
