package dev.latente.pipeline;

import dev.latente.nn.ModelFormatException;
import dev.latente.tokenizer.ClipVocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Where the vocabulary of a model comes from that brings none: a single file holds weights only.
@FunctionalInterface
public interface TokenizerFiles {
  /// A folder with `tokenizer.json`, or with `vocab.json` and `merges.txt`.
  ///
  /// @param model the model's file
  /// @throws ModelFormatException if there is none; the message says what to do
  Path folder(Path model) throws IOException;

  /// The files in `folder`, whatever they are.
  static TokenizerFiles of(Path folder) {
    return _ -> folder;
  }

  /// CLIP's vocabulary, known by its content, wherever it lies beside the model or in `places`: in
  /// folders of models, the Hugging Face hub's cache, a program's own.
  static TokenizerFiles search(List<Path> places) {
    return search(
        places,
        (model, searched) -> {
          throw new ModelFormatException(
              "%s: expected CLIP's vocabulary, which a single file lacks, in %s, found none"
                  .formatted(model, searched));
        });
  }

  /// As [#search(List)]; if there is none, `otherwise` is asked.
  static TokenizerFiles search(List<Path> places, Fallback otherwise) {
    List<Path> given = List.copyOf(places);
    return model -> {
      List<Path> all = new ArrayList<>();
      Path beside = model.toAbsolutePath().getParent();
      if (beside != null) {
        all.add(beside);
      }
      all.addAll(given);
      for (Path place : all) {
        Optional<Path> found = ClipVocabulary.findUnder(place);
        if (found.isPresent()) {
          return found.get();
        }
      }
      String searched = all.stream().map(Path::toString).collect(Collectors.joining(", "));
      Path folder = otherwise.folder(model, searched);
      if (!ClipVocabulary.isIn(folder)) {
        throw new ModelFormatException(folder + ": expected CLIP's vocabulary, found another one");
      }
      return folder;
    };
  }

  /// What to do when a search found nothing, such as to download the files.
  @FunctionalInterface
  interface Fallback {
    /// A folder with the files.
    ///
    /// @param model the model's file
    /// @param searched the folders that were searched in vain, for a message
    Path folder(Path model, String searched) throws IOException;
  }
}
