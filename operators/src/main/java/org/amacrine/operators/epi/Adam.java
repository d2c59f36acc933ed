package org.amacrine.operators.epi;

import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;

/**
 * Adam on a flat vector (Kingma and Ba, ICLR 2015), in TensorFlow's form:
 *
 * <pre>
 *   m = 0.9 m + 0.1 g        v = 0.999 v + 0.001 g²
 *   theta -= lr sqrt(1 - 0.999^t) / (1 - 0.9^t) · m / (sqrt(v) + 1e-7)
 * </pre>
 *
 * Owned by one thread, which workers help; allocates nothing after it was made.
 */
final class Adam {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double EPSILON = 1e-7;
    /** So many values are worth a worker. */
    private static final int GRAIN = 1024;

    private double learningRate;
    private final double[] m;
    private final double[] v;
    private final Bands bands;
    private final Bands.Band band = (worker, from, to) -> move(from, to);
    private long count;
    // Of the step at hand.
    private double[] theta;
    private double[] gradient;
    private double rate;

    Adam(int size, double learningRate, Bands bands) {
        this.learningRate = learningRate;
        this.bands = bands;
        m = new double[size];
        v = new double[size];
    }

    void learningRate(double newRate) {
        learningRate = newRate;
    }

    /** Moves theta against its gradient. */
    void step(double[] parameters, double[] slope) {
        count++;
        rate = learningRate * Math.sqrt(1 - Math.pow(BETA_2, count)) / (1 - Math.pow(BETA_1, count));
        theta = parameters;
        gradient = slope;
        bands.run(band, parameters.length, GRAIN);
    }

    private void move(int from, int to) {
        // Local names, so that the compiler knows that they stay the same, and takes several values at once.
        double[] x = theta;
        double[] slope = gradient;
        double[] mean = m;
        double[] square = v;
        double scale = rate;
        for (int i = from; i < to; i++) {
            double g = slope[i];
            double newMean = BETA_1 * mean[i] + (1 - BETA_1) * g;
            double newSquare = BETA_2 * square[i] + (1 - BETA_2) * g * g;
            mean[i] = newMean;
            square[i] = newSquare;
            x[i] -= scale * newMean / (Math.sqrt(newSquare) + EPSILON);
        }
    }

    /** Puts moments and count under names that begin with {@code adam_}. */
    void save(Map<String, NdArray> to) {
        to.put("adam_m", new NdArray(new int[] {m.length}, m.clone()));
        to.put("adam_v", new NdArray(new int[] {v.length}, v.clone()));
        to.put("adam_count", NdArray.of(count));
    }

    /** Takes moments and count from what {@link #save} wrote. */
    void restore(Map<String, NdArray> saved) {
        System.arraycopy(saved.get("adam_m").doubles(), 0, m, 0, m.length);
        System.arraycopy(saved.get("adam_v").doubles(), 0, v, 0, v.length);
        count = saved.get("adam_count").integer();
    }
}
