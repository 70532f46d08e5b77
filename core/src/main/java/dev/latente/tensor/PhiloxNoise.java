package dev.latente.tensor;

/// A seeded stream of random numbers: those of PyTorch's CUDA generator, without a GPU.
///
/// Each number is a Box-Muller transform of two words of Philox4x32-10 (Salmon et al. 2011,
/// "Parallel random numbers: as easy as 1, 2, 3"), in double precision as A1111 computes its "NV"
/// noise; a GPU computes in single precision, which shows in the sixth digit. PyTorch gives a
/// tensor of more elements than the GPU runs threads other numbers; pictures' latents are smaller.
public final class PhiloxNoise implements NoiseStream {
  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  /// A word to the middle of its interval of (0, 1).
  private static final double UNIT = 0x1p-32;

  /// A word to an angle; single precision, as CUDA's `CURAND_2POW32_INV_2PI`.
  private static final double ANGLE = (float) (2.3283064e-10 * 6.2831855);

  private final long seed;
  private int drawn; // tensors

  private PhiloxNoise(long seed) {
    this.seed = seed;
  }

  /// The stream of `seed`, as `torch.Generator("cuda").manual_seed(seed)`.
  public static PhiloxNoise seeded(long seed) {
    return new PhiloxNoise(seed);
  }

  /// The next numbers, as `torch.randn` on a GPU.
  @Override
  public Tensor normal(long... shape) {
    long count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, size);
    }
    return Tensor.of(numbers(Math.toIntExact(count)), shape);
  }

  /// The numbers of the next tensor.
  float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      int[] words = block(drawn, 0, i, 0, (int) seed, (int) (seed >>> 32));
      double u = Integer.toUnsignedLong(words[0]) * UNIT + UNIT / 2;
      double angle = Integer.toUnsignedLong(words[1]) * ANGLE + ANGLE / 2;
      numbers[i] = (float) (Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.sin(angle));
    }
    drawn++;
    return numbers;
  }

  /// The four words of a counter of four words under a key of two.
  static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
    int[] c = {c0, c1, c2, c3};
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(c[0]);
      long product1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(c[2]);
      c[0] = (int) (product1 >>> 32) ^ c[1] ^ (k0 + round * WEYL_0);
      c[1] = (int) product1;
      c[2] = (int) (product0 >>> 32) ^ c[3] ^ (k1 + round * WEYL_1);
      c[3] = (int) product0;
    }
    return c;
  }
}
