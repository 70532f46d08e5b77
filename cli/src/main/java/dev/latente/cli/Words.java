package dev.latente.cli;

import java.util.Locale;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;

/// What the command says, in the user's language.
final class Words {
  private static final String BUNDLE = "dev.latente.cli.Latente";

  private final ResourceBundle bundle;
  private final Locale locale;

  private Words(ResourceBundle bundle, Locale locale) {
    this.bundle = bundle;
    this.locale = locale;
  }

  /// The words of the language nearest to `locale`: English if there are none.
  static Words of(Locale locale) {
    Control own = Control.getNoFallbackControl(Control.FORMAT_PROPERTIES);
    return new Words(ResourceBundle.getBundle(BUNDLE, locale, own), locale);
  }

  /// All of them, for picocli's help.
  ResourceBundle bundle() {
    return bundle;
  }

  /// The message called `key`, with numbers as the user writes them.
  String say(String key, Object... values) {
    return String.format(locale, bundle.getString("say." + key), values);
  }
}
