package org.amacrine.sources.camera;

import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.run.Clock;
import org.amacrine.core.testing.Await;

/** A clock that stands still until the test moves it on, for several threads that wait for different times. */
final class StepClock implements Clock {
    static final long START = 1_000_000_000L;

    private static final long STEP = 20_000_000L;

    private final List<Long> dues = new ArrayList<>();
    private long now = START;

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized void sleepUntil(long due) throws InterruptedException {
        dues.add(due);
        try {
            while (now < due) {
                wait();
            }
        } finally {
            dues.remove(due);
        }
    }

    synchronized void advance(long nanos) {
        now += nanos;
        notifyAll();
    }

    /** Moves on to what a thread waits for first, or a little towards it; false when nobody waits. */
    synchronized boolean step() {
        long first = dues.stream().mapToLong(Long::longValue).min().orElse(now);
        if (first <= now) {
            return false;
        }
        now = Math.min(first, now + STEP);
        notifyAll();
        return true;
    }

    /** Waits until a thread waits, and moves on to its time. */
    void awaitStep() {
        Await.until("a thread that waits for its time", this::step);
    }
}
