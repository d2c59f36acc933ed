package org.amacrine.core.layer;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;

/**
 * A layer with a guard: what goes in is checked, output headers are filled in, and whatever goes wrong is an error that
 * names the layer and the frame. Every way to run a layer goes through it.
 *
 * <p>Owned by the thread that owns the layer.
 */
public final class CheckedLayer {
    private final String path;
    private final Layer layer;
    private LayerContext context;
    private List<String> inputs;
    private List<Shape> outputShapes;
    private long nextFrame;
    private long lastCaptureNanos;
    private long lastDeviceNanos;
    private long given;

    /**
     * Guards a layer.
     *
     * @param path dotted name in the pipeline, for messages
     */
    public CheckedLayer(String path, Layer layer) {
        this.path = path;
        this.layer = layer;
    }

    /** The layer itself. */
    public Layer layer() {
        return layer;
    }

    /** Dotted name in the pipeline. */
    public String path() {
        return path;
    }

    /** Prepares the layer; throws {@link IllegalArgumentException} that names it when it cannot work like that. */
    public List<Shape> prepare(LayerContext newContext) {
        try {
            outputShapes = layer.prepare(newContext);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException("layer " + path + ": " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new IllegalArgumentException(
                    "layer " + path + " needs more memory than there is for frames of " + newContext.inputs()
                            + " with dt " + newContext.maxFrames() + "; use smaller frames or chunks",
                    e);
        }
        context = newContext;
        inputs = layer.inputs();
        nextFrame = 0;
        lastCaptureNanos = 0;
        lastDeviceNanos = 0;
        given = 0;
        return outputShapes;
    }

    /** Shapes of the outputs. */
    public List<Shape> outputShapes() {
        return outputShapes;
    }

    /** Index of the frame that comes next, as far as this layer knows. */
    public long nextFrame() {
        return nextFrame;
    }

    /**
     * Processes chunks of the same frames; throws {@link LayerException}, after which the outputs hold the frames that were done
     * before.
     */
    public void process(Chunk[] in, Chunk[] out) {
        for (int i = 0; i < in.length; i++) {
            check(in[i], i);
            if (in[i].firstFrame() != in[0].firstFrame() || in[i].frames() != in[0].frames()) {
                throw new LayerException(
                        path,
                        in[0].firstFrame(),
                        "its inputs must hold the same frames but were " + in[0] + " and " + in[i]
                                + "; cut both streams alike",
                        null);
            }
        }
        for (int i = 0; i < out.length; i++) {
            out[i].headerFrom(in[0]);
        }
        try {
            layer.process(in, out);
        } catch (LayerException e) {
            for (Chunk chunk : out) {
                chunk.frames(e.framesDone());
            }
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new LayerException(path, in[0].firstFrame(), String.valueOf(e.getMessage()), e);
        }
        nextFrame = in[0].endFrame();
        int last = in[0].frames() - 1;
        lastCaptureNanos = in[0].captureNanos(last);
        lastDeviceNanos = in[0].deviceNanos(last);
        given = 0;
    }

    /**
     * Gives out the next frames that the layer holds back at the end of its stream, see {@link Layer#flush}; throws
     * {@link LayerException}. Their capture times are those of the last frame that came in.
     *
     * @param out one chunk for each output
     * @return the most frames that an output received; 0 when nothing is left
     */
    public int flush(Chunk[] out) {
        for (Chunk chunk : out) {
            chunk.begin(nextFrame + given, 0);
        }
        int count;
        try {
            count = layer.flush(given, out);
        } catch (LayerException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new LayerException(path, nextFrame, "at the end of its stream: " + e.getMessage(), e);
        }
        for (Chunk chunk : out) {
            for (int t = 0; t < chunk.frames(); t++) {
                chunk.captureNanos(t, lastCaptureNanos);
                chunk.deviceNanos(t, lastDeviceNanos);
            }
        }
        given += count;
        return count;
    }

    private void check(Chunk chunk, int input) {
        Shape expected = context.inputs().get(input);
        if (!chunk.shape().equals(expected)) {
            throw new LayerException(
                    path,
                    chunk.firstFrame(),
                    "it was prepared for " + expected + " frames but the chunk holds " + chunk.shape()
                            + "; resize the source or prepare again",
                    null);
        }
        if (chunk.frames() == 0) {
            throw new LayerException(
                    path,
                    chunk.firstFrame(),
                    "the chunk holds no frames; send chunks of 1 to " + context.maxFrames()
                            + " frames, and complete the stream at its end",
                    null);
        }
        if (chunk.frames() > context.maxFrames()) {
            throw new LayerException(
                    path,
                    chunk.firstFrame(),
                    "the chunk holds " + chunk.frames() + " frames but the layer was prepared for at most "
                            + context.maxFrames() + "; set dt to the longest chunk",
                    null);
        }
        int count = chunk.frames() * expected.values();
        int bad = firstNotFinite(chunk, 0, count);
        while (bad >= 0 && Float.isNaN(chunk.values()[chunk.start(0) + bad]) && layer.takesMissing(inputs.get(input))) {
            bad = firstNotFinite(chunk, bad + 1, count);
        }
        if (bad >= 0) {
            int pixel = bad % expected.values();
            throw new LayerException(
                    path,
                    chunk.firstFrame() + bad / expected.values(),
                    "channel " + pixel / expected.pixels() + ", row " + pixel % expected.pixels() / expected.columns()
                            + ", column " + pixel % expected.columns() + " is " + chunk.values()[chunk.start(0) + bad]
                            + "; replace it before it reaches the layer",
                    null);
        }
    }

    /** Index of the first value from {@code from} on, below {@code count}, that is not finite; -1 when all are. */
    private int firstNotFinite(Chunk chunk, int from, int count) {
        int found = context.kernels().firstNotFinite(chunk.values(), chunk.start(0) + from, count - from);
        return found < 0 ? -1 : from + found;
    }
}
