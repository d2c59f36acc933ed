package org.amacrine.operators.epi;

import java.util.Arrays;
import java.util.Map;
import org.amacrine.core.io.NdArray;

/**
 * Adam on a flat vector (Kingma and Ba, ICLR 2015), in TensorFlow's form:
 *
 * <pre>
 *   m = 0.9 m + 0.1 g        v = 0.999 v + 0.001 g²
 *   theta -= lr sqrt(1 - 0.999^t) / (1 - 0.9^t) · m / (sqrt(v) + 1e-7)
 * </pre>
 *
 * Owned by one thread; allocates nothing after it was made.
 */
final class Adam {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double EPSILON = 1e-7;

    private final double learningRate;
    private final double[] m;
    private final double[] v;
    private long count;

    Adam(int size, double learningRate) {
        this.learningRate = learningRate;
        m = new double[size];
        v = new double[size];
    }

    /** Moves theta against its gradient. */
    void step(double[] theta, double[] gradient) {
        count++;
        double rate = learningRate * Math.sqrt(1 - Math.pow(BETA_2, count)) / (1 - Math.pow(BETA_1, count));
        for (int i = 0; i < theta.length; i++) {
            double g = gradient[i];
            m[i] = BETA_1 * m[i] + (1 - BETA_1) * g;
            v[i] = BETA_2 * v[i] + (1 - BETA_2) * g * g;
            theta[i] -= rate * m[i] / (Math.sqrt(v[i]) + EPSILON);
        }
    }

    /** Begins anew, without moments. */
    void clear() {
        Arrays.fill(m, 0);
        Arrays.fill(v, 0);
        count = 0;
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
