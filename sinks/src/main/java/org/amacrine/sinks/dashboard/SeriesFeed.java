package org.amacrine.sinks.dashboard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;

/** Chosen values of a signal at every one of the last {@value #STEPS} steps, in a ring. */
final class SeriesFeed implements Feed {
    /** Steps that are kept. */
    static final int STEPS = 1 << 14;

    /** The probe that stands for the mean of a frame. */
    static final int MEAN = -1;

    private static final int F32 = 1;
    /** Steps in a message at most; more wait for the next one. */
    private static final int MESSAGE_STEPS = 2048;

    private final Shape shape;
    /** Index of each value within a frame, or {@link #MEAN}. */
    private final int[] probes;

    private final float[] ring;
    private final boolean mean;
    /** Owned by the sink's thread. */
    private float[] means = new float[0];

    private long first;
    private long end;
    private long captureNanos;
    private int run;

    SeriesFeed(Signal signal, List<Integer> probes) {
        shape = signal.shape();
        this.probes = probes.stream().mapToInt(Integer::intValue).toArray();
        mean = probes.contains(MEAN);
        ring = new float[STEPS * this.probes.length];
    }

    @Override
    public synchronized void begin(int newRun) {
        run = newRun;
        first = 0;
        end = 0;
    }

    @Override
    public void accept(Chunk chunk) {
        if (mean) {
            computeMeans(chunk);
        }
        keep(chunk);
    }

    private void computeMeans(Chunk chunk) {
        if (means.length < chunk.frames()) {
            means = new float[chunk.frames()];
        }
        int size = shape.values();
        for (int t = 0; t < chunk.frames(); t++) {
            double sum = 0;
            int at = chunk.start(t);
            for (int i = 0; i < size; i++) {
                sum += chunk.values()[at + i];
            }
            means[t] = (float) (sum / size);
        }
    }

    private synchronized void keep(Chunk chunk) {
        if (chunk.firstFrame() != end) {
            first = chunk.firstFrame();
        }
        float[] values = chunk.values();
        for (int t = 0; t < chunk.frames(); t++) {
            int slot = slot(chunk.firstFrame() + t);
            int at = chunk.start(t);
            for (int i = 0; i < probes.length; i++) {
                ring[slot + i] = probes[i] == MEAN ? means[t] : values[at + probes[i]];
            }
        }
        end = chunk.endFrame();
        first = Math.max(first, end - STEPS);
        captureNanos = chunk.captureNanos(chunk.frames() - 1);
    }

    /** Where a step is in the ring; steps before 0 are those of signals that tell of the past, about nothing. */
    private int slot(long step) {
        return (int) Math.floorMod(step, (long) STEPS) * probes.length;
    }

    @Override
    public long bytes() {
        return (long) ring.length * Float.BYTES;
    }

    @Override
    public void release() {
        // The garbage collector takes all that it holds.
    }

    @Override
    public Cursor cursor() {
        return new Place();
    }

    /** The next step that a viewer has not been sent. */
    private final class Place implements Cursor {
        private int ofRun = -1;
        private long next;
        private long missed;

        @Override
        public boolean hasNews() {
            synchronized (SeriesFeed.this) {
                return end > (ofRun == run ? next : first);
            }
        }

        @Override
        public Message next(ByteBufAllocator allocator) {
            synchronized (SeriesFeed.this) {
                if (ofRun != run) {
                    ofRun = run;
                    next = first;
                } else if (next < first) {
                    missed++;
                    next = first;
                }
                int steps = (int) Math.min(end - next, MESSAGE_STEPS);
                if (steps <= 0) {
                    return null;
                }
                ByteBuf payload = allocator.directBuffer(steps * probes.length * Float.BYTES);
                float least = Float.POSITIVE_INFINITY;
                float greatest = Float.NEGATIVE_INFINITY;
                for (long step = next; step < next + steps; step++) {
                    int slot = slot(step);
                    for (int i = 0; i < probes.length; i++) {
                        float value = ring[slot + i];
                        least = Math.min(least, value);
                        greatest = Math.max(greatest, value);
                        payload.writeFloatLE(value);
                    }
                }
                BinaryHeader.Content content = new BinaryHeader.Content(
                        BinaryHeader.SERIES,
                        F32,
                        probes.length,
                        1,
                        1,
                        next,
                        steps,
                        steps * probes.length,
                        least,
                        greatest,
                        captureNanos,
                        run);
                next += steps;
                return new Message(payload, content);
            }
        }

        @Override
        public long missed() {
            long count = missed;
            missed = 0;
            return count;
        }
    }
}
