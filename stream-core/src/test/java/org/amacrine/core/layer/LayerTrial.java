package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;

/**
 * One layer on one input, fed in chunks of any lengths, its outputs kept whole. Chunks are windows in the middle of larger
 * arrays whose other frames are a NaN of their own: reading or writing beyond a window shows.
 */
final class LayerTrial {
    /** Frames before the first one, to keep windows off the beginning of their arrays. */
    private static final int MARGIN = 2;
    /** What no layer writes: a NaN with other bits than those of a missing value. */
    private static final float UNTOUCHED = Float.intBitsToFloat(0x7fc0_1234);

    final Layer layer;
    private final CheckedLayer checked;
    private final Chunk[] inputs;
    private final Chunk[] outputs;
    private final Chunk[] in;
    private final Chunk[] out;
    private int next;
    private boolean givesMissing;

    /**
     * Prepares the layer.
     *
     * @param inputs from {@link #input}
     */
    LayerTrial(Layer layer, LayerContext context, Chunk... inputs) {
        this.layer = layer;
        this.inputs = inputs;
        checked = new CheckedLayer(context.path(), layer);
        List<Shape> shapes = checked.prepare(context);
        assertTrue(shapes.size() == layer.outputs().size(), "one shape for each output");
        outputs = new Chunk[shapes.size()];
        in = new Chunk[inputs.length];
        out = new Chunk[shapes.size()];
        Arrays.setAll(in, i -> Chunk.window());
        Arrays.setAll(out, i -> Chunk.window());
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = untouched(shapes.get(i), inputs[0].frames() - 2 * MARGIN);
        }
    }

    private static Chunk untouched(Shape shape, int frames) {
        Chunk chunk = Chunk.unpooled(shape, frames + 2 * MARGIN);
        chunk.begin(-MARGIN, 0);
        chunk.frames(frames + 2 * MARGIN);
        Arrays.fill(chunk.values(), UNTOUCHED);
        return chunk;
    }

    /** Random frames on [low, high): every pixel steps to another value now and then. */
    static Chunk input(Shape shape, int frames, double low, double high, long seed) {
        Chunk chunk = untouched(shape, frames);
        Random random = new Random(seed);
        for (int i = 0; i < frames * shape.values(); i++) {
            int at = MARGIN * shape.values() + i;
            boolean steps = i < shape.values() || random.nextInt(3) == 0;
            chunk.values()[at] =
                    steps ? (float) (low + (high - low) * random.nextDouble()) : chunk.values()[at - shape.values()];
        }
        return chunk;
    }

    /** Makes values of an input missing: a whole frame in eight, and one value in eight of the others. */
    static void remove(Chunk input, long seed) {
        Random random = new Random(seed);
        for (int t = MARGIN; t < input.frames() - MARGIN; t++) {
            boolean wholeFrame = random.nextInt(8) == 0;
            for (int i = input.start(t); i < input.start(t + 1); i++) {
                if (wholeFrame || random.nextInt(8) == 0) {
                    input.values()[i] = Float.NaN;
                }
            }
        }
    }

    /** Random chunk lengths from 1 to {@code longest} that make {@code frames}. */
    static int[] plan(int frames, int longest, long seed) {
        Random random = new Random(seed);
        List<Integer> lengths = new ArrayList<>();
        for (int left = frames; left > 0; left -= lengths.get(lengths.size() - 1)) {
            lengths.add(Math.min(left, 1 + random.nextInt(longest)));
        }
        return lengths.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Equal chunk lengths, the last one shorter, that make {@code frames}. */
    static int[] equal(int frames, int length) {
        int[] lengths = new int[(frames + length - 1) / length];
        Arrays.fill(lengths, length);
        lengths[lengths.length - 1] = frames - (lengths.length - 1) * length;
        return lengths;
    }

    /** Output values may be missing: NaN. */
    LayerTrial givingMissing(boolean may) {
        givesMissing = may;
        return this;
    }

    /** Processes the next chunks. */
    LayerTrial run(int... lengths) {
        for (int length : lengths) {
            process(next, length);
            next += length;
        }
        return this;
    }

    /** Processes the frames {@code from} to {@code from + length}, wherever the layer stands. */
    void process(int from, int length) {
        for (int i = 0; i < in.length; i++) {
            in[i].show(inputs[i], MARGIN + from, length);
        }
        for (int i = 0; i < out.length; i++) {
            out[i].show(outputs[i], MARGIN + from, length);
        }
        checked.process(in, out);
    }

    /**
     * Ends the stream: what each output held back, given out in chunks of at most {@code length} frames. Afterwards each output
     * must have come as far as the input.
     */
    float[][] flush(int length) {
        long[] ends = new long[out.length];
        float[][] rest = new float[out.length][0];
        Chunk[] chunks = new Chunk[out.length];
        for (int i = 0; i < out.length; i++) {
            ends[i] = out[i].endFrame();
            chunks[i] = Chunk.unpooled(outputs[i].shape(), length);
        }
        while (checked.flush(chunks) > 0) {
            for (int i = 0; i < out.length; i++) {
                if (chunks[i].frames() > 0) {
                    assertTrue(chunks[i].firstFrame() == ends[i], "goes on at " + ends[i] + " but was " + chunks[i]);
                    ends[i] = chunks[i].endFrame();
                    int size = rest[i].length;
                    int more = chunks[i].frames() * chunks[i].shape().values();
                    rest[i] = Arrays.copyOf(rest[i], size + more);
                    System.arraycopy(chunks[i].values(), 0, rest[i], size, more);
                }
            }
        }
        for (int i = 0; i < out.length; i++) {
            assertTrue(
                    ends[i] == in[0].endFrame(),
                    "output " + layer.outputs().get(i) + " ends before frame " + ends[i] + " but the stream before "
                            + in[0].endFrame());
        }
        return rest;
    }

    /** Goes back to an earlier frame of the input. */
    LayerTrial from(int frame) {
        next = frame;
        return this;
    }

    /** The frames {@code from} to {@code to} of all outputs; every value must have been written, and none beyond. */
    float[][] outputs(int from, int to) {
        float[][] values = new float[outputs.length][];
        for (int i = 0; i < outputs.length; i++) {
            Chunk whole = outputs[i];
            requireUntouched(whole, 0, MARGIN);
            requireUntouched(whole, whole.frames() - MARGIN, whole.frames());
            values[i] = Arrays.copyOfRange(whole.values(), whole.start(MARGIN + from), whole.start(MARGIN + to));
            for (int j = 0; j < values[i].length; j++) {
                boolean missing = givesMissing && Float.isNaN(values[i][j]) && !isUntouched(values[i][j]);
                if (!Float.isFinite(values[i][j]) && !missing) {
                    fail("output " + layer.outputs().get(i) + " is " + values[i][j] + " at frame "
                            + (from + j / whole.shape().values()));
                }
            }
        }
        return values;
    }

    private static boolean isUntouched(float value) {
        return Float.floatToRawIntBits(value) == Float.floatToRawIntBits(UNTOUCHED);
    }

    private static void requireUntouched(Chunk chunk, int from, int to) {
        for (int i = chunk.start(from); i < chunk.start(to); i++) {
            assertTrue(isUntouched(chunk.values()[i]), "the layer wrote beyond its output chunk");
        }
    }

    /** Fails where two sets of outputs differ in a bit. */
    static void assertSame(String what, float[][] expected, float[][] actual) {
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                if (Float.floatToRawIntBits(expected[i][j]) != Float.floatToRawIntBits(actual[i][j])) {
                    fail(what + ": output " + i + " differs first at value " + j + " of " + expected[i].length + ": "
                            + actual[i][j] + " instead of " + expected[i][j]);
                }
            }
        }
    }
}
