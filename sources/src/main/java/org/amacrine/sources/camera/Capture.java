package org.amacrine.sources.camera;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.amacrine.core.run.Clock;

/**
 * The time from a camera's opening to its loss: the thread that waits in the {@link Grabber}, and the few pictures that go
 * round between it and the source. When the source is slow the oldest picture that waits is dropped.
 *
 * <pre>
 *   camera-NAME:  free ──next──▶ filled ──▶ ready │ 4 at most │ ──take──▶ source-NAME ──giveBack──▶ free
 * </pre>
 *
 * <p>A thread that hangs is left to itself: it may write to its own pictures only, and closes the grabber if it ever returns.
 */
final class Capture {
    /** Pictures that can wait. */
    static final int READY = 4;

    private static final System.Logger LOG = System.getLogger(Capture.class.getName());
    /** How often a waiting source looks at the clock, which in tests may be another one than the machine's. */
    private static final long POLL_MILLIS = 10;
    /** How far a device's clock may run ahead of the host's before it is not believed. */
    private static final double SLACK_NANOS = 1e9;

    private final Grabber grabber;
    private final Clock clock;
    private final Thread thread;
    private final AtomicLong corrupt;
    private final AtomicLong overrun;

    /** All that follows is guarded by this; the pictures by whoever holds them. */
    private final CameraPicture[] ready = new CameraPicture[READY];

    private final CameraPicture[] free = new CameraPicture[READY + 2];
    private int firstReady;
    private int readyCount;
    private int freeCount;
    private CameraMode mode;
    private boolean hasPictures;
    /** When the grabber last came back from a call. */
    private long signNanos;

    private boolean told;
    private boolean over;
    private Throwable failure;

    /**
     * A capture, not begun yet.
     *
     * @param name of the source
     * @param corrupt counts damaged pictures
     * @param overrun counts pictures that were dropped because the source was slow
     */
    Capture(String name, Grabber grabber, Clock clock, AtomicLong corrupt, AtomicLong overrun) {
        this.grabber = grabber;
        this.clock = clock;
        this.corrupt = corrupt;
        this.overrun = overrun;
        signNanos = clock.nanos();
        thread = new Thread(this::run, "camera-" + name);
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    void begin() {
        thread.start();
    }

    // ------------------------------------------------------------------------------------------------ camera thread

    private void run() {
        Throwable why = null;
        try (grabber) {
            CameraMode found = grabber.open();
            if (opened(found)) {
                grab(found.framesPerSecond() * 1e-9);
            }
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            why = e;
        }
        end(why);
    }

    private synchronized boolean opened(CameraMode found) {
        for (freeCount = 0; freeCount < free.length; freeCount++) {
            free[freeCount] = new CameraPicture(found.rows(), found.columns());
        }
        mode = found;
        signNanos = clock.nanos();
        notifyAll();
        return !told;
    }

    private void grab(double framesPerNano) throws IOException, InterruptedException {
        long number = -1;
        long lastDevice = 0;
        long lastArrival = 0;
        CameraPicture picture = takeFree();
        while (picture != null) {
            picture.deviceNanos(0);
            picture.corrupt(false);
            if (!grabber.next(picture)) {
                return;
            }
            long arrival = clock.nanos();
            long device = picture.deviceNanos();
            long steps = 1;
            if (device != 0 && lastDevice != 0) {
                double most = (arrival - lastArrival + SLACK_NANOS) * framesPerNano;
                steps = Math.max(1, Math.round(Math.min(most, (device - lastDevice) * framesPerNano)));
            }
            number += steps;
            lastDevice = device;
            lastArrival = arrival;
            picture.arrived(arrival, number);
            picture = handOver(picture);
        }
    }

    private synchronized CameraPicture takeFree() {
        return told ? null : free[--freeCount];
    }

    /** Gives a picture to the source and returns the next one to fill; null when nobody wants more. */
    private synchronized CameraPicture handOver(CameraPicture picture) {
        signNanos = picture.arrivalNanos();
        hasPictures = true;
        if (told) {
            return null;
        }
        if (picture.corrupt()) {
            corrupt.getAndIncrement();
            return picture;
        }
        if (readyCount == READY) {
            free[freeCount++] = takeReady();
            overrun.getAndIncrement();
        }
        ready[(firstReady + readyCount++) % READY] = picture;
        notifyAll();
        return free[--freeCount];
    }

    private CameraPicture takeReady() {
        CameraPicture picture = ready[firstReady];
        firstReady = (firstReady + 1) % READY;
        readyCount--;
        return picture;
    }

    private synchronized void end(Throwable why) {
        if (told && why != null && !(why instanceof InterruptedException)) {
            LOG.log(System.Logger.Level.DEBUG, () -> thread.getName() + " ended late: " + why);
        }
        failure = why;
        over = true;
        notifyAll();
    }

    // ------------------------------------------------------------------------------------------------ source thread

    /** Waits until the camera is open; null when it cannot be opened, or not in time: see {@link #failure()}. */
    synchronized CameraMode awaitMode(long limitNanos) throws InterruptedException {
        while (mode == null && waitMore(limitNanos)) {
            continue;
        }
        return mode;
    }

    /**
     * Waits for the next picture, to be given back; null when there will be none, or the camera has not moved for too long.
     *
     * @param limitNanos how long a picture may take
     * @param firstNanos how long the first one may take
     */
    synchronized CameraPicture take(long limitNanos, long firstNanos) throws InterruptedException {
        while (readyCount == 0 && waitMore(hasPictures ? limitNanos : firstNanos)) {
            continue;
        }
        return readyCount == 0 ? null : takeReady();
    }

    private boolean waitMore(long limitNanos) throws InterruptedException {
        long left = signNanos + limitNanos - clock.nanos();
        if (over || left <= 0) {
            return false;
        }
        wait(Math.max(1, Math.min(POLL_MILLIS, left / 1_000_000)));
        return true;
    }

    /** Takes back a picture that the source is done with. */
    synchronized void giveBack(CameraPicture picture) {
        free[freeCount++] = picture;
    }

    /** Forgets pictures that came before that time. */
    synchronized void skipBefore(long nanos) {
        while (readyCount > 0 && ready[firstReady].arrivalNanos() < nanos) {
            free[freeCount++] = takeReady();
        }
    }

    /** Why there are no more pictures; null when the thread hangs, or the stream was over. */
    synchronized Throwable failure() {
        return failure;
    }

    /** Whether the thread has come back from the grabber for the last time. */
    synchronized boolean over() {
        return over;
    }

    /** Tells the thread to end and waits for a moment; returns it when it hangs, null when it has ended. */
    Thread end(long graceMillis) {
        synchronized (this) {
            told = true;
        }
        thread.interrupt();
        try {
            thread.join(graceMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return thread.isAlive() ? thread : null;
    }
}
