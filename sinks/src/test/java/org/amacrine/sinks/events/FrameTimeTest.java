package org.amacrine.sinks.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTimeTest {

    private static String text(double stepsPerSecond, long frame) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CsvLines lines = new CsvLines(out, 100)) {
            new FrameTime(stepsPerSecond).write(frame, lines);
        }
        return out.toString(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 0, 0.000",
        "1000, 12, 0.012",
        "1000, 123456789012345, 123456789012.345",
        "500, 7, 0.014",
        "400, 1, 0.0025",
        "1, 3, 3",
        "0.5, 3, 6",
        "2.5, 1, 0.4",
        "60, 1, 0.016666667",
        "60, 60, 1.000000000",
        "29.97, 2997, 100.000000000",
        "30000, 1, 0.000033333",
    })
    void shouldWriteSecondsWithTheDecimalsTheyNeed(double stepsPerSecond, long frame, String expected)
            throws IOException {
        assertEquals(expected, text(stepsPerSecond, frame));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 3, 24, 29.97, 60, 1000, 1024, 1e4 / 3, 44_100, 1e8})
    void shouldTellTheFrame(double stepsPerSecond) throws IOException {
        for (long frame = 1; frame < 200_000_000; frame = frame * 3 + 1) {
            double time = Double.parseDouble(text(stepsPerSecond, frame));

            assertEquals(frame, Math.round(time * stepsPerSecond), "at " + stepsPerSecond + " Hz");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1e9, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRejectARateItCannotWrite(double stepsPerSecond) {
        assertThrows(IllegalArgumentException.class, () -> new FrameTime(stepsPerSecond));
    }
}
