package org.amacrine.core.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;

/**
 * Offline use of a layer: pushes arrays through it in chunks, on the calling thread, with the same code that runs live.
 * Successive arrays of one run continue the stream.
 */
public final class LayerRun {
    /** In a saved stream, beside the states. */
    private static final String NEXT_FRAME = "nextFrame";

    private final CheckedLayer layer;
    private Resolution resolution = Resolution.DEFAULT;
    private Kernels kernels;
    private Bands bands = Bands.ALONE;
    private long seed;
    private int dt = 100;
    private long nextFrame;
    private List<Shape> inputShapes;
    private Chunk[] in;
    private Chunk[] out;

    private LayerRun(String path, Layer layer) {
        this.layer = new CheckedLayer(path, layer);
    }

    /** A run of a layer; the path names it in messages and keys its random numbers. */
    public static LayerRun of(String path, Layer layer) {
        return new LayerRun(path, layer);
    }

    /** Pixels per degree and steps per second. */
    public LayerRun resolution(Resolution value) {
        resolution = value;
        return this;
    }

    /** The backend's kernels; without this call, those of the best backend. */
    public LayerRun kernels(Kernels value) {
        kernels = value;
        return this;
    }

    /** Workers that share each frame; the caller alone by default. */
    public LayerRun bands(Bands value) {
        bands = value;
        return this;
    }

    /** Seed of all random numbers; 0 by default. */
    public LayerRun seed(long value) {
        seed = value;
        return this;
    }

    /** Frames per chunk; 100 by default. Changes no number. */
    public LayerRun dt(int frames) {
        if (frames < 1) {
            throw new IllegalArgumentException("dt must be >= 1 frame but was " + frames + "; for example 100");
        }
        dt = frames;
        return this;
    }

    /** Prepares the layer for frames of these extents, and begins the stream. Done by the first array, if not before. */
    public List<Shape> prepare(Shape... inputs) {
        inputShapes = List.of(inputs);
        if (inputShapes.size() != layer.layer().inputs().size()) {
            throw new IllegalArgumentException("layer " + layer.path() + " takes the inputs "
                    + layer.layer().inputs() + " but was given " + inputShapes.size() + " arrays");
        }
        if (kernels == null) {
            kernels = Backends.choose("auto").backend().open();
        }
        List<Shape> outputs = layer.prepare(context());
        in = chunks(inputShapes, List.of());
        out = chunks(outputs, layer.layer().outputs());
        nextFrame = 0;
        return outputs;
    }

    private LayerContext context() {
        return new LayerContext(layer.path(), inputShapes, resolution, kernels, bands, seed, dt);
    }

    private Chunk[] chunks(List<Shape> shapes, List<String> names) {
        Chunk[] chunks = new Chunk[shapes.size()];
        for (int i = 0; i < chunks.length; i++) {
            try {
                chunks[i] = Chunk.unpooled(shapes.get(i), dt);
            } catch (OutOfMemoryError e) {
                throw new IllegalArgumentException(
                        "a chunk of dt " + dt + " frames of " + shapes.get(i)
                                + " does not fit into memory; use a smaller dt, for example 100",
                        e);
            }
            if (!names.isEmpty()) {
                chunks[i].output(names.get(i));
            }
        }
        return chunks;
    }

    /** The chunk to fill with the next frames of input {@code i}, before {@link #step(int)}. */
    public Chunk input(int i) {
        return in[i];
    }

    /** The chunk that holds output {@code i} of the last {@link #step(int)}. */
    public Chunk output(int i) {
        return out[i];
    }

    /** Processes the {@code frames} frames that were put into the input chunks. */
    public void step(int frames) {
        for (Chunk chunk : in) {
            chunk.begin(nextFrame, 0);
            chunk.frames(frames);
        }
        layer.process(in, out);
        nextFrame += frames;
    }

    /**
     * Ends the stream: gives out the next frames that the layer holds back, see {@link Layer#flush}. To be called until it
     * returns false; then {@link #output} has no frames, as for an output that holds nothing back.
     */
    public boolean flush() {
        return layer.flush(out) > 0;
    }

    /**
     * Saves where the stream is, as {@code .npz}: all states of the layer, and the index of the frame that comes next, which
     * random numbers depend on.
     */
    public void save(Path file) throws IOException {
        Map<String, NdArray> values = layer.layer().states().values();
        values.put(NEXT_FRAME, NdArray.of(nextFrame));
        Npz.write(file, values);
    }

