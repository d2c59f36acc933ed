package org.amacrine.operators.epi;

import java.util.Arrays;

/**
 * A model of the stomatogastric ganglion of crabs: a hub between a fast and a slow pair of neurons (Gutierrez et al., Neuron 2013,
 * as in Bittner et al., eLife 2021). Parameters are the conductances of electrical synapses onto the hub, g_el, and of inhibition
 * of the hub, g_synA, in nanosiemens; the statistics are the frequency of the hub in hertz, and its squared distance from the
 * wished one.
 *
 * <pre>
 *   f1 ⊣⊢ f2          C dV/dt = -(I_leak + I_Ca + I_K + I_h + I_elec + I_syn) + sigma n
 *    ╲    ║           dN/dt   = 2 cosh(V / 30 mV) (N_inf - N)
 *     ⊣ hub           dH/dt   = (H_inf - H) / tau_H
 *    ╱    ║           ═ electrical synapses, g_el     ╲ inhibition, g_synA     ⊣⊢ mutual inhibition, 5 nS
 *   s1 ⊣⊢ s2
 * </pre>
 *
 * Euler steps of 25 ms, 300 of them. The frequency is the mean of 101 frequencies from 0 to 1 Hz, weighted by a softmax of 500 times
 * their amplitudes in the voltage from the 20th step on, rectified and smoothed over 20 steps. Where a simulation runs away, it is
 * NaN.
 */
public final class StomatogastricCircuit implements EmergentProperty {
    private static final int CELLS = 5;
    private static final int F1 = 0;
    private static final int F2 = 1;
    private static final int HUB = 2;
    private static final int S1 = 3;
    private static final int S2 = 4;
    private static final int STATES = 3 * CELLS;
    private static final int STEPS = 300;
    private static final double STEP_SECONDS = 0.025;

    private static final double CAPACITY_FARADS = 1e-9;
    private static final double NANO = 1e-9;
    private static final double LEAK = 1e-10;
    private static final double MUTUAL = 5e-9;
    private static final double[] CALCIUM = {1.9e-8, 1.9e-8, 1.7e-8, 8.5e-9, 8.5e-9};
    private static final double[] POTASSIUM = {3.9e-8, 3.9e-8, 1.9e-8, 1.5e-8, 1.5e-8};
    private static final double[] HYPERPOLARISED = {2.5e-8, 2.5e-8, 8e-9, 1e-8, 1e-8};
    private static final double V_LEAK = -0.04;
    private static final double V_CALCIUM = 0.1;
    private static final double V_POTASSIUM = -0.08;
    private static final double V_HYPERPOLARISED = -0.02;
    private static final double V_SYNAPSE = -0.075;
    /** V, N and H at the beginning. */
    private static final double[] START = {
        -0.04169771,
        -0.04319491,
        0.00883992,
        -0.06879824,
        0.03048103,
        0.00151316,
        0.19784773,
        0.56514935,
        0.12214069,
        0.35290397,
        0.08614699,
        0.04938177,
        0.05568701,
        0.07007949,
        0.05790969
    };
    /** Inhibited cell and the one that inhibits it: first by g_synA, then mutual. */
    private static final int[][] INHIBITION = {{HUB, F1}, {HUB, S1}, {F1, F2}, {F2, F1}, {S1, S2}, {S2, S1}};

    private static final int BY_SYN_A = 2;
    private static final int[][] ELECTRICAL = {{HUB, F2}, {HUB, S2}};

    private static final int FIRST = 20;
    private static final int WINDOW = 20;
    private static final int SMOOTHED = STEPS + 1 - FIRST - WINDOW + 1;
    private static final int FREQUENCIES = 101;
    private static final double SHARPNESS = 500;

    private final double wishedHertz;
    private final double sigmaAmperes;
    private final CircuitNoise noise;
    private final double[] cosines = new double[FREQUENCIES * SMOOTHED];
    private final double[] sines = new double[FREQUENCIES * SMOOTHED];
    private final double[] smoothed = new double[SMOOTHED];
    private final double[] real = new double[FREQUENCIES];
    private final double[] imaginary = new double[FREQUENCIES];
    private final double[] weights = new double[FREQUENCIES];
    private final double[] current = new double[CELLS];
    private final double[] gradient = new double[STATES];
    private final double[] earlier = new double[STATES];
    private final double[] hubGradient = new double[STEPS + 1];
    /** All simulations of the last batch, [samples][steps + 1][states]. */
    private double[] states = {};

