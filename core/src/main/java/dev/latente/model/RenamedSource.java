package dev.latente.model;

import dev.latente.nn.Lending;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.LentTensor;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The tensors of another source under the names the layers know.
final class RenamedSource implements CheckpointSource {
  private record Piece(String stored, Form form) {}

  private final CheckpointSource source;
  private final Map<String, Piece> pieces = new LinkedHashMap<>();

  private RenamedSource(CheckpointSource source) {
    this.source = source;
  }

  /// All tensors of `source` that `renaming` does not ignore.
  ///
  /// @throws ModelFormatException if two stored tensors go to one place
  static RenamedSource of(CheckpointSource source, Renaming renaming) {
    RenamedSource renamed = new RenamedSource(source);
    for (String stored : source.names()) {
      for (Renaming.Target target : renaming.targets(stored)) {
        Piece other = renamed.pieces.put(target.name(), new Piece(stored, target.form()));
        if (other != null) {
          throw new ModelFormatException(
              "%s: expected one tensor for '%s', found two: '%s' and '%s'"
                  .formatted(source.origin(), target.name(), other.stored(), stored));
        }
      }
    }
    return renamed;
  }

  @Override
  public String origin() {
    return source.origin();
  }

  @Override
  public Set<String> names() {
    return pieces.keySet();
  }

  @Override
  public long[] shape(String name) {
    Piece piece = piece(name);
    return piece.form().shape(source.shape(piece.stored()));
  }

  @Override
  public String storedAs(String name) {
    return source.storedAs(piece(name).stored());
  }

  @Override
  public Tensor read(String name, Precision precision) {
    Piece piece = piece(name);
    return piece.form().apply(source.read(piece.stored(), precision));
  }

  @Override
  public Tensor lend(String name, Precision precision, Lending lending) {
    Piece piece = piece(name);
    long[] stored = source.shape(piece.stored());
    boolean same =
        switch (piece.form()) {
          case SAME -> true;
          case MATRIX -> Arrays.equals(piece.form().shape(stored), stored);
          default -> false;
        };
    return same
        ? source.lend(piece.stored(), precision, lending)
        : LentTensor.formed(
            source.lend(piece.stored(), precision, lending.unpacked()), piece.form()::apply);
  }

  @Override
  public Map<String, String> metadata() {
    return source.metadata();
  }

  private Piece piece(String name) {
    Piece piece = pieces.get(name);
    if (piece == null) {
      throw new ModelFormatException("%s: no tensor '%s'".formatted(origin(), name));
    }
    return piece;
  }

  @Override
  public void close() {
    source.close();
  }
}
