package org.amacrine.sources.network;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.run.Clock;
import org.amacrine.core.source.Frame;

/**
 * The place between the thread that receives and the source's: a fixed number of frames, of which the oldest goes when they do
 * not suffice. The numbers that frames have by their sender become those of the stream, beginning with 0.
 */
final class Inbox {
    private static final System.Logger LOG = System.getLogger(Inbox.class.getName());
    private static final int FEWEST = 8;
    private static final int MOST = 4096;
    private static final int VALUES = 1 << 22;
    /** A leap of the sender's numbers beyond this is no loss but nonsense. */
    private static final long LONGEST_GAP = 1L << 30;
    /** A sender that falls back by more than this has begun anew. */
    private static final long FALL_BACK = 1000;

    private final String what;
    private final NetworkMessage message;
    private final float[][] values;
    private final long[] indices;
    private final long[] arrivals;
    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong malformed = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final AtomicLong overrun = new AtomicLong();
    private volatile String lastProblem;

    /** All that follows is guarded by this. */
    private int first;

    private int count;
    /** What is added to the sender's numbers, the stream's next number, and who sent last. */
    private long offset;

    private long next;
    private Object sender;
    private int run;
    private long taken = -1;

    /** An inbox for messages of this kind and extent. */
    Inbox(String what, int kind, Shape shape) {
        this.what = what;
        message = new NetworkMessage(kind, shape);
        int capacity = Math.max(FEWEST, Math.min(MOST, VALUES / shape.values()));
        values = new float[capacity][shape.values()];
        indices = new long[capacity];
        arrivals = new long[capacity];
    }

    // ------------------------------------------------------------------------------------------------ receiving thread

    /**
     * Takes in a message from the buffer's position on.
     *
     * @param token what must stand behind the message; empty when nothing must
     * @param from who sent it: another sender's numbers have nothing to do with those before
     */
    synchronized void receive(ByteBuffer bytes, byte[] token, Object from) {
        String problem = message.read(bytes);
        if (problem == null) {
            problem = tail(bytes, token);
        }
        if (problem == null) {
            problem = place(from);
        }
        if (problem != null) {
            refuse(problem);
            return;
        }
        long arrival = Clock.SYSTEM.nanos();
        long index = message.firstFrame() + offset;
        for (int k = 0; k < message.frames(); k++, index++) {
            if (index < next) {
                late.getAndIncrement();
            } else {
                next = index + 1;
                put(k, index, arrival);
            }
        }
        notifyAll();
    }

    /** Looks at what stands behind the message; takes the same time whatever is wrong with it. */
    private String tail(ByteBuffer bytes, byte[] token) {
        int end = message.end();
        if (bytes.limit() - end != token.length) {
            return token.length == 0 ? "it is longer than its header says" : "its token is missing or wrong";
        }
        int difference = 0;
        for (int i = 0; i < token.length; i++) {
            difference |= bytes.get(end + i) ^ token[i];
        }
        return difference == 0 ? null : "its token is missing or wrong";
    }

    /** Finds the place of the sender's numbers in the stream; returns what is wrong with them, or null. */
    private String place(Object from) {
        long index = message.firstFrame() + offset;
        if (!from.equals(sender) || message.run() != run || index < next - FALL_BACK) {
            sender = from;
            run = message.run();
            offset = next - message.firstFrame();
            return null;
        }
        return index - next > LONGEST_GAP ? "its number " + message.firstFrame() + " leaps far ahead" : null;
    }

    /** Counts a message that cannot be read; the first one is logged. */
    void refuse(String problem) {
        lastProblem = problem;
        if (malformed.getAndIncrement() == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    what + ": a message was malformed and is left out: " + problem + "; further ones are only counted");
        }
    }

    private void put(int k, long index, long arrival) {
        if (count == values.length) {
            first = (first + 1) % values.length;
            count--;
            overrun.getAndIncrement();
        }
        int at = (first + count++) % values.length;
        message.copy(k, values[at]);
        indices[at] = index;
        arrivals[at] = arrival;
    }

    // ------------------------------------------------------------------------------------------------ source thread

    /** Waits for the next frame. */
    synchronized void take(Frame frame) throws InterruptedException {
        while (count == 0) {
            wait();
        }
        System.arraycopy(values[first], 0, frame.values(), 0, values[first].length);
        long missing = taken < 0 ? 0 : indices[first] - taken - 1;
        taken = indices[first];
        frame.framesLostBefore(missing);
        frame.captureNanos(arrivals[first]);
        first = (first + 1) % values.length;
        count--;
        frames.getAndIncrement();
        lost.getAndAdd(missing);
    }

    synchronized int waiting() {
        return count;
    }

    NetworkStatus status() {
        return new NetworkStatus(frames.get(), lost.get(), malformed.get(), late.get(), overrun.get(), lastProblem);
    }
}
