package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;

/**
 * The workspace of a model for the gradients of up to so many rows. Rows are cut into shares of fixed size, each with sums of its
 * own, which are added up in order: the bits are the same for any number of workers. What comes from m and goes back to it is done for
 * all rows at once, as a module's gradients are sums of its own.
 *
 * <pre>
 *   workers   each share: take x, project
 *   owner     m
 *   workers   each share: expand, compare with y, go back          (the owner alone where s is a module)
 *   owner     m back
 *   workers   each share: gradients of p
 * </pre>
 *
 * <p>Owned by one thread; calls allocate nothing.
 */
final class GradientPass {
    private final LatentRegressionModel model;
    private final Kernels kernels;
    private final Bands bands;
    /** The workers for what runs through s: modules' gradients are no share's own, and a user's functions may have scratch. */
    private final Bands outputBands;

    private final int maxRows;
    private final int shareRows;
    private final int blockRows;
    private final int[] dIn;
    private final int[] dOut;
    private final int[] dProj;
    private final GroupMap.Pass m;
    private final CallParameters parameters;
    private final double[][] proj;
    private final double[][] tran;
    private final double[][] theta;
    private final double[][] pi;
    /** Factor over variance, [variable]. */
    private final double[][] weights;

    private final Share[] shares;
    private final Bands.Band beginSums = each(Share::begin);
    private final Bands.Band project = each(Share::project);
    private final Bands.Band compare = each(Share::compare);
    private final Bands.Band pGradients = each(Share::addPGradients);
    private final Bands.Band addModes = this::addModes;
    /** What the workers are at. */
    private Kind modes;

    private int group;
    private double[] modesGradient;
    private double[][] allX;
    private double[][] allY;
    private int[] chosen;
    private int first;
    private int rows;
    private int allRows;
    private double factor;

