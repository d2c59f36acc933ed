package org.amacrine.operators.epi;

import java.util.Arrays;

/**
 * A model of the superior colliculus of rats that switch between two tasks: to turn towards a light (Pro) or away from it (Anti)
 * (Duan et al., Nature Neuroscience 2021, as in Bittner et al., eLife 2021). Four units, left and right for Pro and Anti, act on
 * each other by self sW, vertical vW, diagonal dW and horizontal hW weights, the parameters.
 *
 * <pre>
 *   tau du/dt = -u + W v + I + sigma n      v = 1/2 + tanh((u - theta) / beta) / 2
 *
 *            LP  LA  RA  RP
 *       LP   sW  vW  dW  hW
 *   W = LA   vW  sW  hW  dW      the light is on the left, so LP should win in Pro and RP in Anti
 *       RA   dW  hW  sW  vW
 *       RP   hW  dW  vW  sW
 * </pre>
 *
 * The statistics are the fractions of trials that end with the left unit, p of Pro and p of Anti, and their squared distances from
 * the wished accuracy and from its opposite. A trial that ends with {@code v} counts {@code sigmoid(100 (v_LP - v_RP))}. Time steps
 * are 24 ms, 75 in a trial.
 *
 * <p>Follows the reference: a trial begins at {@code u = beta atanh(2 v - 1) - theta}, with the sign of theta turned round.
 */
public final class SuperiorColliculus implements EmergentProperty {
    private static final int UNITS = 4;
    private static final int TASKS = 2;
    private static final int STEPS = 75;
    private static final double STEP_SECONDS = 0.024;
    private static final double TAU_SECONDS = 0.09;
    private static final double RATE = STEP_SECONDS / TAU_SECONDS;
    private static final double THETA = 0.05;
    private static final double BETA = 0.5;
    private static final double SIGMA = 0.2;
    private static final double CUE_SECONDS = 1.2;
    private static final double LIGHT_OFF_SECONDS = 1.5;
    private static final double SHARPNESS = 100;
    private static final int LEFT_PRO = 0;
    private static final int RIGHT_PRO = 3;

    private final double accuracy;
    private final int trials;
    private final CircuitNoise noise;
    /** [tasks][steps][units]. */
    private final double[] input = new double[TASKS * STEPS * UNITS];
    /** v of a trial, [steps][units]. */
    private final double[] v = new double[STEPS * UNITS];

    private final double[] u = new double[UNITS];
    private final double[] uGradient = new double[UNITS];
    private final double[] weightGradient = new double[UNITS];
    /** Fractions of the last batch, [tasks][samples]. */
    private double[] fractions = {};

    /**
     * @param accuracy wished fraction of right trials, in (0, 1)
     * @param trials of each task, that a fraction is taken over; 200 in the paper
     */
    public SuperiorColliculus(double accuracy, int trials) {
        this(accuracy, trials, CircuitNoise.counted());
    }

    SuperiorColliculus(double accuracy, int trials, CircuitNoise noise) {
        if (!(accuracy > 0 && accuracy < 1)) {
            throw new IllegalArgumentException(
                    "accuracy must be within (0, 1) but was " + accuracy + "; for example 0.95");
        }
        if (trials < 1) {
            throw new IllegalArgumentException("trials must be >= 1 but was " + trials);
        }
        this.accuracy = accuracy;
        this.trials = trials;
        this.noise = noise;
        for (int task = 0; task < TASKS; task++) {
            for (int k = 0; k < STEPS; k++) {
                fillInput(task, k);
            }
        }
    }

    private void fillInput(int task, int k) {
        double seconds = k * STEP_SECONDS;
        for (int i = 0; i < UNITS; i++) {
            boolean pro = i == LEFT_PRO || i == RIGHT_PRO;
            double sum = 0.75 + (pro ? 0.5 : 0);
            sum += seconds < CUE_SECONDS && pro == (task == 0) ? 0.6 : 0;
            sum += seconds > CUE_SECONDS ? 0.25 : 0;
            sum += seconds > CUE_SECONDS && seconds < LIGHT_OFF_SECONDS && i < 2 ? 0.5 : 0;
            input[(task * STEPS + k) * UNITS + i] = sum;
        }
    }

    @Override
    public int dims() {
        return UNITS;
    }

