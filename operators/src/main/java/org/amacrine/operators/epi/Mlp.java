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

    /** Its work on one batch; owned by one thread. */
    final class Batch {
        private final Pass pass;
        /** Outputs of each layer, [widths[l + 1]] rows. */
        private final double[][] outputs;
        /** Gradients for a slice of a layer's outputs, two in turn. */
        private final double[][] gradients = new double[2][];
        /** Gradients for a slice, transposed: [sample][outputs, in whole blocks]. */
        private final double[] transposed;
        /** Gradients for the weights, [inputs][outputs, in whole blocks]. */
        private final double[][] weightGradients;

        Batch(Pass pass) {
            this.pass = pass;
            outputs = new double[layers()][];
            weightGradients = new double[layers()][];
            int most = 0;
            for (int l = 0; l < layers(); l++) {
                outputs[l] = new double[widths[l + 1] * pass.samples];
                weightGradients[l] = new double[widths[l] * padded(l)];
                most = Math.max(most, Math.max(widths[l], padded(l)));
            }
            gradients[0] = new double[most * pass.widest()];
            gradients[1] = new double[most * pass.widest()];
            transposed = new double[most * pass.widest()];
        }

        private int padded(int layer) {
            return (widths[layer + 1] + BLOCK - 1) / BLOCK * BLOCK;
        }

        /** The outputs, [outputs] rows. */
        double[] outputs() {
            return outputs[layers() - 1];
        }

        /**
         * From inputs to outputs, for one slice.
         *
         * @param x inputs, from {@code xAt} on
         */
        void forward(int slice, double[] x, int xAt) {
            int width = pass.width(slice);
            double[] in = x;
            int inAt = xAt;
            for (int l = 0; l < layers(); l++) {
                int outAt = widths[l + 1] * pass.start(slice);
                for (int u = 0; u < widths[l + 1]; u++) {
                    Arrays.fill(outputs[l], outAt + u * width, outAt + (u + 1) * width, pass.theta[biasesAt[l] + u]);
                }
                pass.kernels.addProduct(
                        pass.theta,
                        weightsAt[l],
                        1,
                        widths[l + 1],
                        in,
                        inAt,
                        width,
                        outputs[l],
                        outAt,
                        width,
                        widths[l + 1],
                        widths[l],
                        width);
                if (l < layers() - 1) {
                    activation.apply(outputs[l], outAt, widths[l + 1] * width);
                }
                in = outputs[l];
                inAt = outAt;
            }
        }

        /** Forgets the gradients of the weights. */
        void beginReverse() {
            for (double[] each : weightGradients) {
                Arrays.fill(each, 0);
            }
        }

        /**
         * From gradients for the outputs to gradients for the inputs, for one slice.
         *
         * @param outputGradient [outputs][width of the slice], from {@code outputAt} on
         * @param inputGradient what the gradients for the inputs are added to, from {@code inputAt} on
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
            double[] g = outputGradient;
            int gAt = outputAt;
            for (int l = layers() - 1; l >= 0; l--) {
                double[] in = l > 0 ? outputs[l - 1] : x;
                int inAt = l > 0 ? widths[l] * pass.start(slice) : xAt;
                addParameterGradients(l, in, inAt, g, gAt, width);
                double[] to = l > 0 ? gradients[l % 2] : inputGradient;
                int toAt = l > 0 ? 0 : inputAt;
                if (l > 0) {
                    Arrays.fill(to, 0, widths[l] * width, 0);
                }
                pass.kernels.addProduct(
                        pass.theta,
                        weightsAt[l],
                        widths[l + 1],
                        1,
                        g,
                        gAt,
                        width,
                        to,
                        toAt,
                        width,
                        widths[l],
                        widths[l + 1],
                        width);
                if (l > 0) {
                    activation.pull(in, inAt, to, 0, widths[l] * width);
                }
                g = to;
                gAt = toAt;
            }
        }

        private void addParameterGradients(int l, double[] in, int inAt, double[] g, int gAt, int width) {
            int units = widths[l + 1];
            int padded = padded(l);
            for (int j = 0; j < width; j++) {
                int row = j * padded;
                for (int u = 0; u < units; u++) {
                    transposed[row + u] = g[gAt + u * width + j];
                }
                for (int u = units; u < padded; u++) {
                    transposed[row + u] = 0;
                }
                for (int u = 0; u < units; u++) {
                    pass.gradient[biasesAt[l] + u] += transposed[row + u];
                }
            }
            pass.kernels.addProduct(
                    in, inAt, width, 1, transposed, 0, padded, weightGradients[l], 0, padded, widths[l], width, padded);
        }

        /** Adds the gradients of the weights to theta's. */
        void endReverse() {
            for (int l = 0; l < layers(); l++) {
                int units = widths[l + 1];
                for (int i = 0; i < widths[l]; i++) {
                    for (int u = 0; u < units; u++) {
                        pass.gradient[weightsAt[l] + i * units + u] += weightGradients[l][i * padded(l) + u];
                    }
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
