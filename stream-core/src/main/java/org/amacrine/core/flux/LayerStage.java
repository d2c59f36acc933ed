package org.amacrine.core.flux;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.ChunkPool;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.CheckedLayer;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.metrics.StageMetrics;
import org.amacrine.core.run.Clock;
import org.amacrine.core.run.Command;
import org.amacrine.core.run.CommandQueue;
import org.amacrine.core.run.FeedbackEdge;

/**
 * A layer as a stage of a pipeline: with pools for its outputs, a queue of commands, and metrics.
 *
 * <p>Owned by the operator's thread, apart from the queue of commands and the metrics' snapshots.
 */
public final class LayerStage {
    /** Chunks of each output that can be under way: in work here, waiting, in work behind. */
    public static final int POOL_CHUNKS = 4;

    private final CheckedLayer layer;
    private final Settings settings;
    private final CommandQueue commands = new CommandQueue();
    private final StageMetrics metrics;
    /** Replaced as a whole, for others may ask for them while the layer is being prepared. */
    private volatile List<ChunkPool> pools = List.of();

    private final Chunk[] in;
    /** Inputs beside the stream that the layer keeps step with; null where it is that stream itself. */
    private final SideInput[] sides;

    private final AtomicInteger queued = new AtomicInteger();
    private BiConsumer<Command, Long> journal = (command, frame) -> {};

    /**
     * What a stage is made for.
     *
     * @param resolution pixels per degree and steps per second
     * @param kernels the backend's mathematics
     * @param bands workers that share a frame
     * @param seed seed of all random numbers
     * @param dt the most frames in a chunk
     * @param clock measures latencies
     */
    public record Settings(Resolution resolution, Kernels kernels, Bands bands, long seed, int dt, Clock clock) {

        /** Default resolution and seed on the caller's thread. */
        public static Settings of(Kernels kernels, int dt) {
            return new Settings(Resolution.DEFAULT, kernels, Bands.ALONE, 0, dt, Clock.SYSTEM);
        }
    }

    /**
     * A stage that is not prepared yet.
     *
     * @param path dotted name of the layer, for messages and random numbers
     */
    public LayerStage(String path, Layer layer, Settings settings) {
        this.layer = new CheckedLayer(path, layer);
        this.in = new Chunk[layer.inputs().size()];
        this.sides = new SideInput[in.length];
        this.settings = settings;
        this.metrics = new StageMetrics(path);
        this.metrics.queueDepth(queued::get);
    }

    /** Receives every command that was applied, and the first frame that it is in force for. */
    public void journal(BiConsumer<Command, Long> receiver) {
        journal = receiver;
    }

    /** The layer itself. */
    public Layer layer() {
        return layer.layer();
    }

    /** Dotted name of the layer. */
    public String path() {
        return layer.path();
    }

    /** Takes commands for the layer. */
    public CommandQueue commands() {
        return commands;
    }

    /** What the stage counts. */
    public StageMetrics metrics() {
        return metrics;
    }

    /** Has an input take a signal of the same frames as the stream that the layer keeps step with. */
    public void align(int input) {
        sides[input] = new AlignedInput(StageGraph.QUEUE_CHUNKS);
    }

    /** Has an input take a signal some frames later. */
    public void feedBack(int input, FeedbackEdge edge) {
        sides[input] = new FeedbackInput(edge.shape(), edge.delayFrames(), edge.initial(), settings.dt);
    }

    /** The side input that takes a signal; null where the input is the stream that the layer keeps step with. */
    SideInput side(int input) {
        return sides[input];
    }

    /** The side inputs. */
    List<SideInput> sides() {
        return Arrays.stream(sides).filter(Objects::nonNull).toList();
    }

    /** Memory of the frames that wait to go back, in bytes. */
    public long feedbackBytes() {
        return Arrays.stream(sides)
                .mapToLong(side -> side instanceof FeedbackInput feedback ? feedback.bytes() : 0)
                .sum();
    }

    /** Prepares the layer for frames of each input, and allocates the pools of its outputs. */
    public List<Shape> prepare(List<Shape> inputs) {
        if (Arrays.stream(sides).filter(Objects::isNull).count() > 1) {
            throw new IllegalArgumentException("layer " + path() + " takes the inputs " + layer().inputs()
                    + " but only one stream was given; connect the others");
        }
        List<Shape> shapes = layer.prepare(new LayerContext(
                path(), inputs, settings.resolution, settings.kernels, settings.bands, settings.seed, settings.dt));
        List<ChunkPool> made = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            String name = path() + "." + layer().outputs().get(i);
            made.add(new ChunkPool(name, shapes.get(i), settings.dt, POOL_CHUNKS));
        }
        pools = List.copyOf(made);
        return shapes;
    }

    /** Whether {@link #prepare} was called. */
    public boolean isPrepared() {
        return !pools.isEmpty();
    }

    /** One pool for each output. */
    public List<ChunkPool> pools() {
        return pools;
    }

    /** Takes a free chunk for each output; when one is missing, takes none and returns the pool that has none. */
    ChunkPool reserve(Chunk[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = pools.get(i).tryTake();
            if (out[i] == null) {
                releaseAll(out);
                return pools.get(i);
            }
            out[i].output(layer().outputs().get(i));
        }
        return null;
    }

    /** Gives back the chunks that have received no frame. */
    static void releaseEmpty(Chunk[] chunks) {
        for (int i = 0; i < chunks.length; i++) {
            if (chunks[i].frames() == 0) {
                chunks[i].release();
                chunks[i] = null;
            }
        }
    }

    static void releaseAll(Chunk[] chunks) {
        for (int i = 0; i < chunks.length; i++) {
            if (chunks[i] != null) {
                chunks[i].release();
                chunks[i] = null;
            }
        }
    }

    /** Applies the commands that wait, between two chunks. */
    public void applyCommands() {
        commands.apply(layer().parameters(), layer.nextFrame(), journal);
    }

    /** Counts a chunk that begins to wait for the stage. */
    public void chunkQueued() {
        queued.getAndIncrement();
    }

    /** Processes a chunk into reserved ones. */
    void process(Chunk chunk, Chunk[] out) {
        queued.getAndUpdate(n -> Math.max(0, n - 1));
        long start = settings.clock.nanos();
        commands.apply(layer().parameters(), chunk.firstFrame(), journal);
        int frames = chunk.frames();
        try {
            int most = chunk.frames();
            for (int i = 0; i < in.length; i++) {
                in[i] = sides[i] == null ? chunk : sides[i].next(chunk);
                frames = Math.min(frames, in[i].frames());
                most = Math.max(most, in[i].frames());
            }
            layer.process(most == frames ? in : upTo(frames), out);
        } finally {
            for (int i = 0; i < in.length; i++) {
                if (sides[i] != null && in[i] != null) {
                    sides[i].giveBack(in[i]);
                }
                in[i] = null;
            }
        }
        long newest = chunk.captureNanos(frames - 1);
        metrics.chunkDone(frames, start, settings.clock.nanos(), newest);
    }

    /** The inputs, as far as all of them reach: a stage that broke gave out a shorter chunk before. */
    private Chunk[] upTo(int frames) {
        return Arrays.stream(in)
                .map(chunk -> Chunk.window().show(chunk, 0, frames))
                .toArray(Chunk[]::new);
    }

    /** Whether there is something left to give out when its stream has ended. */
    boolean holdsBack() {
        return isPrepared() && layer().holdsBack();
    }

    /** Gives out, into reserved chunks, what the layer holds back at the end of its stream; false when nothing is left. */
    boolean flush(Chunk[] out) {
        return layer.flush(out) > 0;
    }
}
