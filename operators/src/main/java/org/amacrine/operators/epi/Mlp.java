package org.amacrine.operators.epi;

import java.util.Arrays;
import org.amacrine.core.random.RandomSequence;

/**
 * A multilayer perceptron, {@code y = f(W^T x + b)} for each layer, the last one without f. Weights are [inputs][outputs].
 * Immutable.
 */
final class Mlp {
    private static final int BLOCK = 8;
    private static final int TILE = 4;
    private static final int PANEL = Pass.SLICE;
    /** Values of a panel of a slice. */
    private static final int SQUARE = PANEL * PANEL;

    private final int[] widths;
    private final Activation activation;
    private final int[] weightsAt;
    private final int[] biasesAt;

    /**
     * @param prefix of its parameters' names, such as {@code stage0.}
     * @param widths number of inputs, of units of each hidden layer, and of outputs
     */
    Mlp(FlowLayout layout, String prefix, Activation activation, int... widths) {
        this.widths = widths;
        this.activation = activation;
        weightsAt = new int[widths.length - 1];
        biasesAt = new int[widths.length - 1];
        for (int l = 0; l < weightsAt.length; l++) {
            weightsAt[l] = layout.add(prefix + "W" + l, true, widths[l], widths[l + 1]);
            biasesAt[l] = layout.add(prefix + "b" + l, true, widths[l + 1]);
        }
    }

    int outputs() {
        return widths[widths.length - 1];
    }

    private int layers() {
        return weightsAt.length;
    }

    void initialise(double[] theta, RandomSequence random) {
        for (int l = 0; l < layers(); l++) {
            Glorot.fill(theta, weightsAt[l], widths[l], widths[l + 1], random);
        }
    }

    /** Number of panels of so many units. */
    private static int panels(int width) {
        return (width + PANEL - 1) / PANEL;
    }

