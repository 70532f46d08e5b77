package dev.latente.nn;

import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.util.Optional;
import java.util.Set;

/// Named tensors in a file or folder, read one at a time.
public interface TensorSource {
  /// What users call it, such as the file's path.
  String origin();

  /// The names of all tensors.
  Set<String> names();

  /// The shape of tensor `name`, without reading it.
  long[] shape(String name);

  /// The precision that the file has tensor `name` in; empty if it has it in another form, such as
  /// quantised.
  default Optional<Precision> precision(String name) {
    return Optional.empty();
  }

  /// Reads tensor `name` into memory, its real numbers as `precision`.
  Tensor read(String name, Precision precision);

  /// As [#read], but the tensor may lie in the file's own memory: nothing may write to it.
  ///
  /// @param precision what it has, if its numbers are not packed
  default Tensor lend(String name, Precision precision, Lending lending) {
    return read(name, precision);
  }
}
