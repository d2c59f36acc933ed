package org.amacrine.core.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed pool of threads that share the rows or pixels of a frame with the thread that calls. Ranges are handed out as
 * workers become free, so a worker that the machine holds up delays nobody. Waiting workers spin for a moment and then
 * sleep. While one operator uses the pool, another computes alone: results do not depend on who shares.
 *
 * <pre>
 *   caller   publish ─┬─ range 0 ─ range 2 ─ … ─┬─ wait for the last range ─▶
 *   worker-1          └─ range 1 ─ range 3 ─ … ─┘
 * </pre>
 */
public final class WorkerPool implements Bands, AutoCloseable {
    /** Ranges for each worker: enough that a delayed one costs little, few enough that handing out costs nothing. */
    private static final int RANGES_PER_WORKER = 4;

    /** The tickets count ranges with 16 bits; beyond some hundred, workers only wait for each other. */
    private static final int MAX_WORKERS = 1024;

    private static final int SPINS = 4_000;
    /** Tickets lie this far apart, so that each has a cache line of its own. */
    private static final int PADDING = 8;

    private final Thread[] threads;
    private final AtomicBoolean busy = new AtomicBoolean();
    /**
     * For each worker the ranges it begins with, which are the same ones in every round, so that they stay in its cache:
     * round (32 bits), end (16), next range (16). One compare-and-set takes a range of that very round.
     */
    private final AtomicLongArray tickets;

    private final AtomicInteger rangesLeft = new AtomicInteger();
    private volatile boolean closed;
    private volatile Throwable failure;
    /** The work of the round: written before its ticket, and not again before its last range is done. */
    private Band band;

    private int extent;
    private int rangeLength;
    private int round;

    /**
     * Starts the threads.
     *
     * @param workers number of workers, the caller included, 1 to {@value #MAX_WORKERS}
     */
    public WorkerPool(int workers) {
        if (workers < 1 || workers > MAX_WORKERS) {
            throw new IllegalArgumentException("a pool needs 1 to " + MAX_WORKERS + " workers but was given " + workers
                    + "; take as many as there are processors");
        }
        tickets = new AtomicLongArray(workers * PADDING);
        threads = new Thread[workers - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] = new Thread(() -> work(worker), "worker-" + worker);
            threads[i].setDaemon(true);
            threads[i].setPriority(Thread.MAX_PRIORITY);
            threads[i].start();
        }
    }

    @Override
    public int workers() {
        return threads.length + 1;
    }

    @Override
    public void run(Band work, int length, int grain) {
        int grains = (length + grain - 1) / grain;
        if (threads.length == 0 || grains < 2 || closed || !busy.compareAndSet(false, true)) {
            work.run(0, 0, length);
            return;
        }
        try {
            share(work, length, grain, grains);
        } finally {
            busy.set(false);
        }
    }

    private void share(Band work, int length, int grain, int grains) {
        int wanted = Math.min(grains, workers() * RANGES_PER_WORKER);
        // Rounded down: twice the ranges at most, where rounding up would leave workers without any.
        rangeLength = grains / wanted * grain;
        extent = length;
        band = work;
        failure = null;
        int ranges = (length + rangeLength - 1) / rangeLength;
        rangesLeft.set(ranges);
        round++;
        int each = (ranges + workers() - 1) / workers();
        for (int w = 0; w < workers(); w++) {
            long first = Math.min(ranges, w * each);
            long end = Math.min(ranges, first + each);
            tickets.set(w * PADDING, (long) round << 32 | end << 16 | first);
        }
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        takeRanges(0);
        for (int spins = 0; rangesLeft.get() > 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        band = null;
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static boolean hasRange(long ticket) {
        return (ticket & 0xffff) < (ticket >>> 16 & 0xffff);
    }

    /** Takes ranges, its own first, then those that others have not come to; false when there were none. */
    private boolean takeRanges(int worker) {
        boolean took = false;
        for (int i = 0; i < workers(); i++) {
            int slot = (worker + i) % workers() * PADDING;
            for (long now = tickets.get(slot); hasRange(now); now = tickets.get(slot)) {
                if (tickets.compareAndSet(slot, now, now + 1)) {
                    runRange(worker, (int) (now & 0xffff) * rangeLength);
                    took = true;
                }
            }
        }
        return took;
    }

    private void runRange(int worker, int from) {
        try {
            band.run(worker, from, Math.min(extent, from + rangeLength));
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            rangesLeft.getAndDecrement();
        }
    }

    private void work(int worker) {
        for (int spins = 0; !closed; spins++) {
            if (takeRanges(worker)) {
                spins = 0;
            } else if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Ends the threads; a run in progress is finished by its caller. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(1_000);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
