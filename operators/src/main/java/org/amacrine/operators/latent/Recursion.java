package org.amacrine.operators.latent;

import java.util.List;
import org.amacrine.core.kernel.ScalarKernels;

/** Outputs of a model that are fed back to it, step by step, in double precision. */
final class Recursion {
    private final LatentRegressionModel model;
    private final List<Feedback> feedback;
    private final int[] dIn;
    private final int[] dOut;

    /** Checks that the groups exist and are of the same widths. */
    Recursion(LatentRegressionModel model, List<Feedback> feedback) {
        this.model = model;
        this.feedback = Given.list(feedback, "feedback");
        dIn = model.dIn();
        dOut = model.dOut();
        requireFits(this.feedback, dIn, dOut);
    }

    static void requireFits(List<Feedback> feedback, int[] dIn, int[] dOut) {
        for (Feedback pair : feedback) {
            int h = pair.output();
            int g = pair.input();
            if (h < 0 || h >= dOut.length || g < 0 || g >= dIn.length) {
                throw new IllegalArgumentException(pair + " names a group that is not there; there are " + dOut.length
                        + " output and " + dIn.length + " input groups, counted from 0");
            }
            if (dOut[h] != dIn[g]) {
                throw new IllegalArgumentException(pair + " feeds " + dOut[h] + " outputs to " + dIn[g]
                        + " inputs; both groups must have as many variables");
            }
        }
    }

    /** Which input groups something is fed back to. */
    static boolean[] fed(List<Feedback> feedback, int inputs) {
        boolean[] fed = new boolean[inputs];
        feedback.forEach(pair -> fed[pair.input()] = true);
        return fed;
    }

    Groups generate(Groups x, Noise noise) {
        requireGiven(x);
        double[][] deviations = model.deviations();
        ModelPass pass = new ModelPass(model, model.m(), model.s(), 1, ScalarKernels.INSTANCE);
        pass.use(Overrides.NONE);
        double[][] current = Matrices.ofWidths(dIn, 1);
        double[][] y = Matrices.ofWidths(dOut, x.rows());
        double[][] eps = Matrices.ofWidths(dOut, 1);
        for (int t = 0; t < x.rows(); t++) {
            for (int g = 0; g < dIn.length; g++) {
                System.arraycopy(x.group(g), t * dIn[g], current[g], 0, dIn[g]);
            }
            for (Feedback pair : feedback) {
                fill(current[pair.input()], y[pair.output()], (t - 1) * current[pair.input()].length);
            }
            pass.forward(current, 1);
            for (int h = 0; h < dOut.length; h++) {
                noise.draw(h, t, eps[h]);
                for (int j = 0; j < dOut[h]; j++) {
                    y[h][t * dOut[h] + j] = Math.fma(deviations[h][j], eps[h][j], pass.mean()[h][j]);
                }
            }
        }
        return new Groups(x.rows(), y);
    }

    /** Only what is NaN: what is given stays. */
    private static void fill(double[] row, double[] last, int at) {
        for (int j = 0; j < row.length; j++) {
            if (Double.isNaN(row[j])) {
                row[j] = last[at + j];
            }
        }
    }

    private void requireGiven(Groups x) {
        if (x.rows() == 0) {
            throw new IllegalArgumentException("x has no row; give one for each step");
        }
        for (int g = 0; g < dIn.length; g++) {
            requireGiven(x, g, 1);
        }
        boolean[] fed = fed(feedback, dIn.length);
        for (int g = 0; g < dIn.length; g++) {
            if (!fed[g]) {
                requireGiven(x, g, x.rows());
            }
        }
    }

    private void requireGiven(Groups x, int g, int rows) {
        for (int i = 0; i < rows * dIn[g]; i++) {
            if (Double.isNaN(x.group(g)[i])) {
                throw new IllegalArgumentException(
                        "row " + i / dIn[g] + " of input group " + g + " has no value for variable "
                                + i % dIn[g] + "; "
                                + (i < dIn[g]
                                        ? "give all of the first row, nothing can be fed back to it"
                                        : "nothing is fed back to this group, so give all of it"));
            }
        }
    }
}
