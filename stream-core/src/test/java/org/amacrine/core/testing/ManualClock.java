package org.amacrine.core.testing;

import java.util.concurrent.TimeUnit;
import org.amacrine.core.run.Clock;

/** A clock that stands still until the test moves it on. */
public final class ManualClock implements Clock {
    /** Time at which the clock begins. */
    public static final long START = 1_000_000_000L;

    private long now = START;
    /** What the thread waits for that sleeps now; guarded by this. */
    private long due;

    private int sleepers;

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized void sleepUntil(long wanted) throws InterruptedException {
        due = wanted;
        sleepers++;
        notifyAll();
        try {
            while (now < wanted) {
                wait();
            }
        } finally {
            sleepers--;
        }
    }

    /** Moves on by that much. */
    public synchronized void advance(long nanos) {
        now += nanos;
        notifyAll();
    }

    /** Waits until a thread sleeps that is not due yet; returns what it waits for, in nanoseconds since the beginning. */
    public synchronized long awaitSleeper() throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(Await.LIMIT_SECONDS);
        while (sleepers == 0 || due <= now) {
            long left = TimeUnit.NANOSECONDS.toMillis(limit - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("nobody sleeps");
            }
            wait(left);
        }
        return due - START;
    }
}