    /**
     * @param wishedHertz frequency that the second statistic is a distance from; 0.55 in the paper
     * @param sigmaAmperes noise that each cell is given as a current at each step; 1e-12 in the paper, 0 for none
     */
    public StomatogastricCircuit(double wishedHertz, double sigmaAmperes) {
        this(wishedHertz, sigmaAmperes, CircuitNoise.counted());
    }

    StomatogastricCircuit(double wishedHertz, double sigmaAmperes, CircuitNoise noise) {
        if (!(wishedHertz > 0 && wishedHertz < 1)) {
            throw new IllegalArgumentException(
                    "wishedHertz must be within (0, 1) but was " + wishedHertz + "; for example 0.55");
        }
        if (!(sigmaAmperes >= 0 && sigmaAmperes < 1)) {
            throw new IllegalArgumentException(
                    "sigmaAmperes must be >= 0 but was " + sigmaAmperes + "; for example 1e-12");
        }
        this.wishedHertz = wishedHertz;
        this.sigmaAmperes = sigmaAmperes;
        this.noise = noise;
        for (int f = 0; f < FREQUENCIES; f++) {
            for (int j = 0; j < SMOOTHED; j++) {
                double angle = 2 * Math.PI * hertz(f) * j * STEP_SECONDS;
                cosines[f * SMOOTHED + j] = Math.cos(angle);
                sines[f * SMOOTHED + j] = Math.sin(angle);
            }
        }
    }

    private static double hertz(int frequency) {
        return frequency / (FREQUENCIES - 1.0);
    }

    @Override
    public int dims() {
        return 2;
    }

    @Override
    public int statistics() {
        return 2;
    }

    @Override
    public void simulate(double[] z, int samples, long noiseKey, double[] t) {
        int size = (STEPS + 1) * STATES;
        if (states.length < samples * size) {
            states = new double[samples * size];
        }
        for (int n = 0; n < samples; n++) {
            noise.start(noiseKey, n);
            System.arraycopy(START, 0, states, n * size, STATES);
            for (int k = 0; k < STEPS; k++) {
                step(n * size + k * STATES, z[n] * NANO, z[samples + n] * NANO);
            }
            double hertz = frequency(n * size);
            t[n] = hertz;
            t[samples + n] = (hertz - wishedHertz) * (hertz - wishedHertz);
        }
    }

    /** Voltage of the hub at a step of a simulation of the last batch, in volts. */
    double hubVolts(int sample, int step) {
        return states[(sample * (STEPS + 1) + step) * STATES + HUB];
    }

    // ------------------------------------------------------------------------------------------------ one step

    private static double synapse(double volts) {
        return Numbers.sigmoid((volts + 0.025) / 0.005);
    }

    private static double calciumOpen(double volts) {
        return Numbers.sigmoid(2 * volts / 0.02);
    }

    private static double potassiumOpen(double volts) {
        return Numbers.sigmoid(2 * volts / 0.015);
    }

    private static double hyperpolarisedOpen(double volts) {
        return Numbers.sigmoid(-(volts + 0.0783) / 0.0105);
    }

    private static double tauSeconds(double volts) {
        return 0.272 + 1.499 * Numbers.sigmoid((volts + 0.0422) / 0.0873);
    }

