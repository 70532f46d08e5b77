package dev.latente.cli;

import dev.latente.model.Conversion;
import dev.latente.model.Quantisation;
import dev.latente.model.RandomModel;
import dev.latente.pipeline.GuidanceInterval;
import dev.latente.pipeline.MemoryUse;
import dev.latente.prompt.Emphasis;
import dev.latente.sampling.SamplerChoice;
import dev.latente.sampling.Schedule;
import dev.latente.tensor.NoiseSource;
import dev.latente.tensor.Precision;
import java.util.ResourceBundle;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The command itself; what it can do are its subcommands.
@Command(
    name = "latente",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class Latente implements Callable<Integer> {
  private static final int HELP_WIDTH = 100;

  private final Session session;

  private Latente(Session session) {
    this.session = session;
  }

  /// The whole command line: a new subcommand is added here.
  static CommandLine commandLine(Session session) {
    Words words = Words.of(session.locale());
    CommandLine latente =
        new CommandLine(new Latente(session))
            .addSubcommand(new GenerateCommand(session, words))
            .addSubcommand(new DepthCommand(session, words))
            .addSubcommand(new ScenesCommand(session, words))
            .addSubcommand(new TrainCommand())
            .addSubcommand(new EvaluateCommand(session, words))
            .addSubcommand(new BenchCommand(session, words))
            .addSubcommand(new InfoCommand(session, words))
            .addSubcommand(new VerifyCommand(session, words))
            .addSubcommand(ModelsCommand.with(session, words))
            .addSubcommand(new HelpCommand());
    translate(latente, words.bundle());
    Failures failures = new Failures(session);
    return latente
        .registerConverter(ControlSpec.class, converter(ControlSpec::parse))
        .registerConverter(PictureSize.class, converter(PictureSize::parse))
        .registerConverter(SamplerChoice.class, converter(SamplerChoice::named))
        .registerConverter(Schedule.class, converter(Schedule::named))
        .registerConverter(GuidanceInterval.class, converter(GuidanceInterval::parse))
        .registerConverter(Emphasis.class, converter(Emphasis::named))
        .registerConverter(Precision.class, converter(Precision::named))
        .registerConverter(MemoryUse.class, converter(MemoryUse::named))
        .registerConverter(RandomModel.class, converter(RandomModel::named))
        .registerConverter(Quantisation.class, converter(Quantisation::named))
        .registerConverter(Conversion.Layout.class, converter(ModelsConvertCommand::layout))
        .registerConverter(ReferenceSpec.class, converter(ReferenceSpec::parse))
        .registerConverter(NoiseSource.class, converter(NoiseSource::named))
        .setUsageHelpWidth(HELP_WIDTH)
        .setExpandAtFiles(false) // a prompt may begin with @
        .setOut(session.out())
        .setErr(session.err())
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  private static void translate(CommandLine command, ResourceBundle bundle) {
    command.setResourceBundle(bundle);
    command.getSubcommands().values().forEach(below -> translate(below, bundle));
  }

  private static <T> ITypeConverter<T> converter(Function<String, T> parser) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  /// Without a subcommand there is only help to give.
  @Override
  public Integer call() {
    commandLine(session).usage(session.err());
    return ExitCode.WRONG_CALL;
  }
}
