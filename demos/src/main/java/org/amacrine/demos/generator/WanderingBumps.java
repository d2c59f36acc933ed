package org.amacrine.demos.generator;

import java.util.Arrays;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.operators.latent.Adam;
import org.amacrine.operators.latent.BumpBounds;
import org.amacrine.operators.latent.BumpFcn;
import org.amacrine.operators.latent.SlowSumOfBumpFcns;
import org.amacrine.operators.latent.Tensor;
import org.amacrine.operators.latent.TensorModule;
import org.amacrine.operators.latent.WanderingFit;
import org.amacrine.operators.latent.WanderingModule;

/**
 * Bumps that learn a function of one variable, all from near 0 on: with noise on their gradients they wander to where something is
 * left to learn.
 *
 * @param x where the function and the bumps are shown, [points]
 * @param truth the function there
 * @param sum of all bumps there, after the fit
 * @param bumps each of them there, [bump][points]
 * @param centres of each bump before each step, [bump][steps]
 */
public record WanderingBumps(double[] x, double[] truth, double[] sum, double[][] bumps, double[][] centres) {
    /** The function is learned from minus this to this, and centres stay within. */
    public static final double EDGE = 3;

    private static final int BUMPS = 8;
    private static final int STEPS = 6000;
    private static final int ROWS = 100;
    private static final int POINTS = 301;
    private static final double RATE = 0.01;
    private static final double SUPPORT = 0.01;

    /**
     * Fits the bumps; the same seed gives the same ones.
     *
     * @param centreStd standard deviation of the noise on the gradients of their centres; 0 for none
     */
    public static WanderingBumps fit(double centreStd, long seed) {
        RandomSequence random = new RandomSequence().start(seed, 0);
        double[][] c = new double[1][BUMPS];
        double[][] w = new double[1][BUMPS];
        double[] m = new double[BUMPS];
        for (int b = 0; b < BUMPS; b++) {
            c[0][b] = random.uniform() - 0.5;
            w[0][b] = 0.5;
            m[b] = 0.1 * random.normal();
        }
        SlowSumOfBumpFcns module = new SlowSumOfBumpFcns(
                c,
                w,
                m,
                new BumpBounds(new double[] {-EDGE}, new double[] {EDGE}),
                new BumpBounds(new double[] {0.2}, new double[] {1}),
                new WanderingModule.Perturbation(centreStd, 0, 0),
                SUPPORT);
        WanderingFit fit = new WanderingFit(module, 1, ROWS, RATE, Adam.Settings.DEFAULTS, random::normal);
        double[][] centres = new double[BUMPS][STEPS];
        double[] x = new double[ROWS];
        double[] y = new double[ROWS];
        for (int step = 0; step < STEPS; step++) {
            for (int n = 0; n < ROWS; n++) {
                x[n] = EDGE * (2 * random.uniform() - 1);
                y[n] = truth(x[n]);
            }
            for (int b = 0; b < BUMPS; b++) {
                centres[b][step] = parameter(module, b, "c");
            }
            fit.step(x, y, ROWS);
        }
        return of(module, centres);
    }

    private static double truth(double x) {
        return Math.sin(3 * x) * Math.exp(-x * x / 8);
    }

    private static double parameter(SlowSumOfBumpFcns module, int bump, String name) {
        Tensor tensor = module.parameters().get("bump_fcns." + bump + "." + name);
        return tensor.values()[0];
    }

    private static WanderingBumps of(SlowSumOfBumpFcns module, double[][] centres) {
        double[] x = new double[POINTS];
        Arrays.setAll(x, i -> EDGE * (2.0 * i / (POINTS - 1) - 1));
        double[][] bumps = new double[BUMPS][];
        for (int b = 0; b < BUMPS; b++) {
            bumps[b] = of(
                    new BumpFcn(
                            new double[] {parameter(module, b, "c")},
                            new double[] {parameter(module, b, "w")},
                            parameter(module, b, "m"),
                            null,
                            null,
                            WanderingModule.Perturbation.NONE,
                            SUPPORT),
                    x);
        }
        return new WanderingBumps(
                x, Arrays.stream(x).map(WanderingBumps::truth).toArray(), of(module, x), bumps, centres);
    }

    private static double[] of(TensorModule module, double[] x) {
        double[] y = new double[x.length];
        module.rowByRow().pass(1, x.length).forward(x, x.length, y);
        return y;
    }

    /** Root mean square of what the bumps miss of the function. */
    public double error() {
        double sumOfSquares = 0;
        for (int i = 0; i < x.length; i++) {
            sumOfSquares += (truth[i] - sum[i]) * (truth[i] - sum[i]);
        }
        return Math.sqrt(sumOfSquares / x.length);
    }
}
