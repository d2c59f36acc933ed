package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.amacrine.core.backend.Backend;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.kernel.WorkerPool;

/**
 * What {@link LayerContract} asks of differentiable layers. Gradients are those of {@code L = sum r y} with random weights r around 1,
 * for a chunk in the middle of a stream, and are held against differences of L along random directions, of fourth order:
 * {@code (8 (L(h) - L(-h)) - (L(2h) - L(-2h))) / 12 h}. L is added up in double precision, y is {@code float32}: the bound is
 * stated as a part of the gradient's norm, beside what rounding does to L.
 */
final class GradientLaws {
    /** Frames of the chunk before, which is a constant, and of the chunk whose gradients are asked for. */
    private static final int BEFORE = 11;

    private static final int FRAMES = 17;
    private static final int DIRECTIONS = 3;
    /** What a few operations in single precision do to a value. */
    private static final double ROUNDING = 2e-7;

    private final String what;
    private final Supplier<? extends Layer> fresh;
    private final LayerContext context;
    private final double bound;
    private final double step;
    private final Chunk[] first;
    private final Chunk[] second;
    private Chunk[] out;
    private Chunk[] weights;
    /** What rounding of the outputs may do to L. */
    private double rounding;

    /**
     * The laws for one layer.
     *
     * @param bound error allowed, as a part of the norm of a gradient
     * @param step of the differences, as a part of the greatest absolute value of what is varied
     */
    GradientLaws(
            String what,
            Supplier<? extends Layer> fresh,
            LayerContext context,
            double low,
            double high,
            double bound,
            double step) {
        this.what = what;
        this.fresh = fresh;
        this.context = context.withMaxFrames(FRAMES);
        this.bound = bound;
        this.step = step;
        first = inputs(0, BEFORE, low, high);
        second = inputs(BEFORE, FRAMES, low, high);
    }

    private Chunk[] inputs(int from, int frames, double low, double high) {
        List<Shape> shapes = context.inputs();
        Chunk[] chunks = new Chunk[shapes.size()];
        for (int i = 0; i < chunks.length; i++) {
            Random random = new Random(context.seed() + 31L * i + from);
            chunks[i] = Chunk.unpooled(shapes.get(i), frames);
            chunks[i].begin(from, 0);
            chunks[i].frames(frames);
            for (int j = 0; j < chunks[i].values().length; j++) {
                chunks[i].values()[j] = (float) (low + (high - low) * random.nextDouble());
            }
        }
        return chunks;
    }

    /** A prepared layer that has seen the first chunk, with its states pushed. */
    private DifferentiableLayer started(Kernels kernels, Bands bands, boolean keepGradients) {
        DifferentiableLayer layer = (DifferentiableLayer) fresh.get();
        layer.keepGradients(keepGradients);
        prepare(layer, kernels, bands);
        process(layer, first);
        layer.states().push();
        return layer;
    }

    private void prepare(Layer layer, Kernels kernels, Bands bands) {
        List<Shape> shapes = layer.prepare(new LayerContext(
                context.path(),
                context.inputs(),
                context.resolution(),
                kernels,
                bands,
                context.seed(),
                context.maxFrames()));
        out = shapes.stream().map(shape -> Chunk.unpooled(shape, FRAMES)).toArray(Chunk[]::new);
        weights = shapes.stream().map(shape -> Chunk.unpooled(shape, FRAMES)).toArray(Chunk[]::new);
        Random random = new Random(context.seed() + 5);
        for (Chunk chunk : weights) {
            chunk.headerFrom(second[0]);
            for (int i = 0; i < chunk.values().length; i++) {
                chunk.values()[i] = (float) (1 + 0.5 * random.nextGaussian());
            }
        }
    }

    private void process(Layer layer, Chunk[] in) {
        for (Chunk chunk : out) {
            chunk.headerFrom(in[0]);
        }
        layer.process(in, out);
    }

