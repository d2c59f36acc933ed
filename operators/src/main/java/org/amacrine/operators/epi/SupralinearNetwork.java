package org.amacrine.operators.epi;

import java.util.Arrays;
import java.util.Locale;

/**
 * A stabilized supralinear network of four populations of visual cortex, E, P, S and V (excitatory, parvalbumin, somatostatin, VIP),
 * with noisy input (Palmigiano et al. 2020, as in Bittner et al., eLife 2021).
 *
 * <pre>
 *   tau dx/dt = -x + max(W x + h + e, 0)²      tau_noise de/dt = -e + noise, of standard deviation sigma sqrt(1 + tau / tau_noise)
 * </pre>
 *
 * tau is 1 ms, tau_noise 5 ms; Euler steps of 0.5 ms, 150 of them, from rates uniform on 0.1 to 0.25. Statistics are of one
 * population, in the unit of the rates times 100: a number s and its squared distance from the wished one.
 */
public final class SupralinearNetwork implements EmergentProperty {

    /** A population. */
    public enum Population {
        /** Excitatory cells. */
        E,
        /** Parvalbumin cells. */
        P,
        /** Somatostatin cells. */
        S,
        /** VIP cells. */
        V
    }

    private enum Statistic {
        /** Rate with more input less the rate without, at the end; parameters are the input. */
        RESPONSE,
        /** Standard deviation over the last steps; parameters are sigma. */
        DEVIATION,
        /** Variance over mean in the last steps; parameters are sigma. */
        FANO
    }

    private static final int CELLS = 4;
    private static final int STEPS = 150;
    private static final int LAST = 50;
    private static final double SCALE = 100;
    private static final double RATE = 0.5;
    private static final double NOISE_RATE = 0.1;
    private static final double NOISE_GAIN = Math.sqrt(2 * NOISE_RATE * (1 + 1.0 / 5));

    private final Statistic statistic;
    private final double[] weights;
    private final double[] input;
    private final int population;
    private final double wished;
    private final CircuitNoise noise;
    /** Of one simulation, [steps + 1][cells]. */
    private final double[] x = new double[(STEPS + 1) * CELLS];

    /** What was rectified, [steps][cells]. */
    private final double[] drive = new double[STEPS * CELLS];

    private final double[] e = new double[CELLS];
    private final double[] normals = new double[STEPS * CELLS];
    private final double[] sigma = new double[CELLS];
    private final double[] xGradient = new double[CELLS];
    private final double[] eGradient = new double[CELLS];
    private final double[] before = new double[CELLS];
    private final double[] gradient = new double[CELLS];
    private final double[] stepGradient = new double[STEPS + 1];

    private SupralinearNetwork(
            Statistic statistic,
            double[] weights,
            double[] input,
            Population population,
            double wished,
            CircuitNoise noise) {
        if (weights.length != CELLS * CELLS || input.length != CELLS) {
            throw new IllegalArgumentException(
                    "the network needs 4 x 4 weights and 4 inputs, in the order E, P, S, V, but" + " was given "
                            + weights.length + " and " + input.length + " values");
        }
        this.statistic = statistic;
        this.weights = weights.clone();
        this.input = input.clone();
        this.population = population.ordinal();
        this.wished = wished;
        this.noise = noise;
    }

    /**
     * How much a population's rate changes with input: parameters are dh_E to dh_V, added to the input; there is no noise.
     *
     * @param weights W, [to][from], in the order E, P, S, V
     * @param input h, [4]
     * @param wished change of the rate, times 100
     */
    public static SupralinearNetwork response(double[] weights, double[] input, Population population, double wished) {
        return new SupralinearNetwork(Statistic.RESPONSE, weights, input, population, wished, CircuitNoise.counted());
    }

    /**
     * How much a population's rate varies over the last 50 steps: parameters are sigma_E to sigma_V.
     *
     * @param weights W, [to][from], in the order E, P, S, V
     * @param input h, [4]
     * @param wished standard deviation of the rate, times 100
     */
    public static SupralinearNetwork deviation(double[] weights, double[] input, Population population, double wished) {
        return new SupralinearNetwork(Statistic.DEVIATION, weights, input, population, wished, CircuitNoise.counted());
    }

    /**
     * The Fano factor of a population's rate over the last 50 steps, variance over mean of 100 times the rate: parameters are
     * sigma_E to sigma_V.
     *
     * @param weights W, [to][from], in the order E, P, S, V
     * @param input h, [4]
     */
    public static SupralinearNetwork fano(double[] weights, double[] input, Population population, double wished) {
        return new SupralinearNetwork(Statistic.FANO, weights, input, population, wished, CircuitNoise.counted());
    }

    @Override
    public int dims() {
        return CELLS;
    }

    @Override
    public int statistics() {
        return 2;
    }

    @Override
    public void simulate(double[] z, int samples, long noiseKey, double[] t) {
        for (int n = 0; n < samples; n++) {
            double s = measure(z, samples, n, noiseKey);
            t[n] = s;
            t[samples + n] = (s - wished) * (s - wished);
        }
    }

