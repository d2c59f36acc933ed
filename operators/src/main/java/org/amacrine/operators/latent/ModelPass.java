package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.kernel.Kernels;

/**
 * The workspace of a model for up to so many rows: forward, and back with gradients. Modes are kept transposed, so that inner
 * loops run along variables. Owned by one thread; calls allocate nothing.
 */
final class ModelPass {
    private final LatentRegressionModel model;
    private final Kernels kernels;
    private final int maxRows;
    private final int[] dIn;
    private final int[] dOut;
    private final int[] dProj;
    private final int[] dTrans;
    private final List<DirectPair> pairs;
    private final GroupMap.Pass m;
    private final TensorModule.Pass[] s;
    /** Where s is the identity, and where nothing follows it, one array stands for both sides. */
    private final boolean[] isIdentity;
    /** Modes of this call, [mode][variable]. */
    private final double[][] p;

    private final double[][] u;
    /** Parameters of this call, [variable]; null when not in use. */
    private final double[][] scales;

    private final double[][] offsets;
    private final double[][] direct;

    private final double[][] proj;
    private final double[][] tran;
    private final double[][] z;
    private final double[][] q;
    private final double[][] mean;
    private Adjoint adjoint;

    ModelPass(LatentRegressionModel model, GroupMap map, List<TensorModule> modules, int maxRows, Kernels kernels) {
        this.model = model;
        this.kernels = kernels;
        this.maxRows = maxRows;
        dIn = model.dIn();
        dOut = model.dOut();
        dProj = model.dProj();
        dTrans = model.dTrans();
        pairs = model.directPairs();
        m = map.pass(dProj, maxRows);
        s = new TensorModule.Pass[dOut.length];
        isIdentity = new boolean[dOut.length];
        p = new double[dIn.length][];
        u = new double[dOut.length][];
        scales = new double[dOut.length][];
        offsets = new double[dOut.length][];
        direct = new double[pairs.size()][];
        for (int g = 0; g < dIn.length; g++) {
            p[g] = new double[dIn[g] * dProj[g]];
        }
        for (int h = 0; h < dOut.length; h++) {
            s[h] = modules.get(h).pass(dOut[h], maxRows);
            u[h] = new double[dOut[h] * dTrans[h]];
        }
        proj = Matrices.ofWidths(dProj, maxRows);
        tran = Matrices.ofWidths(dTrans, maxRows);
        z = Matrices.ofWidths(dOut, maxRows);
        q = new double[dOut.length][];
        mean = new double[dOut.length][];
        for (int h = 0; h < dOut.length; h++) {
            isIdentity[h] = modules.get(h) instanceof Identity;
            q[h] = isIdentity[h] ? z[h] : new double[z[h].length];
            mean[h] = isPlain(h) ? q[h] : new double[z[h].length];
        }
    }

    /** Whether the mean of an output group is what s gives. */
    private boolean isPlain(int h) {
        return !model.uses(Kind.SCALES)
                && !model.uses(Kind.OFFSETS)
                && pairs.stream().noneMatch(pair -> pair.output() == h);
    }

    int maxRows() {
        return maxRows;
    }

    /** Takes the parameters for the next calls. */
    void use(Overrides overrides) {
        useModes(overrides);
        for (int h = 0; h < dOut.length; h++) {
            Matrices.transpose(model.resolve(Kind.U, h, overrides), u[h], dOut[h], dTrans[h]);
            scales[h] = model.uses(Kind.SCALES) ? model.resolve(Kind.SCALES, h, overrides) : null;
            offsets[h] = model.uses(Kind.OFFSETS) ? model.resolve(Kind.OFFSETS, h, overrides) : null;
        }
        for (int i = 0; i < pairs.size(); i++) {
            direct[i] = model.resolve(Kind.DIRECT_MAPPINGS, i, overrides);
        }
    }

    /** Takes the modes p alone: enough for projections. */
    void useModes(Overrides overrides) {
        for (int g = 0; g < dIn.length; g++) {
            Matrices.transpose(model.resolve(Kind.P, g, overrides), p[g], dIn[g], dProj[g]);
        }
    }

    void project(double[][] x, int rows) {
        for (int g = 0; g < dIn.length; g++) {
            kernels.multiplyTransposed(x[g], p[g], proj[g], rows, dIn[g], dProj[g]);
        }
    }

    /** Projections of the last call, [rows][d_proj]. */
    double[][] projections() {
        return proj;
    }

