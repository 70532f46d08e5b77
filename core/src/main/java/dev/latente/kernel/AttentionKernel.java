package dev.latente.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [Attention], on arrays. A panel is one number for each of [#QUERIES] queries: two
/// vectors.
///
/// The inner loops are written out, with all their sums in registers; they call nothing but
/// vectors' methods, or the compiler would stop short of making instructions of these.
final class AttentionKernel {
  /// Keys, or features, whose sums are in registers at once.
  static final int TILE = 8;

  private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;
  private static final int COUNT = Lanes.COUNT;

  /// Queries that are handled together.
  static final int QUERIES = 2 * COUNT;

  // In the state, after the greatest scores: the sums of weights, the corrections.
  private static final int SUMS = QUERIES;
  private static final int CORRECTIONS = 2 * QUERIES;

  /// Numbers of a state.
  static final int STATE = 3 * QUERIES;

  private AttentionKernel() {}

  /// Makes weights of `keys` scores, powers of two, and takes them into the state.
  static void weigh(float[] scores, int keys, float[] state) {
    FloatVector old0 = FloatVector.fromArray(SPECIES, state, 0);
    FloatVector old1 = FloatVector.fromArray(SPECIES, state, COUNT);
    FloatVector most0 = old0;
    FloatVector most1 = old1;
    for (int key = 0; key < keys; key++) {
      most0 = most0.max(FloatVector.fromArray(SPECIES, scores, key * QUERIES));
      most1 = most1.max(FloatVector.fromArray(SPECIES, scores, key * QUERIES + COUNT));
    }
    most0.intoArray(state, 0);
    most1.intoArray(state, COUNT);
    FloatVector correction0 = Exponential.exp2(old0.sub(most0));
    FloatVector correction1 = Exponential.exp2(old1.sub(most1));
    correction0.intoArray(state, CORRECTIONS);
    correction1.intoArray(state, CORRECTIONS + COUNT);
    add(scores, keys, 0, most0, correction0, state);
    add(scores, keys, COUNT, most1, correction1, state);
  }

  /// Makes weights of one vector of each panel, and adds them to the corrected sums.
  private static void add(
      float[] scores,
      int keys,
      int first,
      FloatVector most,
      FloatVector correction,
      float[] state) {
    FloatVector sum = FloatVector.fromArray(SPECIES, state, SUMS + first).mul(correction);
    for (int key = 0; key < keys; key++) {
      int at = key * QUERIES + first;
      FloatVector weight = Exponential.exp2(FloatVector.fromArray(SPECIES, scores, at).sub(most));
      sum = sum.add(weight);
      weight.intoArray(scores, at);
    }
    sum.intoArray(state, SUMS + first);
  }

  /// Corrects what was found before, panels `[d]`, for the greatest score of now.
  static void rescale(float[] found, int d, float[] state) {
    FloatVector correction0 = FloatVector.fromArray(SPECIES, state, CORRECTIONS);
    FloatVector correction1 = FloatVector.fromArray(SPECIES, state, CORRECTIONS + COUNT);
    for (int i = 0; i < d; i++) {
      int at = i * QUERIES;
      FloatVector.fromArray(SPECIES, found, at).mul(correction0).intoArray(found, at);
      int next = at + COUNT;
      FloatVector.fromArray(SPECIES, found, next).mul(correction1).intoArray(found, next);
    }
  }

  /// What query `lane` found, `[d]`, divided by the sum of its weights.
  static void result(float[] found, float[] state, int lane, int d, float[] to) {
    float sum = state[SUMS + lane];
    for (int i = 0; i < d; i++) {
      to[i] = found[i * QUERIES + lane] / sum;
    }
  }

  /// The scores of keys with the panels of queries `[d]`.
  ///
  /// @param k `[keys, d]`
  /// @param keys a multiple of [#TILE]
  /// @param to panels `[keys]`, overwritten
  static void scores(float[] k, int keys, float[] queries, int d, float[] to) {
    for (int key = 0; key < keys; key += TILE) {
      scoresOfTile(k, key * d, queries, d, to, key * QUERIES);
    }
  }

  private static void scoresOfTile(
      float[] k, int first, float[] queries, int d, float[] to, int at) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero;
    FloatVector b0 = zero;
    FloatVector a1 = zero;
    FloatVector b1 = zero;
    FloatVector a2 = zero;
    FloatVector b2 = zero;
    FloatVector a3 = zero;
    FloatVector b3 = zero;
    FloatVector a4 = zero;
    FloatVector b4 = zero;
    FloatVector a5 = zero;
    FloatVector b5 = zero;
    FloatVector a6 = zero;
    FloatVector b6 = zero;
    FloatVector a7 = zero;
    FloatVector b7 = zero;
    int k1 = first + d;
    int k2 = first + 2 * d;
    int k3 = first + 3 * d;
    int k4 = first + 4 * d;
    int k5 = first + 5 * d;
    int k6 = first + 6 * d;
    int k7 = first + 7 * d;
    for (int i = 0; i < d; i++) {
      FloatVector p = FloatVector.fromArray(SPECIES, queries, i * QUERIES);
      FloatVector q = FloatVector.fromArray(SPECIES, queries, i * QUERIES + COUNT);
      FloatVector x0 = FloatVector.broadcast(SPECIES, k[first + i]);
      a0 = x0.fma(p, a0);
      b0 = x0.fma(q, b0);
      FloatVector x1 = FloatVector.broadcast(SPECIES, k[k1 + i]);
      a1 = x1.fma(p, a1);
      b1 = x1.fma(q, b1);
      FloatVector x2 = FloatVector.broadcast(SPECIES, k[k2 + i]);
      a2 = x2.fma(p, a2);
      b2 = x2.fma(q, b2);
      FloatVector x3 = FloatVector.broadcast(SPECIES, k[k3 + i]);
      a3 = x3.fma(p, a3);
      b3 = x3.fma(q, b3);
      FloatVector x4 = FloatVector.broadcast(SPECIES, k[k4 + i]);
      a4 = x4.fma(p, a4);
      b4 = x4.fma(q, b4);
      FloatVector x5 = FloatVector.broadcast(SPECIES, k[k5 + i]);
      a5 = x5.fma(p, a5);
      b5 = x5.fma(q, b5);
      FloatVector x6 = FloatVector.broadcast(SPECIES, k[k6 + i]);
      a6 = x6.fma(p, a6);
      b6 = x6.fma(q, b6);
      FloatVector x7 = FloatVector.broadcast(SPECIES, k[k7 + i]);
      a7 = x7.fma(p, a7);
      b7 = x7.fma(q, b7);
    }
    a0.intoArray(to, at);
    b0.intoArray(to, at + COUNT);
    a1.intoArray(to, at + QUERIES);
    b1.intoArray(to, at + QUERIES + COUNT);
    a2.intoArray(to, at + 2 * QUERIES);
    b2.intoArray(to, at + 2 * QUERIES + COUNT);
    a3.intoArray(to, at + 3 * QUERIES);
    b3.intoArray(to, at + 3 * QUERIES + COUNT);
    a4.intoArray(to, at + 4 * QUERIES);
    b4.intoArray(to, at + 4 * QUERIES + COUNT);
    a5.intoArray(to, at + 5 * QUERIES);
    b5.intoArray(to, at + 5 * QUERIES + COUNT);
    a6.intoArray(to, at + 6 * QUERIES);
    b6.intoArray(to, at + 6 * QUERIES + COUNT);
    a7.intoArray(to, at + 7 * QUERIES);
    b7.intoArray(to, at + 7 * QUERIES + COUNT);
  }

  /// Adds to `found`, panels `[d]`, the values of keys, weighed.
  ///
  /// @param v `[keys, d]`
  /// @param weights panels `[keys]`
  /// @param d a multiple of [#TILE]
  static void sum(float[] v, int keys, float[] weights, int d, float[] found) {
    for (int i = 0; i < d; i += TILE) {
      sumOfTile(v, i, keys, weights, d, found, i * QUERIES);
    }
  }

  private static void sumOfTile(
      float[] v, int first, int keys, float[] weights, int d, float[] found, int to) {
    FloatVector a0 = FloatVector.fromArray(SPECIES, found, to);
    FloatVector b0 = FloatVector.fromArray(SPECIES, found, to + COUNT);
    FloatVector a1 = FloatVector.fromArray(SPECIES, found, to + QUERIES);
    FloatVector b1 = FloatVector.fromArray(SPECIES, found, to + QUERIES + COUNT);
    FloatVector a2 = FloatVector.fromArray(SPECIES, found, to + 2 * QUERIES);
    FloatVector b2 = FloatVector.fromArray(SPECIES, found, to + 2 * QUERIES + COUNT);
    FloatVector a3 = FloatVector.fromArray(SPECIES, found, to + 3 * QUERIES);
    FloatVector b3 = FloatVector.fromArray(SPECIES, found, to + 3 * QUERIES + COUNT);
    FloatVector a4 = FloatVector.fromArray(SPECIES, found, to + 4 * QUERIES);
    FloatVector b4 = FloatVector.fromArray(SPECIES, found, to + 4 * QUERIES + COUNT);
    FloatVector a5 = FloatVector.fromArray(SPECIES, found, to + 5 * QUERIES);
    FloatVector b5 = FloatVector.fromArray(SPECIES, found, to + 5 * QUERIES + COUNT);
    FloatVector a6 = FloatVector.fromArray(SPECIES, found, to + 6 * QUERIES);
    FloatVector b6 = FloatVector.fromArray(SPECIES, found, to + 6 * QUERIES + COUNT);
    FloatVector a7 = FloatVector.fromArray(SPECIES, found, to + 7 * QUERIES);
    FloatVector b7 = FloatVector.fromArray(SPECIES, found, to + 7 * QUERIES + COUNT);
    for (int key = 0; key < keys; key++) {
      int at = first + key * d;
      FloatVector p = FloatVector.fromArray(SPECIES, weights, key * QUERIES);
      FloatVector q = FloatVector.fromArray(SPECIES, weights, key * QUERIES + COUNT);
      FloatVector x0 = FloatVector.broadcast(SPECIES, v[at]);
      a0 = x0.fma(p, a0);
      b0 = x0.fma(q, b0);
      FloatVector x1 = FloatVector.broadcast(SPECIES, v[at + 1]);
      a1 = x1.fma(p, a1);
      b1 = x1.fma(q, b1);
      FloatVector x2 = FloatVector.broadcast(SPECIES, v[at + 2]);
      a2 = x2.fma(p, a2);
      b2 = x2.fma(q, b2);
      FloatVector x3 = FloatVector.broadcast(SPECIES, v[at + 3]);
      a3 = x3.fma(p, a3);
      b3 = x3.fma(q, b3);
      FloatVector x4 = FloatVector.broadcast(SPECIES, v[at + 4]);
      a4 = x4.fma(p, a4);
      b4 = x4.fma(q, b4);
      FloatVector x5 = FloatVector.broadcast(SPECIES, v[at + 5]);
      a5 = x5.fma(p, a5);
      b5 = x5.fma(q, b5);
      FloatVector x6 = FloatVector.broadcast(SPECIES, v[at + 6]);
      a6 = x6.fma(p, a6);
      b6 = x6.fma(q, b6);
      FloatVector x7 = FloatVector.broadcast(SPECIES, v[at + 7]);
      a7 = x7.fma(p, a7);
      b7 = x7.fma(q, b7);
    }
    a0.intoArray(found, to);
    b0.intoArray(found, to + COUNT);
    a1.intoArray(found, to + QUERIES);
    b1.intoArray(found, to + QUERIES + COUNT);
    a2.intoArray(found, to + 2 * QUERIES);
    b2.intoArray(found, to + 2 * QUERIES + COUNT);
    a3.intoArray(found, to + 3 * QUERIES);
    b3.intoArray(found, to + 3 * QUERIES + COUNT);
    a4.intoArray(found, to + 4 * QUERIES);
    b4.intoArray(found, to + 4 * QUERIES + COUNT);
    a5.intoArray(found, to + 5 * QUERIES);
    b5.intoArray(found, to + 5 * QUERIES + COUNT);
    a6.intoArray(found, to + 6 * QUERIES);
    b6.intoArray(found, to + 6 * QUERIES + COUNT);
    a7.intoArray(found, to + 7 * QUERIES);
    b7.intoArray(found, to + 7 * QUERIES + COUNT);
  }
}
