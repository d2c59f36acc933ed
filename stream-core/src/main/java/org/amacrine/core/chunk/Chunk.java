package org.amacrine.core.chunk;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one value that flows: a block of consecutive frames, {@code [frame][channel][row][column]}, contiguous
 * {@code float}s.
 *
 * <pre>
 *   values()  ────┬───────────────┬───────────────┬── … ──┬───────────────┐
 *                 │ frame 0       │ frame 1       │       │ frame n-1     │
 *   ──────────────┴───────────────┴───────────────┴── … ──┴───────────────┘
 *                 ^ start(0)      ^ start(1) = start(0) + shape().values()
 * </pre>
 *
 * <p>The header holds the index of the first frame (from 0, the only clock models know), the capture times of each frame
 * and the number of frames lost right before the chunk. The number of frames in a chunk trades latency for throughput
 * and never changes a number.
 *
 * <p>Chunks are counted: {@link #retain()} and {@link #release()}; the last release sends a pooled chunk back to its
 * {@link ChunkPool}. A chunk is owned by the stage that holds it; nobody writes to a chunk after passing it on.
 */
public final class Chunk {
    private final ChunkHome home;
    private final AtomicInteger references = new AtomicInteger(1);
    private final int capacity;
    private Shape shape;
    private float[] values;
    private long[] captureNanos;
    private long[] deviceNanos;
    private int start;
    private int captureStart;
    private int room;
    private int frames;
    private long firstFrame;
    private long framesLostBefore;
    private String output = "output";

    Chunk(ChunkHome home, Shape shape, int capacity) {
        this(home, shape, capacity, capacity == 0 ? null : new float[valueCount(shape, capacity)]);
    }

    private Chunk(ChunkHome home, Shape shape, int capacity, float[] values) {
        this.home = home;
        this.shape = shape;
        this.capacity = capacity;
        this.values = values;
        if (capacity > 0) {
            this.captureNanos = new long[capacity];
            this.deviceNanos = new long[capacity];
        }
    }

    private static int valueCount(Shape shape, int capacity) {
        long count = (long) capacity * shape.values();
        if (count > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a chunk of " + capacity + " frames of " + shape
                    + " would hold more than 2147483639 values; use a smaller dt, for example 100");
        }
        return (int) count;
    }

    /**
     * A chunk of its own, outside any pool.
     *
     * @param shape extent of a frame
     * @param capacity the most frames it can hold, at least 1
     */
    public static Chunk unpooled(Shape shape, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "a chunk must hold at least 1 frame but the capacity was " + capacity + "; give dt >= 1");
        }
        return new Chunk(null, shape, capacity);
    }

    /** A window without memory of its own; {@link #show} points it at frames of another chunk. */
    public static Chunk window() {
        return new Chunk(null, Shape.image(1, 1), 0);
    }

    /**
     * Points this window at {@code count} frames of {@code of}, beginning with its frame {@code from}. The frames are
     * shared, not copied.
     *
     * @return this window
     */
    public Chunk show(Chunk of, int from, int count) {
        if (capacity != 0) {
            throw new IllegalStateException("only a window can show another chunk; make it with Chunk.window()");
        }
        if (from < 0 || count < 0 || from + count > of.room()) {
            throw new IndexOutOfBoundsException(
                    "frames " + from + " to " + (from + count) + " of a chunk of " + of.room());
        }
        shape = of.shape;
        values = of.values;
        captureNanos = of.captureNanos;
        deviceNanos = of.deviceNanos;
        start = of.start(from);
        captureStart = of.captureStart + from;
        frames = count;
        room = count;
        firstFrame = of.firstFrame + from;
        framesLostBefore = from == 0 ? of.framesLostBefore : 0;
        output = of.output;
        return this;
    }

    /** The most frames that can be put in: the capacity, or, of a window, as many as it was pointed at. */
    public int room() {
        return capacity == 0 ? room : capacity;
    }

    /** Extent of each frame. */
    public Shape shape() {
        return shape;
    }

    /** The array that holds the frames; frame {@code t} begins at {@link #start(int) start(t)}. */
    public float[] values() {
        return values;
    }

    /** Index in {@link #values()} of the first value of frame {@code frame} of this chunk. */
    public int start(int frame) {
        return start + frame * shape.values();
    }

    /** Number of frames held now. */
    public int frames() {
        return frames;
    }

    /** The most frames this chunk can hold. */
    public int capacity() {
        return capacity;
    }

    /** Index of the first frame in its stream, from 0; lost frames count. */
    public long firstFrame() {
        return firstFrame;
    }

    /** Index of the frame after the last one. */
    public long endFrame() {
        return firstFrame + frames;
    }

    /** Number of frames that were lost between the chunk before and this one. */
    public long framesLostBefore() {
        return framesLostBefore;
    }

    /** Monotonic host time, in nanoseconds, at which frame {@code frame} was captured; 0 when nobody stamped it. */
    public long captureNanos(int frame) {
        return captureNanos[captureStart + frame];
    }

    /** Stamps frame {@code frame} with its monotonic capture time. */
    public void captureNanos(int frame, long nanos) {
        captureNanos[captureStart + frame] = nanos;
    }

    /** Time of frame {@code frame} by the clock of the device that captured it, in nanoseconds; 0 when it has none. */
    public long deviceNanos(int frame) {
        return deviceNanos[captureStart + frame];
    }

    /** Stamps frame {@code frame} with its device's time. */
    public void deviceNanos(int frame, long nanos) {
        deviceNanos[captureStart + frame] = nanos;
    }

    /** Name of the layer output, or of the source, that this chunk comes from. */
    public String output() {
        return output;
    }

    /** Names the output that this chunk comes from. */
    public void output(String name) {
        output = name;
    }

    /** Begins to fill the chunk anew: no frames yet, the first one will have the index {@code firstFrame}. */
    public void begin(long firstFrame, long framesLostBefore) {
        this.firstFrame = firstFrame;
        this.framesLostBefore = framesLostBefore;
        this.frames = 0;
    }

    /** Sets how many frames are held; throws {@link IndexOutOfBoundsException} beyond the capacity. */
    public void frames(int count) {
        if (count < 0 || count > room()) {
            throw new IndexOutOfBoundsException(count + " frames in a chunk that can hold " + room());
        }
        frames = count;
    }

    /** Takes over number of frames, first frame, capture times and gap from {@code other}; not its values. */
    public void headerFrom(Chunk other) {
        frames(other.frames);
        firstFrame = other.firstFrame;
        framesLostBefore = other.framesLostBefore;
        System.arraycopy(other.captureNanos, other.captureStart, captureNanos, captureStart, other.frames);
        System.arraycopy(other.deviceNanos, other.captureStart, deviceNanos, captureStart, other.frames);
    }

    /**
     * Says that the frames held are about frames that came so many frames earlier: what a layer tells of the past. At the
     * beginning of a stream the index of the first frame can then be below 0: those frames are about nothing. Capture times
     * stay: they are those of the frames that made the result possible.
     */
    public void delayBy(long frames) {
        firstFrame -= frames;
    }

    /** A copy outside any pool, for whoever wants to keep the frames; it needs no release. */
    public Chunk copy() {
        return copy(null);
    }

    Chunk copy(ChunkHome copyHome) {
        int room = Math.max(1, frames);
        // Not cleared first: copies of whole images are what a program that keeps them pays for.
        Chunk copy = new Chunk(copyHome, shape, room, Arrays.copyOfRange(values, start, start + room * shape.values()));
        copy.headerFrom(this);
        copy.output = output;
        return copy;
    }

    /** Whether all of {@code other} fits into this chunk. */
    boolean takesCopyOf(Chunk other) {
        return shape.equals(other.shape) && capacity >= other.frames;
    }

    void copyFrom(Chunk other) {
        headerFrom(other);
        output = other.output;
        System.arraycopy(other.values, other.start, values, start, frames * shape.values());
    }

    /** The held values, {@code [frame][channel][row][column]}, as a new array. */
    public float[] toArray() {
        return Arrays.copyOfRange(values, start, start + frames * shape.values());
    }

    /** Adds a holder; each holder releases once. */
    public Chunk retain() {
        int before = references.getAndIncrement();
        if (before < 1) {
            references.getAndDecrement();
            throw new IllegalStateException("retain of a chunk that was already released; retain before passing it on");
        }
        return this;
    }

    /** Gives up one hold; the last one sends a pooled chunk home. */
    public void release() {
        int left = references.decrementAndGet();
        if (left < 0) {
            references.incrementAndGet();
            throw new IllegalStateException("release of a chunk that was already released; release once for each hold");
        }
        if (left == 0 && home != null) {
            home.put(this);
        }
    }

    void taken() {
        references.set(1);
        begin(0, 0);
    }

    /** For example {@code chunk output[100..200) 1x48x64}. */
    @Override
    public String toString() {
        return "chunk " + output + "[" + firstFrame + ".." + endFrame() + ") " + shape;
    }
}
