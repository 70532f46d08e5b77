import dev.latente.model.Checkpoint;
import dev.latente.model.CheckpointSource;
import dev.latente.model.DiffusersFolderWriter;
import dev.latente.model.RandomModel;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vae.VaeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Writes an untrained model of the size of Stable Diffusion 1.5, in f16 and in diffusers' layout,
/// so that other programs can draw noise with it too.
///
/// `java RandomModelFolder.java OUT TOKENIZER`
@SuppressWarnings("DefaultPackage") // run as a file
final class RandomModelFolder {
  private RandomModelFolder() {}

  static void main(String[] args) throws Exception {
    Path out = Path.of(args[0]);
    Path tokenizer = Path.of(args[1]);
    try (Checkpoint model = RandomModel.SD15.open(tokenizer, Precision.F16);
        Stream<Path> files = Files.list(tokenizer)) {
      DiffusersFolderWriter writer = new DiffusersFolderWriter(out, ElementType.F16);
      try (Scope _ = Scope.open()) {
        writer.unet(model.unet().config(), weights(model.unet().weights()));
      }
      try (Scope _ = Scope.open()) {
        var vae = model.vae().orElseThrow();
        writer.vae((VaeConfig) vae.config(), weights(vae.weights()));
      }
      try (Scope _ = Scope.open()) {
        var text = model.textEncoders().getFirst();
        writer.textEncoder(text.config(), weights(text.weights()));
      }
      writer.tokenizer(files.toList()).scheduler(model.scheduler()).finish();
    }
  }

  private static Map<String, Tensor> weights(CheckpointSource source) {
    Map<String, Tensor> all = new TreeMap<>();
    for (String name : source.names()) {
      all.put(name, source.read(name, Precision.F16));
    }
    return all;
  }
}
