package dev.latente.model;

import dev.latente.model.Conversion.Progress;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Copies a folder in diffusers' layout, each component's weights as one file and in another
/// precision; everything else is copied as it is.
record FolderCopy(Path from, Path to, Optional<Precision> precision) {
  private static final String WEIGHTS =
      "(diffusion_pytorch_model|model|pytorch_model)[.-].*(safetensors|bin|index\\.json|index\\..*\\.json)";

  void run(Progress progress) throws IOException {
    DiffusersFolder.open(from, precision.orElse(Precision.F32)).close(); // complains early
    Set<String> components = copyAllButWeights();
    Map<Path, SafetensorsWriter> writers = new LinkedHashMap<>();
    List<CheckpointSource> opened = new ArrayList<>();
    try {
      for (String component : components) {
        String stem = stem(from.resolve(component));
        CheckpointSource source =
            WeightFiles.open(from.resolve(component), stem, precision.orElse(Precision.F32));
        opened.add(source);
        writers.put(to.resolve(component).resolve(stem + ".safetensors"), writer(source, progress));
      }
      for (Map.Entry<Path, SafetensorsWriter> entry : writers.entrySet()) {
        entry.getValue().write(entry.getKey());
      }
    } finally {
      opened.forEach(CheckpointSource::close);
    }
  }

  /// Copies files; the result names the folders that have weights.
  private Set<String> copyAllButWeights() throws IOException {
    Set<String> components = new TreeSet<>();
    for (Path file : files()) {
      Path name = from.relativize(file);
      Path target = to.resolve(name.toString());
      Files.createDirectories(Optional.ofNullable(target.getParent()).orElseThrow());
      if (isWeights(name)) {
        components.add(name.getName(0).toString());
      } else {
        Files.copy(file, target);
      }
    }
    return components;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /// Whether a file is weights of a component: it lies in a folder that has a config.
  private boolean isWeights(Path name) {
    return name.getNameCount() == 2 && name.getFileName().toString().matches(WEIGHTS);
  }

  private static String stem(Path component) throws IOException {
    try (Stream<Path> files = Files.list(component)) {
      boolean text =
          files
              .map(file -> file.getFileName().toString())
              .noneMatch(file -> file.startsWith(DiffusersFolder.WEIGHTS));
      return text ? DiffusersFolder.TEXT_WEIGHTS : DiffusersFolder.WEIGHTS;
    }
  }

  private SafetensorsWriter writer(CheckpointSource source, Progress progress) {
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    for (String name : source.names()) {
      if (source.storedAs(name).matches("B?F\\d+|Q\\d.*")) { // tables of positions are left out
        OriginalTensor tensor = OriginalTensor.same(name, source, name);
        ElementType type = precision.map(Precision::elementType).orElseGet(tensor::storedType);
        long bytes = LongStream.of(tensor.shape()).reduce(type.bytes(), Math::multiplyExact);
        writer.add(name, type, tensor.shape(), progress.telling(bytes, () -> tensor.bytes(type)));
      }
    }
    return writer;
  }
}
