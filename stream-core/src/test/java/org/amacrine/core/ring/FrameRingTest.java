package org.amacrine.core.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.source.Frame;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FrameRingTest {
    private static final Shape PIXEL = Shape.image(1, 1);

    private final Ledger ledger = new Ledger();

    private FrameRing ring(int slots, Overflow overflow) {
        return new FrameRing(PIXEL, slots, overflow, ledger);
    }

    private static boolean publish(FrameRing ring, float value) throws InterruptedException {
        ring.spare().values()[0] = value;
        return ring.publish();
    }

    private static void publishAll(FrameRing ring, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            assertTrue(publish(ring, i));
        }
    }

    private static Frame take(FrameRing ring) throws InterruptedException {
        return ring.take(new Frame(PIXEL));
    }

    /** The frames that wait, each as {@code index:value-lostBefore}. */
    private static List<String> takeWaiting(FrameRing ring) throws InterruptedException {
        List<String> frames = new ArrayList<>();
        while (ring.waiting() > 0) {
            Frame frame = take(ring);
            frames.add(frame.index() + ":" + (int) frame.values()[0] + "-" + frame.framesLostBefore());
        }
        return frames;
    }

    private void assertAccount(long read, long dropped) {
        assertEquals(read, ledger.counts().read(), "read");
        assertEquals(dropped, ledger.counts().dropped(), "dropped");
    }

    @Test
    void shouldGiveFramesInOrder() throws InterruptedException {
        FrameRing ring = ring(4, Overflow.BLOCK);
        for (int round = 0; round < 5; round++) {
            publishAll(ring, 3 * round, 3 * round + 3);
            assertEquals(3, ring.waiting());
            for (int i = 3 * round; i < 3 * round + 3; i++) {
                Frame frame = take(ring);
                assertEquals(i, frame.index());
                assertEquals(i, frame.values()[0]);
                assertEquals(0, frame.framesLostBefore());
            }
        }
        assertAccount(15, 0);
    }

    @Test
    void shouldSwapFramesAndCopyNone() throws InterruptedException {
        FrameRing ring = ring(2, Overflow.BLOCK);
        Frame first = ring.spare();
        publish(ring, 1);
        Frame second = ring.spare();
        publish(ring, 2);
        Frame exchange = new Frame(PIXEL);

        assertSame(first, ring.take(exchange));
        assertSame(second, ring.take(first));

        publish(ring, 3);
        assertSame(exchange, ring.spare(), "the frame brought for the first slot");
        publish(ring, 4);
        assertSame(first, ring.spare(), "the frame brought for the second slot");
    }

    @Test
    void shouldLetTheSourceWaitWhenBlocking() throws InterruptedException {
        FrameRing ring = ring(2, Overflow.BLOCK);

        Task<Boolean> source = Task.start("source", () -> {
            publishAll(ring, 0, 2);
            return publish(ring, 2);
        });
        Await.until("two frames wait", () -> ring.waiting() == 2);
        Await.waiting(source.thread());
        assertFalse(source.isDone());

        assertEquals(0, take(ring).index());
        assertTrue(source.result());
        assertEquals(List.of("1:1-0", "2:2-0"), takeWaiting(ring));
        assertAccount(3, 0);
    }

    @Test
    void shouldDropTheOldestAndTellByTheNumbers() throws InterruptedException {
        FrameRing ring = ring(4, Overflow.DROP_OLDEST);
        publishAll(ring, 0, 10);

        assertEquals(List.of("6:6-0", "7:7-0", "8:8-0", "9:9-0"), takeWaiting(ring));
        assertAccount(10, 6);

        publishAll(ring, 10, 12);
        assertEquals(List.of("10:10-0", "11:11-0"), takeWaiting(ring));
        assertAccount(12, 6);
    }

    @Test
    void shouldDropTheNewestAndTellTheNextOne() throws InterruptedException {
        FrameRing ring = ring(4, Overflow.DROP_NEWEST);
        publishAll(ring, 0, 10);

        assertEquals(List.of("0:0-0", "1:1-0", "2:2-0", "3:3-0"), takeWaiting(ring));
        assertAccount(10, 6);

        publishAll(ring, 10, 12);
        assertEquals(List.of("10:10-6", "11:11-0"), takeWaiting(ring));
        assertAccount(12, 6);
    }

    @Test
    void shouldFailWhenThereIsNoRoomAndKeepWhatWaits() throws InterruptedException {
        FrameRing ring = ring(2, Overflow.FAIL);
        publishAll(ring, 0, 2);

        IllegalStateException error = assertThrows(IllegalStateException.class, () -> publish(ring, 2));

        assertEquals(
                "no room for frame 2: 2 frames wait already; use a faster model, a larger ring, or another overflow rule",
                error.getMessage());
        assertAccount(3, 1);
        assertEquals(List.of("0:0-0", "1:1-0"), takeWaiting(ring));
    }

    @Test
    void shouldCountFramesThatTheSourceKnowsAreLost() throws InterruptedException {
        FrameRing ring = ring(4, Overflow.BLOCK);
        publish(ring, 0);
        ring.spare().framesLostBefore(3);
        publish(ring, 1);
        publish(ring, 2);

        assertEquals(List.of("0:0-0", "4:1-3", "5:2-0"), takeWaiting(ring));
        assertEquals(3, ledger.counts().neverArrived());
        assertAccount(3, 0);
    }

    @Test
    void shouldAddUpLossesOfSourceAndRing() throws InterruptedException {
        FrameRing ring = ring(2, Overflow.DROP_NEWEST);
        publishAll(ring, 0, 2);
        ring.spare().framesLostBefore(5);
        publish(ring, 2); // index 7, dropped
        publish(ring, 3); // index 8, dropped
        takeWaiting(ring);
        ring.spare().framesLostBefore(1);
        publish(ring, 4); // index 10

        assertEquals(List.of("10:4-8"), takeWaiting(ring), "5 and 1 never arrived, 2 dropped");
        assertEquals(6, ledger.counts().neverArrived());
        assertAccount(5, 2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Overflow.class,
            names = {"DROP_OLDEST", "DROP_NEWEST"})
    void shouldAccountForEveryFrameByGaps(Overflow overflow) throws InterruptedException {
        FrameRing ring = ring(4, overflow);
        long taken = 0;
        long gaps = 0;
        long expected = 0;
        // Bursts of 1 to 11 frames, of which up to 3 are taken in between; the last burst is taken whole.
        for (int burst = 1; burst <= 11; burst++) {
            for (int i = 0; i < burst; i++) {
                publish(ring, 0);
            }
            for (int i = 0; i < 3 && ring.waiting() > 0; i++, taken++) {
                long index = take(ring).index();
                gaps += index - expected;
                expected = index + 1;
            }
        }
        while (ring.waiting() > 0) {
            long index = take(ring).index();
            gaps += index - expected;
            expected = index + 1;
            taken++;
        }
        publish(ring, 0);
        long index = take(ring).index();
        gaps += index - expected;
        taken++;

        assertEquals(67, ledger.counts().read());
        assertEquals(67, taken + gaps);
        assertEquals(gaps, ledger.counts().dropped());
    }

    @Test
    void shouldGiveWhatWaitsBeforeTheEnd() throws InterruptedException {
        FrameRing ring = ring(4, Overflow.BLOCK);
        publishAll(ring, 0, 2);
        ring.end(null);

        assertEquals(0, take(ring).index());
        assertEquals(1, take(ring).index());
        assertNull(take(ring));
        assertNull(take(ring), "the end stays the end");
        assertNull(ring.failure());
    }

    @Test
    void shouldGiveWhatWaitsBeforeAnError() throws InterruptedException {
        FrameRing ring = ring(4, Overflow.BLOCK);
        IOException why = new IOException("cable pulled");
        publishAll(ring, 0, 1);
        ring.end(why);
        ring.end(null);
        ring.end(new IOException("too late"));

        assertEquals(0, take(ring).index());
        assertNull(take(ring));
        assertSame(why, ring.failure(), "the first end counts");
    }

    @Test
    void shouldEndAWaitForFrames() throws InterruptedException {
        FrameRing ring = ring(4, Overflow.BLOCK);
        Task<Frame> taker = Task.start("taker", () -> take(ring));
        Await.waiting(taker.thread());

        ring.end(null);

        assertNull(taker.result());
    }

    @Test
    void shouldWakeATakerWithAFrame() throws InterruptedException {
        FrameRing ring = ring(4, Overflow.BLOCK);
        Task<Frame> taker = Task.start("taker", () -> take(ring));
        Await.waiting(taker.thread());

        publish(ring, 7);

        assertEquals(7, taker.result().values()[0]);
    }

    @ParameterizedTest
    @EnumSource(Overflow.class)
    void shouldRefuseFramesAfterTheEndWhichAreLeftOver(Overflow overflow) throws InterruptedException {
        FrameRing ring = ring(4, overflow);
        publishAll(ring, 0, 1);
        ring.end(null);

        assertFalse(publish(ring, 1));

        assertAccount(2, 0);
        assertEquals(List.of("0:0-0"), takeWaiting(ring));
    }

    @Test
    void shouldReleaseASourceThatWaitsWhenItEnds() throws InterruptedException {
        FrameRing ring = ring(2, Overflow.BLOCK);
        publishAll(ring, 0, 2);
        Task<Boolean> source = Task.start("source", () -> publish(ring, 2));
        Await.waiting(source.thread());

        ring.end(null);

        assertFalse(source.result());
        assertAccount(3, 0);
        assertEquals(List.of("0:0-0", "1:1-0"), takeWaiting(ring));
    }

    @Test
    void shouldLetAnInterruptEndAWaitForSpace() throws InterruptedException {
        FrameRing ring = ring(2, Overflow.BLOCK);
        publishAll(ring, 0, 2);
        Task<Boolean> source = Task.start("source", () -> publish(ring, 2));
        Await.waiting(source.thread());

        source.thread().interrupt();

        assertInstanceOf(InterruptedException.class, source.error());
        assertAccount(3, 0);
        assertEquals(List.of("0:0-0", "1:1-0"), takeWaiting(ring));
    }

    @Test
    void shouldLetAnInterruptEndAWaitForFrames() throws InterruptedException {
        FrameRing ring = ring(2, Overflow.BLOCK);
        Task<Frame> taker = Task.start("taker", () -> take(ring));
        Await.waiting(taker.thread());

        taker.thread().interrupt();

        assertInstanceOf(InterruptedException.class, taker.error());
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 0, 1, 3, 12})
    void shouldRejectSlotCountsThatAreNoPowerOfTwo(int slots) {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> ring(slots, Overflow.BLOCK));

        assertEquals(
                "ringFrames must be a power of two and at least 2 but was " + slots + "; for example 64",
                error.getMessage());
    }

    @Test
    void shouldSayHowMuchMemoryItHolds() {
        FrameRing ring = new FrameRing(new Shape(2, 3, 4), 8, Overflow.BLOCK, ledger);

        assertEquals(9 * 24 * 4, ring.bytes(), "8 slots and the spare, 24 values each, 4 bytes each");
        assertEquals(new Shape(2, 3, 4), ring.shape());
        assertEquals(0, ring.waiting());
    }
}
