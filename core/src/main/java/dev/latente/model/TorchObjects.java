package dev.latente.model;

import dev.latente.model.Pickled.Dictionary;
import dev.latente.model.Pickled.Global;
import dev.latente.model.Pickled.Inert;
import dev.latente.model.Pickled.Nothing;
import dev.latente.model.Pickled.Scalar;
import dev.latente.model.Pickled.Sequence;
import dev.latente.model.Pickled.Storage;
import dev.latente.model.Pickled.View;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The few names of classes and functions that tensors and training programs leave in a pickle,
/// each with a fixed meaning; all others are refused, and none is ever looked up.
///
/// @param origin begins the messages
record TorchObjects(String origin) {
  private static final String REBUILD = "torch._utils._rebuild_tensor_v2";
  private static final String REBUILD_OLD = "torch._utils._rebuild_tensor";
  private static final String REBUILD_PARAMETER = "torch._utils._rebuild_parameter";

  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "torch.DoubleStorage", ElementType.F64,
          "torch.FloatStorage", ElementType.F32,
          "torch.HalfStorage", ElementType.F16,
          "torch.BFloat16Storage", ElementType.BF16,
          "torch.LongStorage", ElementType.I64,
          "torch.IntStorage", ElementType.I32,
          "torch.ShortStorage", ElementType.I16,
          "torch.CharStorage", ElementType.I8,
          "torch.ByteStorage", ElementType.U8,
          "torch.BoolStorage", ElementType.BOOL);

  private static final Set<String> CONTAINERS =
      Set.of("collections.OrderedDict", "torch.nn.modules.container.ParameterDict");

  /// What training programs leave beside the weights; nothing of it is needed.
  private static final Set<String> INERT =
      Set.of(
          "__builtin__.set",
          "_codecs.encode",
          "argparse.Namespace",
          "builtins.set",
          "collections.defaultdict",
          "numpy._core.multiarray._reconstruct",
          "numpy._core.multiarray.scalar",
          "numpy.core.multiarray._reconstruct",
          "numpy.core.multiarray.scalar",
          "numpy.dtype",
          "numpy.ndarray",
          "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
          "pytorch_lightning.utilities.parsing.AttributeDict",
          "torch.Size",
          "torch.device",
          "torch.dtype",
          "torch.float16",
          "torch.float32");

  /// What a pickle names.
  ///
  /// @throws ModelFormatException if the name is not known to be harmless
  Pickled global(String name) {
    boolean known =
        STORAGES.containsKey(name)
            || CONTAINERS.contains(name)
            || INERT.contains(name)
            || name.equals(REBUILD)
            || name.equals(REBUILD_OLD)
            || name.equals(REBUILD_PARAMETER);
    if (!known) {
      throw new ModelFormatException(
          "%s: refused: it names '%s', which Python would load and might run; only tensors are read"
              .formatted(origin, printable(name)));
    }
    return new Global(name);
  }

  /// What a call would make.
  Pickled call(Pickled function, Pickled arguments) {
    if (function instanceof Global global && arguments instanceof Sequence given) {
      return switch (global.name()) {
        case REBUILD, REBUILD_OLD -> view(given.values());
        case REBUILD_PARAMETER ->
            given.values().isEmpty() ? new Nothing() : given.values().getFirst();
        default ->
            CONTAINERS.contains(global.name())
                ? new Dictionary(new LinkedHashMap<>())
                : new Inert(global.name());
      };
    }
    throw bad("a call of a named function", "a call of " + kindOf(function));
  }

  private Pickled view(List<Pickled> arguments) {
    if (arguments.size() >= 4
        && arguments.get(0) instanceof Storage storage
        && arguments.get(1) instanceof Scalar(Long offset)
        && arguments.get(2) instanceof Sequence(List<Pickled> shape)
        && arguments.get(3) instanceof Sequence(List<Pickled> strides)) {
      return new View(storage, offset, numbers(shape), numbers(strides));
    }
    throw bad("a tensor's storage, offset, shape and strides", "other arguments");
  }

  private List<Long> numbers(List<Pickled> values) {
    List<Long> numbers = new ArrayList<>();
    for (Pickled value : values) {
      if (!(value instanceof Scalar(Long number)) || number < 0) {
        throw bad("a tensor's sizes as whole numbers", kindOf(value));
      }
      numbers.add(number);
    }
    return numbers;
  }

  /// What a persistent id stands for: `('storage', type, key, location, count)`.
  Pickled storage(Pickled id) {
    if (id instanceof Sequence(List<Pickled> parts)
        && parts.size() >= 5
        && parts.get(0).text().equals("storage")
        && parts.get(1) instanceof Global(String name)
        && STORAGES.get(name) instanceof ElementType type
        && parts.get(4) instanceof Scalar(Long count)) {
      return new Storage(type, parts.get(2).text(), count);
    }
    throw bad("a reference to a storage of numbers", kindOf(id));
  }

  /// What a value is, for messages; its content may be endless.
  static String kindOf(Pickled value) {
    return switch (value) {
      case Nothing _ -> "nothing";
      case Scalar(Object scalar) -> printable(scalar.toString());
      case Sequence _ -> "a list";
      case Dictionary _ -> "a dictionary";
      case Global(String name) -> name;
      case Inert(String name) -> name;
      case Storage _ -> "a storage";
      case View _ -> "a tensor";
    };
  }

  static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "…" : clean;
  }

  private ModelFormatException bad(String expected, String found) {
    return new ModelFormatException(
        "%s: in the pickle: expected %s, found %s".formatted(origin, expected, found));
  }
}
