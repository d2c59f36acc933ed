package org.amacrine.operators.epi;

import java.util.Arrays;
import java.util.Locale;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;

/**
 * A Gaussian to begin with by rejection (approximate Bayesian computation): parameters are drawn uniformly within their bounds, and
 * kept where the first statistics lie within two standard deviations of their means. The mean of those kept becomes mu; Sigma is
 * the identity. Immutable.
 *
 * <p>Differs from the reference: the number of draws is limited.
 *
 * @param keep how many parameter vectors are looked for
 * @param means what the first statistics should be
 * @param stds standard deviation of each
 * @param maxDraws after how many draws the search is given up
 * @param seed of the draws and of simulations
 */
public record RejectionStart(int keep, double[] means, double[] stds, long maxDraws, long seed) {
    private static final int KEEP = 200;
    private static final long MAX_DRAWS = 10_000_000;
    private static final int BATCH = 500;

    /** Checks the ranges and keeps copies. */
    public RejectionStart {
        if (keep < 1) {
            throw new IllegalArgumentException("num_keep must be >= 1 but was " + keep);
        }
        if (means.length == 0 || means.length != stds.length) {
            throw new IllegalArgumentException(
                    "means and stds must have the same number of values, 1 or more, but have " + means.length + " and "
                            + stds.length);
        }
        for (double std : stds) {
            if (!(std > 0)) {
                throw new IllegalArgumentException("stds must be > 0 but are " + Arrays.toString(stds));
            }
        }
        if (maxDraws < keep) {
            throw new IllegalArgumentException("maxDraws must be >= num_keep = " + keep + " but was " + maxDraws);
        }
        means = means.clone();
        stds = stds.clone();
    }

    /**
     * The reference's settings for a property whose statistics are means first, and then variances about them: 200 vectors, the
     * first half of mu, and the square root of the second.
     */
    public static RejectionStart of(double[] mu) {
        if (mu.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "mu must have a variance for each mean but has " + mu.length + " values; give means and stds");
        }
        double[] means = Arrays.copyOf(mu, mu.length / 2);
        double[] stds =
                Arrays.stream(mu, mu.length / 2, mu.length).map(Math::sqrt).toArray();
        return of(means, stds);
    }

    /** The same for means and standard deviations that are given. */
    public static RejectionStart of(double[] means, double[] stds) {
        return new RejectionStart(KEEP, means, stds, MAX_DRAWS, 1);
    }

    /**
     * Name of the file that keeps the result.
     *
     * <p>Differs from the reference: its name tells the first mean and the bounds; ours has a hash of all that the result depends on
     * besides.
     */
    String fileName(EpiModel model) {
        return String.format(
                Locale.ROOT,
                "M=%d_p=%.2f_std=%.3f_%s_%s_abc.npz",
                keep,
                means[0],
                stds[0],
                RunNames.hash(model.lower(), model.upper()),
                RunNames.hash(model.name(), "/", model.propertyName(), means, stds, Long.toString(seed)));
    }

    /**
     * Searches.
     *
     * @throws IllegalArgumentException when a parameter is not bounded on both sides, or there are fewer statistics than means
     * @throws IllegalStateException when too few vectors were found
     */
    public Gaussian search(EpiModel model) {
        int dims = model.dims();
        double[] lower = model.lower();
        double[] upper = model.upper();
        for (int d = 0; d < dims; d++) {
            if (!Double.isFinite(lower[d]) || !Double.isFinite(upper[d])) {
                throw new IllegalArgumentException(
                        "init_type abc needs bounds on both sides of every parameter but element " + d + " has "
                                + lower[d] + " to " + upper[d]);
            }
        }
        int statistics = model.property().statistics();
        if (means.length > statistics) {
            throw new IllegalArgumentException(
                    "there are " + means.length + " means but only " + statistics + " statistics");
        }
        RandomSequence random = new RandomSequence();
        double[] z = new double[dims * BATCH];
        double[] t = new double[statistics * BATCH];
        double[] sum = new double[dims];
        int kept = 0;
        long draws = 0;
        for (int batch = 0; kept < keep; batch++, draws += BATCH) {
            if (draws >= maxDraws) {
                throw new IllegalStateException("only " + kept + " of " + draws
                        + " parameter vectors have statistics near " + Arrays.toString(means) + " but " + keep
                        + " were asked for; give larger stds or narrower bounds");
            }
            random.start(CounterRandom.key(seed, "epi.abc", 0), batch);
            for (int n = 0; n < BATCH; n++) {
                for (int d = 0; d < dims; d++) {
                    z[d * BATCH + n] = lower[d] + (upper[d] - lower[d]) * random.uniform();
                }
            }
            model.property().simulate(z, BATCH, CounterRandom.key(seed, "epi.abc-simulation", batch), t);
            for (int n = 0; n < BATCH; n++) {
                if (near(t, n)) {
                    kept++;
                    for (int d = 0; d < dims; d++) {
                        sum[d] += z[d * BATCH + n];
                    }
                }
            }
        }
        double[] variances = new double[dims];
        Arrays.fill(variances, 1);
        int count = kept;
        return Gaussian.diagonal(Arrays.stream(sum).map(s -> s / count).toArray(), variances);
    }

    private boolean near(double[] t, int n) {
        for (int i = 0; i < means.length; i++) {
            if (!(Math.abs(t[i * BATCH + n] - means[i]) < 2 * stds[i])) {
                return false;
            }
        }
        return true;
    }
}
