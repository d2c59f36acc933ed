package org.amacrine.operators.latent;

import java.util.List;
import org.amacrine.core.kernel.Kernels;

/** The workspace of one output group, for up to so many rows: from what m gives it to its mean. Owned by one thread. */
class OutputPass {
    final int h;
    final int columns;
    final int modes;
    final Kernels kernels;
    final CallParameters parameters;
    final List<DirectPair> pairs;
    final TensorModule.Pass s;
    /** Where s is the identity, and where nothing follows it, one array stands for both sides. */
    final boolean isIdentity;

    final boolean isPlain;
    final double[] z;
    final double[] q;
    final double[] mean;

    OutputPass(
            LatentRegressionModel model,
            int h,
            TensorModule module,
            CallParameters parameters,
            int maxRows,
            Kernels kernels) {
        this.h = h;
        this.kernels = kernels;
        this.parameters = parameters;
        columns = model.dOut()[h];
        modes = model.dTrans()[h];
        pairs = model.directPairs();
        s = module.pass(columns, maxRows);
        isIdentity = module instanceof Identity;
        isPlain = !model.uses(Kind.SCALES)
                && !model.uses(Kind.OFFSETS)
                && pairs.stream().noneMatch(pair -> pair.output() == h);
        z = new double[maxRows * columns];
        q = isIdentity ? z : new double[z.length];
        mean = isPlain ? q : new double[z.length];
    }

    /**
     * Computes the means.
     *
     * @param tran what m gives, rows from {@code tranRow} on
     * @param x inputs of all groups, rows from {@code xRow} on
     */
    final void forward(double[] tran, int tranRow, double[][] x, int xRow, int rows) {
        Matrices.multiply(kernels, tran, tranRow, parameters.u[h], z, rows, modes, columns);
        if (!isIdentity) {
            s.forward(z, rows, q);
        }
        for (int n = 0; !isPlain && n < rows; n++) {
            readOut(x, xRow + n, n * columns);
        }
    }

    /** Mean of a row: scaled, then shifted, then with what comes directly. */
    private void readOut(double[][] x, int xRow, int at) {
        double[] scale = parameters.scales[h];
        double[] offset = parameters.offsets[h];
        if (scale == null) {
            System.arraycopy(q, at, mean, at, columns);
        } else {
            for (int j = 0; j < columns; j++) {
                mean[at + j] = scale[j] * q[at + j];
            }
        }
        if (offset != null) {
            for (int j = 0; j < columns; j++) {
                mean[at + j] += offset[j];
            }
        }
        for (int i = 0; i < pairs.size(); i++) {
            if (pairs.get(i).output() == h) {
                double[] given = x[pairs.get(i).input()];
                double[] direct = parameters.direct[i];
                for (int j = 0; j < columns; j++) {
                    mean[at + j] = Math.fma(direct[j], given[xRow * columns + j], mean[at + j]);
                }
            }
        }
    }
}
