package org.amacrine.core.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;

class FeedbackInputTest {
    private static final Shape PIXEL = Shape.image(1, 1);
    private static final int DT = 4;
    private static final int DELAY_FRAMES = 5;

    private final AtomicLong asked = new AtomicLong();
    private final FeedbackInput input = new FeedbackInput(PIXEL, DELAY_FRAMES, -1, DT);

    private void begin() {
        input.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                asked.getAndAdd(n);
            }

            @Override
            public void cancel() {}
        });
    }

    /** Frames whose values are their indices. */
    private static Chunk chunk(long firstFrame) {
        Chunk chunk = Chunk.unpooled(PIXEL, DT);
        chunk.begin(firstFrame, 0);
        chunk.frames(DT);
        for (int t = 0; t < DT; t++) {
            chunk.values()[t] = firstFrame + t;
        }
        return chunk;
    }

    @Test
    void shouldAskForNoMoreOfTheSignalThanThereIsRoomFor() {
        begin();
        // Room for 5 + 2 * 4 frames: three chunks of four, and one that is not enough for a fourth.
        for (int given = 1; given <= 3; given++) {
            assertEquals(given, asked.get());
            input.onNext(chunk((given - 1) * DT));
        }

        assertEquals(3, asked.get(), "full");
        // Frames 0 to 3 are told of frames -5 to -2, which were not: nothing goes.
        input.giveBack(input.next(chunk(0)));
        assertEquals(3, asked.get(), "nothing has gone");
        // Frames 4 to 7: of -1 to 2. Frames 0 and 1 go, which leaves room for three.
        input.giveBack(input.next(chunk(4)));
        assertEquals(3, asked.get(), "not enough has gone");
        Chunk then = input.next(chunk(8));
        assertEquals(3, then.values()[0]);
        assertEquals(6, then.values()[3]);
        input.giveBack(then);
        assertEquals(4, asked.get(), "room for a chunk");
    }
}
