package org.amacrine.sinks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.arrays.ArraySink;
import org.amacrine.sinks.arrays.Hdf5Sink;
import org.amacrine.sinks.arrays.InrSink;
import org.amacrine.sinks.console.ConsoleSink;
import org.amacrine.sinks.events.SpikeListSink;
import org.amacrine.sinks.images.AnimationSink;
import org.amacrine.sinks.images.ImageSequenceSink;
import org.amacrine.sinks.video.VideoCodec;
import org.amacrine.sinks.video.VideoSink;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every sink does, whatever it writes. */
class SinkContractTest {
    private static final Shape SHAPE = Shape.image(17, 19);
    private static final int FRAMES = 130;

    @TempDir
    Path folder;

    /** A sink and the number of signals it is tried with; it writes below the folder it is made for. */
    private record Case(String name, int signals, Function<Path, ChunkSink> maker) {
        @Override
        public String toString() {
            return name;
        }

        ChunkSink in(Path folder) {
            return maker.apply(folder);
        }

        List<Signal> announced() {
            List<Signal> all = new ArrayList<>();
            for (int s = 0; s < signals; s++) {
                all.add(Feed.signal("model.s" + s, SHAPE));
            }
            return all;
        }

        List<Frames> recordings() {
            List<Frames> all = new ArrayList<>();
            for (int s = 0; s < signals; s++) {
                all.add(Feed.frames(SHAPE, FRAMES, s));
            }
            return all;
        }

        void run(Path folder, int length) throws IOException, InterruptedException {
            run(in(folder), length);
        }

        void run(ChunkSink sink, int length) throws IOException, InterruptedException {
            sink.open(announced());
            Feed.send(sink, recordings(), 0, length);
            sink.close();
        }
    }

    static Stream<Case> sinks() {
        return Stream.of(
                new Case("array.npy", 1, f -> new ArraySink(f.resolve("x.npy").toString())),
                new Case("array.npz", 2, f -> new ArraySink(f.resolve("x.npz").toString())),
                new Case("array folder", 2, f -> new ArraySink(f + "/x/")),
                new Case("hdf5", 1, f -> new Hdf5Sink(f.resolve("x.h5"), "images")),
                new Case("inr", 1, f -> new InrSink(f.resolve("x.inr"), InrSink.Count.VDIM)),
                new Case("spikes", 2, f -> new SpikeListSink(f.resolve("x.csv"))),
                new Case("spikes with names", 2, f -> new SpikeListSink(f.resolve("x.csv")).names(true)),
                new Case("images png", 1, f -> new ImageSequenceSink(f.resolve("x"))),
                new Case("images jpg", 1, f -> new ImageSequenceSink(f.resolve("x")).format("jpg")),
                new Case("images bmp", 1, f -> new ImageSequenceSink(f.resolve("x")).format("bmp")),
                new Case("images tiff", 1, f -> new ImageSequenceSink(f.resolve("x")).format("tiff")),
                new Case("animation gif", 1, f -> new AnimationSink(f.resolve("x.gif"))),
                new Case("animation html", 1, f -> new AnimationSink(f.resolve("x.html"))),
                new Case("video mkv", 1, f -> new VideoSink(f.resolve("x.mkv"))),
                new Case("video mp4", 1, f -> new VideoSink(f.resolve("x.mp4"))),
                new Case("video mpeg4", 1, f -> new VideoSink(f.resolve("x.mp4")).codec(VideoCodec.MPEG4)),
                new Case("console", 1, f -> new ConsoleSink(0.01, appendTo(f.resolve("x.txt")))));
    }

