package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;

@Timeout(60)
class FluxSourceTest {
    private static final SourceContext CONTEXT =
            new SourceContext("source", Resolution.DEFAULT, 0, ScalarKernels.INSTANCE);

    private final Frame frame = new Frame(PooledChunks.PIXEL);

    private static List<Float> readAll(FluxSource source, Shape shape) throws IOException, InterruptedException {
        Frame frame = new Frame(shape);
        List<Float> values = new ArrayList<>();
        source.open(CONTEXT);
        while (source.read(frame)) {
            for (float value : frame.values()) {
                values.add(value);
            }
        }
        source.close();
        return values;
    }

    @Test
    void shouldReadFramesInOrderAndBeginAnewEachTime() throws IOException, InterruptedException {
        Shape shape = Shape.image(1, 2);
        FluxSource source = FluxSource.ofFrames(Flux.range(0, 3).map(i -> new float[] {i, 10 + i}), shape, 25);

        assertEquals(new SourceFormat(shape, 25, -1, false), source.open(CONTEXT));
        source.close();
        assertEquals(List.of(0f, 10f, 1f, 11f, 2f, 12f), readAll(source, shape));
        assertEquals(List.of(0f, 10f, 1f, 11f, 2f, 12f), readAll(source, shape));
    }

    @Test
    void shouldReadChunksFrameByFrameAndReleaseThem() throws IOException, InterruptedException {
        PooledChunks input = new PooledChunks(3, 8);
        FluxSource source = FluxSource.ofChunks(input.flux(4), PooledChunks.PIXEL, 0);

        List<Float> values = readAll(source, PooledChunks.PIXEL);

        assertEquals(12, values.size());
        assertEquals(11f, values.get(11));
        input.assertHome();
    }

    @Test
    void shouldTakeOverCaptureTimesAndLosses() throws IOException, InterruptedException {
        Chunk chunk = Chunk.unpooled(PooledChunks.PIXEL, 2);
        chunk.begin(40, 7);
        chunk.frames(2);
        chunk.captureNanos(0, 123);
        chunk.captureNanos(1, 456);
        FluxSource source = FluxSource.ofChunks(Flux.just(chunk), PooledChunks.PIXEL, 0);
        source.open(CONTEXT);

        assertTrue(source.read(frame));
        assertEquals(7, frame.framesLostBefore());
        assertEquals(123, frame.captureNanos());
        frame.framesLostBefore(0);
        assertTrue(source.read(frame));
        assertEquals(0, frame.framesLostBefore());
        assertEquals(456, frame.captureNanos());
        assertFalse(source.read(frame));
        source.close();
    }

    @Test
    void shouldAskForAFewElementsAhead() throws IOException, InterruptedException {
        AtomicInteger made = new AtomicInteger();
        FluxSource source = FluxSource.ofFrames(
                Flux.generate(sink -> sink.next(new float[] {made.getAndIncrement()})), PooledChunks.PIXEL, 0);
        source.open(CONTEXT);

        for (int i = 0; i < 20; i++) {
            assertTrue(source.read(frame));
            assertEquals(i, frame.values()[0]);
            assertTrue(made.get() <= i + 1 + 4, "made " + made + " when " + i + " was read");
        }
        source.close();
    }

    @Test
    void shouldCancelAndGiveEverythingBackWhenClosedInTheMiddle() throws IOException, InterruptedException {
        PooledChunks input = new PooledChunks(2, 8);
        AtomicInteger cancelled = new AtomicInteger();
        FluxSource source =
                FluxSource.ofChunks(input.flux(9).doOnCancel(cancelled::getAndIncrement), PooledChunks.PIXEL, 0);
        source.open(CONTEXT);
        assertTrue(source.read(frame));

        source.close();

        assertEquals(1, cancelled.get());
        input.assertHome();
    }

    @Test
    void shouldPassTheErrorOnBehindWhatCameBefore() throws IOException, InterruptedException {
        FluxSource source = FluxSource.ofFrames(
                Flux.just(new float[] {5}).concatWith(Flux.error(new IllegalStateException("cable pulled"))),
                PooledChunks.PIXEL,
                0);
        source.open(CONTEXT);
        assertTrue(source.read(frame));

        IllegalStateException error = assertThrows(IllegalStateException.class, () -> source.read(frame));

        assertEquals("cable pulled", error.getMessage());
        source.close();
    }

    @Test
    void shouldPassOnWhyAFileBrokeOff() {
        FluxSource source = FluxSource.ofFrames(Flux.error(new IOException("disk gone")), PooledChunks.PIXEL, 0);
        source.open(CONTEXT);

        assertEquals(
                "disk gone",
                assertThrows(IOException.class, () -> source.read(frame)).getMessage());
        source.close();
    }

    @Test
    void shouldRejectFramesOfAnotherExtent() {
        FluxSource frames = FluxSource.ofFrames(Flux.just(new float[2]), PooledChunks.PIXEL, 0);
        frames.open(CONTEXT);
        assertEquals(
                "a frame of 1x1x1 has 1 values but 2 were emitted",
                assertThrows(IllegalArgumentException.class, () -> frames.read(frame))
                        .getMessage());
        frames.close();

        PooledChunks input = new PooledChunks(1, 4);
        FluxSource chunks = FluxSource.ofChunks(input.flux(2), Shape.image(2, 2), 0);
        chunks.open(CONTEXT);
        assertEquals(
                "frames of 1x2x2 were announced but 1x1x1 came; resize them",
                assertThrows(IllegalArgumentException.class, () -> chunks.read(new Frame(Shape.image(2, 2))))
                        .getMessage());
        chunks.close();
        input.assertHome();
    }

    @Test
    void shouldEndTheWaitWhenInterrupted() throws IOException, InterruptedException {
        TestPublisher<float[]> never = TestPublisher.create();
        FluxSource source = FluxSource.ofFrames(never.flux(), PooledChunks.PIXEL, 0);
        Task<Boolean> reader = Task.start("source-test", () -> {
            source.open(CONTEXT);
            try {
                return source.read(frame);
            } finally {
                source.close();
            }
        });
        Await.waiting(reader.thread());

        reader.thread().interrupt();

        assertInstanceOf(InterruptedException.class, reader.error());
        never.assertCancelled();
    }
}
