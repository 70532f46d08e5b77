package dev.latente.scenes.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FrechetDistanceTest {
  private static List<float[]> normal(int count, int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] vector = new float[length];
      for (int j = 0; j < length; j++) {
        vector[j] = (float) random.nextGaussian();
      }
      vectors.add(vector);
    }
    return vectors;
  }

  // Mean (a + b)/2 and deviation |a - b|/√2 of two numbers.
  private static List<float[]> pair(float a, float b) {
    return List.of(new float[] {a}, new float[] {b});
  }

  @Test
  void aSetIsNoDistanceFromItself() {
    List<float[]> vectors = normal(100, 12, 1);
    assertThat(FrechetDistance.between(vectors, vectors)).isCloseTo(0, within(1e-9));
  }

  // In one dimension it is (m1 - m2)² + (s1 - s2)²: Dowson & Landau (1982).
  @Test
  void inOneDimensionItIsThatOfMeansAndDeviations() {
    double deviations = (8 - 2) / Math.sqrt(2);
    assertThat(FrechetDistance.between(pair(-1, 1), pair(1, 9)))
        .isCloseTo(25 + deviations * deviations, within(1e-6));
  }

  @Test
  void movingASetAddsTheSquareOfTheWay() {
    List<float[]> vectors = normal(80, 5, 2);
    List<float[]> moved =
        vectors.stream().map(v -> new float[] {v[0] + 3, v[1], v[2] - 4, v[3], v[4]}).toList();
    assertThat(FrechetDistance.between(vectors, moved)).isCloseTo(25, within(1e-4));
  }

  @Test
  void scalingASetAddsTheVarianceTimesTheSquareOfWhatIsGained() {
    List<float[]> vectors = new ArrayList<>();
    for (float[] v : normal(200, 3, 3)) { // around zero exactly, by pairs
      vectors.add(v);
      vectors.add(new float[] {-v[0], -v[1], -v[2]});
    }
    List<float[]> scaled =
        vectors.stream().map(v -> new float[] {3 * v[0], 3 * v[1], 3 * v[2]}).toList();
    double variance = 0;
    for (float[] v : vectors) {
      variance += ((double) v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) / (vectors.size() - 1);
    }
    assertThat(FrechetDistance.between(vectors, scaled)).isCloseTo(4 * variance, within(1e-4));
  }

  @Test
  void fewerVectorsThanDimensionsAreEnough() {
    double distance = FrechetDistance.between(normal(10, 32, 4), normal(10, 32, 5));
    assertThat(distance).isBetween(1.0, 200.0);
    assertThatThrownBy(() -> FrechetDistance.between(normal(1, 4, 6), normal(5, 4, 7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("need at least two vectors: 1");
  }

  @Test
  void theRootOfAMatrixTimesItselfIsTheMatrix() {
    double[][] factor = new double[7][];
    List<float[]> rows = normal(7, 7, 8);
    double[][] transposed = new double[7][7];
    for (int i = 0; i < 7; i++) {
      factor[i] = new double[7];
      for (int j = 0; j < 7; j++) {
        factor[i][j] = rows.get(i)[j];
        transposed[j][i] = rows.get(i)[j];
      }
    }
    double[][] matrix = SymmetricMatrix.product(factor, transposed);
    double[][] root = SymmetricMatrix.squareRoot(matrix);
    double[][] again = SymmetricMatrix.product(root, root);
    for (int i = 0; i < 7; i++) {
      assertThat(again[i]).containsExactly(matrix[i], within(1e-10));
    }
  }
}
