package org.amacrine.operators.epi;

import java.util.Locale;

/**
 * Settings of the augmented Lagrangian.
 *
 * @param samples batch size N, at least 2
 * @param learningRate of Adam
 * @param c0 first coefficient of the penalty
 * @param gamma what the squared violation must shrink to from epoch to epoch, or else c grows
 * @param beta what c grows by
 */
public record LagrangianSettings(int samples, double learningRate, double c0, double gamma, double beta) {

    /** Checks the ranges. */
    public LagrangianSettings {
        if (samples < 2) {
            throw new IllegalArgumentException("AugLagHPs N must be >= 2 but was " + samples);
        }
        notNegative("lr", learningRate);
        notNegative("c0", c0);
        notNegative("gamma", gamma);
        notNegative("beta", beta);
    }

    private static void notNegative(String name, double value) {
        if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("AugLagHPs " + name + " must be >= 0 and finite but was " + value);
        }
    }

    /** The reference's: 500 samples, 1e-3, 1, 0.25 and 4. */
    public static LagrangianSettings standard() {
        return new LagrangianSettings(500, 1e-3, 1, 0.25, 4);
    }

    /** As the reference writes them in paths, for example {@code N500_lr1.00E-03_c0=1.00E-03_gamma2.50E-01_beta4.00E+00}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "N%d_lr%.2E_c0=%.2E_gamma%.2E_beta%.2E", samples, learningRate, c0, gamma, beta);
    }
}