    /**
     * Continues a stream that was saved, after {@link #prepare}: with the same parameters and seed, what follows is what would
     * have followed there. States without the index of a frame, from {@link StateTree#save}, go on at frame 0.
     */
    public void load(Path file) throws IOException {
        Map<String, NdArray> values = new LinkedHashMap<>(Npz.read(file));
        NdArray frame = values.remove(NEXT_FRAME);
        layer.layer().states().set(values);
        nextFrame = frame == null ? 0 : (long) frame.at(0);
    }

    /** Pushes whole arrays through and returns those of all outputs, by name. */
    public Map<String, Frames> apply(Frames... inputs) {
        if (inputShapes == null) {
            Shape[] shapes = new Shape[inputs.length];
            for (int i = 0; i < shapes.length; i++) {
                shapes[i] = inputs[i].shape();
            }
            prepare(shapes);
        }
        int count = inputs[0].count();
        for (Frames input : inputs) {
            if (input.count() != count) {
                throw new IllegalArgumentException("layer " + layer.path()
                        + " takes arrays of the same number of frames but was given " + count + " and "
                        + input.count() + "; cut the longer one");
            }
        }
        Map<String, Frames> results = new LinkedHashMap<>();
        for (Chunk chunk : out) {
            results.put(chunk.output(), Frames.zeros(chunk.shape(), count));
        }
        for (int from = 0; from < count; from += dt) {
            int frames = Math.min(dt, count - from);
            for (int i = 0; i < in.length; i++) {
                int values = requireShape(inputs[i], i).values();
                System.arraycopy(inputs[i].values(), from * values, in[i].values(), 0, frames * values);
            }
            step(frames);
            for (Chunk chunk : out) {
                int values = chunk.shape().values();
                System.arraycopy(
                        chunk.values(), 0, results.get(chunk.output()).values(), from * values, frames * values);
            }
        }
        return results;
    }

    /**
     * Pushes whole arrays through the layer as a stream of their own, from the layer's beginning, and then goes on with this
     * stream as if nothing had been: with its states and its next frame. The arrays may have another extent. Where this stream has not
     * begun, the layer is left as that of the arrays leaves it.
     *
     * @return the arrays of all outputs, by name
     */
    public Map<String, Frames> aside(Frames... inputs) {
        Map<String, NdArray> states =
                inputShapes == null ? null : layer.layer().states().values();
        LayerRun other = new LayerRun(layer.path(), layer.layer());
        other.resolution = resolution;
        other.kernels = kernels;
        other.bands = bands;
        other.seed = seed;
        other.dt = dt;
        try {
            return other.apply(inputs);
        } finally {
            if (states != null) {
                layer.prepare(context());
                layer.layer().states().set(states);
            }
        }
    }

    /** The layer. */
    public Layer layer() {
        return layer.layer();
    }

    /**
     * Ends the stream and returns, for each output by name, the frames that the layer held back: none for most layers. Put
     * behind those of {@link #apply}, of which the first are about nothing, they are about the last frames of the stream.
     */
    public Map<String, Frames> finish() {
        Map<String, Frames> rest = new LinkedHashMap<>();
        for (Chunk chunk : out) {
            rest.put(chunk.output(), Frames.zeros(chunk.shape(), 0));
        }
        while (flush()) {
            for (Chunk chunk : out) {
                rest.compute(chunk.output(), (name, frames) -> joined(frames, chunk));
            }
        }
        return rest;
    }

    private static Frames joined(Frames before, Chunk chunk) {
        int size = before.values().length;
        int more = chunk.frames() * chunk.shape().values();
        float[] values = Arrays.copyOf(before.values(), size + more);
        System.arraycopy(chunk.values(), chunk.start(0), values, size, more);
        return new Frames(chunk.shape(), before.count() + chunk.frames(), values);
    }

    private Shape requireShape(Frames frames, int i) {
        if (!frames.shape().equals(inputShapes.get(i))) {
            throw new IllegalArgumentException("layer " + layer.path() + " was prepared for " + inputShapes.get(i)
                    + " frames but the array holds " + frames.shape() + "; resize it or begin another run");
        }
        return frames.shape();
    }
}
