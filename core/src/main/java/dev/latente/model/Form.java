package dev.latente.model;

import dev.latente.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/// How a stored tensor becomes the one a layer asks for.
enum Form {
  /// As it is.
  SAME {
    @Override
    long[] shape(long[] stored) {
      return stored;
    }

    @Override
    Tensor apply(Tensor stored) {
      return stored;
    }
  },
  /// A 1×1 convolution `[out, in, 1, 1]` as the matrix `[out, in]`.
  MATRIX {
    @Override
    long[] shape(long[] stored) {
      boolean unit = stored.length > 2 && LongStream.of(stored).skip(2).allMatch(n -> n == 1);
      return unit ? Arrays.copyOf(stored, 2) : stored;
    }

    @Override
    Tensor apply(Tensor stored) {
      return stored.reshape(shape(stored.shape()));
    }
  },
  /// A matrix stored as `[in, out]`.
  TRANSPOSED {
    @Override
    long[] shape(long[] stored) {
      return stored.length == 2 ? new long[] {stored[1], stored[0]} : stored;
    }

    @Override
    Tensor apply(Tensor stored) {
      return stored.transpose(0, 1).contiguous();
    }
  },
  /// The upper half of the rows: keys, of keys and values stored below each other.
  FIRST_HALF {
    @Override
    long[] shape(long[] stored) {
      return part(stored, 2);
    }

    @Override
    Tensor apply(Tensor stored) {
      return part(stored, 0, 2);
    }
  },
  /// The lower half of the rows.
  SECOND_HALF {
    @Override
    long[] shape(long[] stored) {
      return part(stored, 2);
    }

    @Override
    Tensor apply(Tensor stored) {
      return part(stored, 1, 2);
    }
  },
  /// The queries' rows, of queries, keys and values stored below each other.
  FIRST_THIRD {
    @Override
    long[] shape(long[] stored) {
      return part(stored, 3);
    }

    @Override
    Tensor apply(Tensor stored) {
      return part(stored, 0, 3);
    }
  },
  /// The keys' rows.
  SECOND_THIRD {
    @Override
    long[] shape(long[] stored) {
      return part(stored, 3);
    }

    @Override
    Tensor apply(Tensor stored) {
      return part(stored, 1, 3);
    }
  },
  /// The values' rows.
  LAST_THIRD {
    @Override
    long[] shape(long[] stored) {
      return part(stored, 3);
    }

    @Override
    Tensor apply(Tensor stored) {
      return part(stored, 2, 3);
    }
  };

  /// The shape of the result, given that of the stored tensor.
  abstract long[] shape(long[] stored);

  /// Makes the result, which shares no more memory with `stored` than its own size.
  abstract Tensor apply(Tensor stored);

  private static long[] part(long[] stored, int parts) {
    long[] shape = stored.clone();
    if (shape.length > 0) {
      shape[0] /= parts;
    }
    return shape;
  }

  private static Tensor part(Tensor stored, int index, int parts) {
    long rows = stored.size(0) / parts;
    // copied, so that a part does not keep the whole alive
    return Tensor.concat(0, stored.slice(0, index * rows, (index + 1) * rows));
  }
}
