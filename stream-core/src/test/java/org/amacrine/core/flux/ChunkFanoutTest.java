package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

@Timeout(60)
class ChunkFanoutTest {
    private final PooledChunks input = new PooledChunks(1, 8);
    private final ChunkFanout fanout = new ChunkFanout();

    @AfterEach
    void allChunksAreHome() {
        input.assertHome();
    }

    private TestSubscriber<Chunk> taker(String output, long wanted) {
        TestSubscriber<Chunk> taker =
                TestSubscriber.builder().initialRequest(wanted).build();
        fanout.output(output).subscribe(taker);
        return taker;
    }

    private static List<String> used(TestSubscriber<Chunk> taker) {
        return taker.getReceivedOnNext().stream().map(PooledChunks::used).toList();
    }

    private Chunk named(String output) {
        Chunk chunk = input.next();
        chunk.output(output);
        return chunk;
    }

    @Test
    void shouldGiveEveryChunkToAll() {
        TestSubscriber<Chunk> first = taker(null, 9);
        TestSubscriber<Chunk> second = taker("output", 9);

        fanout.connect(input.flux(3));

        assertSame(first.getReceivedOnNext().get(0), second.getReceivedOnNext().get(0), "shared, not copied");
        assertEquals(3, input.pool.inUse());
        List<String> all = List.of("output[0..1) [0]", "output[1..2) [1]", "output[2..3) [2]");
        assertEquals(all, used(first));
        assertEquals(3, input.pool.inUse(), "the second one has them still");
        assertEquals(all, used(second));
        assertTrue(first.isTerminatedComplete());
        assertTrue(second.isTerminatedComplete());
    }

    @Test
    void shouldGiveEachTakerItsOutputAndSendTheOthersHome() {
        TestSubscriber<Chunk> plus = taker("plus", 9);
        TestSubscriber<Chunk> minus = taker("minus", 9);
        TestPublisher<Chunk> upstream = TestPublisher.create();
        fanout.connect(upstream.flux());

        upstream.next(named("plus"), named("minus"), named("other"), named("plus"));
        assertEquals(3, input.pool.inUse());

        assertEquals(List.of("plus[0..1) [0]", "plus[3..4) [3]"), used(plus));
        assertEquals(List.of("minus[1..2) [1]"), used(minus));
    }

    @Test
    void shouldAskForTheNextChunkWhenEverybodyHasRoom() {
        List<Long> asked = new ArrayList<>();
        TestSubscriber<Chunk> first = taker(null, 2);
        TestSubscriber<Chunk> second = taker(null, 0);
        fanout.connect(input.flux(9).doOnRequest(asked::add));

        assertEquals(List.of(), asked, "the second one has no room");
        second.request(1);
        assertEquals(List.of(1L), asked);
        second.request(5);
        assertEquals(List.of(1L, 1L), asked, "the first one wanted two");

        assertEquals(2, used(first).size());
        assertEquals(2, used(second).size());
        fanout.disconnect();
    }

    @Test
    void shouldGoOnWithoutATakerThatHasCancelled() {
        TestSubscriber<Chunk> first = taker(null, 0);
        TestSubscriber<Chunk> second = taker(null, 9);
        fanout.connect(input.flux(2));
        assertEquals(0, second.getReceivedOnNext().size());

        first.cancel();

        assertEquals(2, used(second).size());
        assertTrue(second.isTerminatedComplete());
        assertFalse(first.isTerminated());
    }

    @Test
    void shouldCancelWhenTheLastTakerHasCancelled() {
        TestPublisher<Chunk> upstream = TestPublisher.create();
        TestSubscriber<Chunk> first = taker(null, 1);
        TestSubscriber<Chunk> second = taker(null, 1);
        fanout.connect(upstream.flux());

        first.cancel();
        upstream.assertNotCancelled();
        second.cancel();

        upstream.assertCancelled();
    }

    @Test
    void shouldReleaseAChunkThatComesAfterTheLastTakerHasCancelled() {
        TestPublisher<Chunk> upstream = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        TestSubscriber<Chunk> taker = taker(null, 5);
        fanout.connect(upstream.flux());
        taker.cancel();

        upstream.next(input.next());

        assertEquals(List.of(), taker.getReceivedOnNext());
    }

    @Test
    void shouldPassAnErrorOnToAll() {
        TestPublisher<Chunk> upstream = TestPublisher.create();
        TestSubscriber<Chunk> first = taker(null, 1);
        TestSubscriber<Chunk> second = taker("other", 1);
        fanout.connect(upstream.flux());
        IllegalStateException error = new IllegalStateException("cable pulled");

        upstream.error(error);

        assertSame(error, first.expectTerminalError());
        assertSame(error, second.expectTerminalError());
    }

    @Test
    void shouldSendNobodyMoreWhileItDisconnects() {
        TestSubscriber<Chunk> first = taker(null, 0);
        TestSubscriber<Chunk> second = taker(null, 5);
        fanout.connect(input.flux(9));

        fanout.disconnect();

        assertEquals(List.of(), first.getReceivedOnNext());
        assertEquals(List.of(), second.getReceivedOnNext());
    }

    @Test
    void shouldDisconnectWithoutAWord() {
        TestPublisher<Chunk> upstream = TestPublisher.create();
        TestSubscriber<Chunk> taker = taker(null, 1);
        fanout.connect(upstream.flux());

        fanout.disconnect();

        upstream.assertCancelled();
        assertFalse(taker.isTerminated());
    }
}
