package dev.latente.model;

import dev.latente.tensor.ElementType;
import java.util.List;
import java.util.Map;

/// A value of a pickle: data, never behaviour.
sealed interface Pickled {
  /// `None`, and whatever is of no use here.
  record Nothing() implements Pickled {}

  /// A text, a number or a truth value.
  record Scalar(Object value) implements Pickled {}

  /// A list, tuple or set; it may grow while the pickle is read.
  record Sequence(List<Pickled> values) implements Pickled {}

  /// A dictionary; it may grow while the pickle is read.
  record Dictionary(Map<Pickled, Pickled> entries) implements Pickled {}

  /// A class or function the pickle names; it is never looked up.
  record Global(String name) implements Pickled {}

  /// An object of a class that is known to hold nothing of use.
  record Inert(String name) implements Pickled {}

  /// Numbers stored beside the pickle.
  ///
  /// @param key the name of the entry
  /// @param count how many numbers it holds
  record Storage(ElementType type, String key, long count) implements Pickled {}

  /// A view of a storage.
  ///
  /// @param offset its first number's place
  /// @param strides how many numbers apart neighbours along each dimension lie
  record View(Storage storage, long offset, List<Long> shape, List<Long> strides)
      implements Pickled {}

  /// The text of a scalar; an empty one for anything else.
  default String text() {
    return this instanceof Scalar(String text) ? text : "";
  }
}
