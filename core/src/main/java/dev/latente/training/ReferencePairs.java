package dev.latente.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Captions of pictures, each with a picture that shows what the caption leaves unsaid.
///
/// Where the data says what style a caption leaves out ([ImageFolder.Subject]), that is another
/// picture of this style, so that the reference tells the style and nothing else. Elsewhere it is
/// the picture itself.
///
/// @param data all pictures
/// @param byStyle which pictures have a style, by its name
record ReferencePairs(ImageFolder data, Map<String, List<Integer>> byStyle) {

  /// A caption, and the index of a picture to look at.
  record Pair(String caption, int reference) {}

  static ReferencePairs of(ImageFolder data) {
    Map<String, List<Integer>> byStyle = new HashMap<>();
    for (int i = 0; i < data.size(); i++) {
      for (String style :
          data.entries().get(i).subjects().stream()
              .map(ImageFolder.Subject::style)
              .distinct()
              .toList()) {
        byStyle.computeIfAbsent(style, _ -> new ArrayList<>()).add(i);
      }
    }
    return new ReferencePairs(data, byStyle);
  }

  /// One of those of picture `index`.
  Pair draw(int index, SplittableRandom random) {
    ImageFolder.Entry entry = data.entries().get(index);
    if (entry.subjects().isEmpty()) {
      return new Pair(Captions.wording(entry, 0, random), index);
    }
    ImageFolder.Subject subject = entry.subjects().get(random.nextInt(entry.subjects().size()));
    List<Integer> alike = byStyle.getOrDefault(subject.style(), List.of(index));
    return new Pair(subject.text(), alike.get(random.nextInt(alike.size())));
  }
}