    /** Units of a panel, a whole number of blocks. */
    private static int columns(int width, int panel) {
        int left = Math.min(PANEL, width - panel * PANEL);
        return (left + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** Weights and biases as products of matrices like them, one copy for all shares of a batch. */
    final class Weights {
        /** [panel of 32 outputs][input][32 outputs], filled up with zeros; the row behind the last input holds the biases. */
        private final double[][] plain = new double[layers()][];
        /** [panel of 32 inputs][output][32 inputs]. */
        private final double[][] transposed = new double[layers()][];

        Weights() {
            for (int l = 0; l < layers(); l++) {
                plain[l] = new double[panels(widths[l + 1]) * PANEL * rows(l)];
                transposed[l] = new double[panels(widths[l]) * PANEL * widths[l + 1]];
            }
        }

        /** Copies them from theta. */
        void take(double[] theta) {
            for (int l = 0; l < layers(); l++) {
                int outs = widths[l + 1];
                for (int i = 0; i < widths[l]; i++) {
                    int from = weightsAt[l] + i * outs;
                    int column = i / PANEL * PANEL * outs + i % PANEL;
                    for (int u = 0; u < outs; u++) {
                        transposed[l][column + u * PANEL] = theta[from + u];
                    }
                    row(theta, from, l, i);
                }
                row(theta, biasesAt[l], l, widths[l]);
            }
        }

        private void row(double[] theta, int from, int l, int i) {
            for (int p = 0; p < panels(widths[l + 1]); p++) {
                int count = Math.min(PANEL, widths[l + 1] - p * PANEL);
                System.arraycopy(theta, from + p * PANEL, plain[l], (p * rows(l) + i) * PANEL, count);
            }
        }
    }

    /** Inputs of a layer and the 1 that stands for its biases, filled up to whole tiles. */
    private int rows(int l) {
        return (widths[l] + TILE) / TILE * TILE;
    }

    /**
     * Its work on one share of a batch; owned by one thread at a time.
     *
     * <pre>
     *   a slice, and gradients for it   [panel of 32 units][sample][32 units]
     *   gradients of the weights        [panel of 32 outputs][input][32 outputs]
     * </pre>
     *
     * Panels are filled up with zeros, and a 1 behind the last unit, whose weights are the biases. So all rows are equally far apart,
     * which the products of matrices like best, and none needs a batch transposed, only the weights, which are few. Inputs and
     * outputs come and go as rows. The first hidden layer, which has few inputs, is computed again on the way back: that takes
     * less time than to keep it in memory.
     */
    final class Batch {
        private final Pass pass;
        private final Weights weights;
        /** Inputs and outputs of layers: those of layer l are {@code values[l]} and {@code values[l + 1]}. */
        private final double[][] values = new double[widths.length][];

        private final double[][] weightGradients = new double[layers()][];
        /** Gradients for a slice of {@code values}, of each layer. */
        private final double[][] gradients = new double[widths.length][];

        private final double[] outputs;

        Batch(Pass pass) {
            this.pass = pass;
            weights = pass.weights(Mlp.this);
            for (int l = 0; l < widths.length; l++) {
                values[l] = new double[(kept(l) ? pass.slices : 1) * size(l)];
                gradients[l] = new double[size(l)];
            }
            for (int l = 0; l < layers(); l++) {
                weightGradients[l] = new double[weights.plain[l].length];
            }
            outputs = new double[outputCount() * pass.samples];
        }

        /** Whether the values of a layer are kept for the way back; those of others are of the last slice. */
        private boolean kept(int l) {
            return l > 1 && l < layers();
        }

        private int size(int l) {
            return panels(widths[l] + 1) * SQUARE;
        }

        private int at(int l, int slice) {
            return kept(l) ? slice * size(l) : 0;
        }

        int outputCount() {
            return widths[layers()];
        }

        /** The outputs, [outputs] rows. */
        double[] outputs() {
            return outputs;
        }

        /**
         * From inputs to outputs, for one slice.
         *
         * @param x inputs, rows from {@code xAt} on
         */
        void forward(int slice, double[] x, int xAt) {
            int width = pass.width(slice);
            takeInputs(x, xAt, width);
            for (int l = 0; l < layers(); l++) {
                layer(l, slice, width);
            }
            for (int u = 0; u < outputCount(); u++) {
                int row = outputCount() * pass.start(slice) + u * width;
                for (int n = 0; n < width; n++) {
                    outputs[row + n] = values[layers()][column(u) + n * PANEL];
                }
            }
        }

        private void takeInputs(double[] x, int xAt, int width) {
            toSamples(x, xAt, widths[0], values[0], width);
            setOnes(0, 0, width);
        }

        private void setOnes(int l, int from, int width) {
            int at = from + column(widths[l]);
            for (int n = 0; n < width; n++) {
                values[l][at + n * PANEL] = 1;
            }
        }

        private void layer(int l, int slice, int width) {
            int to = at(l + 1, slice);
            multiply(
                    values[l], at(l, slice), widths[l] + 1, weights.plain[l], rows(l), values[l + 1], to, l + 1, width);
            if (l < layers() - 1) {
                activation.apply(pass.kernels, values[l + 1], to, panels(widths[l + 1]) * SQUARE);
                setOnes(l + 1, to, width);
            }
        }

        /**
         * The product of a slice of {@code inner} units with weights, whose panels have so many rows. Samples are filled up to whole
         * tiles: what comes of those that are none is never read.
         */
        private void multiply(
                double[] x, int xAt, int inner, double[] w, int rows, double[] y, int yAt, int l, int width) {
            Arrays.fill(y, yAt, yAt + panels(widths[l]) * SQUARE, 0);
            for (int p = 0; p < panels(widths[l]); p++) {
                for (int q = 0; q < panels(inner); q++) {
                    pass.kernels.addProduct(
                            x,
                            xAt + q * SQUARE,
                            PANEL,
                            1,
                            w,
                            (p * rows + q * PANEL) * PANEL,
                            PANEL,
                            y,
                            yAt + p * SQUARE,
                            PANEL,
                            (width + TILE - 1) / TILE * TILE,
                            Math.min(PANEL, inner - q * PANEL),
                            columns(widths[l], p));
                }
            }
        }

        /** Forgets the gradients of the weights. */
        void beginReverse() {
            for (double[] ofLayer : weightGradients) {
                Arrays.fill(ofLayer, 0);
            }
        }

        /**
         * From gradients for the outputs to gradients for the inputs, for one slice.
         *
         * @param x the inputs that {@link #forward} was given
         * @param outputGradient rows, from {@code outputAt} on
         * @param inputGradient rows that the gradients for the inputs are added to, from {@code inputAt} on
         */
        void reverse(
                int slice,
                double[] x,
                int xAt,
                double[] outputGradient,
                int outputAt,
                double[] inputGradient,
                int inputAt) {
            int width = pass.width(slice);
            takeInputs(x, xAt, width);
            if (layers() > 1) {
                layer(0, slice, width);
            }
            toSamples(outputGradient, outputAt, outputCount(), gradients[layers()], width);
            for (int l = layers() - 1; l >= 0; l--) {
                int outs = widths[l + 1];
                addWeightGradients(l, slice, width);
                multiply(gradients[l + 1], 0, outs, weights.transposed[l], outs, gradients[l], 0, l, width);
                if (l > 0) {
                    int size = panels(widths[l]) * SQUARE;
                    activation.pull(pass.kernels, values[l], at(l, slice), gradients[l], 0, size);
                }
            }
            for (int i = 0; i < widths[0]; i++) {
                for (int n = 0; n < width; n++) {
                    inputGradient[inputAt + i * width + n] += gradients[0][column(i) + n * PANEL];
                }
            }
        }

        private void addWeightGradients(int l, int slice, int width) {
            for (int p = 0; p < panels(widths[l + 1]); p++) {
                for (int q = 0; q < panels(widths[l] + 1); q++) {
                    pass.kernels.addProduct(
                            values[l],
                            at(l, slice) + q * SQUARE,
                            1,
                            PANEL,
                            gradients[l + 1],
                            p * SQUARE,
                            PANEL,
                            weightGradients[l],
                            (p * rows(l) + q * PANEL) * PANEL,
                            PANEL,
                            Math.min(PANEL, rows(l) - q * PANEL),
                            width,
                            columns(widths[l + 1], p));
                }
            }
        }

        /** Adds the gradients of weights and biases to theta's. */
        void endReverse() {
            for (int l = 0; l < layers(); l++) {
                for (int i = 0; i <= widths[l]; i++) {
                    int to = i < widths[l] ? weightsAt[l] + i * widths[l + 1] : biasesAt[l];
                    for (int p = 0; p < panels(widths[l + 1]); p++) {
                        int from = (p * rows(l) + i) * PANEL;
                        int count = Math.min(PANEL, widths[l + 1] - p * PANEL);
                        for (int u = 0; u < count; u++) {
                            pass.gradient[to + p * PANEL + u] += weightGradients[l][from + u];
                        }
                    }
                }
            }
        }

        private static int column(int unit) {
            return unit / PANEL * SQUARE + unit % PANEL;
        }

        private static void toSamples(double[] from, int fromAt, int rows, double[] to, int width) {
            for (int r = 0; r < rows; r++) {
                for (int n = 0; n < width; n++) {
                    to[column(r) + n * PANEL] = from[fromAt + r * width + n];
                }
            }
        }
    }

    /** The outputs for inputs that are jets, a new array. */
    double[] jets(Inversion inversion, double[] x) {
        Jets jets = inversion.jets();
        int size = jets.size();
        double[] in = x;
        for (int l = 0; l < layers(); l++) {
            double[] out = new double[widths[l + 1] * size];
            inversion
                    .kernels()
                    .addProduct(
                            inversion.theta(),
                            weightsAt[l],
                            1,
                            widths[l + 1],
                            in,
                            0,
                            size,
                            out,
                            0,
                            size,
                            widths[l + 1],
                            widths[l],
                            size);
            for (int u = 0; u < widths[l + 1]; u++) {
                jets.shift(out, u * size, inversion.theta()[biasesAt[l] + u]);
                if (l < layers() - 1) {
                    activation.apply(jets, out, u * size);
                }
            }
            in = out;
        }
        return in;
    }
}