    private Chunk[] gradientChunks() {
        Chunk[] gradients = new Chunk[second.length];
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = Chunk.unpooled(second[i].shape(), FRAMES);
            gradients[i].headerFrom(second[0]);
            Arrays.fill(gradients[i].values(), Float.NaN);
        }
        return gradients;
    }

    /** L of the second chunk, from the states after the first. */
    private double loss(Layer layer) {
        layer.states().pop();
        layer.states().push();
        process(layer, second);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < out.length; i++) {
            for (int j = 0; j < FRAMES * out[i].shape().values(); j++) {
                double part = (double) out[i].values()[j] * weights[i].values()[j];
                sum += part;
                squares += part * part;
            }
        }
        rounding = ROUNDING * Math.sqrt(squares);
        return sum;
    }

    // ------------------------------------------------------------------------------------------------ laws

    void gradientsAgreeWithDifferences() {
        DifferentiableLayer layer = started(ScalarKernels.INSTANCE, Bands.ALONE, true);
        Chunk[] gradients = gradientChunks();
        loss(layer);
        layer.backward(weights, gradients);
        for (int i = 0; i < second.length; i++) {
            inputGradient(
                    layer, second[i], gradients[i].values(), layer.inputs().get(i));
        }
        for (Map.Entry<String, Parameter> entry : layer.parameters().all().entrySet()) {
            double[] gradient = entry.getValue().gradient();
            if (gradient != null) {
                parameterGradient(layer, entry.getValue(), gradient.clone(), entry.getKey());
            }
        }
    }

    private void inputGradient(Layer layer, Chunk input, float[] gradient, String name) {
        float[] values = input.values().clone();
        double size = step * largest(i -> values[i], values.length);
        double[] exact = new double[gradient.length];
        Arrays.setAll(exact, i -> gradient[i]);
        differences(exact, size, name, (direction, h) -> {
            for (int i = 0; i < values.length; i++) {
                input.values()[i] = (float) (values[i] + h * direction[i]);
            }
            double loss = loss(layer);
            System.arraycopy(values, 0, input.values(), 0, values.length);
            return loss;
        });
    }

    private void parameterGradient(Layer layer, Parameter parameter, double[] gradient, String name) {
        Object value = parameter.value();
        NdArray array = value instanceof NdArray given ? given : NdArray.of((Double) value);
        double size = step * largest(array::at, array.size());
        differences(gradient, size, name, (direction, h) -> {
            double[] moved = new double[array.size()];
            Arrays.setAll(moved, i -> array.at(i) + h * direction[i]);
            parameter.set(new NdArray(array.shape(), moved));
            double loss = loss(layer);
            parameter.set(value);
            return loss;
        });
    }

    private static double largest(java.util.function.IntToDoubleFunction value, int count) {
        double largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.abs(value.applyAsDouble(i)));
        }
        return largest == 0 ? 1 : largest;
    }

    /** L at {@code x + h direction}. */
    private interface Shifted {
        double loss(double[] direction, double h);
    }

    private void differences(double[] gradient, double h, String name, Shifted shifted) {
        double norm = 0;
        for (double g : gradient) {
            assertTrue(Double.isFinite(g), what + ": a gradient of " + name + " is " + g);
            norm += g * g;
        }
        Random random = new Random(context.seed() + name.hashCode());
        for (int n = 0; n < DIRECTIONS; n++) {
            double[] direction = new double[gradient.length];
            double expected = 0;
            for (int i = 0; i < direction.length; i++) {
                direction[i] = random.nextBoolean() ? 1 : -1;
                expected += gradient[i] * direction[i];
            }
            double near = shifted.loss(direction, h) - shifted.loss(direction, -h);
            double far = shifted.loss(direction, 2 * h) - shifted.loss(direction, -2 * h);
            assertEquals(
                    (8 * near - far) / (12 * h),
                    expected,
                    bound * Math.sqrt(norm) + rounding / h,
                    what + ": gradient of " + name + " along direction " + n + ", of norm " + Math.sqrt(norm));
        }
    }

    /** Gradients are the same to the bit on every backend and for any number of workers. */
    void everyBackend() {
        double[][] expected = gradients(ScalarKernels.INSTANCE, Bands.ALONE);
        for (Backend backend : Backends.all()) {
            if (backend.availability().usable()) {
                Kernels kernels = backend.open();
                assertAllEqual(expected, gradients(kernels, Bands.ALONE), kernels.name());
                try (WorkerPool pool = new WorkerPool(3)) {
                    assertAllEqual(expected, gradients(kernels, pool), kernels.name() + ", 3 workers");
                }
            }
        }
    }

    private void assertAllEqual(double[][] expected, double[][] actual, String where) {
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], actual[i], 0, what + ", gradient " + i + ", " + where);
        }
    }

    /** Gradients of the inputs, then those of the parameters as one vector. */
    private double[][] gradients(Kernels kernels, Bands bands) {
        DifferentiableLayer layer = started(kernels, bands, true);
        Chunk[] gradients = gradientChunks();
        process(layer, second);
        layer.backward(weights, gradients);
        double[][] all = new double[gradients.length + 1][];
        for (int i = 0; i < gradients.length; i++) {
            float[] values = gradients[i].values();
            all[i] = new double[values.length];
            Arrays.setAll(all[i], j -> values[j]);
        }
        TrainableParameters trainable = TrainableParameters.of(layer);
        all[gradients.length] = new double[trainable.size()];
        trainable.gradients(all[gradients.length]);
        return all;
    }

    /** Gradients of a second call are added, also without gradients of the inputs; cleared, they begin at zero. */
    void gradientsAddUp() {
        DifferentiableLayer layer = started(ScalarKernels.INSTANCE, Bands.ALONE, true);
        TrainableParameters trainable = TrainableParameters.of(layer);
        double[] once = new double[trainable.size()];
        double[] twice = new double[trainable.size()];
        process(layer, second);
        layer.backward(weights, gradientChunks());
        trainable.gradients(once);
        layer.backward(weights, new Chunk[second.length]);
        trainable.gradients(twice);

        for (int i = 0; i < once.length; i++) {
            assertEquals(2 * once[i], twice[i], 1e-12 * Math.abs(once[i]), what);
        }
        trainable.clearGradients();
        layer.backward(weights, new Chunk[second.length]);
        trainable.gradients(twice);
        assertArrayEquals(once, twice, 0, what);
    }

    /** Outputs and states are the same to the bit with gradients and without; without, there is no way back. */
    void gradientsChangeNothing() {
        DifferentiableLayer without = started(ScalarKernels.INSTANCE, Bands.ALONE, false);
        process(without, second);
        float[][] expected = Arrays.stream(out).map(Chunk::toArray).toArray(float[][]::new);
        Map<String, NdArray> states = without.states().values();
        DifferentiableLayer with = started(ScalarKernels.INSTANCE, Bands.ALONE, true);
        process(with, second);
        with.backward(weights, gradientChunks());

        LayerTrial.assertSame(
                what, expected, Arrays.stream(out).map(Chunk::toArray).toArray(float[][]::new));
        assertEquals(states, with.states().values(), what);
        assertThrows(IllegalStateException.class, () -> without.backward(weights, gradientChunks()), what);
    }

    void frozenParametersHaveNoGradient() {
        DifferentiableLayer layer = (DifferentiableLayer) fresh.get();
        for (Parameter parameter : layer.parameters().all().values()) {
            parameter.freeze(true);
        }
        layer.keepGradients(true);
        prepare(layer, ScalarKernels.INSTANCE, Bands.ALONE);
        Chunk[] gradients = gradientChunks();
        process(layer, second);
        layer.backward(weights, gradients);

        assertEquals(0, TrainableParameters.of(layer).size(), what);
        layer.parameters().all().values().forEach(parameter -> assertEquals(null, parameter.gradient(), what));
    }

    void allocatesNothing(long limitNanos) {
        for (Backend backend : Backends.all()) {
            if (backend.availability().usable()) {
                Kernels kernels = backend.open();
                DifferentiableLayer layer = started(kernels, Bands.ALONE, true);
                Chunk[] gradients = gradientChunks();

                long bytes = Allocations.least(
                        () -> {
                            layer.process(second, out);
                            layer.backward(weights, gradients);
                        },
                        limitNanos);

                assertEquals(0, bytes, what + ", " + kernels.name() + ": bytes allocated by 20 calls");
            }
        }
    }
}