    private double measure(double[] z, int samples, int n, long noiseKey) {
        boolean response = statistic == Statistic.RESPONSE;
        double rest = 0;
        if (response) {
            Arrays.fill(sigma, 0);
            System.arraycopy(input, 0, e, 0, CELLS);
            noise.start(noiseKey, n);
            run();
            rest = SCALE * x[STEPS * CELLS + population];
        }
        for (int i = 0; i < CELLS; i++) {
            sigma[i] = response ? 0 : z[i * samples + n];
            e[i] = input[i] + (response ? z[i * samples + n] : 0);
        }
        noise.start(noiseKey, n);
        run();
        return response ? SCALE * x[STEPS * CELLS + population] - rest : spread();
    }

    /** One simulation with sigma, from an input in {@code e}; leaves all rates. */
    private void run() {
        double[] h = before;
        System.arraycopy(e, 0, h, 0, CELLS);
        Arrays.fill(e, 0);
        for (int i = 0; i < CELLS; i++) {
            x[i] = 0.1 + 0.15 * noise.uniform();
        }
        for (int k = 0; k < STEPS; k++) {
            int at = k * CELLS;
            for (int i = 0; i < CELLS; i++) {
                double sum = h[i] + e[i];
                for (int j = 0; j < CELLS; j++) {
                    sum += weights[i * CELLS + j] * x[at + j];
                }
                drive[at + i] = Math.max(sum, 0);
                x[at + CELLS + i] = x[at + i] + RATE * (drive[at + i] * drive[at + i] - x[at + i]);
            }
            for (int i = 0; i < CELLS; i++) {
                normals[at + i] = noise.normal();
                e[i] += NOISE_GAIN * sigma[i] * normals[at + i] - NOISE_RATE * e[i];
            }
        }
    }

    private double mean() {
        double sum = 0;
        for (int k = STEPS - LAST + 1; k <= STEPS; k++) {
            sum += SCALE * x[k * CELLS + population];
        }
        return sum / LAST;
    }

    private double variance(double mean) {
        double squares = 0;
        for (int k = STEPS - LAST + 1; k <= STEPS; k++) {
            double beyond = SCALE * x[k * CELLS + population] - mean;
            squares += beyond * beyond;
        }
        return squares / LAST;
    }

    private double spread() {
        double mean = mean();
        return statistic == Statistic.FANO ? variance(mean) / mean : Math.sqrt(variance(mean));
    }

    @Override
    public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
        for (int n = 0; n < samples; n++) {
            double s = measure(z, samples, n, noiseKey);
            pullStatistic(tGradient[n] + 2 * (s - wished) * tGradient[samples + n]);
            pullRun();
            for (int i = 0; i < CELLS; i++) {
                zGradient[i * samples + n] = gradient[i];
            }
        }
    }

    /** Fills the derivatives by the rate of the population at each step. */
    private void pullStatistic(double g) {
        Arrays.fill(stepGradient, 0);
        if (statistic == Statistic.RESPONSE) {
            stepGradient[STEPS] = g * SCALE;
            return;
        }
        double mean = mean();
        double variance = variance(mean);
        double byVariance = statistic == Statistic.FANO ? g / mean : variance > 0 ? g / (2 * Math.sqrt(variance)) : 0;
        double byMean = statistic == Statistic.FANO ? -g * variance / (mean * mean) : 0;
        for (int k = STEPS - LAST + 1; k <= STEPS; k++) {
            double beyond = SCALE * x[k * CELLS + population] - mean;
            stepGradient[k] = SCALE / LAST * (2 * beyond * byVariance + byMean);
        }
    }

    /** Fills the derivatives by the input, or by sigma, of the run before. */
    private void pullRun() {
        Arrays.fill(xGradient, 0);
        Arrays.fill(eGradient, 0);
        Arrays.fill(gradient, 0);
        xGradient[population] = stepGradient[STEPS];
        for (int k = STEPS - 1; k >= 0; k--) {
            int at = k * CELLS;
            for (int i = 0; i < CELLS; i++) {
                gradient[i] += statistic == Statistic.RESPONSE ? 0 : NOISE_GAIN * normals[at + i] * eGradient[i];
                before[i] = (1 - RATE) * xGradient[i];
                eGradient[i] *= 1 - NOISE_RATE;
            }
            for (int i = 0; i < CELLS; i++) {
                double g = RATE * 2 * drive[at + i] * xGradient[i];
                eGradient[i] += g;
                gradient[i] += statistic == Statistic.RESPONSE ? g : 0;
                for (int j = 0; j < CELLS; j++) {
                    before[j] += weights[i * CELLS + j] * g;
                }
            }
            System.arraycopy(before, 0, xGradient, 0, CELLS);
            xGradient[population] += stepGradient[k];
        }
    }

    /** The rates at the end of a simulation with given noise, for comparison. */
    static double[] rates(double[] weights, double[] input, double[] sigma, CircuitNoise noise) {
        SupralinearNetwork network =
                new SupralinearNetwork(Statistic.DEVIATION, weights, input, Population.E, 0, noise);
        network.measure(sigma, 1, 0, 0);
        return Arrays.copyOfRange(network.x, STEPS * CELLS, (STEPS + 1) * CELLS);
    }

    /** For example {@code supralinear network, deviation of E}. */
    @Override
    public String toString() {
        return "supralinear network, " + statistic.name().toLowerCase(Locale.ROOT) + " of "
                + Population.values()[population];
    }
}