    /**
     * Makes room.
     *
     * @param maxRows of a call
     * @param shareRows rows of a share, 1 to {@code maxRows}; all of them where rows depend on each other
     * @param blockRows rows of a share that are compared at once, 1 to {@code shareRows}; likewise
     */
    GradientPass(
            LatentRegressionModel model,
            GroupMap map,
            List<TensorModule> modules,
            int maxRows,
            int shareRows,
            int blockRows,
            Kernels kernels,
            Bands bands) {
        this.model = model;
        this.kernels = kernels;
        this.bands = bands;
        this.maxRows = maxRows;
        this.shareRows = shareRows;
        this.blockRows = blockRows;
        outputBands = modules.stream().allMatch(s -> s instanceof Identity) ? bands : Bands.ALONE;
        dIn = model.dIn();
        dOut = model.dOut();
        dProj = model.dProj();
        m = map.pass(dProj, maxRows);
        parameters = new CallParameters(model, bands);
        proj = Matrices.ofWidths(dProj, maxRows);
        pi = Matrices.ofWidths(dProj, maxRows);
        tran = Matrices.ofWidths(model.dTrans(), maxRows);
        theta = Matrices.ofWidths(model.dTrans(), maxRows);
        weights = Matrices.ofWidths(dOut, 1);
        shares = new Share[(maxRows + shareRows - 1) / shareRows];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = new Share(i * shareRows, modules);
        }
    }

    private Bands.Band each(Consumer<Share> work) {
        return (worker, from, to) -> {
            for (int i = from; i < to; i++) {
                work.accept(shares[i]);
            }
        };
    }

    int maxRows() {
        return maxRows;
    }

    /** Begins a sum of gradients of {@code newFactor} times the negative log-likelihood, with the model's own parameters. */
    void begin(double newFactor) {
        factor = newFactor;
        allRows = 0;
        parameters.use(Overrides.NONE);
        for (int h = 0; h < dOut.length; h++) {
            double[] psi = model.resolve(Kind.PSI, h, Overrides.NONE);
            for (int j = 0; j < psi.length; j++) {
                weights[h][j] = factor / psi[j];
            }
        }
        bands.run(beginSums, shares.length, 1);
    }

    /**
     * Takes rows of x and y forward and back, and adds their share.
     *
     * @param chosenRows which rows: {@code chosenRows[from]} and those behind
     * @param count how many, at most as many as there is room for
     */
    void add(double[][] x, double[][] y, int[] chosenRows, int from, int count) {
        allX = x;
        allY = y;
        chosen = chosenRows;
        first = from;
        rows = count;
        allRows += count;
        int used = (count + shareRows - 1) / shareRows;
        bands.run(project, used, 1);
        m.forward(proj, rows, tran);
        outputBands.run(compare, used, 1);
        m.adjoint(theta, pi);
        bands.run(pGradients, used, 1);
    }

    /** Adds the sum to the gradients of the model's parameters; returns the negative log-likelihood of all rows. */
    double end() {
        for (int g = 0; g < dIn.length; g++) {
            addModes(Kind.P, g, dIn[g]);
        }
        for (int h = 0; h < dOut.length; h++) {
            addModes(Kind.U, h, dOut[h]);
        }
        for (int i = 1; i < shares.length; i++) {
            shares[0].add(shares[i]);
        }
        double negLl = 0;
        for (OutputGradient output : shares[0].outputs) {
            int h = output.h;
            if (parameters.scales[h] != null) {
                Matrices.add(output.scaleGradient, gradient(Kind.SCALES, h));
            }
            if (parameters.offsets[h] != null) {
                Matrices.add(output.offsetGradient, gradient(Kind.OFFSETS, h));
            }
            for (int i = 0; i < output.directGradient.length; i++) {
                if (output.directGradient[i] != null) {
                    Matrices.add(output.directGradient[i], gradient(Kind.DIRECT_MAPPINGS, i));
                }
            }
            negLl += variances(h, output.squares);
        }
        return negLl;
    }

    private void addModes(Kind kind, int index, int variables) {
        modes = kind;
        group = index;
        modesGradient = gradient(kind, index);
        bands.run(addModes, variables, CallParameters.LEAST_VARIABLES);
    }

    /** Adds up the gradients of the modes of some variables. */
    private void addModes(int worker, int from, int to) {
        int variables = modes == Kind.P ? dIn[group] : dOut[group];
        for (Share share : shares) {
            double[] sum = modes == Kind.P ? share.pGradient[group] : share.outputs[group].uGradient;
            Matrices.addTransposed(sum, modesGradient, sum.length / variables, variables, from, to);
        }
    }

    private double[] gradient(Kind kind, int index) {
        return model.tensor(kind, index).gradient();
    }

    /** Gradient of the variances, and the negative log-likelihood of the group. */
    private double variances(int h, double[] squares) {
        double[] psi = model.resolve(Kind.PSI, h, Overrides.NONE);
        double[] gradient = gradient(Kind.PSI, h);
        double sum = Likelihood.constant(psi, allRows);
        for (int j = 0; j < psi.length; j++) {
            double share = squares[j] / psi[j];
            sum += 0.5 * share;
            gradient[j] += 0.5 * factor * (allRows - share) / psi[j];
        }
        return sum;
    }

    /** Derivative with respect to the inputs of the last rows, [rows][d_in]; for passes of one share and block. */
    double[][] inputs() {
        double[][] dx = Matrices.ofWidths(dIn, rows);
        for (int g = 0; g < dIn.length; g++) {
            Matrices.multiply(kernels, pi[g], 0, parameters.p[g], dx[g], rows, dProj[g], dIn[g]);
        }
        for (int i = 0; i < parameters.direct.length; i++) {
            DirectPair pair = model.directPairs().get(i);
            double[] direct = parameters.direct[i];
            double[] delta = shares[0].outputs[pair.output()].delta;
            double[] to = dx[pair.input()];
            for (int n = 0; n < rows * direct.length; n++) {
                to[n] = Math.fma(direct[n % direct.length], delta[n], to[n]);
            }
        }
        return dx;
    }

    /** Some rows, and the sums over them. */
    private final class Share {
        private final int start;
        /** The rows of x that were chosen. */
        private final double[][] x;
        /** Sums so far, [mode][variable]. */
        private final double[][] pGradient = new double[dIn.length][];

        private final OutputGradient[] outputs = new OutputGradient[dOut.length];

        Share(int start, List<TensorModule> modules) {
            this.start = start;
            x = Matrices.ofWidths(dIn, shareRows);
            for (int g = 0; g < dIn.length; g++) {
                pGradient[g] = new double[dIn[g] * dProj[g]];
            }
            for (int h = 0; h < dOut.length; h++) {
                outputs[h] = new OutputGradient(model, h, modules.get(h), parameters, blockRows, kernels);
            }
        }

        private int count() {
            return Math.min(shareRows, rows - start);
        }

        void begin() {
            for (double[] gradient : pGradient) {
                Arrays.fill(gradient, 0);
            }
            for (OutputGradient output : outputs) {
                output.begin();
            }
        }

        void project() {
            for (int g = 0; g < dIn.length; g++) {
                int width = dIn[g];
                for (int n = 0; n < count(); n++) {
                    System.arraycopy(allX[g], chosen[first + start + n] * width, x[g], n * width, width);
                }
                kernels.multiplyTransposed(
                        x[g], 0, parameters.p[g], proj[g], start * dProj[g], count(), width, dProj[g]);
            }
        }

        void compare() {
            for (int at = 0; at < count(); at += blockRows) {
                int n = Math.min(blockRows, count() - at);
                for (OutputGradient output : outputs) {
                    int h = output.h;
                    output.forward(tran[h], start + at, x, at, n);
                    output.back(
                            weights[h], allY[h], chosen, first + start + at, tran[h], theta[h], start + at, x, at, n);
                }
            }
        }

        void addPGradients() {
            for (int g = 0; g < dIn.length; g++) {
                Matrices.addProduct(kernels, pi[g], start, x[g], pGradient[g], count(), dProj[g], dIn[g]);
            }
        }

        /** Adds the sums of another one, those of the modes aside. */
        void add(Share other) {
            for (int h = 0; h < dOut.length; h++) {
                outputs[h].add(other.outputs[h]);
            }
        }
    }
}
