package org.amacrine.core.flux;

import java.util.concurrent.RejectedExecutionException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * One named thread that a stage runs on, which chunks reach by a {@link HandOver}. Unlike Reactor's own schedulers it
 * allocates nothing for a task, can be interrupted, and tells whether it has ended.
 */
public final class StageThread implements Scheduler {
    private final Thread thread;
    private final Object lock = new Object();
    /** Tasks that wait, a ring that grows when it must. */
    private Runnable[] tasks = new Runnable[16];

    private int first;
    private int count;
    private boolean busy;
    private boolean closed;

    /** Starts the thread, which does not keep the program alive. */
    public StageThread(String name) {
        this(name, Thread.NORM_PRIORITY);
    }

    /** Starts the thread with a priority of {@link Thread}'s, as far as the system lets a program have it. */
    public StageThread(String name, int priority) {
        thread = new Thread(this::work, name);
        thread.setDaemon(true);
        thread.setPriority(priority);
        thread.start();
    }

    /** The thread's name. */
    public String name() {
        return thread.getName();
    }

    /** Whether this is the calling thread. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public Disposable schedule(Runnable task) {
        execute(task);
        return Disposables.disposed();
    }

    /** Runs the task behind those that wait; throws {@link RejectedExecutionException} when the thread has ended. */
    void execute(Runnable task) {
        synchronized (lock) {
            if (closed) {
                throw new RejectedExecutionException(name() + " has ended");
            }
            if (count == tasks.length) {
                grow();
            }
            tasks[(first + count++) & (tasks.length - 1)] = task;
            lock.notifyAll();
        }
    }

    private void grow() {
        Runnable[] larger = new Runnable[2 * tasks.length];
        for (int i = 0; i < count; i++) {
            larger[i] = tasks[(first + i) & (tasks.length - 1)];
        }
        tasks = larger;
        first = 0;
    }

    private void work() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }

    /** The next task, or null when closed and none is left. */
    private Runnable next() {
        synchronized (lock) {
            busy = false;
            while (count == 0) {
                if (closed) {
                    return null;
                }
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    // An interrupt is meant for a task that hangs; between tasks there is nothing to break off.
                    continue;
                }
            }
            Runnable task = tasks[first];
            tasks[first] = null;
            first = (first + 1) & (tasks.length - 1);
            count--;
            busy = true;
            return task;
        }
    }

    /** A worker that shares the thread; disposing of it does not end the thread. */
    @Override
    public Worker createWorker() {
        return new Worker() {
            private volatile boolean disposed;

            @Override
            public Disposable schedule(Runnable task) {
                if (disposed) {
                    throw new RejectedExecutionException(name() + ": the worker was disposed of");
                }
                return StageThread.this.schedule(task);
            }

            @Override
            public void dispose() {
                disposed = true;
            }

            @Override
            public boolean isDisposed() {
                return disposed;
            }
        };
    }

    /** Ends the thread behind the tasks that wait. */
    @Override
    public void dispose() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    @Override
    public boolean isDisposed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Whether a task is in work now. */
    public boolean isBusy() {
        synchronized (lock) {
            return busy;
        }
    }

    /** Breaks off a task that waits. */
    public void interrupt() {
        thread.interrupt();
    }

    /** Waits for the end; false when the thread is still alive after that time. */
    public boolean join(long millis) throws InterruptedException {
        thread.join(Math.max(1, millis));
        return !thread.isAlive();
    }

    /** Where the thread is now, innermost call first: for messages about a thread that hangs. */
    public StackTraceElement[] stack() {
        return thread.getStackTrace();
    }
}
