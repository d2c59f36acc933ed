package org.amacrine.core.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.source.Frame;

/**
 * The ring between capture side and compute side: one thread publishes frames, one takes them, nothing is copied and nothing
 * allocated. Frames change hands by swapping: the source writes into a spare frame and swaps it for the one in the slot, the
 * taker brings an empty frame for each one it takes.
 *
 * <pre>
 *   source thread                 slots                     ring thread
 *   spare ──publish (swap)──▶ │ f │ f │ f │   │   │ ──take (swap)──▶ frame
 *                               ▲ released    ▲ cursor
 * </pre>
 */
public final class FrameRing {

    /** A place in the ring. */
    private static final class Slot {
        private Frame frame;
    }

    private final Overflow overflow;
    private final Ledger ledger;
    private final RingBuffer<Slot> slots;
    private final SequenceBarrier barrier;
    /** Last slot that a taker or a dropper has laid claim to, and last one that is free again. */
    private final Sequence claimed = new Sequence();

    private final Sequence released = new Sequence();
    private final Object space = new Object();
    private volatile boolean sourceWaits;
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean ended;
    private volatile Throwable failure;
    /** Owned by the source thread. */
    private Frame spare;

    private long nextIndex;
    private long lostBefore;
    private final Shape shape;

    /**
     * Allocates the frames.
     *
     * @param shape extent of a frame
     * @param slotCount number of frames that can wait; a power of two, at least 2
     * @param overflow what happens when they all do
     */
    public FrameRing(Shape shape, int slotCount, Overflow overflow, Ledger ledger) {
        if (slotCount < 2 || Integer.bitCount(slotCount) != 1) {
            throw new IllegalArgumentException(
                    "ringFrames must be a power of two and at least 2 but was " + slotCount + "; for example 64");
        }
        this.overflow = overflow;
        this.ledger = ledger;
        slots = RingBuffer.createSingleProducer(Slot::new, slotCount, new BlockingWaitStrategy());
        for (int i = 0; i < slotCount; i++) {
            slots.get(i).frame = new Frame(shape);
        }
        slots.addGatingSequences(released);
        barrier = slots.newBarrier();
        this.shape = shape;
        spare = new Frame(shape);
    }

    // ------------------------------------------------------------------------------------------------ source thread

    /** The frame to fill next, to be handed over with {@link #publish()}. */
    public Frame spare() {
        return spare;
    }

    /**
     * Hands over the frame, after numbering it. When there is no room the overflow rule decides.
     *
     * @return false when the ring has ended and nobody wants more; the frame is then left over
     * @throws IllegalStateException when the rule is {@link Overflow#FAIL} and there is no room
     */
    public boolean publish() throws InterruptedException {
        ledger.frameRead(spare.framesLostBefore());
        nextIndex += spare.framesLostBefore();
        spare.framesLostBefore(spare.framesLostBefore() + lostBefore);
        spare.index(nextIndex++);
        if (ended) {
            return false;
        }
        if (!slots.hasAvailableCapacity(1)) {
            switch (overflow) {
                case BLOCK -> {
                    if (!awaitSpace()) {
                        return false;
                    }
                }
                case DROP_OLDEST -> dropOldest();
                case DROP_NEWEST -> {
                    ledger.frameDropped();
                    lostBefore = spare.framesLostBefore() + 1;
                    spare.framesLostBefore(0);
                    return true;
                }
                case FAIL -> {
                    ledger.frameDropped();
                    throw new IllegalStateException("no room for frame " + spare.index() + ": " + slots.getBufferSize()
                            + " frames wait already; use a faster model, a larger ring, or another overflow rule");
                }
            }
        }
        lostBefore = 0;
        long sequence = slots.next();
        Slot slot = slots.get(sequence);
        Frame filled = spare;
        spare = slot.frame;
        spare.framesLostBefore(0);
        slot.frame = filled;
        slots.publish(sequence);
        return true;
    }

    private boolean awaitSpace() throws InterruptedException {
        synchronized (space) {
            sourceWaits = true;
            try {
                while (!slots.hasAvailableCapacity(1) && !ended) {
                    space.wait();
                }
            } finally {
                sourceWaits = false;
            }
        }
        return !ended;
    }

    /** Frees the oldest slot, unless the taker has just done so. Its loss is told by the numbers of the frames. */
    private void dropOldest() {
        while (!slots.hasAvailableCapacity(1)) {
            long oldest = claimed.get() + 1;
            if (oldest <= slots.getCursor() && claimed.compareAndSet(oldest - 1, oldest)) {
                free(oldest);
                ledger.frameDropped();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * Frees a slot that was claimed and is not going to be read, once the taker is done with those before it. The taker may
     * have gone on and freed later ones meanwhile: then there is nothing left to do, and nothing must be taken back.
     */
    private void free(long sequence) {
        for (long last = released.get(); last < sequence; last = released.get()) {
            if (last != sequence - 1 || !released.compareAndSet(last, sequence)) {
                Thread.onSpinWait();
            }
        }
    }

    /** Ends the stream behind the frames that wait; {@code why} is null at its ordinary end. Only the first call counts. */
    public void end(Throwable why) {
        if (ending.compareAndSet(false, true)) {
            failure = why;
            ended = true;
        }
        synchronized (space) {
            space.notifyAll();
        }
        barrier.alert();
    }

    // ------------------------------------------------------------------------------------------------ ring thread

    /**
     * The next frame, or null at the end; waits. See {@link #failure()} for why it ended.
     *
     * @param exchange an empty frame that takes its place, unless the stream is at its end
     */
    public Frame take(Frame exchange) throws InterruptedException {
        while (true) {
            long next = claimed.get() + 1;
            if (next > slots.getCursor()) {
                if (ended && next > slots.getCursor()) {
                    return null;
                }
                await(next);
            } else if (claimed.compareAndSet(next - 1, next)) {
                Slot slot = slots.get(next);
                Frame taken = slot.frame;
                slot.frame = exchange;
                // Volatile, or the look at sourceWaits could come first, and a source that has just begun to wait be
                // missed.
                released.setVolatile(next);
                if (sourceWaits) {
                    synchronized (space) {
                        space.notifyAll();
                    }
                }
                return taken;
            }
        }
    }

    private void await(long sequence) throws InterruptedException {
        try {
            barrier.waitFor(sequence);
        } catch (AlertException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        } catch (TimeoutException e) {
            throw new IllegalStateException("the wait strategy has no time limit, yet it ran out", e);
        }
    }

    /** Extent of a frame. */
    public Shape shape() {
        return shape;
    }

    /** Why the stream ended before its time, or null. */
    public Throwable failure() {
        return failure;
    }

    /** Number of frames that wait now. */
    public int waiting() {
        return (int) Math.max(0, slots.getCursor() - claimed.get());
    }

    /** Memory held by the frames, in bytes. */
    public long bytes() {
        return (slots.getBufferSize() + 1L) * shape.values() * Float.BYTES;
    }
}
