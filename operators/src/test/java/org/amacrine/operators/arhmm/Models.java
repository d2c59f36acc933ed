package org.amacrine.operators.arhmm;

import java.util.Random;

/** Models and streams for tests, made from a seed. */
final class Models {
    private Models() {}

    /** A model whose states differ in how fast, and around what, x moves; states stay for some twenty frames. */
    static ArHmmParameters random(int states, int dims, int lags, long seed) {
        Random random = new Random(seed);
        int columns = dims * lags + 1;
        double[] betas = OnlineFilter.uniform(states);
        double[] pi = new double[states * states];
        double[] ab = new double[states * dims * columns];
        double[] q = new double[states * dims * dims];
        for (int k = 0; k < states; k++) {
            double sum = 0;
            for (int j = 0; j < states; j++) {
                pi[k * states + j] = 0.05 + random.nextDouble() + (j == k ? 20 : 0);
                sum += pi[k * states + j];
            }
            for (int j = 0; j < states; j++) {
                pi[k * states + j] /= sum;
            }
            for (int d = 0; d < dims; d++) {
                ab[(k * dims + d) * columns + (lags - 1) * dims + d] = 0.4 + 0.5 * random.nextDouble();
                ab[(k * dims + d) * columns + columns - 1] = random.nextGaussian();
                for (int j = 0; j < columns - 1; j++) {
                    ab[(k * dims + d) * columns + j] += 0.05 * random.nextGaussian();
                }
                for (int e = 0; e < dims; e++) {
                    q[(k * dims + d) * dims + e] = d == e ? 0.2 + 0.3 * random.nextDouble() : 0.02;
                }
            }
        }
        return new ArHmmParameters(states, dims, lags, betas, pi, ab, q);
    }

    /** A stream that the model generates, [frames][dims]. */
    static double[] stream(ArHmmParameters p, int frames, long seed) {
        Random random = new Random(seed);
        int dims = p.dims();
        int columns = p.columns();
        double[] x = new double[frames * dims];
        double[] h = new double[columns];
        double[] noise = new double[dims];
        int state = 0;
        for (int t = 0; t < frames; t++) {
            double u = random.nextDouble();
            int next = 0;
            for (double sum = p.pi()[state * p.states()]; sum < u && next < p.states() - 1; ) {
                sum += p.pi()[state * p.states() + ++next];
            }
            state = next;
            for (int i = 0; i < p.lags() * dims; i++) {
                int from = (t - p.lags()) * dims + i;
                h[i] = from < 0 ? 0 : x[from];
            }
            h[columns - 1] = 1;
            for (int d = 0; d < dims; d++) {
                noise[d] = random.nextGaussian();
                double value = SmallMatrix.dot(p.ab(), (state * dims + d) * columns, h, 0, columns);
                for (int e = 0; e <= d; e++) {
                    value += p.cholesky()[(state * dims + d) * dims + e] * noise[e];
                }
                x[t * dims + d] = value;
            }
        }
        return x;
    }
}