    /** Means of the last call, [rows][d_out]. */
    double[][] mean() {
        return mean;
    }

    void forward(double[][] x, int rows) {
        project(x, rows);
        m.forward(proj, rows, tran);
        for (int h = 0; h < dOut.length; h++) {
            Matrices.multiply(kernels, tran[h], u[h], z[h], rows, dTrans[h], dOut[h]);
            if (!isIdentity[h]) {
                s[h].forward(z[h], rows, q[h]);
            }
            for (int n = 0; mean[h] != q[h] && n < rows; n++) {
                readOut(x, h, n * dOut[h]);
            }
        }
    }

    /** Mean of a row of an output group: scaled, then shifted, then with what comes directly. */
    private void readOut(double[][] x, int h, int at) {
        int columns = dOut[h];
        double[] out = mean[h];
        if (scales[h] == null) {
            System.arraycopy(q[h], at, out, at, columns);
        } else {
            for (int j = 0; j < columns; j++) {
                out[at + j] = scales[h][j] * q[h][at + j];
            }
        }
        if (offsets[h] != null) {
            for (int j = 0; j < columns; j++) {
                out[at + j] += offsets[h][j];
            }
        }
        for (int i = 0; i < pairs.size(); i++) {
            if (pairs.get(i).output() == h) {
                double[] given = x[pairs.get(i).input()];
                for (int j = 0; j < columns; j++) {
                    out[at + j] = Math.fma(direct[i][j], given[at + j], out[at + j]);
                }
            }
        }
    }

    /** Begins a sum of gradients of {@code factor} times the negative log-likelihood, with the model's own parameters. */
    void beginGradients(double factor) {
        use(Overrides.NONE);
        if (adjoint == null) {
            adjoint = new Adjoint();
        }
        adjoint.begin(factor);
    }

    /**
     * Takes rows forward and back, and adds their share.
     *
     * @param yRows where the outputs are that belong to row n of x: in row {@code yRows[from + n]} of y
     */
    void addGradients(double[][] x, double[][] y, int[] yRows, int from, int rows) {
        forward(x, rows);
        adjoint.add(x, y, yRows, from, rows);
    }

    /** Adds the sum to the gradients of the model's parameters; returns the negative log-likelihood of all rows. */
    double endGradients() {
        return adjoint.end();
    }

    /** Derivative of the last objective with respect to the inputs, [rows][d_in], from what went back last. */
    double[][] inputGradients() {
        return adjoint.inputs();
    }

    /** What only gradients need. */
    private final class Adjoint {
        private final double[][] delta = Matrices.ofWidths(dOut, maxRows);
        private final double[][] kappa = model.uses(Kind.SCALES) ? Matrices.ofWidths(dOut, maxRows) : delta;
        private final double[][] zeta = new double[dOut.length][];
        private final double[][] theta = Matrices.ofWidths(dTrans, maxRows);
        private final double[][] pi = Matrices.ofWidths(dProj, maxRows);
        /** Gradients of the modes so far, [mode][variable]. */
        private final double[][] pGradient = copies(p);

        private final double[][] uGradient = copies(u);
        /** Factor over variance, and sums of squares of residuals, [variable]. */
        private final double[][] weights = Matrices.ofWidths(dOut, 1);

        private final double[][] squares = Matrices.ofWidths(dOut, 1);
        private double factor;
        private int allRows;
        private int lastRows;

        private static double[][] copies(double[][] arrays) {
            return Arrays.stream(arrays).map(double[]::clone).toArray(double[][]::new);
        }

        Adjoint() {
            for (int h = 0; h < dOut.length; h++) {
                zeta[h] = isIdentity[h] ? kappa[h] : new double[kappa[h].length];
            }
        }

        void begin(double newFactor) {
            factor = newFactor;
            allRows = 0;
            for (double[] gradient : pGradient) {
                Arrays.fill(gradient, 0);
            }
            for (int h = 0; h < dOut.length; h++) {
                Arrays.fill(uGradient[h], 0);
                Arrays.fill(squares[h], 0);
                double[] psi = model.resolve(Kind.PSI, h, Overrides.NONE);
                for (int j = 0; j < psi.length; j++) {
                    weights[h][j] = factor / psi[j];
                }
            }
        }

