package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.ring.Overflow;
import org.amacrine.core.testing.Await;
import org.amacrine.core.testing.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.subscriber.TestSubscriber;

@Timeout(60)
class FluxSinkTest {
    private final PooledChunks input = new PooledChunks(1, 8);

    @AfterEach
    void allChunksAreHome() {
        input.assertHome();
    }

    private static TestSubscriber<Chunk> subscriber(FluxSink sink, long wanted) {
        TestSubscriber<Chunk> subscriber =
                TestSubscriber.builder().initialRequest(wanted).build();
        sink.flux().subscribe(subscriber);
        return subscriber;
    }

    private void accept(FluxSink sink, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Chunk chunk = input.next();
            try {
                sink.accept(0, chunk);
            } finally {
                chunk.release();
            }
        }
    }

    private static List<String> received(TestSubscriber<Chunk> subscriber) {
        return subscriber.getReceivedOnNext().stream().map(String::valueOf).toList();
    }

    private static final List<String> THREE =
            List.of("chunk output[0..1) 1x1x1", "chunk output[1..2) 1x1x1", "chunk output[2..3) 1x1x1");

    @Test
    void shouldGiveCopiesToAllSubscribers() throws InterruptedException {
        FluxSink sink = new FluxSink();
        sink.open(List.of());
        TestSubscriber<Chunk> first = subscriber(sink, 9);
        TestSubscriber<Chunk> second = subscriber(sink, 9);

        accept(sink, 3);
        sink.close();

        assertEquals(THREE, received(first));
        assertEquals(THREE, received(second));
        assertEquals(2, first.getReceivedOnNext().get(2).values()[0]);
        assertTrue(first.isTerminatedComplete());
        assertEquals(0, sink.dropped());
    }

    @Test
    void shouldFillReleasedCopiesAgain() throws InterruptedException {
        FluxSink sink = new FluxSink();
        List<Chunk> taken = new ArrayList<>();
        sink.flux().subscribe(chunk -> {
            taken.add(chunk);
            chunk.release();
        });

        accept(sink, 3);

        assertEquals(3, taken.size());
        assertSame(taken.get(0), taken.get(1));
        assertSame(taken.get(0), taken.get(2));
        assertEquals("chunk output[2..3) 1x1x1", taken.get(2).toString());
        assertEquals(2, taken.get(2).values()[0]);
    }

    @Test
    void shouldLeaveCopiesThatOneSubscriberKeepsAlone() throws InterruptedException {
        FluxSink sink = new FluxSink();
        TestSubscriber<Chunk> keeps = subscriber(sink, 9);
        sink.flux().subscribe(Chunk::release);

        accept(sink, 3);

        assertEquals(THREE, received(keeps));
        for (int i = 0; i < 3; i++) {
            assertEquals(i, keeps.getReceivedOnNext().get(i).values()[0]);
        }
    }

    @Test
    void shouldNotFillACopyThatIsTooSmall() throws InterruptedException {
        FluxSink sink = new FluxSink();
        List<String> taken = new ArrayList<>();
        sink.flux().subscribe(chunk -> {
            taken.add(chunk + " " + chunk.values()[chunk.start(chunk.frames() - 1)]);
            chunk.release();
        });
        Chunk one = Chunk.unpooled(Shape.image(1, 1), 1);
        one.frames(1);
        Chunk two = Chunk.unpooled(Shape.image(1, 1), 2);
        two.frames(2);
        two.values()[1] = 7;

        for (Chunk chunk : List.of(one, two, one)) {
            sink.accept(0, chunk);
        }

        assertEquals(
                List.of("chunk output[0..1) 1x1x1 0.0", "chunk output[0..2) 1x1x1 7.0", "chunk output[0..1) 1x1x1 0.0"),
                taken);
    }

    @Test
    void shouldCountWhatNobodyIsSubscribedTo() throws InterruptedException {
        FluxSink sink = new FluxSink();
        sink.open(List.of());

        accept(sink, 3);

        assertEquals(3, sink.dropped());
        sink.open(List.of());
        assertEquals(0, sink.dropped(), "another run");
    }

    @Test
    void shouldHoldUpThePipelineForASlowSubscriber() throws InterruptedException {
        FluxSink sink = new FluxSink(1, Overflow.BLOCK);
        TestSubscriber<Chunk> slow = subscriber(sink, 0);
        Task<Object> pipeline = Task.start("sink-test", () -> {
            accept(sink, 3);
            return null;
        });
        Await.waiting(pipeline.thread());
        assertEquals(List.of(), received(slow));

        slow.request(3);

        pipeline.result();
        assertEquals(THREE, received(slow));
        assertEquals(0, sink.dropped());
    }

    @Test
    void shouldEndTheWaitWhenInterrupted() throws InterruptedException {
        FluxSink sink = new FluxSink(1, Overflow.BLOCK);
        subscriber(sink, 0);
        Task<Object> pipeline = Task.start("sink-test", () -> {
            accept(sink, 3);
            return null;
        });
        Await.waiting(pipeline.thread());

        pipeline.thread().interrupt();

        assertInstanceOf(InterruptedException.class, pipeline.error());
    }

    @Test
    void shouldDropAndCountWhatASlowSubscriberMisses() throws InterruptedException {
        FluxSink sink = new FluxSink(2, Overflow.DROP_NEWEST);
        List<String> eight = IntStream.range(0, 8)
                .mapToObj(i -> "chunk output[" + i + ".." + (i + 1) + ") 1x1x1")
                .toList();
        TestSubscriber<Chunk> slow = subscriber(sink, 0);

        accept(sink, 11);
        slow.request(20);

        assertEquals(eight, received(slow));
        assertEquals(3, sink.dropped());
    }

    @Test
    void shouldFailWhenASubscriberFallsBehind() throws InterruptedException {
        FluxSink sink = new FluxSink(5, Overflow.FAIL);
        subscriber(sink, 0);
        accept(sink, 8);

        IllegalStateException error = assertThrows(IllegalStateException.class, () -> accept(sink, 1));

        assertEquals(
                "a subscriber is 8 chunks behind at frame 8; make it faster, enlarge the buffer, or choose BLOCK",
                error.getMessage());
    }

    @Test
    void shouldGoOnWithTheOthersWhenASubscriberCancels() throws InterruptedException {
        FluxSink sink = new FluxSink();
        TestSubscriber<Chunk> first = subscriber(sink, 9);
        TestSubscriber<Chunk> second = subscriber(sink, 9);
        accept(sink, 1);

        first.cancel();
        accept(sink, 2);

        assertEquals(THREE.subList(0, 1), received(first));
        assertEquals(THREE, received(second));
    }

    @Test
    void shouldGiveTheNextRunToThoseWhoSubscribeAgain() throws InterruptedException {
        FluxSink sink = new FluxSink();
        TestSubscriber<Chunk> first = subscriber(sink, 9);
        sink.close();
        assertTrue(first.isTerminatedComplete());

        TestSubscriber<Chunk> second = subscriber(sink, 9);
        accept(sink, 3);

        assertEquals(List.of(), received(first));
        assertEquals(THREE, received(second));
        assertFalse(second.isTerminated());
    }

    @Test
    void shouldCompleteBehindWhatIsStillToBeTaken() throws InterruptedException {
        FluxSink sink = new FluxSink();
        TestSubscriber<Chunk> subscriber = subscriber(sink, 1);
        accept(sink, 3);
        sink.close();
        assertFalse(subscriber.isTerminated());

        subscriber.request(2);

        assertEquals(THREE, received(subscriber));
        assertTrue(subscriber.isTerminatedComplete());
    }

    @Test
    void shouldRejectABufferOfNothingAndDroppingTheOldest() {
        assertEquals(
                "a reactive sink needs a buffer of at least 1 chunk and BLOCK, DROP_NEWEST or FAIL"
                        + " but was given 0 and BLOCK",
                assertThrows(IllegalArgumentException.class, () -> new FluxSink(0, Overflow.BLOCK))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new FluxSink(1, Overflow.DROP_OLDEST));
    }
}
