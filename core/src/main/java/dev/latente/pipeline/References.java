package dev.latente.pipeline;

import dev.latente.pipeline.PromptEncoder.Context;
import dev.latente.pipeline.ReferenceModel.Tokens;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// The pictures that a request's model looks at through reference models, seen once and kept for
/// all steps.
///
/// @param pictures what was asked for
/// @param tokens what the reference models made of them
/// @param made what the network is given, by the rows that are asked at once
record References(
    List<ReferencePicture> pictures, List<Tokens> tokens, Map<Rows, List<Reference>> made) {

  /// Rows that are asked at once.
  ///
  /// @param without how many of the first are asked without the prompt: they see no picture
  record Rows(int without, int all) {}

  /// Looks at the pictures of `request`; what becomes of them belongs to the open scope.
  static References of(ImageRequest request) {
    List<ReferencePicture> pictures =
        request.references().stream().filter(picture -> picture.model().isPresent()).toList();
    List<Tokens> tokens =
        pictures.stream()
            .map(picture -> picture.model().orElseThrow().tokens(picture.picture()))
            .toList();
    return new References(pictures, tokens, new HashMap<>());
  }

  /// `context`, with the pictures.
  Context addedTo(Context context) {
    if (pictures.isEmpty()) {
      return context;
    }
    Map<Question, Question> seeing = new IdentityHashMap<>(); // one for all steps of a text
    return context.with(
        context.questions().stream()
            .map(question -> seeing.computeIfAbsent(question, this::seeing))
            .toList());
  }

  private Question seeing(Question question) {
    List<Question.Batch> batches = new ArrayList<>();
    for (Question.Batch batch : question.batches()) {
      int without = question.guided() && batch.rows().getFirst() == 0 ? 1 : 0;
      List<Reference> seen =
          made.computeIfAbsent(new Rows(without, batch.rows().size()), this::make);
      batches.add(new Question.Batch(batch.told().withReferences(seen), batch.rows()));
    }
    return new Question(batches, question.weights(), question.guided());
  }

  private List<Reference> make(Rows rows) {
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
}