        void add(double[][] x, double[][] y, int[] yRows, int from, int rows) {
            lastRows = rows;
            allRows += rows;
            for (int h = 0; h < dOut.length; h++) {
                residuals(h, y[h], yRows, from, rows);
                direct(h, x, rows);
                readOut(h, rows);
                if (!isIdentity[h]) {
                    s[h].adjoint(kappa[h], zeta[h]);
                }
                Matrices.addProduct(kernels, tran[h], zeta[h], uGradient[h], rows, dTrans[h], dOut[h]);
                kernels.multiplyTransposed(zeta[h], u[h], theta[h], rows, dOut[h], dTrans[h]);
            }
            m.adjoint(theta, pi);
            for (int g = 0; g < dIn.length; g++) {
                Matrices.addProduct(kernels, pi[g], x[g], pGradient[g], rows, dProj[g], dIn[g]);
            }
        }

        double end() {
            for (int g = 0; g < dIn.length; g++) {
                Matrices.addTransposed(pGradient[g], model.tensor(Kind.P, g).gradient(), dProj[g], dIn[g]);
            }
            double sum = 0;
            for (int h = 0; h < dOut.length; h++) {
                Matrices.addTransposed(uGradient[h], model.tensor(Kind.U, h).gradient(), dTrans[h], dOut[h]);
                sum += variances(h);
            }
            return sum;
        }

        /** Gradient of the variances, and the negative log-likelihood of the group. */
        private double variances(int h) {
            double[] psi = model.resolve(Kind.PSI, h, Overrides.NONE);
            double[] gradient = model.tensor(Kind.PSI, h).gradient();
            double sum = Likelihood.constant(psi, allRows);
            for (int j = 0; j < psi.length; j++) {
                double share = squares[h][j] / psi[j];
                sum += 0.5 * share;
                gradient[j] += 0.5 * factor * (allRows - share) / psi[j];
            }
            return sum;
        }

        /** Derivative with respect to the mean. */
        private void residuals(int h, double[] y, int[] yRows, int from, int rows) {
            int columns = dOut[h];
            for (int n = 0; n < rows; n++) {
                int at = n * columns;
                int yAt = yRows[from + n] * columns;
                kernels.weighDifferences(mean[h], at, y, yAt, weights[h], delta[h], at, squares[h], columns);
            }
        }

        private void direct(int h, double[][] x, int rows) {
            for (int i = 0; i < pairs.size(); i++) {
                if (pairs.get(i).output() == h) {
                    double[] gradient = model.tensor(Kind.DIRECT_MAPPINGS, i).gradient();
                    addProducts(delta[h], x[pairs.get(i).input()], gradient, rows);
                }
            }
        }

        /** Gradients of offsets and scales, and the derivative with respect to q. */
        private void readOut(int h, int rows) {
            int columns = dOut[h];
            if (offsets[h] != null) {
                double[] gradient = model.tensor(Kind.OFFSETS, h).gradient();
                for (int n = 0; n < rows; n++) {
                    for (int j = 0; j < columns; j++) {
                        gradient[j] += delta[h][n * columns + j];
                    }
                }
            }
            if (scales[h] == null) {
                return;
            }
            addProducts(delta[h], q[h], model.tensor(Kind.SCALES, h).gradient(), rows);
            for (int n = 0; n < rows; n++) {
                for (int j = 0; j < columns; j++) {
                    kappa[h][n * columns + j] = delta[h][n * columns + j] * scales[h][j];
                }
            }
        }

        /** {@code sums_j += a_nj b_nj} over rows. */
        private void addProducts(double[] a, double[] b, double[] sums, int rows) {
            int columns = sums.length;
            for (int n = 0; n < rows; n++) {
                int at = n * columns;
                for (int j = 0; j < columns; j++) {
                    sums[j] = Math.fma(a[at + j], b[at + j], sums[j]);
                }
            }
        }

        double[][] inputs() {
            double[][] dx = Matrices.ofWidths(dIn, lastRows);
            for (int g = 0; g < dIn.length; g++) {
                Matrices.multiply(kernels, pi[g], p[g], dx[g], lastRows, dProj[g], dIn[g]);
            }
            for (int i = 0; i < pairs.size(); i++) {
                DirectPair pair = pairs.get(i);
                int columns = dOut[pair.output()];
                for (int n = 0; n < lastRows * columns; n++) {
                    dx[pair.input()][n] =
                            Math.fma(direct[i][n % columns], delta[pair.output()][n], dx[pair.input()][n]);
                }
            }
            return dx;
        }
    }
}