    /** From the state at {@code at} to the one behind it. */
    private void step(int at, double gEl, double gSynA) {
        double[] s = states;
        for (int i = 0; i < CELLS; i++) {
            double volts = s[at + i];
            current[i] = LEAK * (volts - V_LEAK)
                    + CALCIUM[i] * calciumOpen(volts) * (volts - V_CALCIUM)
                    + POTASSIUM[i] * s[at + CELLS + i] * (volts - V_POTASSIUM)
                    + HYPERPOLARISED[i] * s[at + 2 * CELLS + i] * (volts - V_HYPERPOLARISED);
        }
        for (int[] pair : ELECTRICAL) {
            double through = gEl * (s[at + pair[0]] - s[at + pair[1]]);
            current[pair[0]] += through;
            current[pair[1]] -= through;
        }
        for (int p = 0; p < INHIBITION.length; p++) {
            int to = INHIBITION[p][0];
            double g = p < BY_SYN_A ? gSynA : MUTUAL;
            current[to] += g * synapse(s[at + INHIBITION[p][1]]) * (s[at + to] - V_SYNAPSE);
        }
        int next = at + STATES;
        for (int i = 0; i < CELLS; i++) {
            double volts = s[at + i];
            double n = s[at + CELLS + i];
            double h = s[at + 2 * CELLS + i];
            double pushed = sigmaAmperes > 0 ? sigmaAmperes * noise.normal() : 0;
            s[next + i] = volts + STEP_SECONDS / CAPACITY_FARADS * (pushed - current[i]);
            s[next + CELLS + i] = n + STEP_SECONDS * 2 * Math.cosh(volts / 0.03) * (potassiumOpen(volts) - n);
            s[next + 2 * CELLS + i] = h + STEP_SECONDS * (hyperpolarisedOpen(volts) - h) / tauSeconds(volts);
        }
    }

    // ------------------------------------------------------------------------------------------------ frequency

    /** Frequency of the hub in hertz, of the simulation that begins at {@code at}; leaves amplitudes and weights. */
    private double frequency(int at) {
        double mean = smooth(at);
        double loudest = 0;
        for (int f = 0; f < FREQUENCIES; f++) {
            double re = 0;
            double im = 0;
            for (int j = 0; j < SMOOTHED; j++) {
                re += (smoothed[j] - mean) * cosines[f * SMOOTHED + j];
                im -= (smoothed[j] - mean) * sines[f * SMOOTHED + j];
            }
            real[f] = re;
            imaginary[f] = im;
            weights[f] = Math.sqrt(re * re + im * im);
            loudest = Math.max(loudest, weights[f]);
        }
        double sum = 0;
        double weighted = 0;
        for (int f = 0; f < FREQUENCIES; f++) {
            weights[f] = Numbers.exp(SHARPNESS * (weights[f] - loudest));
            sum += weights[f];
            weighted += weights[f] * hertz(f);
        }
        for (int f = 0; f < FREQUENCIES; f++) {
            weights[f] /= sum;
        }
        return weighted / sum;
    }

    /** Fills the smoothed voltage; returns its mean. */
    private double smooth(int at) {
        double all = 0;
        for (int j = 0; j < SMOOTHED; j++) {
            double sum = 0;
            for (int k = FIRST + j; k < FIRST + j + WINDOW; k++) {
                sum += Math.max(states[at + k * STATES + HUB], 0);
            }
            smoothed[j] = sum / WINDOW;
            all += smoothed[j];
        }
        return all / SMOOTHED;
    }

