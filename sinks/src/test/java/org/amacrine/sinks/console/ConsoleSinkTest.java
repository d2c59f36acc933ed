package org.amacrine.sinks.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.Feed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleSinkTest {
    private static final Shape PAIR = Shape.image(1, 2);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void shouldSumUpEachPeriodAndTheWholeStream() throws Exception {
        ConsoleSink sink = new ConsoleSink(0.5, out);
        sink.open(List.of(new Signal("m.v", PAIR, 4)));

        sink.accept(0, Feed.chunk(PAIR, 0, 1, 2, 3, 4, -1.5f, 0.25f));
        assertEquals(List.of("m.v  0.500 s  2 frames  1..4  mean 2.5"), lines());
        sink.accept(0, Feed.chunk(PAIR, 3, 0, 0, 8, 8));
        sink.close();

        assertEquals(
                List.of(
                        "m.v  0.500 s  2 frames  1..4  mean 2.5",
                        "m.v  1.000 s  2 frames  -1.5..0.25  mean -0.3125",
                        "m.v  all  5 frames  -1.5..8  mean 2.475"),
                lines());
    }

    @Test
    void shouldGiveTheRateOfSpikes() throws Exception {
        ConsoleSink sink = new ConsoleSink(1, out);
        sink.open(List.of(new Signal("on", PAIR, 10), new Signal("silent", PAIR, 10), new Signal("half", PAIR, 10)));

        sink.accept(0, Feed.chunk(PAIR, 0, 1, 0, 0, 0, 0, 1, 1, 0));
        sink.accept(1, Feed.chunk(PAIR, 0, 0, 0));
        sink.accept(2, Feed.chunk(PAIR, 0, 0.5f, 1));
        sink.close();

        assertEquals(
                List.of(
                        "on  all  4 frames  0..1  mean 0.375  rate 3.75 Hz",
                        "silent  all  1 frames  0..0  mean 0  rate 0 Hz",
                        "half  all  1 frames  0.5..1  mean 0.75"),
                lines());
    }

    @Test
    void shouldCountWhatIsNotFiniteAndLeaveItOut() throws Exception {
        ConsoleSink sink = new ConsoleSink(1, out);
        sink.open(List.of(Feed.signal("v", PAIR)));

        sink.accept(0, Feed.chunk(PAIR, 0, Float.NaN, 2, Float.POSITIVE_INFINITY, 4));
        sink.close();

        assertEquals(List.of("v  all  2 frames  2..4  mean 3  not finite 2"), lines());
    }

    @Test
    void shouldPrintLargeAndSmallNumbersShortly() throws Exception {
        ConsoleSink sink = new ConsoleSink(1, out);
        sink.open(List.of(Feed.signal("v", PAIR)));

        sink.accept(0, Feed.chunk(PAIR, 0, 0.0000123f, 100_000));
        sink.close();

        assertEquals(List.of("v  all  1 frames  1.230e-05..1.000e+05  mean 5.000e+04"), lines());
    }

    @Test
    void shouldSayWhenNoFrameCame() throws Exception {
        ConsoleSink sink = new ConsoleSink(1, out);
        sink.open(List.of(Feed.signal("a", PAIR), Feed.signal("b", PAIR)));
        sink.close();

        assertEquals(List.of("a  all  0 frames", "b  all  0 frames"), lines());
    }

    @Test
    void shouldPrintAfterEveryFrameOfASlowStream() throws Exception {
        ConsoleSink sink = new ConsoleSink(0.1, out);
        sink.open(List.of(new Signal("v", PAIR, 2)));

        sink.accept(0, Feed.chunk(PAIR, 0, 1, 2, 3, 4));
        sink.close();

        assertEquals("v  0.500 s  1 frames  1..2  mean 1.5", lines().get(0));
        assertEquals("v  1.000 s  1 frames  3..4  mean 3.5", lines().get(1));
    }

    @Test
    void shouldPrintTheSameInAnyCountry() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            ConsoleSink sink = new ConsoleSink(0.001, out);
            sink.open(List.of(Feed.signal("v", PAIR)));
            sink.accept(0, Feed.chunk(PAIR, 0, 1.5f, 1.5f));
            sink.close();
        } finally {
            Locale.setDefault(before);
        }

        assertEquals("v  0.001 s  1 frames  1.5..1.5  mean 1.5", lines().get(0));
    }

    @Test
    void shouldSayThatItCannotPrint() throws Exception {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }
        };
        ConsoleSink sink = new ConsoleSink(0.001, new PrintStream(full));
        sink.open(List.of(Feed.signal("v", PAIR)));

        IOException e = assertThrows(IOException.class, () -> sink.accept(0, Feed.chunk(PAIR, 0, 1, 2)));

        assertTrue(e.getMessage().contains("sink console cannot print"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN})
    void shouldRejectAPeriodThatNeverEnds(double everySeconds) {
        assertThrows(IllegalArgumentException.class, () -> new ConsoleSink(everySeconds));
    }
}
