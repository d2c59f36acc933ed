package org.amacrine.operators.epi;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;

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

    /**
     * Ranges that settings are drawn from, each [2].
     *
     * @param samples batch size, from 10; the upper one is left out
     * @param learningRate from 0; drawn on a logarithmic scale, as c0
     * @param c0 above 0
     * @param gamma within 0 to 1
     */
    public record Ranges(int[] samples, double[] learningRate, double[] c0, double[] gamma) {
        /** Checks the ranges. */
        public Ranges {
            ordered("N", samples.length, samples.length == 2 && samples[0] < samples[1]);
            ordered("lr", learningRate.length, learningRate.length == 2 && learningRate[0] < learningRate[1]);
            ordered("c0", c0.length, c0.length == 2 && c0[0] < c0[1]);
            ordered("gamma", gamma.length, gamma.length == 2 && gamma[0] < gamma[1]);
            if (samples[0] < 10 || !(learningRate[0] > 0) || !(c0[0] > 0) || !(gamma[0] > 0) || gamma[1] > 1) {
                throw new IllegalArgumentException(
                        "N_bounds must begin at 10 or more, lr_bounds and c0_bounds above 0, and"
                                + " gamma_bounds lie within (0, 1], but they begin at " + samples[0] + ", "
                                + learningRate[0] + ", "
                                + c0[0] + " and gamma_bounds are " + gamma[0] + " to " + gamma[1]);
            }
        }

        private static void ordered(String name, int length, boolean isOrdered) {
            if (!isOrdered) {
                throw new IllegalArgumentException(name + "_bounds must be two values, the lower one first, but "
                        + (length == 2 ? "the first is not below the second" : "there are " + length));
            }
        }

        /** The reference's: 200 to 1000 samples, rates of 1e-4 to 1e-2, c0 of 1e-3 to 1e3, gamma of 0.1 to 0.5. */
        public static Ranges standard() {
            return new Ranges(
                    new int[] {200, 1000}, new double[] {1e-4, 1e-2}, new double[] {1e-3, 1e3}, new double[] {0.1, 0.5
                    });
        }
    }

    /** Random settings for searches; beta is 1 / gamma. */
    public static List<LagrangianSettings> random(int count, Ranges ranges, long seed) {
        RandomSequence random = new RandomSequence();
        long key = CounterRandom.key(seed, "epi.settings", 0);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    random.start(key, i);
                    int samples =
                            ranges.samples[0] + (int) (random.uniform() * (ranges.samples[1] - ranges.samples[0]));
                    double rate = logUniform(ranges.learningRate, random.uniform());
                    double c0 = logUniform(ranges.c0, random.uniform());
                    double gamma = ranges.gamma[0] + (ranges.gamma[1] - ranges.gamma[0]) * random.uniform();
                    return new LagrangianSettings(samples, rate, c0, gamma, 1 / gamma);
                })
                .toList();
    }

    private static double logUniform(double[] range, double fraction) {
        return range[0] * Math.pow(range[1] / range[0], fraction);
    }

    /** As the reference writes them in paths, for example {@code N500_lr1.00E-03_c0=1.00E-03_gamma2.50E-01_beta4.00E+00}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "N%d_lr%.2E_c0=%.2E_gamma%.2E_beta%.2E", samples, learningRate, c0, gamma, beta);
    }
}
