package org.amacrine.operators.epi;

/**
 * Samples of a fit at a row of its table, all from the same noise: from row to row they move instead of jumping.
 *
 * @param iteration training steps since the beginning
 * @param z samples, [{@value #SAMPLES}][D]
 * @param logDensity log q of each
 */
public record EpiFrame(int iteration, double[] z, double[] logDensity) {
    /** Follows the reference: so many samples. */
    public static final int SAMPLES = 200;
}
