package dev.latente.pipeline;

import dev.latente.pipeline.PromptEncoder.Context;
import dev.latente.pipeline.ReferenceModel.Tokens;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The pictures that a request's model looks at through reference models, seen once and kept for
/// all steps.
///
/// @param made what the network is given, by the rows that are asked at once
record References(Map<Rows, List<Reference>> made) {
  /// None.
  static final References NONE = new References(Map.of());

  /// Rows that are asked at once.
  ///
  /// @param without how many of the first are asked without the prompt: they see no picture
  record Rows(int without, int all) {}

  /// Looks at the pictures of `request`; what becomes of them belongs to the open scope.
  ///
  /// @param context what the network will be asked
  static References of(ImageRequest request, Context context) {
    List<ReferencePicture> pictures =
        request.references().stream().filter(picture -> picture.model().isPresent()).toList();
    if (pictures.isEmpty()) {
      return NONE;
    }
    List<Tokens> tokens =
        pictures.stream()
            .map(picture -> picture.model().orElseThrow().tokens(picture.picture()))
            .toList();
    Map<Rows, List<Reference>> made = new HashMap<>();
    for (Question question : context.questions()) {
      for (Question.Batch batch : question.batches()) {
        int without = question.guided() && batch.rows().getFirst() == 0 ? 1 : 0;
        Rows rows = new Rows(without, batch.rows().size());
        made.computeIfAbsent(rows, _ -> make(pictures, tokens, rows));
      }
    }
    return new References(made);
  }

  private static List<Reference> make(
      List<ReferencePicture> pictures, List<Tokens> tokens, Rows rows) {
    List<Reference> references = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      ReferencePicture picture = pictures.get(i);
      List<Tensor> each =
          new ArrayList<>(Collections.nCopies(rows.without(), tokens.get(i).empty()));
      each.addAll(Collections.nCopies(rows.all() - rows.without(), tokens.get(i).tokens()));
      Tensor all = Tensor.concat(0, each.toArray(Tensor[]::new)); // [N, T, E]
      references.add(picture.model().orElseThrow().maps().reference(all, picture::weight));
    }
    return references;
  }

  /// `told`, with the pictures.
  ///
  /// @param without how many of the first rows are asked without the prompt
  /// @param all how many rows there are
  Conditioning add(Conditioning told, int without, int all) {
    List<Reference> seen = made.get(new Rows(without, all));
    return seen == null ? told : told.withReferences(seen);
  }
}