    @Override
    public int statistics() {
        return 2 * TASKS;
    }

    @Override
    public void simulate(double[] z, int samples, long noiseKey, double[] t) {
        if (fractions.length < TASKS * samples) {
            fractions = new double[TASKS * samples];
        }
        for (int n = 0; n < samples; n++) {
            for (int task = 0; task < TASKS; task++) {
                double sum = 0;
                for (int trial = 0; trial < trials; trial++) {
                    run(z, samples, n, noiseKey, task, trial);
                    sum += choice();
                }
                double fraction = sum / trials;
                fractions[task * samples + n] = fraction;
                t[task * samples + n] = fraction;
                t[(TASKS + task) * samples + n] = (fraction - wished(task)) * (fraction - wished(task));
            }
        }
    }

    /** What flows into a unit at a step, without noise. */
    double input(int task, int step, int unit) {
        return input[(task * STEPS + step) * UNITS + unit];
    }

    private double wished(int task) {
        return task == 0 ? accuracy : 1 - accuracy;
    }

    /** How much the trial ended with the left unit, 0 to 1. */
    private double choice() {
        int last = (STEPS - 1) * UNITS;
        return Numbers.sigmoid(SHARPNESS * (v[last + LEFT_PRO] - v[last + RIGHT_PRO]));
    }

    /** One trial; leaves v of all steps. */
    private void run(double[] z, int samples, int n, long noiseKey, int task, int trial) {
        noise.start(noiseKey, (n * TASKS + task) * trials + trial);
        for (int i = 0; i < UNITS; i++) {
            v[i] = 0.1 + 0.005 * noise.normal();
            double x = 2 * v[i] - 1;
            u[i] = BETA * 0.5 * Math.log((1 + x) / (1 - x)) - THETA;
        }
        for (int k = 1; k < STEPS; k++) {
            int before = (k - 1) * UNITS;
            for (int i = 0; i < UNITS; i++) {
                double drive = input[(task * STEPS + k) * UNITS + i] + SIGMA * noise.normal();
                for (int j = 0; j < UNITS; j++) {
                    drive += z[(i ^ j) * samples + n] * v[before + j];
                }
                u[i] += RATE * (drive - u[i]);
                v[k * UNITS + i] = 0.5 * Numbers.tanh((u[i] - THETA) / BETA) + 0.5;
            }
        }
    }

    @Override
    public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
        for (int n = 0; n < samples; n++) {
            Arrays.fill(weightGradient, 0);
            for (int task = 0; task < TASKS; task++) {
                double beyond = fractions[task * samples + n] - wished(task);
                double gradient = tGradient[task * samples + n] + 2 * beyond * tGradient[(TASKS + task) * samples + n];
                for (int trial = 0; trial < trials && gradient != 0; trial++) {
                    run(z, samples, n, noiseKey, task, trial);
                    pullTrial(z, samples, n, gradient / trials);
                }
            }
            for (int i = 0; i < UNITS; i++) {
                zGradient[i * samples + n] = weightGradient[i];
            }
        }
    }

    /** Adds what a trial, which was just run, gives to the gradients of the weights. */
    private void pullTrial(double[] z, int samples, int n, double choiceGradient) {
        double choice = choice();
        double g = choiceGradient * SHARPNESS * choice * (1 - choice);
        int last = (STEPS - 1) * UNITS;
        Arrays.fill(uGradient, 0);
        uGradient[LEFT_PRO] = g * slope(v[last + LEFT_PRO]);
        uGradient[RIGHT_PRO] = -g * slope(v[last + RIGHT_PRO]);
        for (int k = STEPS - 1; k > 0; k--) {
            int before = (k - 1) * UNITS;
            for (int j = 0; j < UNITS; j++) {
                double vGradient = 0;
                for (int i = 0; i < UNITS; i++) {
                    vGradient += RATE * z[(i ^ j) * samples + n] * uGradient[i];
                    weightGradient[i ^ j] += RATE * uGradient[i] * v[before + j];
                }
                u[j] = vGradient * slope(v[before + j]);
            }
            for (int i = 0; i < UNITS; i++) {
                uGradient[i] = (1 - RATE) * uGradient[i] + u[i];
            }
        }
    }

    /** dv/du. */
    private static double slope(double v) {
        return 2 * v * (1 - v) / BETA;
    }
}
