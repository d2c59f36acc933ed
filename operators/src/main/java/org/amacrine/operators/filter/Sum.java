package org.amacrine.operators.filter;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.DifferentiableBaseLayer;

/**
 * The weighted sum of several inputs, and of channels within them:
 * {@code y[c] = sum over inputs n of weights[n] (x_n[c] + x_n[c + C] + x_n[c + 2 C] + …)}. With as many channels as the inputs
 * have it adds the inputs, with one it adds all channels too, and with those of one stream it adds streams.
 *
 * <p>Sums are made in the order of inputs, then of channels.
 */
public final class Sum extends DifferentiableBaseLayer {
    private final List<String> names;
    private final int channels;
    private final float[] weights;
    private Shape result;

    /**
     * A sum of inputs of the same rows and columns, named {@code a}, {@code b}, ….
     *
     * @param name what it is called in messages
     * @param channels number of channels C of the result; 0 for that of the first input
     * @param weights one for each input, from 1 to 26 of them
     */
    public Sum(String name, int channels, float... weights) {
        super(name);
        if (channels < 0 || weights.length < 1 || weights.length > 26) {
            throw new IllegalArgumentException("a sum has 1 to 26 inputs and 0 or more channels but was given "
                    + weights.length + " weights and " + channels + " channels");
        }
        this.channels = channels;
        this.weights = weights.clone();
        names = IntStream.range(0, weights.length)
                .mapToObj(n -> String.valueOf((char) ('a' + n)))
                .toList();
    }

    @Override
    public List<String> inputs() {
        return names;
    }

    @Override
    protected List<Shape> allocate(boolean forGradients) {
        Shape first = context().input();
        result = new Shape(channels == 0 ? first.channels() : channels, first.rows(), first.columns());
        for (Shape shape : context().inputs()) {
            if (shape.pixels() != first.pixels()
                    || shape.rows() != first.rows()
                    || shape.channels() % result.channels() != 0) {
                throw new IllegalArgumentException("a sum of " + result.channels()
                        + " channels takes frames of as many channels, or a multiple, and of the same rows and columns,"
                        + " but they are " + context().inputs());
            }
        }
        return List.of(result);
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        int values = result.values();
        float[] y = out[0].values();
        for (int t = 0; t < out[0].frames(); t++) {
            int to = out[0].start(t);
            Arrays.fill(y, to, to + values, 0f);
            for (int n = 0; n < in.length; n++) {
                for (int from = in[n].start(t); from < in[n].start(t + 1); from += values) {
                    add(in[n].values(), from, y, to, weights[n], values);
                }
            }
        }
    }

    private void add(float[] x, int xAt, float[] y, int yAt, float weight, int values) {
        context().kernels().addScaled(y, yAt, x, xAt, y, yAt, 1, values, 0, values, weight);
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        Chunk g = gradientsOut[0];
        int values = result.values();
        for (int n = 0; n < gradientsIn.length; n++) {
            Chunk ofInput = gradientsIn[n];
            for (int t = 0; ofInput != null && t < g.frames(); t++) {
                for (int to = ofInput.start(t); to < ofInput.start(t + 1); to += values) {
                    context().kernels().scale(g.values(), g.start(t), ofInput.values(), to, 0, values, weights[n], 0f);
                }
            }
        }
    }
}
