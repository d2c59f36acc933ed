package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.kernel.Bands;

/**
 * What the frames of each state say about its autoregression: the sum of weights n and, with {@code g = [h; x]}, the sum of
 * {@code w g g^T}, of which {@code Shh}, {@code Sxh} and {@code Sxx} are parts. States are shared among workers; each adds its
 * frames in the order of time, so that sums do not depend on the number of workers.
 */
final class ArStatistics {
    /** Frames that are added at a time. */
    private static final int BLOCK = 4;

    private final int states;
    private final int size;
    private final double[] counts;
    private final double[] products;
    private final double[][] blocks;
    private final int[] firsts;
    private int[] order = new int[0];

    /**
     * Room for the statistics.
     *
     * @param regressors p + D
     * @param workers how many may add at the same time
     */
    ArStatistics(int states, int regressors, int workers) {
        this.states = states;
        this.size = regressors;
        counts = new double[states];
        products = new double[states * size * size];
        blocks = new double[workers][BLOCK * (size + 1)];
        firsts = new int[states + 1];
    }

    /**
     * Takes the statistics of a path.
     *
     * @param z states of all positions, one sequence behind the other
     */
    void take(Observations observations, int[] z, Bands bands) {
        sort(z);
        bands.run(
                (worker, from, to) -> {
                    for (int k = from; k < to; k++) {
                        takeState(observations, k, blocks[worker]);
                    }
                },
                states,
                1);
    }

    /** Positions in the order of their states, and within a state in the order of time. */
    private void sort(int[] z) {
        if (order.length < z.length) {
            order = new int[z.length];
        }
        Arrays.fill(firsts, 0);
        for (int k : z) {
            firsts[k + 1]++;
        }
        for (int k = 0; k < states; k++) {
            firsts[k + 1] += firsts[k];
        }
        int[] next = Arrays.copyOf(firsts, states);
        for (int i = 0; i < z.length; i++) {
            order[next[z[i]]++] = i;
        }
    }

    private void takeState(Observations observations, int k, double[] block) {
        int at = k * size * size;
        Arrays.fill(products, at, at + size * size, 0);
        double count = 0;
        int waiting = 0;
        int n = 0;
        for (int i = firsts[k]; i < firsts[k + 1]; i++) {
            while (order[i] >= observations.offset(n + 1)) {
                n++;
            }
            int s = order[i] - observations.offset(n);
            double weight = observations.weight(n, s);
            if (weight == 0) {
                continue;
            }
            count += weight;
            observations.regressors(n, s, block, waiting * size);
            block[BLOCK * size + waiting++] = weight;
            if (waiting == BLOCK) {
                addBlock(block, at);
                waiting = 0;
            }
        }
        if (waiting > 0) {
            Arrays.fill(block, waiting * size, BLOCK * size, 0);
            addBlock(block, at);
        }
        mirror(at);
        counts[k] = count;
    }

    /** Adds four frames at once to the lower triangle. */
    private void addBlock(double[] g, int at) {
        for (int i = 0; i < size; i++) {
            double a0 = g[BLOCK * size] * g[i];
            double a1 = g[BLOCK * size + 1] * g[size + i];
            double a2 = g[BLOCK * size + 2] * g[2 * size + i];
            double a3 = g[BLOCK * size + 3] * g[3 * size + i];
            int row = at + i * size;
            for (int j = 0; j <= i; j++) {
                double sum = Math.fma(a0, g[j], products[row + j]);
                sum = Math.fma(a1, g[size + j], sum);
                sum = Math.fma(a2, g[2 * size + j], sum);
                products[row + j] = Math.fma(a3, g[3 * size + j], sum);
            }
        }
    }

    private void mirror(int at) {
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                products[at + j * size + i] = products[at + i * size + j];
            }
        }
    }

    /** Sum of weights of each state, [K]. */
    double[] counts() {
        return counts;
    }

    /** Sums of {@code w g g^T}, [K][p + D][p + D]. */
    double[] products() {
        return products;
    }
}
