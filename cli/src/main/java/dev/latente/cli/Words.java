package dev.latente.cli;

import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the command says, in the user's language.
final class Words {
  /// Where the words are; of a key in two files, the first counts.
  private static final List<String> FILES =
      List.of(
          "dev.latente.cli.Latente",
          "dev.latente.cli.Prompts",
          "dev.latente.cli.Loras",
          "dev.latente.cli.Sampling",
          "dev.latente.cli.Control",
          "dev.latente.cli.Train",
          "dev.latente.cli.Vae",
          "dev.latente.cli.Start",
          "dev.latente.cli.Hires",
          "dev.latente.cli.Evaluate",
          "dev.latente.cli.Bench",
          "dev.latente.cli.Picture",
          "dev.latente.cli.Models");

  private final ResourceBundle bundle;
  private final Locale locale;

  private Words(ResourceBundle bundle, Locale locale) {
    this.bundle = bundle;
    this.locale = locale;
  }

  /// The words of the language nearest to `locale`: English if there are none.
  static Words of(Locale locale) {
    Control own = Control.getNoFallbackControl(Control.FORMAT_PROPERTIES);
    return new Words(
        new Joined(
            FILES.stream().map(name -> ResourceBundle.getBundle(name, locale, own)).toList()),
        locale);
  }

  /// All of them, for picocli's help.
  ResourceBundle bundle() {
    return bundle;
  }

  /// The message called `key`, with numbers as the user writes them.
  String say(String key, Object... values) {
    return String.format(locale, bundle.getString("say." + key), values);
  }

  /// Several bundles as one.
  private static final class Joined extends ResourceBundle {
    private final List<ResourceBundle> parts;

    Joined(List<ResourceBundle> parts) {
      this.parts = parts;
    }

    @Override
    protected @Nullable Object handleGetObject(String key) {
      for (ResourceBundle part : parts) {
        if (part.containsKey(key)) {
          return part.getObject(key);
        }
      }
      return null;
    }

    @Override
    public Enumeration<String> getKeys() {
      return Collections.enumeration(handleKeySet());
    }

    @Override
    protected Set<String> handleKeySet() {
      Set<String> keys = new TreeSet<>();
      parts.forEach(part -> keys.addAll(part.keySet()));
      return keys;
    }
  }
}
