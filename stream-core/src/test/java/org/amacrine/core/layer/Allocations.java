package org.amacrine.core.layer;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what the calling thread allocates. */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 20;

    private Allocations() {}

    /**
     * The bytes that the calls of one round allocate, least of many rounds: until a round allocates nothing, or until the
     * time is over. Code that is not compiled yet may box what compiled code keeps in registers.
     */
    public static long least(Runnable step, long limitNanos) {
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        long begin = System.nanoTime();
        while (least > 0 && System.nanoTime() - begin < limitNanos) {
            long before = THREADS.getThreadAllocatedBytes(thread);
            for (int i = 0; i < CALLS; i++) {
                step.run();
            }
            least = Math.min(least, THREADS.getThreadAllocatedBytes(thread) - before);
        }
        return least;
    }
}
