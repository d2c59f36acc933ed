package org.amacrine.sinks.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.Feed;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpikeListSinkTest {
    private static final Shape TWO_BY_THREE = Shape.image(2, 3);
    private static final Signal ON = Feed.signal("retina.on", TWO_BY_THREE);
    private static final Signal OFF = Feed.signal("retina.off", TWO_BY_THREE);
    private static final float[] SILENCE = new float[6];

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("new/spikes.csv");
    }

    private List<String> lines() throws IOException {
        String text = Files.readString(file);
        assertTrue(text.endsWith("\n"), "whole lines only");
        return List.of(text.split("\n"));
    }

    @Test
    void shouldWriteALineForEachSpikeInOrderOfTimeThenSignalThenPlace() throws Exception {
        SpikeListSink sink = new SpikeListSink(file);
        sink.open(List.of(ON, OFF));

        sink.accept(0, Feed.chunk(TWO_BY_THREE, 11, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0));
        sink.accept(1, Feed.chunk(TWO_BY_THREE, 11, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0));
        sink.close();

        assertEquals(
                List.of(
                        "time,row,column,channel",
                        "0.011,1,2,0",
                        "0.011,0,0,1",
                        "0.012,0,1,0",
                        "0.012,1,0,0",
                        "0.012,0,2,1"),
                lines());
    }

    @Test
    void shouldNumberChannelsOnThroughAllSignals() throws Exception {
        Shape two = new Shape(2, 1, 2);
        SpikeListSink sink = new SpikeListSink(file).names(true);
        sink.open(List.of(Feed.signal("m.a", two), Feed.signal("m.b", Shape.vector(2)), Feed.signal("c", two)));

        sink.accept(0, Feed.chunk(two, 0, 0, 1, 1, 0));
        sink.accept(1, Feed.chunk(Shape.vector(2), 0, 0, 1));
        sink.accept(2, Feed.chunk(two, 0, 1, 0, 0, 1));
        sink.close();

        assertEquals(
                List.of(
                        "time,row,column,channel,signal",
                        "0.000,0,1,0,a",
                        "0.000,0,0,1,a",
                        "0.000,0,0,3,b",
                        "0.000,0,0,4,c",
                        "0.000,0,1,5,c"),
                lines());
    }

    @Test
    void shouldTakeValuesAboveTheThresholdForSpikes() throws Exception {
        SpikeListSink sink = new SpikeListSink(file).threshold(2);
        sink.open(List.of(ON));

        sink.accept(0, Feed.chunk(TWO_BY_THREE, 0, 2, 2.0001f, Float.NaN, -3, Float.POSITIVE_INFINITY, 1));
        sink.close();

        assertEquals(List.of("time,row,column,channel", "0.000,0,1,0", "0.000,1,1,0"), lines());
    }

    @Test
    void shouldWaitUntilAllSignalsHaveReachedAFrame() throws Exception {
        SpikeListSink sink = new SpikeListSink(file);
        sink.open(List.of(ON, OFF));

        sink.accept(0, Feed.chunk(TWO_BY_THREE, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0));
        assertEquals(List.of("time,row,column,channel"), lines());
        sink.accept(1, Feed.chunk(TWO_BY_THREE, 0, SILENCE));
        assertEquals(List.of("time,row,column,channel", "0.000,0,0,0"), lines());
        sink.accept(1, Feed.chunk(TWO_BY_THREE, 1, 0, 1, 0, 0, 0, 0));
        assertEquals(List.of("time,row,column,channel", "0.000,0,0,0", "0.001,0,0,0", "0.001,0,1,1"), lines());
        sink.accept(0, Feed.chunk(TWO_BY_THREE, 2, 0, 0, 1, 0, 0, 0));
        sink.close();

        assertEquals("0.002,0,2,0", lines().get(4));
        assertEquals(5, lines().size());
    }

    @Test
    void shouldCountLostFrames() throws Exception {
        SpikeListSink sink = new SpikeListSink(file);
        sink.open(List.of(ON));

        sink.accept(0, Feed.chunk(TWO_BY_THREE, 5, 1, 0, 0, 0, 0, 0));
        sink.accept(0, Feed.chunk(TWO_BY_THREE, 2000, 1, 0, 0, 0, 0, 0));
        sink.close();

        assertEquals(List.of("time,row,column,channel", "0.005,0,0,0", "2.000,0,0,0"), lines());
    }

    @Test
    void shouldGiveTheHeaderAloneWhenNoChunkCame() throws Exception {
        SpikeListSink sink = new SpikeListSink(file);
        sink.open(List.of(ON, OFF));
        sink.close();

        assertEquals("time,row,column,channel\n", Files.readString(file));
    }

    @Test
    void shouldKeepManySpikesInOrderWhileTheyWait() throws Exception {
        SpikeListSink sink = new SpikeListSink(file);
        sink.open(List.of(ON, OFF));
        int frames = 3000;
        float[] all = new float[frames * 6];
        Arrays.fill(all, 1);

        sink.accept(0, Feed.chunk(TWO_BY_THREE, 0, all));
        for (int t = 0; t < frames; t++) {
            sink.accept(1, Feed.chunk(TWO_BY_THREE, t, 0, 0, 0, 0, 0, 1));
        }
        sink.close();

        List<String> lines = lines();
        assertEquals(1 + frames * 7, lines.size());
        assertEquals("0.000,0,0,0", lines.get(1));
        assertEquals("0.000,1,2,1", lines.get(7));
        assertEquals("2.999,1,2,0", lines.get(frames * 7 - 1));
        assertEquals("2.999,1,2,1", lines.get(frames * 7));
    }

    @Test
    void shouldAllocateNothingInSteadyState() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        SpikeListSink sink = new SpikeListSink(file);
        sink.open(List.of(ON, OFF));
        float[] values = Feed.frames(TWO_BY_THREE, 50, 1).values();
        Chunk chunk = Feed.chunk(TWO_BY_THREE, 0, values);
        long frame = 0;
        long before = 0;
        int rounds = 2000;
        for (int round = 0; round < 2 * rounds; round++) {
            if (round == rounds) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            chunk.begin(frame, 0);
            chunk.frames(50);
            sink.accept(0, chunk);
            sink.accept(1, chunk);
            frame += 50;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        sink.close();

        assertTrue(allocated < rounds * 100L, () -> allocated + " bytes for " + rounds + " rounds");
    }

    @Test
    void shouldRejectSignalsOfDifferentRates() {
        SpikeListSink sink = new SpikeListSink(file);
        Signal slow = new Signal("slow", TWO_BY_THREE, 25);

        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> sink.open(List.of(ON, slow)));

        assertTrue(e.getMessage().contains("slow has 25.0 and retina.on has 1000.0"), e.getMessage());
    }

    @Test
    void shouldRejectFramesThatItHasAlready() throws Exception {
        SpikeListSink sink = new SpikeListSink(file);
        sink.open(List.of(ON));
        sink.accept(0, Feed.chunk(TWO_BY_THREE, 4, SILENCE));

        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> sink.accept(0, Feed.chunk(TWO_BY_THREE, 4, SILENCE)));

        assertTrue(e.getMessage().contains("retina.on up to 5 already but was given frame 4"), e.getMessage());
        sink.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a\"b", "a\nb"})
    void shouldRejectANameThatBreaksTheColumns(String name) {
        SpikeListSink sink = new SpikeListSink(file).names(true);
        Signal signal = Feed.signal(name, TWO_BY_THREE);

        assertThrows(IllegalArgumentException.class, () -> sink.open(List.of(signal)));
    }

    @Test
    void shouldNotOverwriteWhenToldSo() throws Exception {
        Files.createDirectory(file.getParent());
        Files.writeString(file, "precious");
        SpikeListSink sink = new SpikeListSink(file).overwrite(false);

        assertThrows(IOException.class, () -> sink.open(List.of(ON)));

        assertEquals("precious", Files.readString(file));
    }

    @Test
    void shouldSayThatTheDiskIsFullWhenItOpens() throws Exception {
        file = folder.resolve("full.csv");
        Feed.fullDisk(file);
        SpikeListSink sink = new SpikeListSink(file);

        IOException e = assertThrows(IOException.class, () -> sink.open(List.of(ON)));

        Files.delete(file);
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        assertTrue(e.getMessage().contains("No space left"), e.getMessage());
    }

    @Test
    void shouldRejectAFolderInPlaceOfTheFile() {
        IOException e = assertThrows(IOException.class, () -> new SpikeListSink(folder).open(List.of(ON)));

        assertTrue(e.getMessage().contains(folder + " is a folder"), e.getMessage());
    }

    @Test
    void shouldSayWhichFolderCannotBeMade() throws Exception {
        Files.createFile(folder.resolve("new"));

        IOException e = assertThrows(IOException.class, () -> new SpikeListSink(file).open(List.of(ON)));

        assertTrue(e.getMessage().startsWith("cannot make the folder " + folder.resolve("new")), e.getMessage());
    }

    @Test
    void shouldSayThatThereIsNoPermission() {
        Path forbidden = Feed.forbiddenFolder().resolve("spikes.csv");

        IOException e = assertThrows(IOException.class, () -> new SpikeListSink(forbidden).open(List.of(ON)));

        assertTrue(e.getMessage().startsWith("cannot write " + forbidden + ": no permission"), e.getMessage());
    }
}
