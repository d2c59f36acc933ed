package org.amacrine.core.run;

import java.util.concurrent.locks.LockSupport;

/** The time that paces sources and measures latencies; tests bring their own. */
public interface Clock {

    /** Monotonic time in nanoseconds. */
    long nanos();

    /** Waits until {@link #nanos()} has reached {@code due}. */
    void sleepUntil(long due) throws InterruptedException;

    /** The machine's monotonic clock. */
    Clock SYSTEM = new Clock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleepUntil(long due) throws InterruptedException {
            for (long left = due - nanos(); left > 0; left = due - nanos()) {
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
    };
}
