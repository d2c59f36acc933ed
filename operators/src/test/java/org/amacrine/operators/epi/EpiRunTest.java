package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.job.Job;
import org.amacrine.core.job.JobProgress;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A fit on a thread of its own: paused, cancelled and taken up again between any two steps. */
class EpiRunTest {

    private static EpiFit fit() {
        return EpiFit.of(
                        Fits.linearModel(), Fits.linearFlow().units(5).build(), Fits.linearMu(), ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(20, 1e-3, 1e-3, 0.25, 4))
                .initialIterations(20)
                .epochs(3)
                .iterations(20)
                .logRate(5)
                .batches(3, 4)
                .build();
    }

    /** A fit that wishes something in the middle of its step of that number. */
    private static final class Wishing implements Job<EpiResult> {
        private final EpiFit fit;
        private final int at;
        private Runnable wish;
        private int steps;

        Wishing(EpiFit fit, int at) {
            this.fit = fit;
            this.at = at;
        }

        @Override
        public boolean step() {
            if (++steps == at) {
                wish.run();
            }
            return fit.step();
        }

        @Override
        public boolean done() {
            return fit.done();
        }

        @Override
        public long iteration() {
            return fit.iteration();
        }

        @Override
        public long iterations() {
            return fit.iterations();
        }

        @Override
        public Map<String, Double> objectives() {
            return fit.objectives();
        }

        @Override
        public EpiResult result() {
            return fit.result();
        }

        @Override
        public Map<String, NdArray> save() {
            return fit.save();
        }

        @Override
        public void restore(Map<String, NdArray> saved) {
            fit.restore(saved);
        }
    }

    private static double[] straight() throws InterruptedException {
        JobRun<EpiResult> run = JobRun.of("straight", fit()).start();
        assertEquals(JobRun.State.DONE, run.await());
        return run.result().checkpoints().get(3);
    }

    @Test
    void shouldEndWithTheStepInWhichItIsCancelledAndGoOnFromThere(@TempDir Path folder)
            throws IOException, InterruptedException {
        double[] expected = straight();
        for (int at : new int[] {7, 30, 53}) {
            Wishing wishing = new Wishing(fit(), at);
            Path file = folder.resolve("fit" + at + ".npz");
            JobRun<EpiResult> run = JobRun.of("cancelled", wishing).checkpoint(file, 1000);
            wishing.wish = run::cancel;
            run.start();
            assertEquals(JobRun.State.CANCELLED, run.await());
            assertEquals(at, wishing.steps);

            EpiFit again = fit();
            again.restore(Npz.read(file));
            JobRun<EpiResult> rest = JobRun.of("again", again).start();
            assertEquals(JobRun.State.DONE, rest.await());
            assertArrayEquals(expected, rest.result().checkpoints().get(3), "cancelled in step " + at);
        }
    }

    /** The run is resumed as soon as it rests, by a thread that waits for nothing else. */
    @Test
    void shouldRestBehindTheStepInWhichItIsPausedAndGiveTheSameFit() throws InterruptedException {
        Wishing wishing = new Wishing(fit(), 33);
        JobRun<EpiResult> run = JobRun.of("paused", wishing);
        wishing.wish = run::pause;
        run.start();
        while (run.state() != JobRun.State.PAUSED) {
            Thread.onSpinWait();
        }
        assertEquals(33, wishing.steps);
        run.resume();
        assertEquals(JobRun.State.DONE, run.await());
        assertArrayEquals(straight(), run.result().checkpoints().get(3));
    }

    @Test
    void shouldTellEpochEntropyViolationAndCost() throws InterruptedException {
        List<JobProgress> told = new ArrayList<>();
        JobRun<EpiResult> run = JobRun.of("told", fit());
        run.progress().subscribe(told::add);
        run.start();
        run.await();
        Map<String, Double> last = told.get(told.size() - 1).objectives();
        assertEquals(3.0, last.get("epoch"));
        assertEquals(60.0, last.get("iteration"));
        for (String name : List.of("H", "cost", "R_squared", "c", "R1", "R2", "R3", "R4", "p1", "p4", "converged")) {
            assertTrue(last.containsKey(name), name + " is missing in " + last);
        }
        assertEquals(fit().iterations(), told.size());
    }

    /** Asks for one row and then for nothing until it is told to. */
    private static final class Slow extends BaseSubscriber<JobProgress> {
        private final List<JobProgress> got = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(1);
        }

        @Override
        protected void hookOnNext(JobProgress progress) {
            got.add(progress);
        }
    }

    @Test
    void shouldNeverWaitForASlowSubscriberWhichMayAskForTheLatestOnly() throws InterruptedException {
        JobRun<EpiResult> run = JobRun.of("slow", fit());
        Slow slow = new Slow();
        run.progress().onBackpressureLatest().subscribe(slow);
        run.start();
        assertEquals(JobRun.State.DONE, run.await(), "the fit ended while one row was asked for");
        assertArrayEquals(straight(), run.result().checkpoints().get(3));
        assertEquals(1, slow.got.size());
        assertEquals(1, slow.got.get(0).iteration());
        slow.request(10);
        assertEquals(2, slow.got.size(), "what lies between is not kept");
        assertEquals(fit().iterations(), slow.got.get(1).iteration());
    }
}
