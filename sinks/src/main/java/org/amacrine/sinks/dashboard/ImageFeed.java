package org.amacrine.sinks.dashboard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;

/**
 * The newest frame of a signal, or of spikes their rate. Encoded at most once for each frame, by the first viewer that wants it;
 * the others send the same bytes. Frames go through three arrays that are swapped, so the sink's thread never waits for a copy:
 *
 * <pre>
 *   sink-dashboard: spare ──swap──▶ newest ──swap──▶ scratch: event loop
 * </pre>
 */
final class ImageFeed implements Feed {
    /** Rates of spikes are averaged with this time constant. */
    private static final double RATE_SECONDS = 0.05;

    /** Hertz. */
    private static final float NEXT_TO_NOTHING = 1e-15f;

    private static final int U8 = 0;
    private static final int F32 = 1;

    /**
     * What viewers share.
     *
     * @param channel channel of the frame
     * @param floats whether values go as they are; else as bytes
     * @param lo value of byte 0; NaN for the least of each frame
     * @param hi value of byte 255; NaN for the greatest of each frame
     */
    record Options(int channel, boolean floats, float lo, float hi) {}

    private final Options options;
    private final Shape shape;
    private final int pixels;
    /** For spikes: their rate in hertz, owned by the sink's thread; else null. */
    private final float[] rate;

    private final double stepsPerSecond;
    /** Owned by the sink's thread. */
    private float[] spare;

    /** Guards the fields down to the line. */
    private final Object lock = new Object();

    private float[] newest;
    private long version;
    private long frame;
    private long captureNanos;
    private int run;
    /** Run of the newest frame: the last one's until this one has sent a frame. */
    private int newestRun;

    // Guarded by this: the last encoding.
    private float[] scratch;
    private final byte[] bytes;
    private ByteBuf encoded;
    private long encodedVersion;
    private BinaryHeader.Content content;

    ImageFeed(Signal signal, boolean spikes, Options options) {
        this.options = options;
        shape = signal.shape();
        pixels = shape.pixels();
        stepsPerSecond = signal.stepsPerSecond();
        rate = spikes ? new float[pixels] : null;
        spare = new float[pixels];
        newest = new float[pixels];
        scratch = new float[pixels];
        bytes = new byte[options.floats ? 0 : pixels];
    }

    @Override
    public void begin(int newRun) {
        synchronized (lock) {
            run = newRun;
        }
        if (rate != null) {
            Arrays.fill(rate, 0);
        }
    }

    @Override
    public void accept(Chunk chunk) {
        int last = chunk.frames() - 1;
        if (rate == null) {
            System.arraycopy(chunk.values(), chunk.start(last) + options.channel * pixels, spare, 0, pixels);
        } else {
            average(chunk);
        }
        synchronized (lock) {
            float[] older = newest;
            newest = spare;
            spare = older;
            frame = chunk.firstFrame() + last;
            captureNanos = chunk.captureNanos(last);
            newestRun = run;
            version++;
        }
    }

    /** Leaves the rate in {@code spare} as well. */
    private void average(Chunk chunk) {
        double exact = Math.exp(-1 / (RATE_SECONDS * stepsPerSecond));
        float keep = (float) exact;
        float gain = (float) ((1 - exact) * stepsPerSecond);
        for (int t = 0; t < chunk.frames(); t++) {
            // Copied, because vector code is made only of loops with the same index in all arrays. A spike is a one.
            System.arraycopy(chunk.values(), chunk.start(t) + options.channel * pixels, spare, 0, pixels);
            for (int p = 0; p < pixels; p++) {
                // Rates that are next to nothing become 0, before they are so small that computing with them is slow.
                float next = keep * rate[p] + gain * spare[p] + NEXT_TO_NOTHING - NEXT_TO_NOTHING;
                rate[p] = next;
                spare[p] = next;
            }
        }
    }

    private long version() {
        synchronized (lock) {
            return version;
        }
    }

    /** The newest frame, encoded; null before the first one. */
    private synchronized Message encode(ByteBufAllocator allocator, long[] sent) {
        long frameNow;
        long captured;
        int runNow;
        synchronized (lock) {
            if (version == 0) {
                return null;
            }
            sent[0] = version;
            if (encoded != null && encodedVersion == version) {
                return new Message(encoded.retainedDuplicate(), content);
            }
            if (encodedVersion != version) {
                float[] older = scratch;
                scratch = newest;
                newest = older;
            }
            frameNow = frame;
            captured = captureNanos;
            runNow = newestRun;
        }
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int p = 0; p < pixels; p++) {
            least = Math.min(least, scratch[p]);
            greatest = Math.max(greatest, scratch[p]);
        }
        float lo = options.floats || Float.isNaN(options.lo) ? least : options.lo;
        float hi = options.floats || Float.isNaN(options.hi) ? greatest : options.hi;
        release();
        encoded = allocator.directBuffer(options.floats ? pixels * Float.BYTES : pixels);
        if (options.floats) {
            encoded.nioBuffer(0, pixels * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .put(scratch);
            encoded.writerIndex(pixels * Float.BYTES);
        } else {
            writeBytes(lo, hi);
        }
        encodedVersion = sent[0];
        content = new BinaryHeader.Content(
                BinaryHeader.IMAGE,
                options.floats ? F32 : U8,
                1,
                shape.rows(),
                shape.columns(),
                frameNow,
                1,
                pixels,
                lo,
                hi,
                captured,
                runNow);
        return new Message(encoded.retainedDuplicate(), content);
    }

    private void writeBytes(float lo, float hi) {
        float scale = hi > lo ? 255 / (hi - lo) : 0;
        for (int p = 0; p < pixels; p++) {
            bytes[p] = (byte) Math.max(0, Math.min(255, (scratch[p] - lo) * scale + 0.5f));
        }
        encoded.writeBytes(bytes);
    }

    @Override
    public long bytes() {
        return (rate == null ? 4L : 5L) * pixels * Float.BYTES + bytes.length;
    }

    /** Gives the last encoding back. */
    @Override
    public synchronized void release() {
        if (encoded != null) {
            encoded.release();
            encoded = null;
        }
    }

    @Override
    public Cursor cursor() {
        return new Cursor() {
            private final long[] sent = new long[1];
            private long missed;

            @Override
            public boolean hasNews() {
                return version() != sent[0];
            }

            @Override
            public Message next(ByteBufAllocator allocator) {
                long before = sent[0];
                Message message = encode(allocator, sent);
                missed += before == 0 ? 0 : Math.max(0, sent[0] - before - 1);
                return message;
            }

            @Override
            public long missed() {
                long count = missed;
                missed = 0;
                return count;
            }
        };
    }
}
