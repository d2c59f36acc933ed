package org.amacrine.sinks.arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.amacrine.core.chunk.Shape;
import org.amacrine.sinks.Feed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InrSinkTest {
    @TempDir
    Path folder;

    private static void write(InrSink sink, Shape shape, float... values) throws Exception {
        sink.open(List.of(Feed.signal("x", shape)));
        sink.accept(0, Feed.chunk(shape, 0, values));
        sink.close();
    }

    private static String header(byte[] bytes) {
        return new String(bytes, 0, 256, StandardCharsets.US_ASCII);
    }

    @Test
    void shouldWriteTheHeaderAndLittleEndianDoubles() throws Exception {
        Path file = folder.resolve("x.inr");
        write(new InrSink(file, InrSink.Count.VDIM), Shape.image(1, 2), 1, -2.5f, 3, 4, 5, 6);
        byte[] bytes = Files.readAllBytes(file);

        String lines =
                "#INRIMAGE-4#{\nXDIM=1\nYDIM=2\nZDIM=1\nVDIM=3\nTYPE=float\nPIXSIZE=64 bits\nCPU=decm\n#FRAMES=VDIM\n";
        assertEquals(lines + "\n".repeat(252 - lines.length()) + "##}\n", header(bytes));
        double[] values = new double[6];
        ByteBuffer.wrap(bytes, 256, 48)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .get(values);
        assertEquals(256 + 48, bytes.length);
        assertArrayEquals(new double[] {1, -2.5, 3, 4, 5, 6}, values);
    }

    @Test
    void shouldCountFramesWhereItIsTold() throws Exception {
        Path file = folder.resolve("x.inr");
        write(new InrSink(file, InrSink.Count.ZDIM), Shape.image(1, 2), 1, 2, 3, 4);
        assertTrue(header(Files.readAllBytes(file)).contains("\nZDIM=2\nVDIM=1\n"));

        write(new InrSink(file, InrSink.Count.VDIM), new Shape(2, 1, 2), 1, 2, 3, 4);
        assertTrue(header(Files.readAllBytes(file)).contains("\nZDIM=2\nVDIM=1\n"));
        assertTrue(header(Files.readAllBytes(file)).contains("\n#FRAMES=VDIM\n"));

        Exception e = assertThrows(
                IllegalArgumentException.class,
                () -> new InrSink(file, InrSink.Count.ZDIM).open(List.of(Feed.signal("rgb", new Shape(3, 1, 2)))));
        assertEquals(
                "sink inr counts frames by ZDIM, which leaves no place for the 3 channels of rgb; count them by VDIM",
                e.getMessage());
    }

    @Test
    void shouldSayThatItWasNotClosedUntilItIs() throws Exception {
        Path file = folder.resolve("x.inr");
        InrSink sink = new InrSink(file, InrSink.Count.VDIM);
        sink.open(List.of(Feed.signal("x", Shape.image(60, 60))));
        sink.accept(0, Feed.chunk(Shape.image(60, 60), 0, new float[3600]));

        assertTrue(header(Files.readAllBytes(file)).contains("\nVDIM=0\n"));
        sink.close();
        assertTrue(header(Files.readAllBytes(file)).contains("\nVDIM=1\n"));
    }

    @Test
    void shouldKeepWhatIsThereWhenItMustNotOverwrite() throws Exception {
        Path file = Files.writeString(folder.resolve("x.inr"), "mine");
        IOException e = assertThrows(
                IOException.class,
                () -> write(new InrSink(file, InrSink.Count.VDIM).overwrite(false), Shape.image(1, 1), 1));

        assertTrue(e.getMessage().contains("exists already"), e.getMessage());
        assertEquals("mine", Files.readString(file));
    }
}
