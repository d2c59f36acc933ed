package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.amacrine.core.flux.JobRun.State;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.job.Job;
import org.amacrine.core.job.JobProgress;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

@Timeout(60)
class JobRunTest {
    private static final double STEP_SECONDS = 0.5;

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock();
    /** Steps that the job may do. */
    private final Semaphore allowed = new Semaphore(0);

    /** Adds up 1 to n, two steps to the iteration, half a second each; fails on the way where it is told to. */
    private final class Adding implements Job<Long> {
        private final long wanted;
        private final long failsAt;
        private long steps;
        private long sum;

        Adding(long wanted, long failsAt) {
            this.wanted = wanted;
            this.failsAt = failsAt;
        }

        @Override
        public boolean done() {
            return iteration() == wanted;
        }

        @Override
        public boolean step() {
            allowed.acquireUninterruptibly();
            clock.advance((long) (STEP_SECONDS * 1e9));
            if (steps + 1 == failsAt) {
                throw new IllegalStateException("step " + failsAt + " fails");
            }
            steps++;
            if (steps % 2 == 0) {
                sum += iteration();
                return true;
            }
            return false;
        }

        @Override
        public long iteration() {
            return steps / 2;
        }

        @Override
        public long iterations() {
            return wanted;
        }

        @Override
        public Map<String, Double> objectives() {
            return Map.of("sum", (double) sum);
        }

        @Override
        public Map<String, NdArray> save() {
            return Map.of("steps", NdArray.of(steps), "sum", NdArray.of(sum));
        }

        @Override
        public void restore(Map<String, NdArray> saved) {
            steps = saved.get("steps").integer();
            sum = saved.get("sum").integer();
        }

        @Override
        public Long result() {
            return sum;
        }
    }

    private JobRun<Long> run(Job<Long> job) {
        return JobRun.of("test", job).clock(clock);
    }

    private static JobProgress progress(long iteration, long of, double sum, double seconds) {
        return new JobProgress(iteration, of, Map.of("sum", sum), seconds);
    }

    @Test
    void shouldTellTheEndOfEachIteration() throws InterruptedException {
        allowed.release(6);
        JobRun<Long> run = run(new Adding(3, 0));

        StepVerifier.create(run.progress())
                .then(run::start)
                .expectNext(progress(1, 3, 1, 1), progress(2, 3, 3, 2), progress(3, 3, 6, 3))
                .verifyComplete();

        assertEquals(State.DONE, run.await());
        assertEquals(6, run.result());
        assertNull(run.failure());
    }

    @Test
    void shouldRunOnAThreadOfItsName() {
        allowed.release(2);
        JobRun<Long> run = run(new Adding(1, 0));

        StepVerifier.create(run.progress().map(p -> Thread.currentThread().getName()))
                .then(run::start)
                .expectNext("job-test")
                .verifyComplete();
    }

    @Test
    void shouldGiveASlowSubscriberEverythingAndALateOneTheLatest() throws InterruptedException {
        allowed.release(6);
        JobRun<Long> run = run(new Adding(3, 0));
        TestSubscriber<JobProgress> slow =
                TestSubscriber.builder().initialRequest(0).build();
        run.progress().subscribe(slow);

        run.start().await();

        slow.request(9);
        assertEquals(
                List.of(1L, 2L, 3L),
                slow.getReceivedOnNext().stream().map(JobProgress::iteration).toList());
        StepVerifier.create(run.progress()).expectNext(progress(3, 3, 6, 3)).verifyComplete();
    }

    @Test
    void shouldRestBetweenTwoStepsAndNotCountTheRest() throws InterruptedException {
        JobRun<Long> run = run(new Adding(2, 0));
        assertEquals(State.NEW, run.state());
        run.start();
        Await.until("the job is in its first step", allowed::hasQueuedThreads);
        run.pause();
        allowed.release(1);
        Await.until("the run rests", () -> run.state() == State.PAUSED);
        clock.advance(1_000_000_000_000L);

        allowed.release(3);
        run.resume();

        assertEquals(State.DONE, run.await());
        StepVerifier.create(run.progress()).expectNext(progress(2, 2, 3, 2)).verifyComplete();
    }

