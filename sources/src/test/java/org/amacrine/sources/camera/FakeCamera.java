package org.amacrine.sources.camera;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A camera whose openings do what a test says. */
final class FakeCamera {
    static final CameraMode MODE = new CameraMode(2, 3, 100);

    /** What {@code next} does; {@code call} counts from 0 in each opening. */
    interface Next {
        boolean next(int opening, int call, CameraPicture into) throws Exception;
    }

    /** What {@code open} does. */
    interface Open {
        CameraMode open(int opening) throws Exception;
    }

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    private final Open open;
    private final Next next;

    FakeCamera(Open open, Next next) {
        this.open = open;
        this.next = next;
    }

    static FakeCamera of(Next next) {
        return new FakeCamera(opening -> MODE, next);
    }

    Grabber connect() {
        int opening = opened.getAndIncrement();
        return new Grabber() {
            private int calls;

            @Override
            public CameraMode open() throws java.io.IOException, InterruptedException {
                try {
                    return open.open(opening);
                } catch (java.io.IOException | InterruptedException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public boolean next(CameraPicture into) throws java.io.IOException, InterruptedException {
                try {
                    return next.next(opening, calls++, into);
                } catch (java.io.IOException | InterruptedException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void close() {
                closed.getAndIncrement();
            }
        };
    }

    /** Waits whatever anybody does, as libraries do. */
    static void hang(CountDownLatch until) {
        boolean interrupted = true;
        while (interrupted) {
            try {
                until.await();
                interrupted = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
