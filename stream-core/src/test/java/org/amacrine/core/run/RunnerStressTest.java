package org.amacrine.core.run;

import static org.amacrine.core.run.Running.awaitStopped;
import static org.amacrine.core.run.Running.layer;
import static org.amacrine.core.run.Running.multiples;
import static org.amacrine.core.run.Running.pipeline;
import static org.amacrine.core.run.Running.runner;
import static org.amacrine.core.run.Running.sink;
import static org.amacrine.core.run.Running.source;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.Mix;
import org.amacrine.core.testing.Split;
import org.amacrine.core.testing.Task;
import org.amacrine.core.testing.TestSink;
import org.amacrine.core.testing.TestSource;
import org.amacrine.core.testing.Total;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A runner used by many threads and very often: states stay in order, nothing is lost, and nothing stays behind. */
@Timeout(120)
class RunnerStressTest {
    private static final int STARTS = 1_000;
    private static final int ACTIONS = 400;

    @TempDir
    Path folder;

    /** Threads of the engine. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.matches("(source|ring|op|sink|worker|runner)-.*"))
                .sorted()
                .toList();
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    /** A source that holds a file open while it is open. */
    private TestSource withFile(long frames) throws IOException {
        Path file = Files.write(folder.resolve("frames"), new byte[100]);
        AtomicReference<InputStream> open = new AtomicReference<>();
        return TestSource.of(frames)
                .onOpen(() -> open.set(Files.newInputStream(file)))
                .onRead((index, frame) -> open.get().available())
                .onClose(() -> open.get().close());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNothingBehindAfterAThousandStarts() throws IOException, InterruptedException {
        List<String> before = threads();
        TestSource source = withFile(1_000);
        TestSink sink = new TestSink();
        Runner runner = new Runner(pipeline()
                .workers(2)
                .source(source(source))
                .layer(layer("split", new Split()))
                .layer(layer("gain", new Gain()).from("split.plus"))
                .sink(sink("sink", sink).from("gain", "split.minus", "source"))
                .build());
        Random random = new Random(1);
        runner.start();
        runner.stop();
        long filesBefore = openFiles();

        for (int start = 0; start < STARTS; start++) {
            runner.start();
            for (int yields = random.nextInt(20); yields > 0; yields--) {
                Thread.yield();
            }
            if (random.nextInt(4) == 0) {
                runner.pause();
            }
            runner.stop();
            assertNull(runner.failure(), "start " + start);
            int used = (int) runner.progress().ledger().used();
            assertEquals(used, sink.values(0).size(), "start " + start);
            assertEquals(multiples(used, 1), sink.values(2), "start " + start);
        }

        Await.until("all threads have ended: " + threads(), () -> threads().equals(before));
        assertEquals(filesBefore, openFiles());
        assertEquals(STARTS + 1, source.opened());
        assertEquals(STARTS + 1, source.closed());
        assertEquals(STARTS + 1, sink.closed());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldBeginLoopsAnewAndLeaveNothingBehindHoweverOftenTheyAreStopped() throws InterruptedException {
        List<String> before = threads();
        TestSink sink = new TestSink();
        int delay = 5;
        Runner runner = new Runner(pipeline()
                .workers(2)
                .source(source(TestSource.endless()))
                .layer(mix("left").from("source").feedback("b", back("right", delay)))
                .layer(mix("right").input("a", "left").feedback("b", back("left.output", delay)))
                .sink(sink("sink", sink).from("right"))
                .build());
        Random random = new Random(3);

        for (int start = 0; start < 300; start++) {
            runner.start();
            for (int yields = random.nextInt(200); yields > 0; yields--) {
                Thread.yield();
            }
            if (random.nextInt(4) == 0) {
                runner.pause();
            }
            runner.stop();
            assertNull(runner.failure(), "start " + start);
            int used = (int) runner.progress().ledger().used();
            assertEquals(rightOfLoop(used, delay), sink.values(0), "start " + start);
        }

        Await.until("all threads have ended: " + threads(), () -> threads().equals(before));
    }

    private static Stage mix(String name) {
        return Stage.of(Mix::new).named(name);
    }

    private static FeedbackEdge back(String signal, int delay) {
        return new FeedbackEdge(signal, delay, Shape.image(1, 1), 0);
    }

    /** {@code left = t + right(t - delay) / 2, right = left + left(t - delay) / 2}, from 0. */
    private static List<Float> rightOfLoop(int frames, int delay) {
        List<Float> left = new ArrayList<>();
        List<Float> right = new ArrayList<>();
        for (int t = 0; t < frames; t++) {
            left.add(t + (t < delay ? 0 : right.get(t - delay)) / 2);
            right.add(left.get(t) + (t < delay ? 0 : left.get(t - delay)) / 2);
        }
        return right;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNothingBehindAfterFailures() throws IOException, InterruptedException {
        List<String> before = threads();
        Random random = new Random(2);
        TestSource source = withFile(200);
        AtomicReference<String> where = new AtomicReference<>("");
        Gain gain = new Gain().onProcess(chunk -> failAt("layer", where, chunk.firstFrame()));
        TestSink sink = new TestSink();
        sink.onOpen(() -> failAt("open", where, 100));
        sink.onAccept((signal, chunk) -> failAt("sink", where, chunk.firstFrame()));
        TestSink other = new TestSink();
        Runner runner = new Runner(pipeline()
                .source(source(source))
                .layer(layer("gain", gain))
                .layer(layer("total", new Total()))
                .sink(sink("other", other).from("gain"))
                .sink(sink("sink", sink))
                .build());
        long filesBefore = openFiles();

        List<String> places = List.of("layer", "open", "sink");
        for (int start = 0; start < 200; start++) {
            where.set(places.get(random.nextInt(places.size())));
            try {
                runner.start();
            } catch (RuntimeException e) {
                assertTrue(e.getMessage().contains(where.get() + " breaks"), e.getMessage());
            }
            Throwable why = Running.awaitFailure(runner);
            assertTrue(why.getMessage().contains(where.get() + " breaks"), why.getMessage());
            assertEquals(List.of(), Arrays.asList(why.getSuppressed()), "start " + start);
            assertEquals(multiples(other.values().size(), 2), other.values());
        }

        Await.until("all threads have ended: " + threads(), () -> threads().equals(before));
        assertEquals(filesBefore, openFiles());
        assertEquals(200, source.closed());
    }

    private static void failAt(String place, AtomicReference<String> where, long frame) {
        if (frame >= 100 && place.equals(where.get())) {
            throw new IllegalStateException(place + " breaks");
        }
    }

    @Test
    void shouldKeepStatesInOrderWhenManyThreadsActAtRandom() throws InterruptedException {
        Runner runner = runner(TestSource.endless(), new Gain(), new TestSink().keepingNothing());
        List<RunnerState> told = Collections.synchronizedList(new ArrayList<>());
        runner.onState(told::add);
        List<Task<List<CompletableFuture<Long>>>> tasks = new ArrayList<>();

        for (int thread = 0; thread < 4; thread++) {
            Random random = new Random(thread);
            tasks.add(Task.start("actor-" + thread, () -> act(runner, random)));
        }
        List<CompletableFuture<Long>> changes = new ArrayList<>();
        for (Task<List<CompletableFuture<Long>>> task : tasks) {
            changes.addAll(task.result());
        }
        runner.stop();

        assertNull(runner.failure());
        Await.until("the last state is told", () -> told.isEmpty() || told.get(told.size() - 1) == runner.state());
        RunnerState before = RunnerState.NEW;
        for (RunnerState next : List.copyOf(told)) {
            assertTrue(before.next().contains(next), before + " was followed by " + next);
            before = next;
        }
        assertTrue(EnumSet.of(RunnerState.STOPPED, RunnerState.NEW).contains(before));
        for (CompletableFuture<Long> change : changes) {
            Await.until("the change is answered", change::isDone);
        }
    }

    private static List<CompletableFuture<Long>> act(Runner runner, Random random) {
        List<CompletableFuture<Long>> changes = new ArrayList<>();
        for (int i = 0; i < ACTIONS; i++) {
            switch (random.nextInt(16)) {
                case 0 -> runner.stop(Duration.ofSeconds(20));
                case 1, 2 -> startUnlessRunning(runner);
                case 3, 4, 5, 6 -> runner.pause();
                case 7, 8, 9, 10 -> runner.resume();
                case 11, 12 -> changes.add(runner.set("model.gain", 1 + random.nextInt(9)));
                default -> runner.progress();
            }
        }
        return changes;
    }

    private static void startUnlessRunning(Runner runner) {
        try {
            runner.start();
        } catch (IllegalStateException e) {
            assertTrue(e.getMessage().endsWith("; stop it before starting it again"), e.getMessage());
        }
    }

    @Test
    void shouldFlowOrHoldAsTheStateSaysAfterPauseAndResumeAtRandom() throws InterruptedException {
        TestSource source = TestSource.endless();
        Runner runner = runner(source, new TestSink().keepingNothing());
        for (int round = 0; round < 200; round++) {
            runner.start();
            CountDownLatch go = new CountDownLatch(3);
            List<Task<Boolean>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                Random random = new Random(3L * round + thread);
                tasks.add(Task.start("actor-" + thread, () -> {
                    go.countDown();
                    go.await();
                    for (int i = 0; i < 10; i++) {
                        if (random.nextBoolean()) {
                            runner.pause();
                        } else {
                            runner.resume();
                        }
                    }
                    return true;
                }));
            }
            for (Task<Boolean> task : tasks) {
                task.result();
            }

            if (runner.state() == RunnerState.RUNNING) {
                long read = source.read();
                Await.until("frames flow in round " + round, () -> source.read() > read);
            } else {
                assertEquals(RunnerState.PAUSED, runner.state());
                Await.until("the source waits in round " + round, RunnerStressTest::sourceWaits);
                long read = source.read();
                Thread.yield();
                assertEquals(read, source.read(), "round " + round);
            }
            runner.stop();
            assertNull(runner.failure());
        }
    }

    private static boolean sourceWaits() {
        return Thread.getAllStackTraces().entrySet().stream()
                .anyMatch(entry -> entry.getKey().getName().equals("source-source")
                        && Arrays.stream(entry.getValue())
                                .map(StackTraceElement::getMethodName)
                                .collect(Collectors.toSet())
                                .contains("waitWhilePaused"));
    }

    @Test
    void shouldTellProgressFromTheFirstMoment() throws InterruptedException {
        Runner runner = new Runner(pipeline()
                .source(source(TestSource.of(5)))
                .sink(sink("a", new TestSink()))
                .sink(sink("b", new TestSink()))
                .sink(sink("c", new TestSink()))
                .sink(sink("d", new TestSink()))
                .build());
        AtomicBoolean over = new AtomicBoolean();
        Task<Long> observer = Task.start("observer", () -> {
            long looks = 0;
            while (!over.get()) {
                assertFalse(runner.progress().state() == RunnerState.FAILED);
                looks++;
            }
            return looks;
        });

        for (int start = 0; start < 100; start++) {
            runner.start();
            awaitStopped(runner);
        }
        over.set(true);

        assertTrue(observer.result() > 0);
    }

    @Test
    void shouldNotStarveASinkOfSeveralSignalsAtTheEndOfADiamond() throws InterruptedException {
        TestSink slow = new TestSink().onAccept((signal, chunk) -> Thread.yield());
        TestSink fast = new TestSink();
        Runner runner = new Runner(pipeline()
                .dt(1)
                .set("ringFrames", 2)
                .source(source(TestSource.of(2_000)))
                .layer(layer("split", new Split()))
                .layer(layer("left", new Gain()).from("split.plus"))
                .layer(layer("right", new Total()).from("split.minus"))
                .layer(layer("far", new Gain()).from("right"))
                .sink(sink("slow", slow).from("source", "left", "far", "split"))
                .sink(sink("fast", fast).from("far", "source"))
                .build());

        runner.start();
        awaitStopped(runner);

        for (int signal = 0; signal < 5; signal++) {
            assertEquals(2_000, slow.values(signal).size(), "signal " + signal);
        }
        assertEquals(multiples(2_000, 1), fast.values(1));
        assertEquals(slow.values(2), fast.values(0));
    }
}
