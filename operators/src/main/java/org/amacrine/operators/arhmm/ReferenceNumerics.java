package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.kernel.Kernels;

/**
 * The recursions of the reference (dynamax, revision cfb005f), for reproducing a published analysis. Follows the reference:
 * probabilities are multiplied in the linear domain, products below 1e-15 are lifted to 1e-15, and the smoother takes what is
 * predicted with 1e-8 or less for impossible. With sticky transitions that moves smoothed probabilities by up to one; when
 * all products underflow, the filter gives zeros and a finite evidence.
 */
final class ReferenceNumerics {
    private static final double FLOOR = 1e-15;
    private static final double UNLIKELY = 1e-8;

    private ReferenceNumerics() {}

    /** In the place of {@link Kernels#filterStep}. */
    static double filterStep(double[] r, int rAt, double[] l, int lAt, double[] f, int fAt, int states, int lanes) {
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < states; k++) {
            most = Math.max(most, l[lAt + k]);
        }
        double sum = 0;
        for (int k = 0; k < states; k++) {
            double u = r[rAt + k] * Math.exp(l[lAt + k] - most);
            f[fAt + k] = u > 0 && u < FLOOR ? FLOOR : u;
            sum += f[fAt + k];
        }
        double c = sum == 0 ? 1 : sum;
        for (int k = 0; k < states; k++) {
            f[fAt + k] /= c;
        }
        Arrays.fill(f, fAt + states, fAt + lanes, 0);
        return most + Math.log(c);
    }

    /** Sets to 0 what is predicted so rarely that the reference takes it for impossible. */
    static void dropUnlikely(double[] r, int rAt, double[] kept, int states) {
        for (int k = 0; k < states; k++) {
            kept[k] = r[rAt + k] <= UNLIKELY ? 0 : r[rAt + k];
        }
    }
}
