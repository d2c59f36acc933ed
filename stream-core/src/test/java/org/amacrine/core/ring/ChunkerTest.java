package org.amacrine.core.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ChunkerTest {
    /** The second value tells whether whole frames are taken over. */
    private static final Shape SHAPE = Shape.image(1, 2);

    private static final long ENDLESS = Long.MAX_VALUE;

    private final Ledger ledger = new Ledger();
    private final FrameRing ring = new FrameRing(SHAPE, 8192, Overflow.BLOCK, ledger);

    /** A frame of value {@code value}, captured {@code value} microseconds after the first; {@code lost} frames before it. */
    private void publish(float value, long lost) throws InterruptedException {
        ring.spare().values()[0] = value;
        ring.spare().values()[1] = value + 1000;
        ring.spare().framesLostBefore(lost);
        ring.spare().captureNanos(1 + Math.round(1000 * value));
        ring.spare().deviceNanos(7 + Math.round(value));
        assertTrue(ring.publish());
    }

    /** Frames with these numbers and values equal to their numbers; the missing ones are lost. */
    private ChunkerTest frames(long... indices) throws InterruptedException {
        long next = 0;
        for (long index : indices) {
            publish(index, index - next);
            next = index + 1;
        }
        ring.end(null);
        return this;
    }

    private static long[] range(int from, int to) {
        return LongStream.range(from, to).toArray();
    }

    private Chunker chunker(Interpolation interpolation, double framesPerSecond, double stepsPerSecond, long maxSteps) {
        return new Chunker(ring, ledger, interpolation, framesPerSecond, stepsPerSecond, maxSteps);
    }

    /** What came out: the chunks as {@code first+frames-lost}, and step numbers with their values. */
    private record Result(List<String> chunks, List<Long> steps, List<Float> values) {}

    private static Result run(Chunker chunker, int dt) throws InterruptedException {
        Result result = new Result(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Chunk chunk = Chunk.unpooled(SHAPE, dt);
        boolean more = true;
        while (more) {
            chunk.begin(-1, -1);
            more = chunker.fill(chunk);
            if (chunk.frames() > 0) {
                result.chunks.add(chunk.firstFrame() + "+" + chunk.frames() + "-" + chunk.framesLostBefore());
            }
            for (int t = 0; t < chunk.frames(); t++) {
                float value = chunk.values()[chunk.start(t)];
                assertEquals(value + 1000, chunk.values()[chunk.start(t) + 1], 1e-3, "second pixel");
                result.steps.add(chunk.firstFrame() + t);
                result.values.add(value);
            }
        }
        assertFalse(chunker.fill(chunk), "the end stays the end");
        assertEquals(0, chunk.frames());
        return result;
    }

    private Result hold(double framesPerSecond, double stepsPerSecond, int dt) throws InterruptedException {
        return run(chunker(Interpolation.HOLD, framesPerSecond, stepsPerSecond, ENDLESS), dt);
    }

    private Result linear(double framesPerSecond, double stepsPerSecond, int dt) throws InterruptedException {
        return run(chunker(Interpolation.LINEAR, framesPerSecond, stepsPerSecond, ENDLESS), dt);
    }

    /** The ledger after a stream that was taken to its end: nothing waits. */
    private void assertAccount(long read, long used, long passedOver, long steps) {
        Ledger.Counts counts = ledger.counts();
        assertEquals(read, counts.read(), () -> "read in " + counts);
        assertEquals(used, counts.used(), () -> "used in " + counts);
        assertEquals(passedOver, counts.passedOver(), () -> "passed over in " + counts);
        assertEquals(steps, counts.steps(), () -> "steps in " + counts);
        assertEquals(0, counts.dropped(), () -> "dropped in " + counts);
        assertEquals(0, counts.waiting(), () -> "waiting in " + counts);
        assertEquals(read, used + passedOver);
    }

    private static List<Float> floats(double... values) {
        List<Float> list = new ArrayList<>();
        for (double value : values) {
            list.add((float) value);
        }
        return list;
    }

    // ------------------------------------------------------------------------------------------------ rates

    @ParameterizedTest
    @CsvSource({"0, 1000", "1000, 1000", "30, 30"})
    void shouldMakeOneStepOfEachFrameAtEqualRates(double framesPerSecond, double stepsPerSecond)
            throws InterruptedException {
        Result result = frames(range(0, 7)).hold(framesPerSecond, stepsPerSecond, 3);

        assertEquals(List.of("0+3-0", "3+3-0", "6+1-0"), result.chunks);
        assertEquals(floats(0, 1, 2, 3, 4, 5, 6), result.values);
        assertAccount(7, 7, 0, 7);
    }

    @ParameterizedTest
    @ValueSource(doubles = {29.97, 23.976, 59.94, 33.3, 0.1, 142.85714285714286})
    void shouldMakeOneStepOfEachFrameAtEqualRatesThatAreNotWhole(double rate) throws InterruptedException {
        Result result = frames(range(0, 5000)).hold(rate, rate, 100);

        for (int k = 0; k < 5000; k++) {
            assertEquals(k, result.steps.get(k));
            assertEquals(k, result.values.get(k), "what step " + k + " shows");
        }
        assertAccount(5000, 5000, 0, 5000);
    }

    @Test
    void shouldHoldEachFrameUntilTheNextOne() throws InterruptedException {
        Result result = frames(range(0, 4)).hold(30, 1000, 50);

        // 4 frames of a 30th second are 133.3 ms: step 133 still shows frame 3, step 134 would need frame 4.
        assertEquals(List.of("0+50-0", "50+50-0", "100+34-0"), result.chunks);
        for (int k = 0; k < 134; k++) {
            assertEquals(k * 30 / 1000, result.values.get(k), "step " + k);
        }
        assertEquals(
                List.of(0f, 1f, 1f, 2f, 2f, 3f),
                List.of(
                        result.values.get(33),
                        result.values.get(34),
                        result.values.get(66),
                        result.values.get(67),
                        result.values.get(99),
                        result.values.get(100)));
        assertAccount(4, 4, 0, 134);
    }

    @ParameterizedTest
    @CsvSource({"1, 34", "2, 67", "3, 100", "10, 334", "30, 1000", "31, 1034"})
    void shouldMakeAsManyStepsAsTheFramesLast(int frames, int steps) throws InterruptedException {
        Result result = frames(range(0, frames)).hold(30, 1000, 64);

        assertEquals(steps, result.steps.size(), "ceil(frames * 1000 / 30)");
        assertAccount(frames, frames, 0, steps);
    }

    @Test
    void shouldHoldFramesOfARateThatIsNotWhole() throws InterruptedException {
        Result result = frames(range(0, 30)).hold(29.97, 1000, 100);

        assertEquals(1002, result.steps.size(), "ceil(30 * 1000 / 29.97) = ceil(1001.001)");
        for (int k = 0; k < 1002; k++) {
            assertEquals(k * 2997 / 100_000, result.values.get(k), "step " + k);
        }
        assertAccount(30, 30, 0, 1002);
    }

    @Test
    void shouldMixNeighboursByTheirDistanceInTime() throws InterruptedException {
        Result result = frames(range(0, 3)).linear(30, 120, 5);

        assertEquals(floats(0, .25, .5, .75, 1, 1.25, 1.5, 1.75, 2, 2, 2, 2), result.values, "the last frame is held");
        assertEquals(List.of("0+5-0", "5+5-0", "10+2-0"), result.chunks);
        assertAccount(3, 3, 0, 12);
    }

    @Test
    void shouldPassOverFramesOfAFasterSource() throws InterruptedException {
        Result result = frames(range(0, 7)).hold(60, 30, 3);

        assertEquals(floats(0, 2, 4, 6), result.values);
        assertAccount(7, 4, 3, 4);
    }

    @Test
    void shouldPassOverALastFrameThatNoStepShows() throws InterruptedException {
        Result result = frames(range(0, 6)).hold(60, 30, 3);

        assertEquals(floats(0, 2, 4), result.values);
        assertAccount(6, 3, 3, 3);
    }

    @Test
    void shouldPassOverFramesAtARatioThatIsNotWhole() throws InterruptedException {
        Result result = frames(range(0, 13)).hold(60, 25, 4);

        assertEquals(floats(0, 2, 4, 7, 9, 12), result.values, "floor(2.4 k)");
        assertAccount(13, 6, 7, 6);
    }

    @Test
    void shouldMixNeighboursOfAFasterSource() throws InterruptedException {
        Result result = frames(range(0, 13)).linear(60, 25, 4);

        float[] expected = {0, 2.4f, 4.8f, 7.2f, 9.6f, 12};
        assertEquals(6, result.values.size());
        for (int k = 0; k < 6; k++) {
            assertEquals(expected[k], result.values.get(k), 1e-5f, "step " + k);
        }
        assertAccount(13, 10, 3, 6); // 1, 6 and 11 are neighbours of no step
    }

    // ------------------------------------------------------------------------------------------------ losses

    @Test
    void shouldBeginANewChunkBehindALoss() throws InterruptedException {
        Result result = frames(0, 1, 2, 5, 6).hold(0, 1000, 4);

        assertEquals(List.of("0+3-0", "5+2-2"), result.chunks);
        assertEquals(floats(0, 1, 2, 5, 6), result.values);
        assertAccount(5, 5, 0, 5);
    }

    @Test
    void shouldTellALossThatFallsBetweenTwoChunks() throws InterruptedException {
        Result result = frames(0, 1, 4, 5).hold(0, 1000, 2);

        assertEquals(List.of("0+2-0", "4+2-2"), result.chunks);
        assertAccount(4, 4, 0, 4);
    }

    @Test
    void shouldTellALossBeforeTheFirstFrame() throws InterruptedException {
        Result result = frames(5, 6).hold(0, 1000, 4);

        assertEquals(List.of("5+2-5"), result.chunks);
        assertEquals(5, ledger.counts().neverArrived());
        assertAccount(2, 2, 0, 2);
    }

    @Test
    void shouldTellHowManyStepsALossIsWorth() throws InterruptedException {
        Result result = frames(0, 2).hold(30, 90, 4);

        assertEquals(List.of("0+3-0", "6+3-3"), result.chunks, "three steps a frame");
        assertEquals(floats(0, 0, 0, 2, 2, 2), result.values);
        assertAccount(2, 2, 0, 6);
    }

    @Test
    void shouldTellHowManyStepsALossIsWorthAtARatioThatIsNotWhole() throws InterruptedException {
        Result result = frames(0, 2).hold(30, 1000, 100);

        // Frame 0 lasts for steps 0 to 33, frame 2 from 66.7 to 100.
        assertEquals(List.of("0+34-0", "67+33-33"), result.chunks);
        assertAccount(2, 2, 0, 67);
    }

    @Test
    void shouldTellALossBeforeTheFirstFrameInSteps() throws InterruptedException {
        Result result = frames(5, 6).hold(30, 90, 4);

        assertEquals(List.of("15+4-15", "19+2-0"), result.chunks);
        assertAccount(2, 2, 0, 6);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 13, 18, 26, 36, 52, 72, 104})
    void shouldBeginBehindALossWithTheStepThatShowsTheFrame(int frame) throws InterruptedException {
        Result result = frames(0, frame).hold(29.97, 29.97, 4);

        assertEquals(List.of("0+1-0", frame + "+1-" + (frame - 1)), result.chunks);
        assertAccount(2, 2, 0, 2);
    }

    @Test
    void shouldNotMixAcrossALoss() throws InterruptedException {
        Result result = frames(0, 1, 3, 4).linear(30, 60, 16);

        assertEquals(List.of("0+4-0", "6+4-2"), result.chunks);
        assertEquals(floats(0, .5, 1, 1, 3, 3.5, 4, 4), result.values);
        assertAccount(4, 4, 0, 8);
    }

    @Test
    void shouldNotMissLostFramesThatNoStepWouldShow() throws InterruptedException {
        Result result = frames(0, 2, 4, 5, 6).hold(60, 30, 16);

        assertEquals(List.of("0+4-0"), result.chunks);
        assertEquals(floats(0, 2, 4, 6), result.values);
        assertAccount(5, 4, 1, 4);
    }

    @Test
    void shouldMissAStepWhoseFrameIsLostThoughItsNeighbourIsThere() throws InterruptedException {
        Result result = frames(0, 1, 3, 4).hold(60, 30, 16);

        assertEquals(List.of("0+1-0", "2+1-1"), result.chunks);
        assertEquals(floats(0, 4), result.values);
        assertAccount(4, 2, 2, 2);
    }

    // ------------------------------------------------------------------------------------------------ the end

    @Test
    void shouldEndAtTheLastStepWanted() throws InterruptedException {
        frames(range(0, 6));

        Result result = run(chunker(Interpolation.HOLD, 0, 1000, 4), 3);

        assertEquals(List.of("0+3-0", "3+1-0"), result.chunks);
        Ledger.Counts counts = ledger.counts();
        assertEquals(4, counts.used());
        assertEquals(4, counts.steps());
        assertEquals(2, counts.waiting(), "the frames that nobody came to take");
    }

    @Test
    void shouldEndAtTheLastStepWantedWithinAFrame() throws InterruptedException {
        frames(range(0, 6));

        Result result = run(chunker(Interpolation.HOLD, 30, 90, 7), 7);

        assertEquals(List.of("0+7-0"), result.chunks);
        assertEquals(3, ledger.counts().used());
        assertEquals(3, ledger.counts().waiting());
    }

    @Test
    void shouldGiveNothingWhenNoStepIsWanted() throws InterruptedException {
        frames(range(0, 6));

        assertEquals(List.of(), run(chunker(Interpolation.HOLD, 0, 1000, 0), 3).chunks);
        assertEquals(0, ledger.counts().used());
    }

    @Test
    void shouldEndWhereALossReachesBeyondTheLastStepWanted() throws InterruptedException {
        frames(0, 1, 9);

        assertEquals(List.of("0+2-0"), run(chunker(Interpolation.HOLD, 0, 1000, 5), 3).chunks);
    }

    @Test
    void shouldGiveNothingForAnEmptyStream() throws InterruptedException {
        assertEquals(List.of(), frames().hold(30, 1000, 4).chunks);
        assertAccount(0, 0, 0, 0);
    }

    @Test
    void shouldWaitForFrames() throws InterruptedException {
        Chunker chunker = chunker(Interpolation.HOLD, 0, 1000, ENDLESS);
        Chunk chunk = Chunk.unpooled(SHAPE, 2);
        publish(0, 0);
        Task<Boolean> filler = Task.start("filler", () -> chunker.fill(chunk));
        Await.waiting(filler.thread());
        assertFalse(filler.isDone(), "one frame is half a chunk");

        publish(1, 0);

        assertTrue(filler.result());
        assertEquals(2, chunk.frames());
    }

    @Test
    void shouldStampStepsWithTheCaptureTimeOfTheFrameTheyShow() throws InterruptedException {
        frames(range(0, 3));
        Chunk chunk = Chunk.unpooled(SHAPE, 8);

        chunker(Interpolation.HOLD, 30, 60, ENDLESS).fill(chunk);

        long[] stamps =
                LongStream.range(0, 6).map(t -> chunk.captureNanos((int) t)).toArray();
        assertEquals(
                List.of(1L, 1L, 1001L, 1001L, 2001L, 2001L),
                LongStream.of(stamps).boxed().toList());
        assertEquals(9, chunk.deviceNanos(5));
    }

    // ------------------------------------------------------------------------------------------------ laws

    @ParameterizedTest
    @CsvSource({
        "HOLD, 0, 1000",
        "HOLD, 30, 1000",
        "LINEAR, 30, 1000",
        "HOLD, 29.97, 1000",
        "LINEAR, 60, 25",
        "HOLD, 60, 25",
        "LINEAR, 23.976, 59.94",
        "HOLD, 1000, 1000"
    })
    void shouldGiveTheSameStepsWhateverTheChunkLength(
            Interpolation interpolation, double framesPerSecond, double stepsPerSecond) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        for (int dt : new int[] {1, 7, 100_000}) {
            ChunkerTest fresh = new ChunkerTest();
            fresh.frames(2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 20, 21, 22, 30, 31, 32, 33, 34, 35);
            results.add(run(fresh.chunker(interpolation, framesPerSecond, stepsPerSecond, ENDLESS), dt));
            assertEquals(0, fresh.ledger.counts().waiting());
        }

        assertFalse(results.get(0).steps.isEmpty());
        for (Result result : results) {
            assertEquals(results.get(0).steps, result.steps);
            assertEquals(results.get(0).values, result.values);
        }
    }

    @Test
    void shouldShowTheFramesThatArithmeticWithWholeNumbersSays() throws InterruptedException {
        Random random = new Random(20);
        for (int round = 0; round < 300; round++) {
            int framesPerSecond = 1 + random.nextInt(120);
            int stepsPerSecond = 1 + random.nextInt(1000);
            int dt = 1 + random.nextInt(40);
            long[] present =
                    LongStream.range(0, 40).filter(i -> random.nextInt(4) > 0).toArray();
            String what = "round " + round + ": " + framesPerSecond + " -> " + stepsPerSecond + ", dt " + dt;

            ChunkerTest fresh = new ChunkerTest();
            Result result = fresh.frames(present).hold(framesPerSecond, stepsPerSecond, dt);

            List<Long> steps = new ArrayList<>();
            List<Float> values = new ArrayList<>();
            long last = present[present.length - 1];
            for (long step = 0; step * framesPerSecond / stepsPerSecond <= last; step++) {
                long frame = step * framesPerSecond / stepsPerSecond;
                if (LongStream.of(present).anyMatch(i -> i == frame)) {
                    steps.add(step);
                    values.add((float) frame);
                }
            }
            assertEquals(steps, result.steps, what);
            assertEquals(values, result.values, what);
            long shown = values.stream().distinct().count();
            fresh.assertAccount(present.length, shown, present.length - shown, steps.size());
            assertGapsAddUp(result, what);
        }
    }

    private static void assertGapsAddUp(Result result, String what) {
        long next = 0;
        for (String chunk : result.chunks) {
            String[] parts = chunk.split("[+-]");
            long first = Long.parseLong(parts[0]);
            assertEquals(first - next, Long.parseLong(parts[2]), what);
            next = first + Long.parseLong(parts[1]);
        }
    }
}