    /** Fills the derivatives by the hub's voltage at each step. */
    private void pullFrequency(int at, double hertzGradient) {
        double hertz = frequency(at);
        Arrays.fill(smoothed, 0);
        for (int f = 0; f < FREQUENCIES; f++) {
            double amplitude = Math.hypot(real[f], imaginary[f]);
            double g = hertzGradient * SHARPNESS * weights[f] * (hertz(f) - hertz);
            for (int j = 0; j < SMOOTHED && g != 0 && amplitude > 0; j++) {
                smoothed[j] +=
                        g * (real[f] * cosines[f * SMOOTHED + j] - imaginary[f] * sines[f * SMOOTHED + j]) / amplitude;
            }
        }
        double mean = 0;
        for (double value : smoothed) {
            mean += value / SMOOTHED;
        }
        Arrays.fill(hubGradient, 0);
        for (int j = 0; j < SMOOTHED; j++) {
            for (int k = FIRST + j; k < FIRST + j + WINDOW; k++) {
                boolean above = states[at + k * STATES + HUB] > 0;
                hubGradient[k] += above ? (smoothed[j] - mean) / WINDOW : 0;
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ the way back

    @Override
    public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
        int size = (STEPS + 1) * STATES;
        for (int n = 0; n < samples; n++) {
            double hertz = frequency(n * size);
            pullFrequency(n * size, tGradient[n] + 2 * (hertz - wishedHertz) * tGradient[samples + n]);
            Arrays.fill(gradient, 0);
            gradient[HUB] = hubGradient[STEPS];
            double gEl = z[n] * NANO;
            double gSynA = z[samples + n] * NANO;
            double gElGradient = 0;
            double gSynAGradient = 0;
            for (int k = STEPS - 1; k >= 0; k--) {
                int at = n * size + k * STATES;
                pullCells(at);
                for (int[] pair : ELECTRICAL) {
                    double g = currentGradient(pair[0]) - currentGradient(pair[1]);
                    earlier[pair[0]] += gEl * g;
                    earlier[pair[1]] -= gEl * g;
                    gElGradient += g * (states[at + pair[0]] - states[at + pair[1]]);
                }
                for (int p = 0; p < INHIBITION.length; p++) {
                    double strength = pullInhibition(at, INHIBITION[p], p < BY_SYN_A ? gSynA : MUTUAL);
                    gSynAGradient += p < BY_SYN_A ? strength : 0;
                }
                System.arraycopy(earlier, 0, gradient, 0, STATES);
                gradient[HUB] += hubGradient[k];
            }
            zGradient[n] = gElGradient * NANO;
            zGradient[samples + n] = gSynAGradient * NANO;
        }
    }

    /** Derivative by the current of a cell, from that by its next voltage. */
    private double currentGradient(int cell) {
        return -STEP_SECONDS / CAPACITY_FARADS * gradient[cell];
    }

    /** What each cell's own currents and gates give to the derivatives by the state at {@code at}. */
    private void pullCells(int at) {
        for (int i = 0; i < CELLS; i++) {
            double volts = states[at + i];
            double n = states[at + CELLS + i];
            double h = states[at + 2 * CELLS + i];
            double g = currentGradient(i);
            double m = calciumOpen(volts);
            double mSlope = 2 / 0.02 * m * (1 - m);
            double sum = gradient[i]
                    + g
                            * (LEAK
                                    + CALCIUM[i] * (mSlope * (volts - V_CALCIUM) + m)
                                    + POTASSIUM[i] * n
                                    + HYPERPOLARISED[i] * h);
            double nGradient = STEP_SECONDS * gradient[CELLS + i];
            double nOpen = potassiumOpen(volts);
            double pace = 2 * Math.cosh(volts / 0.03);
            double paceSlope = 2 / 0.03 * Math.sinh(volts / 0.03);
            sum += nGradient * (paceSlope * (nOpen - n) + pace * 2 / 0.015 * nOpen * (1 - nOpen));
            double hGradient = STEP_SECONDS * gradient[2 * CELLS + i];
            double hOpen = hyperpolarisedOpen(volts);
            double tau = tauSeconds(volts);
            double part = (tau - 0.272) / 1.499;
            double tauSlope = 1.499 / 0.0873 * part * (1 - part);
            sum -= hGradient * (hOpen * (1 - hOpen) / 0.0105 + (hOpen - h) * tauSlope / tau) / tau;
            earlier[i] = sum;
            earlier[CELLS + i] = gradient[CELLS + i] - nGradient * pace + g * POTASSIUM[i] * (volts - V_POTASSIUM);
            earlier[2 * CELLS + i] =
                    gradient[2 * CELLS + i] - hGradient / tau + g * HYPERPOLARISED[i] * (volts - V_HYPERPOLARISED);
        }
    }

    /** The same of an inhibition; returns the derivative by its conductance. */
    private double pullInhibition(int at, int[] pair, double conductance) {
        double g = currentGradient(pair[0]);
        double open = synapse(states[at + pair[1]]);
        double force = states[at + pair[0]] - V_SYNAPSE;
        earlier[pair[0]] += g * conductance * open;
        earlier[pair[1]] += g * conductance * force * open * (1 - open) / 0.005;
        return g * open * force;
    }
}
