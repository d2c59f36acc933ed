package org.amacrine.core.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A piece of a test that runs on a thread of its own, which can be watched and interrupted. */
public final class Task<T> {
    private final FutureTask<T> future;
    private final Thread thread;

    private Task(String name, Callable<T> work) {
        future = new FutureTask<>(work);
        thread = new Thread(future, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts it. */
    public static <T> Task<T> start(String name, Callable<T> work) {
        return new Task<>(name, work);
    }

    /** The thread that it runs on. */
    public Thread thread() {
        return thread;
    }

    /** Waits for the result; an error of the task fails the test, and so does a task that hangs, which says where. */
    public T result() throws InterruptedException {
        try {
            return Await.result(thread.getName(), future);
        } catch (AssertionError e) {
            if (!isDone()) {
                StackTraceElement[] place = thread.getStackTrace();
                e.addSuppressed(new AssertionError("at " + (place.length == 0 ? "its end" : place[0])));
            }
            throw e;
        }
    }

    /** Waits for the error that the task ends with. */
    public Throwable error() throws InterruptedException {
        return Await.error(thread.getName(), future);
    }

    /** Whether it has ended. */
    public boolean isDone() {
        return future.isDone();
    }
}
