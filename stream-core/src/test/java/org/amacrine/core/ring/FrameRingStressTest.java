package org.amacrine.core.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.source.Frame;
import org.amacrine.core.testing.Task;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A source thread and a ring thread at full speed: every frame is accounted for, whoever is faster. */
@Timeout(120)
class FrameRingStressTest {
    private static final Shape PIXEL = Shape.image(1, 1);
    private static final int FRAMES = 200_000;

    /** What the taker has seen. */
    private record Seen(long taken, long gaps, long told, long last) {}

    @ParameterizedTest
    @CsvSource({
        "BLOCK, 2, 1",
        "BLOCK, 64, 2",
        "DROP_OLDEST, 2, 3",
        "DROP_OLDEST, 4, 4",
        "DROP_OLDEST, 64, 5",
        "DROP_NEWEST, 2, 6",
        "DROP_NEWEST, 64, 7",
    })
    void shouldAccountForEveryFrame(Overflow overflow, int slots, long seed) throws InterruptedException {
        Ledger ledger = new Ledger();
        FrameRing ring = new FrameRing(PIXEL, slots, overflow, ledger);

        Task<Seen> taker = Task.start("taker", () -> takeAll(ring, overflow, new Random(seed)));
        Task<Void> source = Task.start("source", () -> {
            Random random = new Random(seed + 100);
            for (int i = 0; i < FRAMES; i++) {
                ring.spare().values()[0] = i;
                assertTrue(ring.publish());
                dawdle(random);
            }
            ring.end(null);
            return null;
        });
        source.result();
        Seen seen = taker.result();

        Ledger.Counts counts = ledger.counts();
        String what = "seed " + seed + ": " + seen + ", " + counts;
        assertNull(ring.failure(), what);
        assertEquals(0, ring.waiting(), what);
        assertEquals(FRAMES, counts.read(), what);
        assertEquals(FRAMES, seen.taken + counts.dropped(), what);
        long lostAtTheEnd = FRAMES - 1 - seen.last;
        assertEquals(counts.dropped(), seen.gaps + lostAtTheEnd, what);
        switch (overflow) {
            case BLOCK -> assertEquals(0, counts.dropped(), what);
            case DROP_OLDEST -> assertEquals(0, lostAtTheEnd, "the newest frame is never dropped, " + what);
            default -> assertEquals(seen.gaps, seen.told, what);
        }
    }

    private static Seen takeAll(FrameRing ring, Overflow overflow, Random random) throws InterruptedException {
        long taken = 0;
        long gaps = 0;
        long told = 0;
        long last = -1;
        Frame mine = new Frame(PIXEL);
        for (Frame frame = ring.take(mine); frame != null; frame = ring.take(mine)) {
            if (frame.index() <= last || frame.values()[0] != frame.index()) {
                throw new AssertionError(
                        "frame " + frame.index() + " with value " + frame.values()[0] + " after " + last);
            }
            gaps += frame.index() - last - 1;
            told += frame.framesLostBefore();
            last = frame.index();
            taken++;
            mine = frame;
            dawdle(random);
        }
        return new Seen(taken, gaps, told, last);
    }

    /** Now and then takes its time, so that sometimes one side is ahead and sometimes the other. */
    private static void dawdle(Random random) {
        if (random.nextInt(64) == 0) {
            for (int i = random.nextInt(400); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
        if (random.nextInt(4096) == 0) {
            Thread.yield();
        }
    }

    @ParameterizedTest
    @CsvSource({"4", "8"})
    void shouldNotHangWhenBothReachForTheOldestFrame(int slots) throws InterruptedException {
        Ledger ledger = new Ledger();
        FrameRing ring = new FrameRing(PIXEL, slots, Overflow.DROP_OLDEST, ledger);

        Task<Long> taker = Task.start("taker", () -> {
            long taken = 0;
            Frame mine = new Frame(PIXEL);
            for (Frame frame = ring.take(mine); frame != null; frame = ring.take(mine)) {
                mine = frame;
                taken++;
            }
            return taken;
        });
        Task<Void> source = Task.start("source", () -> {
            for (int i = 0; i < 10 * FRAMES; i++) {
                ring.publish();
            }
            ring.end(null);
            return null;
        });
        source.result();

        assertEquals(10 * FRAMES, taker.result() + ledger.counts().dropped());
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "8, 2", "64, 3"})
    void shouldFailAtTheFirstFrameWithoutRoom(int slots, long seed) throws InterruptedException {
        Ledger ledger = new Ledger();
        FrameRing ring = new FrameRing(PIXEL, slots, Overflow.FAIL, ledger);

        Task<Seen> taker = Task.start("taker", () -> takeAll(ring, Overflow.FAIL, new Random(seed)));
        Task<Integer> source = Task.start("source", () -> {
            for (int i = 0; i < FRAMES; i++) {
                ring.spare().values()[0] = i;
                try {
                    ring.publish();
                } catch (IllegalStateException e) {
                    ring.end(e);
                    return i;
                }
            }
            ring.end(null);
            return FRAMES;
        });
        int published = source.result();
        Seen seen = taker.result();

        String what = "seed " + seed + ": " + seen + ", " + ledger.counts();
        assertEquals(published, seen.taken, what);
        assertEquals(0, seen.gaps, what);
        assertEquals(published == FRAMES, ring.failure() == null, what);
        assertEquals(published == FRAMES ? 0 : 1, ledger.counts().dropped(), what);
    }
}
