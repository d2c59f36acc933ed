package org.amacrine.core.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits of tests for other threads, all with the same generous limit: a test that hangs fails and says what it waited for. */
public final class Await {
    /** Far beyond what anything takes on a machine that is busy with other things. */
    public static final long LIMIT_SECONDS = 30;

    private Await() {}

    /** Waits until a condition holds. */
    public static void until(String what, BooleanSupplier condition) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                throw new AssertionError("waited in vain for this: " + what);
            }
            Thread.yield();
        }
    }

    /** Waits for a latch. */
    public static void latch(String what, CountDownLatch latch) throws InterruptedException {
        if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("waited in vain for this: " + what);
        }
    }

    /** Waits for a result; the error of a task is thrown as the cause. */
    public static <T> T result(String what, Future<T> future) throws InterruptedException {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("waited in vain for this: " + what, e);
        } catch (ExecutionException e) {
            throw new AssertionError(what + " failed: " + e.getCause(), e.getCause());
        }
    }

    /** What a task failed with. */
    public static Throwable error(String what, Future<?> future) throws InterruptedException {
        try {
            Object result = future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError(what + " should have failed but gave " + result);
        } catch (TimeoutException e) {
            throw new AssertionError("waited in vain for this: " + what, e);
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** Waits until a thread waits for something itself. */
    public static void waiting(Thread thread) {
        until("thread " + thread.getName() + " waits", () -> {
            Thread.State state = thread.getState();
            return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        });
    }

    /** Waits for the end of a thread. */
    public static void end(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        if (thread.isAlive()) {
            throw new AssertionError("thread " + thread.getName() + " did not end");
        }
    }
}
