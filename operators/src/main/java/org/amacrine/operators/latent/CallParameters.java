package org.amacrine.operators.latent;

import org.amacrine.core.kernel.Bands;

/** The parameters of a call: the model's own, or given for it. Modes are transposed, so that inner loops run along variables. */
final class CallParameters {
    /** The fewest variables that are worth a worker. */
    static final int LEAST_VARIABLES = 128;

    private final LatentRegressionModel model;
    private final Bands bands;
    private final int[] dIn;
    private final int[] dOut;
    /** Modes of the groups, [mode][variable]. */
    final double[][] p;

    final double[][] u;
    /** Of the output groups, [variable]; null when not in use. */
    final double[][] scales;

    final double[][] offsets;
    /** Of the pairs, [variable]. */
    final double[][] direct;

    private final Bands.Band transpose = this::transpose;
    /** What the workers are at. */
    private double[] modes;

    private double[] transposed;
    private int variables;

    CallParameters(LatentRegressionModel model, Bands bands) {
        this.model = model;
        this.bands = bands;
        dIn = model.dIn();
        dOut = model.dOut();
        p = new double[dIn.length][];
        u = new double[dOut.length][];
        scales = new double[dOut.length][];
        offsets = new double[dOut.length][];
        direct = new double[model.directPairs().size()][];
        for (int g = 0; g < dIn.length; g++) {
            p[g] = new double[dIn[g] * model.dProj()[g]];
        }
        for (int h = 0; h < dOut.length; h++) {
            u[h] = new double[dOut[h] * model.dTrans()[h]];
        }
    }

    /** Takes the parameters for the next calls. */
    void use(Overrides overrides) {
        useModes(overrides);
        for (int h = 0; h < dOut.length; h++) {
            take(model.resolve(Kind.U, h, overrides), u[h], dOut[h]);
            scales[h] = model.uses(Kind.SCALES) ? model.resolve(Kind.SCALES, h, overrides) : null;
            offsets[h] = model.uses(Kind.OFFSETS) ? model.resolve(Kind.OFFSETS, h, overrides) : null;
        }
        for (int i = 0; i < direct.length; i++) {
            direct[i] = model.resolve(Kind.DIRECT_MAPPINGS, i, overrides);
        }
    }

    private void take(double[] given, double[] into, int count) {
        modes = given;
        transposed = into;
        variables = count;
        bands.run(transpose, count, LEAST_VARIABLES);
    }

    private void transpose(int worker, int from, int to) {
        Matrices.transpose(modes, transposed, variables, modes.length / variables, from, to);
    }

    /** Takes the modes p alone: enough for projections. */
    void useModes(Overrides overrides) {
        for (int g = 0; g < dIn.length; g++) {
            take(model.resolve(Kind.P, g, overrides), p[g], dIn[g]);
        }
    }
}
