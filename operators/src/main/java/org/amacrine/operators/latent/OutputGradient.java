package org.amacrine.operators.latent;

import java.util.Arrays;
import org.amacrine.core.kernel.Kernels;

/** The workspace of one output group, forward and back: sums up gradients over the rows that it is shown. Owned by one thread. */
final class OutputGradient extends OutputPass {
    /** Sums so far: of the modes, [mode][variable], and [variable]; those of pairs with other groups are null. */
    final double[] uGradient;

    final double[] squares;
    final double[] scaleGradient;
    final double[] offsetGradient;
    final double[][] directGradient;
    /** Derivatives with respect to mean, q and z. */
    final double[] delta;

    private final double[] kappa;
    private final double[] zeta;

    OutputGradient(
            LatentRegressionModel model,
            int h,
            TensorModule module,
            CallParameters parameters,
            int maxRows,
            Kernels kernels) {
        super(model, h, module, parameters, maxRows, kernels);
        uGradient = new double[modes * columns];
        squares = new double[columns];
        scaleGradient = new double[columns];
        offsetGradient = new double[columns];
        directGradient = new double[pairs.size()][];
        for (int i = 0; i < pairs.size(); i++) {
            directGradient[i] = pairs.get(i).output() == h ? new double[columns] : null;
        }
        // Nobody asks for means once they have gone back; those that others are read from stay.
        delta = isPlain && isIdentity ? mean : new double[mean.length];
        kappa = model.uses(Kind.SCALES) ? new double[mean.length] : delta;
        zeta = isIdentity ? kappa : new double[mean.length];
    }

    /** Begins new sums. */
    void begin() {
        Arrays.fill(uGradient, 0);
        Arrays.fill(squares, 0);
        Arrays.fill(scaleGradient, 0);
        Arrays.fill(offsetGradient, 0);
        for (double[] gradient : directGradient) {
            if (gradient != null) {
                Arrays.fill(gradient, 0);
            }
        }
    }

    /** Adds the sums of another one of the same group, those of the modes aside. */
    void add(OutputGradient other) {
        Matrices.add(other.squares, squares);
        Matrices.add(other.scaleGradient, scaleGradient);
        Matrices.add(other.offsetGradient, offsetGradient);
        for (int i = 0; i < directGradient.length; i++) {
            if (directGradient[i] != null) {
                Matrices.add(other.directGradient[i], directGradient[i]);
            }
        }
    }

    /**
     * Goes back behind {@link #forward} of the same rows.
     *
     * @param weights factor over variance, [variable]
     * @param y outputs, of which rows {@code chosen[from]} and those behind are compared
     * @param theta becomes the derivative with respect to tran, rows from {@code tranRow} on
     */
    void back(
            double[] weights,
            double[] y,
            int[] chosen,
            int from,
            double[] tran,
            double[] theta,
            int tranRow,
            double[][] x,
            int xRow,
            int rows) {
        for (int n = 0; n < rows; n++) {
            int at = n * columns;
            int yAt = chosen[from + n] * columns;
            kernels.weighDifferences(mean, at, y, yAt, weights, delta, at, squares, columns);
        }
        readOutBack(x, xRow, rows);
        if (!isIdentity) {
            s.adjoint(kappa, zeta);
        }
        Matrices.addProduct(kernels, tran, tranRow, zeta, uGradient, rows, modes, columns);
        kernels.multiplyTransposed(zeta, 0, parameters.u[h], theta, tranRow * modes, rows, columns, modes);
    }

    /** Gradients of scales, offsets and direct mappings, and the derivative with respect to q. */
    private void readOutBack(double[][] x, int xRow, int rows) {
        for (int i = 0; i < pairs.size(); i++) {
            if (directGradient[i] != null) {
                addProducts(x[pairs.get(i).input()], xRow * columns, directGradient[i], rows);
            }
        }
        if (parameters.offsets[h] != null) {
            for (int n = 0; n < rows; n++) {
                for (int j = 0; j < columns; j++) {
                    offsetGradient[j] += delta[n * columns + j];
                }
            }
        }
        double[] scale = parameters.scales[h];
        if (scale == null) {
            return;
        }
        addProducts(q, 0, scaleGradient, rows);
        for (int n = 0; n < rows; n++) {
            for (int j = 0; j < columns; j++) {
                kappa[n * columns + j] = delta[n * columns + j] * scale[j];
            }
        }
    }

    /** {@code sums_j += delta_nj b_nj} over rows. */
    private void addProducts(double[] b, int bAt, double[] sums, int rows) {
        for (int n = 0; n < rows; n++) {
            int at = n * columns;
            for (int j = 0; j < columns; j++) {
                sums[j] = Math.fma(delta[at + j], b[bAt + at + j], sums[j]);
            }
        }
    }
}