    /** A stream that opens the file for each write only. */
    private static PrintStream appendTo(Path file) {
        return new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int start, int count) {
                try {
                    Files.write(
                            file,
                            Arrays.copyOfRange(bytes, start, start + count),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    private Path made(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    private static void assertSameFiles(Path expected, Path actual) throws IOException {
        Map<String, byte[]> want = Feed.files(expected);
        Map<String, byte[]> have = Feed.files(actual);
        assertEquals(want.keySet(), have.keySet());
        for (String name : want.keySet()) {
            if (name.endsWith(".npz")) {
                Map<String, NdArray> arrays = Npz.read(expected.resolve(name));
                assertEquals(arrays, Npz.read(actual.resolve(name)));
            } else {
                assertArrayEquals(want.get(name), have.get(name), name);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void shouldWriteTheSameForAnyChunking(Case sink) throws Exception {
        Path ones = made("1");
        Path sevens = made("7");
        Path hundreds = made("100");

        sink.run(ones, 1);
        sink.run(sevens, 7);
        sink.run(hundreds, 100);

        assertTrue(Feed.files(ones).values().stream()
                        .mapToInt(bytes -> bytes.length)
                        .sum()
                > 500);
        assertSameFiles(ones, sevens);
        assertSameFiles(ones, hundreds);
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void shouldBeginAnewWhenOpenedAgain(Case sink) throws Exception {
        Path once = made("once");
        Path twice = made("twice");
        sink.run(once, 50);

        ChunkSink used = sink.in(twice);
        used.open(sink.announced());
        for (int s = 0; s < sink.signals(); s++) {
            used.accept(s, Feed.chunk(SHAPE, 500, Feed.frames(SHAPE, 20, 9).values()));
        }
        used.close();
        Files.deleteIfExists(twice.resolve("x.txt"));
        sink.run(used, 50);

        assertSameFiles(once, twice);
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void shouldStayClosedWhenClosedAgain(Case sink) throws Exception {
        ChunkSink used = sink.in(folder);
        sink.run(used, 50);
        Map<String, byte[]> before = Feed.files(folder);

        used.close();

        Map<String, byte[]> after = Feed.files(folder);
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void shouldTakeChunksWithoutFrames(Case sink) throws Exception {
        ChunkSink used = sink.in(folder);
        used.open(sink.announced());

        used.accept(0, Feed.chunk(SHAPE, 0));

        used.close();
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void shouldRejectAChunkOfAnotherShapeAndKeepWhatItHas(Case sink) throws Exception {
        Path clean = made("clean");
        Path disturbed = made("disturbed");
        sink.run(clean, 130);
        ChunkSink used = sink.in(disturbed);
        used.open(sink.announced());
        Feed.send(used, sink.recordings(), 0, 130);

        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> used.accept(0, Feed.chunk(Shape.image(19, 17), 130, new float[19 * 17])));

        assertTrue(e.getMessage().contains("1x17x19 frames of model.s0"), e.getMessage());
        assertTrue(e.getMessage().contains("the chunk at frame 130 holds 1x19x17"), e.getMessage());
        used.close();
        assertSameFiles(clean, disturbed);
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void shouldRejectASignalThatWasNotAnnounced(Case sink) throws Exception {
        ChunkSink used = sink.in(folder);
        used.open(sink.announced());

        assertThrows(IllegalArgumentException.class, () -> used.accept(2, Feed.chunk(SHAPE, 0)));
        assertThrows(IllegalArgumentException.class, () -> used.accept(-1, Feed.chunk(SHAPE, 0)));

        used.close();
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void shouldRejectAnEmptyListOfSignals(Case sink) throws Exception {
        ChunkSink used = sink.in(folder);

        assertThrows(IllegalArgumentException.class, () -> used.open(List.of()));

        assertEquals(Map.of(), Feed.files(folder));
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void shouldRejectChunksWhileItIsNotOpen(Case sink) throws Exception {
        ChunkSink used = sink.in(folder);

        assertThrows(IllegalStateException.class, () -> used.accept(0, Feed.chunk(SHAPE, 0)));
        sink.run(used, 130);
        assertThrows(IllegalStateException.class, () -> used.accept(0, Feed.chunk(SHAPE, 0)));
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void shouldRejectToBeOpenedWhileItIsOpen(Case sink) throws Exception {
        ChunkSink used = sink.in(folder);
        used.open(sink.announced());

        assertThrows(IllegalStateException.class, () -> used.open(sink.announced()));

        used.close();
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void shouldLeaveNoFileOpen(Case sink) throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "needs /proc/self/fd, which only Linux has");
        sink.run(folder, 130);
        long before = entries(descriptors);

        ChunkSink used = sink.in(folder);
        for (int i = 0; i < 100; i++) {
            used.open(sink.announced());
            used.accept(0, Feed.chunk(SHAPE, 0, new float[SHAPE.values()]));
            used.close();
        }

        assertTrue(entries(descriptors) < before + 20, () -> "files left open by " + sink);
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }
}
