package dev.latente.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `latente models`: what models there are, where they come from and what is in them.
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "(list | info | pull | convert)")
final class ModelsCommand {
  /// The command with its subcommands.
  static CommandLine with(Session session, Words words) {
    return new CommandLine(new ModelsCommand())
        .addSubcommand(new ModelsListCommand(session, words))
        .addSubcommand(new ModelsInfoCommand(session, words))
        .addSubcommand(new ModelsPullCommand(session, words))
        .addSubcommand(new ModelsConvertCommand(session, words));
  }
}
