package org.amacrine.core.ring;

import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.source.Frame;

/**
 * Gathers frames of the ring into chunks, one model step after the other. Where the source has a rate of its own, step k shows
 * the source at frame position {@code k · framesPerSecond / stepsPerSecond}. A loss begins a new chunk, whose header says how
 * many steps are missing; the steps keep their numbers.
 *
 * <p>Owned by the ring thread.
 */
public final class Chunker {
    private final FrameRing ring;
    private final Ledger ledger;
    private final Interpolation interpolation;
    private final double framesPerSecond;
    private final double stepsPerSecond;
    private final long maxSteps;
    /** The source frame that steps show now, the one looked ahead to, and one to exchange; null where there is none. */
    private Frame now;

    private Frame after;
    private Frame free;
    private Frame reserve;
    private boolean nowUsed;
    private boolean afterUsed;
    private boolean atEnd;
    private long nextStep;

    /**
     * A chunker at the beginning of its stream.
     *
     * @param framesPerSecond rate of the source, in hertz; 0 for one frame per model step
     * @param stepsPerSecond model steps per second
     * @param maxSteps number of the step at which the stream ends, if it has not ended before
     */
    public Chunker(
            FrameRing ring,
            Ledger ledger,
            Interpolation interpolation,
            double framesPerSecond,
            double stepsPerSecond,
            long maxSteps) {
        this.ring = ring;
        this.ledger = ledger;
        this.interpolation = interpolation;
        this.framesPerSecond = framesPerSecond;
        this.stepsPerSecond = stepsPerSecond;
        this.maxSteps = maxSteps;
        this.free = new Frame(ring.shape());
        this.reserve = new Frame(ring.shape());
    }

    /**
     * Fills an empty chunk with the next steps, up to its capacity, the next loss or the end. Waits for frames.
     *
     * @return whether there may be more to come; the chunk can hold steps also when not
     */
    public boolean fill(Chunk chunk) throws InterruptedException {
        long step = locate(nextStep);
        if (step < 0) {
            chunk.frames(0);
            return false;
        }
        chunk.begin(step, step - nextStep);
        int count = 0;
        do {
            chunk.frames(count + 1);
            show(step, chunk, count++);
            nextStep = step + 1;
            step = count < chunk.capacity() ? locate(nextStep) : step;
        } while (step == nextStep);
        ledger.stepsSent(count);
        return step >= 0;
    }

    /** Place of a step among the frames of the source; a whole number where only rounding keeps it from being one. */
    private double position(long step) {
        if (framesPerSecond == 0) {
            return step;
        }
        double position = step * framesPerSecond / stepsPerSecond;
        double whole = Math.rint(position);
        return Math.abs(position - whole) <= 2 * Math.ulp(position) ? whole : position;
    }

    /** Moves on to the frame that step {@code from} shows; the first step after a loss instead, or -1 at the end. */
    private long locate(long from) throws InterruptedException {
        long step = from;
        while (step < maxSteps) {
            long wanted = (long) Math.floor(position(step));
            while (now == null || now.index() < wanted) {
                if (!advance()) {
                    passOver();
                    return -1;
                }
            }
            if (now.index() == wanted) {
                return step;
            }
            step = firstStepOf(now.index());
        }
        return -1;
    }

    private long firstStepOf(long frame) {
        if (framesPerSecond == 0) {
            return frame;
        }
        long step = (long) (frame * stepsPerSecond / framesPerSecond) - 1;
        while (Math.floor(position(step)) < frame) {
            step++;
        }
        return step;
    }

    /** Makes the next frame the present one; false when there is none. */
    private boolean advance() throws InterruptedException {
        if (!lookAhead()) {
            return false;
        }
        passOver();
        if (now != null) {
            giveBack(now);
        }
        now = after;
        nowUsed = afterUsed;
        after = null;
        afterUsed = false;
        return true;
    }

    /** Counts the present frame, unless there is none or a step shows it. */
    private void passOver() {
        if (now != null && !nowUsed) {
            nowUsed = true;
            ledger.framePassedOver();
        }
    }

    private boolean lookAhead() throws InterruptedException {
        if (after == null && !atEnd) {
            after = ring.take(free);
            atEnd = after == null;
            if (!atEnd) {
                free = reserve;
                reserve = null;
            }
        }
        return after != null;
    }

    private void giveBack(Frame frame) {
        if (free == null) {
            free = frame;
        } else {
            reserve = frame;
        }
    }

    private void show(long step, Chunk chunk, int at) throws InterruptedException {
        float[] values = chunk.values();
        int start = chunk.start(at);
        int size = chunk.shape().values();
        chunk.captureNanos(at, now.captureNanos());
        chunk.deviceNanos(at, now.deviceNanos());
        double position = position(step);
        float share = interpolation == Interpolation.LINEAR ? (float) (position - Math.floor(position)) : 0;
        if (share > 0 && lookAhead() && after.index() == now.index() + 1) {
            float[] a = now.values();
            float[] b = after.values();
            for (int i = 0; i < size; i++) {
                values[start + i] = Math.fma(share, b[i] - a[i], a[i]);
            }
            countUse(true);
        } else {
            System.arraycopy(now.values(), 0, values, start, size);
            countUse(false);
        }
    }

    private void countUse(boolean both) {
        if (!nowUsed) {
            nowUsed = true;
            ledger.frameUsed();
        }
        if (both && !afterUsed) {
            afterUsed = true;
            ledger.frameUsed();
        }
    }
}
