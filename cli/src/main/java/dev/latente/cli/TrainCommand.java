package dev.latente.cli;

import picocli.CommandLine.Command;

/// `latente train`: the two halves of a latent diffusion model, each trained from a folder of
/// pictures, a copy of it that needs few steps, and the judge of what they draw.
@Command(
    name = "train",
    resourceBundle = "dev.latente.cli.Train",
    subcommands = {
      TrainVaeCommand.class,
      TrainDiffusionCommand.class,
      TrainAutoguideCommand.class,
      TrainDistilCommand.class,
      TrainControlCommand.class,
      TrainDepthCommand.class,
      TrainImageEncoderCommand.class,
      TrainReferenceCommand.class,
      TrainTextCommand.class,
      TrainJudgeCommand.class
    },
    synopsisSubcommandLabel =
        "(vae | diffusion | autoguide | distil | control | depth | image-encoder | reference | text"
            + " | judge)",
    mixinStandardHelpOptions = true)
final class TrainCommand {}
