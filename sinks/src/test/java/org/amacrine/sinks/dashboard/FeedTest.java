package org.amacrine.sinks.dashboard;

import static org.amacrine.sinks.Feed.chunk;
import static org.amacrine.sinks.Feed.signal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FeedTest {

    private static Feed.Message next(Feed.Cursor cursor) {
        return cursor.next(UnpooledByteBufAllocator.DEFAULT);
    }

    @Test
    void shouldSayOfAnImageWhichRunItIsFrom() {
        Shape shape = Shape.image(1, 2);
        ImageFeed feed = new ImageFeed(
                signal("model.output", shape), false, new ImageFeed.Options(0, false, Float.NaN, Float.NaN));
        feed.begin(1);
        feed.accept(chunk(shape, 500, 3, 4));
        feed.begin(2);

        Feed.Message old = next(feed.cursor());
        feed.accept(chunk(shape, 0, 5, 6));
        Feed.Message first = next(feed.cursor());

        assertEquals(
                List.of(1, 500L), List.of(old.content().run(), old.content().firstFrame()));
        assertEquals(
                List.of(2, 0L), List.of(first.content().run(), first.content().firstFrame()));
        old.payload().release();
        first.payload().release();
        feed.release();
    }

    /** 20000 cells that all spike at steps 1 and 2 are more than a message of 8192 events holds. */
    @Test
    void shouldSendStepsOfMoreSpikesThanAMessageUsuallyHolds() {
        Shape shape = Shape.image(1, 20_000);
        EventsFeed feed = new EventsFeed(signal("cells.spikes", shape), new EventsFeed.Options(0, 0, 0, 20_000));
        feed.begin(1);
        float[] values = new float[4 * 20_000];
        Arrays.fill(values, 20_000, 3 * 20_000, 1);
        feed.accept(chunk(shape, 0, values));
        Feed.Cursor cursor = feed.cursor();

        List<String> messages = new ArrayList<>();
        while (cursor.hasNews() && messages.size() < 10) {
            Feed.Message message = next(cursor);
            BinaryHeader.Content content = message.content();
            messages.add(content.firstFrame() + "+" + content.frames() + ": " + content.count());
            if (content.count() > 0) {
                int last = 8 * (content.count() - 1);
                messages.add("last " + message.payload().getIntLE(last) + " "
                        + message.payload().getIntLE(last + 4));
            }
            message.payload().release();
        }

        assertEquals(List.of("0+2: 20000", "last 1 19999", "2+2: 20000", "last 0 19999"), messages);
        assertFalse(cursor.hasNews());
    }
}
