package org.amacrine.operators.filter;

import java.util.List;
import java.util.stream.IntStream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.DifferentiableBaseLayer;

/** Several inputs as one: the channels of each behind those of the one before, frame by frame. */
public final class Concatenate extends DifferentiableBaseLayer {
    private final List<String> names;

    /**
     * A layer for inputs of the same rows and columns, named {@code a}, {@code b}, ….
     *
     * @param name what it is called in messages
     * @param count number of inputs, 1 to 26
     */
    public Concatenate(String name, int count) {
        super(name);
        if (count < 1 || count > 26) {
            throw new IllegalArgumentException("1 to 26 inputs can be put together but was given " + count);
        }
        names = IntStream.range(0, count)
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
        int channels = 0;
        for (Shape shape : context().inputs()) {
            if (shape.rows() != first.rows() || shape.columns() != first.columns()) {
                throw new IllegalArgumentException("inputs must have the same rows and columns but are "
                        + context().inputs() + "; resize or crop them");
            }
            channels += shape.channels();
        }
        return List.of(new Shape(channels, first.rows(), first.columns()));
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        for (int t = 0; t < out[0].frames(); t++) {
            int at = out[0].start(t);
            for (Chunk input : in) {
                int values = input.shape().values();
                System.arraycopy(input.values(), input.start(t), out[0].values(), at, values);
                at += values;
            }
        }
    }

    @Override
    protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        Chunk g = gradientsOut[0];
        for (int t = 0; t < g.frames(); t++) {
            int at = g.start(t);
            for (int n = 0; n < gradientsIn.length; n++) {
                int values = context().inputs().get(n).values();
                if (gradientsIn[n] != null) {
                    System.arraycopy(g.values(), at, gradientsIn[n].values(), gradientsIn[n].start(t), values);
                }
                at += values;
            }
        }
    }
}
