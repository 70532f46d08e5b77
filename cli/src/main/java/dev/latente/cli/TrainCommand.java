package dev.latente.cli;

import picocli.CommandLine.Command;

/// `latente train`: the two halves of a latent diffusion model, each trained from a folder of
/// pictures.
@Command(
    name = "train",
    resourceBundle = "dev.latente.cli.Train",
    subcommands = {TrainVaeCommand.class, TrainDiffusionCommand.class},
    synopsisSubcommandLabel = "(vae | diffusion)",
    mixinStandardHelpOptions = true)
final class TrainCommand {}
