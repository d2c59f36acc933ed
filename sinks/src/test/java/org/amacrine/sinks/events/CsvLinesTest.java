package org.amacrine.sinks.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvLinesTest {

    @Test
    void shouldWriteNumbersInDecimal() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CsvLines lines = new CsvLines(out, 100)) {
            for (long number : new long[] {0, 9, 10, 99, 100, 1234567890, Long.MAX_VALUE}) {
                lines.number(number);
                lines.character(' ');
            }
            lines.number(42, 5);
        }

        assertEquals("0 9 10 99 100 1234567890 9223372036854775807 00042", out.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldSendOnlyWholeLinesAndNeverRunOutOfRoom() throws IOException {
        List<String> sent = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("one byte at a time");
            }

            @Override
            public void write(byte[] bytes, int start, int count) {
                sent.add(new String(bytes, start, count, StandardCharsets.US_ASCII));
            }
        };
        CsvLines lines = new CsvLines(out, 60_000);
        byte[] line = "x".repeat(59_999).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 4; i++) {
            lines.bytes(line);
            lines.endLine();
        }
        lines.flush();

        assertEquals(4 * 60_000, sent.stream().mapToInt(String::length).sum());
        for (String text : sent) {
            assertTrue(text.isEmpty() || text.endsWith("\n"), "a part of a line was sent");
        }
    }

    @Test
    void shouldNotSendTwiceWhatCouldNotBeSent() throws IOException {
        List<Integer> tried = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }

            @Override
            public void write(byte[] bytes, int start, int count) throws IOException {
                tried.add(count);
                if (count > 0) {
                    throw new IOException("full");
                }
            }
        };
        CsvLines lines = new CsvLines(out, 100);
        lines.number(1);
        lines.endLine();

        assertThrows(IOException.class, lines::flush);
        lines.close();

        assertEquals(List.of(2, 0), tried);
    }
}