    @Test
    void shouldEndWhenCancelledAndKeepWhatCameOfIt() throws InterruptedException {
        JobRun<Long> run = run(new Adding(1000, 0)).start();
        allowed.release(5);
        Await.until("two iterations are done", () -> run.result() == 3);
        run.cancel();
        allowed.release(1000);

        assertEquals(State.CANCELLED, run.await());
        StepVerifier.create(run.progress()).expectNextCount(1).verifyComplete();
    }

    @Test
    void shouldEndWhenCancelledAtRest() throws InterruptedException {
        JobRun<Long> run = run(new Adding(10, 0));
        run.pause();
        run.start();
        Await.until("the run rests", () -> run.state() == State.PAUSED);

        run.cancel();

        assertEquals(State.CANCELLED, run.await());
        assertEquals(0, run.result());
    }

    @Test
    void shouldKeepTheLastGoodResultWhenAStepFails() throws InterruptedException {
        allowed.release(10);
        JobRun<Long> run = run(new Adding(10, 6));

        StepVerifier.create(run.progress())
                .then(run::start)
                .expectNext(progress(1, 10, 1, 1), progress(2, 10, 3, 2))
                .verifyErrorMessage("step 6 fails");

        assertEquals(State.FAILED, run.await());
        assertInstanceOf(IllegalStateException.class, run.failure());
        assertEquals(3, run.result());
    }

    @Test
    void shouldGoOnFromACheckpoint() throws IOException, InterruptedException {
        Path file = folder.resolve("job.npz");
        JobRun<Long> first = run(new Adding(10, 8)).checkpoint(file, 2);
        allowed.release(8);
        first.start().await();
        assertEquals(4, Npz.read(file, "steps").integer());

        Adding again = new Adding(10, 0);
        again.restore(Npz.read(file));
        allowed.release(16);
        JobRun<Long> second = run(again).checkpoint(file, 100);
        assertEquals(3, second.result());

        assertEquals(State.DONE, second.start().await());
        assertEquals(55, second.result());
        assertEquals(20, Npz.read(file, "steps").integer());
    }

    @Test
    void shouldSaveACancelledJob() throws IOException, InterruptedException {
        Path file = folder.resolve("job.npz");
        JobRun<Long> run = run(new Adding(10, 0)).checkpoint(file, 100);
        run.start();
        Await.until("the job is in its first step", allowed::hasQueuedThreads);
        run.pause();
        allowed.release(1);
        Await.until("the run rests", () -> run.state() == State.PAUSED);

        run.cancel();

        assertEquals(State.CANCELLED, run.await());
        assertEquals(1, Npz.read(file, "steps").integer());
    }

    @Test
    void shouldFailWhenACheckpointCannotBeWritten() throws InterruptedException {
        allowed.release(2);
        Path nowhere = folder.resolve("missing/job.npz");

        JobRun<Long> run = run(new Adding(1, 0)).checkpoint(nowhere, 1).start();

        assertEquals(State.FAILED, run.await());
        assertInstanceOf(IOException.class, run.failure());
        assertEquals(1, run.result());
        assertFalse(Files.exists(nowhere));
    }

    @Test
    void shouldRejectASecondStart() throws InterruptedException {
        allowed.release(2);
        JobRun<Long> run = run(new Adding(1, 0)).start();
        run.await();

        Throwable error = assertThrows(IllegalStateException.class, run::start);
        assertEquals("job-test was started before and is DONE; make a new run to start again", error.getMessage());
        assertSame(
                IllegalArgumentException.class,
                assertThrows(IllegalArgumentException.class, () -> run.checkpoint(folder, 0))
                        .getClass());
    }
}
