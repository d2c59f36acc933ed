package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.scheduler.Scheduler;

@Timeout(60)
class StageThreadTest {
    private final StageThread thread = new StageThread("op-test");

    @AfterEach
    void end() throws InterruptedException {
        thread.dispose();
        assertTrue(thread.join(Await.LIMIT_SECONDS * 1_000));
    }

    /** Keeps the thread busy until the latch is counted down. */
    private CountDownLatch hold() throws InterruptedException {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        thread.schedule(() -> {
            held.countDown();
            boolean interrupted = false;
            while (letGo.getCount() > 0) {
                try {
                    letGo.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        Await.latch("the thread is held", held);
        return letGo;
    }

    @Test
    void shouldRunTasksInOrderOnItsOwnThread() throws InterruptedException {
        List<String> order = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(100);

        CountDownLatch letGo = hold();
        for (int i = 0; i < 100; i++) {
            String name = "task " + i;
            thread.schedule(() -> {
                order.add(name + " on " + Thread.currentThread().getName());
                done.countDown();
            });
        }
        letGo.countDown();
        Await.latch("all tasks", done);

        assertEquals(100, order.size());
        for (int i = 0; i < 100; i++) {
            assertEquals("task " + i + " on op-test", order.get(i));
        }
    }

    @Test
    void shouldLoseNoTaskOfManyThreads() throws InterruptedException {
        int each = 20_000;
        AtomicInteger ran = new AtomicInteger();
        List<Task<Object>> senders = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            senders.add(Task.start("sender-" + t, () -> {
                for (int i = 0; i < each; i++) {
                    thread.schedule(ran::getAndIncrement);
                }
                return null;
            }));
        }
        for (Task<Object> sender : senders) {
            sender.result();
        }

        Await.until("all tasks ran", () -> ran.get() == 3 * each);
    }

    @Test
    void shouldRunWhatWaitsAndRefuseWhatComesAfterItsEnd() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch letGo = hold();
        thread.schedule(ran::getAndIncrement);
        thread.schedule(ran::getAndIncrement);

        thread.dispose();

        assertTrue(thread.isDisposed());
        RejectedExecutionException error =
                assertThrows(RejectedExecutionException.class, () -> thread.schedule(ran::getAndIncrement));
        assertEquals("op-test has ended", error.getMessage());
        assertFalse(thread.join(1), "a task is in work");
        letGo.countDown();
        assertTrue(thread.join(Await.LIMIT_SECONDS * 1_000));
        assertEquals(2, ran.get());
    }

    @Test
    void shouldGoOnAfterATaskThatFails() throws InterruptedException {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch after = new CountDownLatch(1);
        thread.schedule(() -> Thread.currentThread().setUncaughtExceptionHandler((t, error) -> seen.set(error)));
        thread.schedule(() -> {
            throw new IllegalStateException("broken");
        });
        thread.schedule(after::countDown);

        Await.latch("the task behind", after);

        assertEquals("broken", seen.get().getMessage());
    }

    @Test
    void shouldGoOnWhenInterruptedBetweenTasks() throws InterruptedException {
        CountDownLatch after = new CountDownLatch(1);
        thread.interrupt();

        thread.schedule(after::countDown);

        Await.latch("the task behind", after);
    }

    @Test
    void shouldBreakOffATaskThatWaits() throws InterruptedException {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        thread.schedule(() -> {
            waits.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        Await.latch("the task waits", waits);

        thread.interrupt();

        Await.latch("the interrupt", interrupted);
    }

    @Test
    void shouldTellWhetherATaskIsInWorkAndWhereItIs() throws InterruptedException {
        CountDownLatch letGo = hold();

        assertTrue(thread.isBusy());
        Await.until(
                "the task waits",
                () -> Arrays.stream(thread.stack())
                        .anyMatch(frame -> frame.getMethodName().equals("await")));

        letGo.countDown();
        Await.until("nothing is in work", () -> !thread.isBusy());
        assertEquals("op-test", thread.name());
    }

    @Test
    void shouldRefuseTasksOfAWorkerThatWasDisposedOf() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        Scheduler.Worker worker = thread.createWorker();
        worker.schedule(ran::countDown);
        Await.latch("the task of the worker", ran);

        worker.dispose();

        assertTrue(worker.isDisposed());
        assertThrows(RejectedExecutionException.class, () -> worker.schedule(() -> {}));
        assertFalse(thread.isDisposed(), "other workers share it");
    }
}
