package org.amacrine.core.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;

/** Small layers with which containers and guards are tested. */
final class TestLayers {
    private TestLayers() {}

    static LayerContext context(String path, int maxFrames, Shape... inputs) {
        return new LayerContext(
                path, List.of(inputs), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, maxFrames);
    }

    static Chunk chunk(Shape shape, long firstFrame, float... values) {
        int frames = values.length / shape.values();
        Chunk chunk = Chunk.unpooled(shape, Math.max(1, frames));
        chunk.begin(firstFrame, 0);
        chunk.frames(frames);
        System.arraycopy(values, 0, chunk.values(), 0, values.length);
        return chunk;
    }

    /** {@code y = gain x}. */
    static class Gain extends BaseLayer {
        final Parameter gain;

        Gain(double defaultGain) {
            super("gain");
            gain = add(Parameter.number("gain", defaultGain));
        }

        @Override
        protected List<Shape> allocate() {
            return List.of(context().input());
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {
            int count = in[0].frames() * in[0].shape().values();
            context()
                    .kernels()
                    .scale(
                            in[0].values(),
                            in[0].start(0),
                            out[0].values(),
                            out[0].start(0),
                            0,
                            count,
                            (float) gain.number(),
                            0f);
        }
    }

    /** A gain that remembers the frames of each chunk that it gets, as {@code first+count}. */
    static final class Recording extends Gain {
        final List<String> chunks = new ArrayList<>();

        Recording(double defaultGain) {
            super(defaultGain);
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {
            chunks.add(in[0].firstFrame() + "+" + in[0].frames());
            super.process(in, out);
        }
    }

    /** {@code y[t] = x[t] + decay y[t-1]}. */
    static final class Leaky extends BaseLayer {
        private final Parameter decay;
        private float[] last;

        Leaky(double defaultDecay) {
            super("leaky");
            decay = add(Parameter.number("decay", defaultDecay).atLeast(0).atMost(1));
        }

        @Override
        protected List<Shape> allocate() {
            last = new float[context().input().values()];
            states().add("last", last, last.length);
            states().onClear(() -> Arrays.fill(last, 0));
            return List.of(context().input());
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {
            int n = last.length;
            float a = (float) decay.number();
            context()
                    .kernels()
                    .firstOrder(
                            in[0].values(),
                            in[0].start(0),
                            out[0].values(),
                            out[0].start(0),
                            last,
                            in[0].frames(),
                            n,
                            0,
                            n,
                            1f,
                            a);
        }
    }

    /** Two inputs, two outputs: their sum and their difference. */
    static final class SumAndDifference extends BaseLayer {
        SumAndDifference() {
            super("sum-and-difference");
        }

        @Override
        public List<String> inputs() {
            return List.of("a", "b");
        }

        @Override
        public List<String> outputs() {
            return List.of("sum", "difference");
        }

        @Override
        protected List<Shape> allocate() {
            if (!context().inputs().get(0).equals(context().inputs().get(1))) {
                throw new IllegalArgumentException("a and b must have the same extent but have "
                        + context().inputs());
            }
            return context().inputs();
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {
            for (int i = 0; i < in[0].frames() * in[0].shape().values(); i++) {
                float a = in[0].values()[in[0].start(0) + i];
                float b = in[1].values()[in[1].start(0) + i];
                out[0].values()[out[0].start(0) + i] = a + b;
                out[1].values()[out[1].start(0) + i] = a - b;
            }
        }
    }

    /** {@code y[t] = gain x[t] y2[t]} of two inputs: a product, with its gradients. */
    static class Product extends DifferentiableBaseLayer {
        private final Parameter gain;
        private float[][] kept;

        Product(double defaultGain) {
            super("product");
            gain = add(Parameter.number("gain", defaultGain).trainable());
        }

        @Override
        public List<String> inputs() {
            return List.of("a", "b");
        }

        @Override
        protected List<Shape> allocate(boolean forGradients) {
            int size = forGradients ? context().maxFrames() * context().input().values() : 0;
            kept = new float[2][size];
            return List.of(context().input());
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {
            float factor = (float) gain.number();
            int count = in[0].frames() * in[0].shape().values();
            for (int i = 0; i < count; i++) {
                float a = in[0].values()[in[0].start(0) + i];
                float b = in[1].values()[in[1].start(0) + i];
                out[0].values()[out[0].start(0) + i] = factor * a * b;
                if (keepsGradients()) {
                    kept[0][i] = a;
                    kept[1][i] = b;
                }
            }
        }

        @Override
        protected void adjoint(Chunk[] gradientsOut, Chunk[] gradientsIn) {
            double[] ofGain = gain.gradient();
            float factor = (float) gain.number();
            for (int i = 0;
                    i < gradientsOut[0].frames() * gradientsOut[0].shape().values();
                    i++) {
                float g = gradientsOut[0].values()[gradientsOut[0].start(0) + i];
                for (int input = 0; input < 2; input++) {
                    if (gradientsIn[input] != null) {
                        int at = gradientsIn[input].start(0) + i;
                        gradientsIn[input].values()[at] = factor * g * kept[1 - input][i];
                    }
                }
                if (ofGain != null) {
                    ofGain[0] += (double) g * kept[0][i] * kept[1][i];
                }
            }
        }
    }

    /** Halves the frame: every second row. */
    static final class EverySecondRow extends BaseLayer {
        EverySecondRow() {
            super("every-second-row");
        }

        @Override
        protected List<Shape> allocate() {
            Shape in = context().input();
            if (in.rows() < 2) {
                throw new IllegalArgumentException("frames need at least 2 rows but have the extent " + in);
            }
            return List.of(new Shape(in.channels(), in.rows() / 2, in.columns()));
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {
            Shape x = in[0].shape();
            Shape y = out[0].shape();
            for (int t = 0; t < in[0].frames(); t++) {
                for (int r = 0; r < y.channels() * y.rows(); r++) {
                    int row = r / y.rows() * x.rows() + r % y.rows() * 2;
                    System.arraycopy(
                            in[0].values(),
                            in[0].start(t) + row * x.columns(),
                            out[0].values(),
                            out[0].start(t) + r * x.columns(),
                            x.columns());
                }
            }
        }
    }

    /** Throws what it is given when it meets a value above 100. */
    static final class Fragile extends BaseLayer {
        private final RuntimeException thrown;

        Fragile(RuntimeException thrown) {
            super("fragile");
            this.thrown = thrown;
        }

        @Override
        protected List<Shape> allocate() {
            return List.of(context().input());
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {
            int count = in[0].frames() * in[0].shape().values();
            for (int i = 0; i < count; i++) {
                float x = in[0].values()[in[0].start(0) + i];
                if (x > 100) {
                    throw thrown;
                }
                out[0].values()[out[0].start(0) + i] = x;
            }
        }
    }
}
