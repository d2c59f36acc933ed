package org.amacrine.core.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ChunkTest {

    /** Five frames of two pixels, 0 to 9, the first with index 100 after 3 lost ones, captured at 1000, 1001, …. */
    private static Chunk counting() {
        Chunk chunk = Chunk.unpooled(Shape.image(1, 2), 6);
        chunk.begin(100, 3);
        chunk.frames(5);
        for (int i = 0; i < 10; i++) {
            chunk.values()[i] = i;
        }
        for (int t = 0; t < 5; t++) {
            chunk.captureNanos(t, 1000 + t);
            chunk.deviceNanos(t, 50 + t);
        }
        chunk.output("spikes");
        return chunk;
    }

    @Test
    void shouldBeginEmpty() {
        Chunk chunk = Chunk.unpooled(new Shape(2, 3, 4), 5);

        assertEquals(0, chunk.frames());
        assertEquals(5, chunk.capacity());
        assertEquals(120, chunk.values().length);
        assertEquals(0, chunk.firstFrame());
        assertEquals("output", chunk.output());
    }

    @Test
    void shouldSayWhereFramesAre() {
        Chunk chunk = counting();

        assertEquals(0, chunk.start(0));
        assertEquals(6, chunk.start(3));
        assertEquals(100, chunk.firstFrame());
        assertEquals(105, chunk.endFrame());
        assertEquals(3, chunk.framesLostBefore());
        assertEquals(1004, chunk.captureNanos(4));
        assertEquals("chunk spikes[100..105) 1x1x2", chunk.toString());
    }

    @Test
    void shouldForgetFramesWhenBegunAnew() {
        Chunk chunk = counting();

        chunk.begin(7, 0);

        assertEquals(0, chunk.frames());
        assertEquals(7, chunk.firstFrame());
        assertEquals(0, chunk.framesLostBefore());
    }

    @Test
    void shouldRejectMoreFramesThanItCanHold() {
        Chunk chunk = counting();

        var e = assertThrows(IndexOutOfBoundsException.class, () -> chunk.frames(7));
        assertEquals("7 frames in a chunk that can hold 6", e.getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> chunk.frames(-1));
        assertEquals(5, chunk.frames());
    }

    @Test
    void shouldRejectMoreValuesThanAnArrayHolds() {
        var e = assertThrows(
                IllegalArgumentException.class, () -> Chunk.unpooled(Shape.image(1 << 10, 1 << 10), 1 << 20));

        assertEquals(
                "a chunk of 1048576 frames of 1x1024x1024 would hold more than 2147483639 values; use a smaller dt,"
                        + " for example 100",
                e.getMessage());
    }

    @Test
    void shouldRejectACapacityBelowOne() {
        var e = assertThrows(IllegalArgumentException.class, () -> Chunk.unpooled(Shape.image(1, 1), 0));

        assertEquals("a chunk must hold at least 1 frame but the capacity was 0; give dt >= 1", e.getMessage());
    }

    // ------------------------------------------------------------------------------------------------ windows

    @Test
    void shouldShowFramesOfAnotherChunkWithoutCopying() {
        Chunk chunk = counting();

        Chunk window = Chunk.window().show(chunk, 2, 2);

        assertSame(chunk.values(), window.values());
        assertEquals(4, window.start(0));
        assertEquals(6, window.start(1));
        assertEquals(2, window.frames());
        assertEquals(102, window.firstFrame());
        assertEquals(1003, window.captureNanos(1));
        assertEquals(53, window.deviceNanos(1));
        assertEquals(54, chunk.copy().deviceNanos(4));
        assertEquals("spikes", window.output());
        assertArrayEquals(new float[] {4, 5, 6, 7}, window.toArray());
    }

    @Test
    void shouldReportAGapOnlyBeforeTheFirstFrame() {
        Chunk chunk = counting();

        assertEquals(3, Chunk.window().show(chunk, 0, 2).framesLostBefore());
        assertEquals(0, Chunk.window().show(chunk, 1, 2).framesLostBefore());
    }

    @Test
    void shouldShowAWindowOfAWindow() {
        Chunk outer = Chunk.window().show(counting(), 1, 4);

        Chunk inner = Chunk.window().show(outer, 2, 2);

        assertEquals(103, inner.firstFrame());
        assertEquals(1004, inner.captureNanos(1));
        assertArrayEquals(new float[] {6, 7, 8, 9}, inner.toArray());
        assertThrows(IndexOutOfBoundsException.class, () -> Chunk.window().show(outer, 2, 3));
    }

    @Test
    void shouldMoveAWindowToAnotherChunk() {
        Chunk window = Chunk.window().show(counting(), 3, 2);
        Chunk other = Chunk.unpooled(Shape.image(2, 2), 1);
        other.frames(1);

        window.show(other, 0, 1);

        assertEquals(Shape.image(2, 2), window.shape());
        assertEquals(0, window.firstFrame());
        assertArrayEquals(new float[4], window.toArray());
    }

    @Test
    void shouldShowRoomThatIsNotFilledYet() {
        Chunk empty = Chunk.unpooled(Shape.image(1, 2), 4);

        Chunk window = Chunk.window().show(empty, 1, 3);
        window.values()[window.start(0)] = 5;

        assertEquals(5, empty.values()[2]);
    }

    @Test
    void shouldRejectWindowsBeyondTheChunk() {
        Chunk chunk = counting();

        var e = assertThrows(
                IndexOutOfBoundsException.class, () -> Chunk.window().show(chunk, 4, 3));
        assertEquals("frames 4 to 7 of a chunk of 6", e.getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> Chunk.window().show(chunk, -1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> Chunk.window().show(chunk, 1, -1));
    }

    @Test
    void shouldNotTurnAChunkWithMemoryIntoAWindow() {
        var e = assertThrows(IllegalStateException.class, () -> counting().show(counting(), 0, 1));

        assertEquals("only a window can show another chunk; make it with Chunk.window()", e.getMessage());
    }

    // ------------------------------------------------------------------------------------------------ copies

    @Test
    void shouldTakeOverAHeaderWithoutTheValues() {
        Chunk to = Chunk.unpooled(Shape.image(3, 3), 8);

        to.headerFrom(Chunk.window().show(counting(), 1, 3));

        assertEquals(3, to.frames());
        assertEquals(101, to.firstFrame());
        assertEquals(0, to.framesLostBefore());
        assertEquals(1003, to.captureNanos(2));
        assertArrayEquals(new float[27], to.toArray());
    }

    @Test
    void shouldRejectAHeaderOfMoreFramesThanItCanHold() {
        Chunk small = Chunk.unpooled(Shape.image(1, 2), 4);

        assertThrows(IndexOutOfBoundsException.class, () -> small.headerFrom(counting()));
    }

    @Test
    void shouldCopyTheFramesOfAWindow() {
        Chunk chunk = counting();

        Chunk copy = Chunk.window().show(chunk, 2, 2).copy();
        chunk.values()[4] = -1;

        assertNotSame(chunk.values(), copy.values());
        assertArrayEquals(new float[] {4, 5, 6, 7}, copy.toArray());
        assertEquals(102, copy.firstFrame());
        assertEquals(1002, copy.captureNanos(0));
        assertEquals("spikes", copy.output());
    }

    @Test
    void shouldCopyAnEmptyChunk() {
        Chunk copy = Chunk.unpooled(Shape.image(1, 2), 3).copy();

        assertEquals(0, copy.frames());
        assertEquals(0, copy.toArray().length);
    }

    // ------------------------------------------------------------------------------------------------ counting

    @Test
    void shouldRejectAReleaseTooMany() {
        Chunk chunk = counting().retain();
        chunk.release();
        chunk.release();

        var e = assertThrows(IllegalStateException.class, chunk::release);

        assertEquals("release of a chunk that was already released; release once for each hold", e.getMessage());
    }

    @Test
    void shouldRejectARetainAfterTheLastRelease() {
        Chunk chunk = counting();
        chunk.release();

        var e = assertThrows(IllegalStateException.class, chunk::retain);

        assertEquals("retain of a chunk that was already released; retain before passing it on", e.getMessage());
    }

    @Test
    void shouldSayThatItTellsOfEarlierFrames() {
        Chunk chunk = Chunk.unpooled(Shape.vector(2), 3);
        chunk.begin(4, 1);
        chunk.frames(3);
        chunk.captureNanos(0, 77);

        chunk.delayBy(10);

        assertEquals(-6, chunk.firstFrame());
        assertEquals(-3, chunk.endFrame());
        assertEquals(1, chunk.framesLostBefore());
        assertEquals(77, chunk.captureNanos(0));
    }
}
