package org.amacrine.sources.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.ring.Ledger;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.TestSink;
import org.amacrine.sources.SourceComponents;
import org.junit.jupiter.api.Test;

/** A camera in a pipeline: what the ledger says of it. */
class CameraRunTest {
    private static final int RATE = 250;

    private static CameraSource camera(String script) {
        return (CameraSource) SourceComponents.source(
                "camera",
                Map.of(
                        "backend",
                        "simulated",
                        "rows",
                        30,
                        "columns",
                        40,
                        "framesPerSecond",
                        RATE,
                        "timeoutSeconds",
                        0.3,
                        "range",
                        "byte",
                        "script",
                        script));
    }

    private static Runner runner(CameraSource camera, TestSink sink, String overflow) {
        return new Runner(Pipeline.builder()
                .resolution(10, RATE)
                .dt(5)
                .set("overflow", overflow)
                .set("ringFrames", 4)
                .source(Stage.of(() -> camera))
                .sink(Stage.of(() -> sink).named("sink"))
                .build());
    }

    /**
     * Chunks follow one another, each with the gap that its header tells, and show frames as late as their numbers say: to
     * a quarter of what is missing in all, for each gap is measured by the host's clock while the machine may stand still.
     */
    private static long assertWhole(List<Chunk> chunks, int openings) {
        long next = 0;
        long steps = 0;
        Set<Long> offsets = new HashSet<>();
        long offset = (chunks.get(0).deviceNanos(0) - SimulatedCamera.DEVICE_START) / (1_000_000_000L / RATE);
        for (Chunk chunk : chunks) {
            assertEquals(next + chunk.framesLostBefore(), chunk.firstFrame());
            next = chunk.endFrame();
            steps += chunk.frames();
            for (int t = 0; t < chunk.frames(); t++) {
                long number = (chunk.deviceNanos(t) - SimulatedCamera.DEVICE_START) / (1_000_000_000L / RATE);
                int sum = 0;
                for (int c = 0; c < 3; c++) {
                    sum += SimulatedCamera.pixel(number, 0, 0, c);
                }
                assertEquals(sum / 3f, chunk.values()[chunk.start(t)], 1e-3f);
                offsets.add(number - chunk.firstFrame() - t);
                long off = Math.abs(chunk.firstFrame() + t + offset - number);
                assertTrue(off < RATE / 2, () -> "stream time is off by " + off + " frames");
                assertTrue(chunk.captureNanos(t) > 0);
            }
        }
        assertTrue(offsets.size() <= openings, () -> "between two losses the device's clock is exact, but " + offsets);
        return steps;
    }

    @Test
    void shouldAccountForEveryFrameWhateverHappens() throws Exception {
        CameraSource camera = camera("jitter 2ms; drop 2%; 40 drop 5; 60 corrupt 2; 100 unplug 0.3s; 250 stall 0.1s;"
                + " 330 hang 1s; 700 unplug 0.1s");
        TestSink sink = new TestSink().onAccept((signal, chunk) -> {
            long until = System.nanoTime() + 40_000_000;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
        });
        try (Runner runner = runner(camera, sink, "drop-oldest")) {
            runner.start();
            Await.until("all that can happen", () -> camera.status().reopened() == 3);
            long seen = camera.status().frames();
            Await.until("some frames more", () -> camera.status().frames() > seen + 20);
            runner.stop();

            assertNull(runner.failure(), () -> String.valueOf(runner.failure()));
            Ledger.Counts ledger = runner.progress().ledger();
            CameraStatus status = camera.status();
            assertEquals(status.frames(), ledger.read());
            assertEquals(status.lost(), ledger.neverArrived());
            assertTrue(status.lost() > 200, status::toString);
            assertTrue(status.corrupt() >= 2, status::toString);
            assertTrue(ledger.dropped() > 0, ledger::toString);
            long steps = assertWhole(sink.chunks(0), (int) status.reopened() + 1);
            assertEquals(ledger.steps(), steps);
            List<Chunk> chunks = sink.chunks(0);
            Chunk last = chunks.get(chunks.size() - 1);
            long missing = chunks.stream().mapToLong(Chunk::framesLostBefore).sum();
            assertEquals(last.endFrame(), steps + missing);
            assertEquals(ledger.read() - ledger.waiting(), ledger.used() + ledger.dropped() + ledger.passedOver());
        }
        Await.until("the thread that hung has ended", () -> camera.status().abandoned() == 0);
    }

    @Test
    void shouldStopWhileTheCameraIsGone() throws Exception {
        CameraSource camera = camera("10 unplug 1h");
        try (Runner runner = runner(camera, new TestSink(), "block")) {
            runner.start();
            Await.until("gone", () -> !camera.status().connected());
            runner.stop();
            assertEquals(RunnerState.STOPPED, runner.state());
            assertEquals(camera.status().frames(), runner.progress().ledger().steps());

            runner.start();
            Await.until(
                    "gone again",
                    () -> camera.status().frames() > 0 && !camera.status().connected());
            runner.stop();
            assertEquals(RunnerState.STOPPED, runner.state());
        }
    }

    @Test
    void shouldLetStreamTimeGoOnWhilePaused() throws Exception {
        CameraSource camera = camera("");
        TestSink sink = new TestSink();
        try (Runner runner = runner(camera, sink, "block")) {
            runner.start();
            Await.until("frames", () -> camera.status().frames() > 10);
            runner.pause();
            // Some may have come before the first was asked for; those are not missing.
            long overrun = camera.status().overrun();
            Await.until("pictures that nobody takes", () -> camera.status().overrun() > overrun + 20);
            long before = camera.status().frames();
            runner.resume();
            Await.until("frames again", () -> camera.status().frames() > before + 10);
            runner.stop();
            assertTrue(runner.progress().ledger().neverArrived() > 20);
            assertWhole(sink.chunks(0), (int) camera.status().reopened() + 1);
        }
    }
}
