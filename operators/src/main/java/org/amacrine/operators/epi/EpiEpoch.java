package org.amacrine.operators.epi;

/**
 * How an epoch ended.
 *
 * @param epoch k, from 1
 * @param entropy H over all samples of the test
 * @param violation R over them
 * @param p of the test that R is 0, for each statistic
 * @param converged whether all p are large enough
 * @param collapsed whether the entropy fell apart: by more than 2 in this epoch, or to more than 2 below the best converged one
 * @param c coefficient of the penalty in this epoch
 * @param eta multipliers in this epoch
 */
public record EpiEpoch(
        int epoch,
        double entropy,
        double[] violation,
        double[] p,
        boolean converged,
        boolean collapsed,
        double c,
        double[] eta) {

    /** Keeps copies. */
    public EpiEpoch {
        violation = violation.clone();
        p = p.clone();
        eta = eta.clone();
    }
}
