package org.amacrine.operators.epi;

import java.util.Arrays;
import org.amacrine.core.random.RandomSequence;

/**
 * A multilayer perceptron, {@code y = f(W^T x + b)} for each layer, the last one without f. Weights are [inputs][outputs].
 * Immutable.
 */
final class Mlp {
    private static final int BLOCK = 8;

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

    private static int padded(int width) {
        return (width + BLOCK - 1) / BLOCK * BLOCK;
    }

    /**
     * Its work on one batch; owned by one thread.
     *
     * <p>Within, a slice is [sample][unit], units padded with zeros to whole blocks: then no product needs a batch transposed,
     * only the weights, which are few. Inputs and outputs come and go as rows.
     */
    final class Batch {
        private final Pass pass;
        /** Inputs and outputs of layers: those of layer l are {@code values[l]} and {@code values[l + 1]}. */
        private final double[][] values = new double[widths.length][];
        /** Weights, [inputs][outputs], padded. */
        private final double[][] weights = new double[layers()][];
        /** Weights, [outputs][inputs], padded. */
        private final double[][] transposed = new double[layers()][];

        private final double[][] biases = new double[layers()][];
        private final double[][] weightGradients = new double[layers()][];
        private final double[][] biasGradients = new double[layers()][];
        /** Gradients for a slice of {@code values}, of each layer. */
        private final double[][] gradients = new double[widths.length][];

        private final double[] outputs;

        Batch(Pass pass) {
            this.pass = pass;
            for (int l = 0; l < widths.length; l++) {
                values[l] = new double[padded(widths[l]) * pass.samples];
                gradients[l] = new double[padded(widths[l]) * pass.widest()];
            }
            for (int l = 0; l < layers(); l++) {
                int size = padded(widths[l]) * padded(widths[l + 1]);
                weights[l] = new double[size];
                transposed[l] = new double[size];
                weightGradients[l] = new double[size];
                biases[l] = new double[padded(widths[l + 1])];
                biasGradients[l] = new double[padded(widths[l + 1])];
            }
            outputs = new double[outputCount() * pass.samples];
        }

        int outputCount() {
            return widths[layers()];
        }

        /** The outputs, [outputs] rows. */
        double[] outputs() {
            return outputs;
        }

        /** Takes the weights from theta. */
        void beginForward() {
            for (int l = 0; l < layers(); l++) {
                int in = padded(widths[l]);
                int out = padded(widths[l + 1]);
                for (int i = 0; i < widths[l]; i++) {
                    for (int u = 0; u < widths[l + 1]; u++) {
                        double weight = pass.theta[weightsAt[l] + i * widths[l + 1] + u];
                        weights[l][i * out + u] = weight;
                        transposed[l][u * in + i] = weight;
                    }
                }
                System.arraycopy(pass.theta, biasesAt[l], biases[l], 0, widths[l + 1]);
            }
        }

        /**
         * From inputs to outputs, for one slice.
         *
         * @param x inputs, rows from {@code xAt} on
         */
        void forward(int slice, double[] x, int xAt) {
            int width = pass.width(slice);
            int start = pass.start(slice);
            toSamples(x, xAt, widths[0], values[0], padded(widths[0]) * start, width);
            for (int l = 0; l < layers(); l++) {
                int in = padded(widths[l]);
                int out = padded(widths[l + 1]);
                for (int n = 0; n < width; n++) {
                    System.arraycopy(biases[l], 0, values[l + 1], out * (start + n), out);
                }
                pass.kernels.addProduct(
                        values[l],
                        in * start,
                        in,
                        1,
                        weights[l],
                        0,
                        out,
                        values[l + 1],
                        out * start,
                        out,
                        width,
                        widths[l],
                        out);
                if (l < layers() - 1) {
                    activation.apply(pass.kernels, values[l + 1], out * start, out * width);
                }
            }
            toRows(
                    values[layers()],
                    padded(outputCount()) * start,
                    outputCount(),
                    outputs,
                    outputCount() * start,
                    width);
        }

        /** Forgets the gradients of the weights. */
        void beginReverse() {
            for (int l = 0; l < layers(); l++) {
                Arrays.fill(weightGradients[l], 0);
                Arrays.fill(biasGradients[l], 0);
            }
        }

        /**
         * From gradients for the outputs to gradients for the inputs, for one slice.
         *
         * @param outputGradient rows, from {@code outputAt} on
         * @param inputGradient rows that the gradients for the inputs are added to, from {@code inputAt} on
         */
        void reverse(int slice, double[] outputGradient, int outputAt, double[] inputGradient, int inputAt) {
            int width = pass.width(slice);
            int start = pass.start(slice);
            toSamples(outputGradient, outputAt, outputCount(), gradients[layers()], 0, width);
            for (int l = layers() - 1; l >= 0; l--) {
                int in = padded(widths[l]);
                int out = padded(widths[l + 1]);
                double[] g = gradients[l + 1];
                for (int n = 0; n < width; n++) {
                    for (int u = 0; u < out; u++) {
                        biasGradients[l][u] += g[n * out + u];
                    }
                }
                pass.kernels.addProduct(
                        values[l], in * start, 1, in, g, 0, out, weightGradients[l], 0, out, in, width, out);
                Arrays.fill(gradients[l], 0, in * width, 0);
                pass.kernels.addProduct(
                        g, 0, out, 1, transposed[l], 0, in, gradients[l], 0, in, width, widths[l + 1], in);
                if (l > 0) {
                    activation.pull(pass.kernels, values[l], in * start, gradients[l], 0, in * width);
                }
            }
            int in = padded(widths[0]);
            for (int i = 0; i < widths[0]; i++) {
                for (int n = 0; n < width; n++) {
                    inputGradient[inputAt + i * width + n] += gradients[0][n * in + i];
                }
            }
        }

        /** Adds the gradients of weights and biases to theta's. */
        void endReverse() {
            for (int l = 0; l < layers(); l++) {
                int units = widths[l + 1];
                for (int u = 0; u < units; u++) {
                    pass.gradient[biasesAt[l] + u] += biasGradients[l][u];
                }
                for (int i = 0; i < widths[l]; i++) {
                    for (int u = 0; u < units; u++) {
                        pass.gradient[weightsAt[l] + i * units + u] += weightGradients[l][i * padded(units) + u];
                    }
                }
            }
        }

        private static void toSamples(double[] from, int fromAt, int rows, double[] to, int toAt, int width) {
            int stride = padded(rows);
            for (int r = 0; r < rows; r++) {
                for (int n = 0; n < width; n++) {
                    to[toAt + n * stride + r] = from[fromAt + r * width + n];
                }
            }
        }

        private static void toRows(double[] from, int fromAt, int rows, double[] to, int toAt, int width) {
            int stride = padded(rows);
            for (int r = 0; r < rows; r++) {
                for (int n = 0; n < width; n++) {
                    to[toAt + r * width + n] = from[fromAt + n * stride + r];
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
