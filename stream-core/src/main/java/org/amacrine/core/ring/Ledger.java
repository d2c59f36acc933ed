package org.amacrine.core.ring;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The account of every frame of a run: what the source gave, what was lost where and by which rule, and what went on as model
 * steps. Source frames and model steps differ where a video of one rate feeds a model of another.
 *
 * <pre>
 *   read = dropped + passed over + used + waiting        (source frames)
 *   steps = delivered to each sink + in flight           (model steps)
 * </pre>
 *
 * <p>Each counter is written by one thread and read by any.
 */
public final class Ledger {
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong neverArrived = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong passedOver = new AtomicLong();
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final AtomicLong steps = new AtomicLong();

    /**
     * The counters at one moment.
     *
     * @param read frames that the source gave
     * @param neverArrived frames that the source knows were lost before it, such as those a camera skipped
     * @param dropped frames dropped at the ring, by its overflow rule
     * @param passedOver frames that no model step shows, because the source is faster than the model
     * @param used frames that at least one model step shows
     * @param late frames that came more than one frame's time after they were due
     * @param steps model steps sent on
     */
    public record Counts(
            long read, long neverArrived, long dropped, long passedOver, long used, long late, long steps) {

        /** Frames that were read and neither shown nor dropped: those that wait now, or at the end those left over. */
        public long waiting() {
            return read - dropped - passedOver - used;
        }
    }

    /** The counters now. */
    public Counts counts() {
        long sent = steps.get();
        long shown = used.get();
        long skipped = passedOver.get();
        long lost = dropped.get();
        return new Counts(read.get(), neverArrived.get(), lost, skipped, shown, late.get(), sent);
    }

    void frameRead(long lostBefore) {
        neverArrived.getAndAdd(lostBefore);
        read.getAndIncrement();
    }

    void frameDropped() {
        dropped.getAndIncrement();
    }

    void framePassedOver() {
        passedOver.getAndIncrement();
    }

    void frameUsed() {
        used.getAndIncrement();
    }

    /** Counts a frame that came late. */
    public void frameLate() {
        late.getAndIncrement();
    }

    void stepsSent(int count) {
        steps.getAndAdd(count);
    }
}
