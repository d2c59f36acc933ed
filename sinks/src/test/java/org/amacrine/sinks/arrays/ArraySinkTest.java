package org.amacrine.sinks.arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.Npz;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.Feed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArraySinkTest {
    private static final Shape TWO = Shape.image(1, 2);

    @TempDir
    Path folder;

    private String in(String name) {
        return folder + "/" + name;
    }

    private static void assertArray(NdArray array, int[] shape, float... values) {
        assertArrayEquals(shape, array.shape());
        assertArrayEquals(values, (float[]) array.data());
    }

    @Test
    void shouldWriteTheBytesThatNumPyWrites() throws Exception {
        ArraySink sink = new ArraySink(in("x.npy"));
        sink.open(List.of(Feed.signal("x", TWO)));
        sink.accept(0, Feed.chunk(TWO, 0, 1, -2.5f, 3, 4));
        sink.close();

        byte[] bytes = Files.readAllBytes(folder.resolve("x.npy"));

        assertEquals(128 + 16, bytes.length);
        assertArrayEquals(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0}, Arrays.copyOf(bytes, 10));
        assertEquals(
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 2), }",
                new String(bytes, 10, 118, StandardCharsets.US_ASCII).strip());
        ByteBuffer data = ByteBuffer.wrap(bytes, 128, 16).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(1f, data.getFloat());
        assertEquals(-2.5f, data.getFloat());
        assertEquals(3f, data.getFloat());
        assertEquals(4f, data.getFloat());
    }

    @ParameterizedTest
    @CsvSource({"4,1,1,'2,4'", "1,1,1,'2,1'", "1,2,3,'2,2,3'", "1,1,3,'2,1,3'", "2,1,3,'2,2,1,3'", "3,2,2,'2,3,2,2'"})
    void shouldLeaveOutAxesThatSayNothing(int channels, int rows, int columns, String expected) throws Exception {
        Shape shape = new Shape(channels, rows, columns);
        float[] values = Feed.frames(shape, 2, 1).values();
        ArraySink sink = new ArraySink(in("x.npy"));
        sink.open(List.of(Feed.signal("x", shape)));
        sink.accept(0, Feed.chunk(shape, 0, values));
        sink.close();

        NdArray array = NpyReader.readAll(folder.resolve("x.npy"));

        int[] wanted =
                Arrays.stream(expected.split(",")).mapToInt(Integer::parseInt).toArray();
        assertArray(array, wanted, values);
    }

    @Test
    void shouldBeReadableAfterEveryChunkWhileStillOpen() throws Exception {
        ArraySink sink = new ArraySink(in("x.npz"));
        sink.open(List.of(Feed.signal("m.a", TWO), Feed.signal("m.b", TWO)));
        Path part = folder.resolve("x.npz.parts/a.npy");

        assertArray(NpyReader.readAll(part), new int[] {0, 1, 2});
        sink.accept(0, Feed.chunk(TWO, 0, 1, 2));
        assertArray(NpyReader.readAll(part), new int[] {1, 1, 2}, 1, 2);
        sink.accept(0, Feed.chunk(TWO, 1, 3, 4, 5, 6));
        assertArray(NpyReader.readAll(part), new int[] {3, 1, 2}, 1, 2, 3, 4, 5, 6);

        sink.close();
    }

    @Test
    void shouldJoinSignalsUnderTheirShortNamesAndRemoveTheParts() throws Exception {
        ArraySink sink = new ArraySink(in("new/folder/x.npz"));
        sink.open(List.of(Feed.signal("retina.on", TWO), Feed.signal("retina.off", Shape.vector(1))));
        sink.accept(0, Feed.chunk(TWO, 0, 1, 2));
        sink.accept(1, Feed.chunk(Shape.vector(1), 0, 7));
        sink.close();

        Map<String, NdArray> arrays = Npz.read(folder.resolve("new/folder/x.npz"));

        assertEquals(List.of("on", "off"), List.copyOf(arrays.keySet()));
        assertArray(arrays.get("on"), new int[] {1, 1, 2}, 1, 2);
        assertArray(arrays.get("off"), new int[] {1, 1}, 7);
        assertEquals(Set.of("x.npz"), Feed.files(folder.resolve("new/folder")).keySet());
        assertFalse(Files.exists(folder.resolve("new/folder/x.npz.parts")));
    }

    @Test
    void shouldUseWholeNamesWhereShortOnesClash() throws Exception {
        ArraySink sink = new ArraySink(in("out/"));
        sink.open(List.of(Feed.signal("left.v", TWO), Feed.signal("right.v", TWO), Feed.signal("right.w", TWO)));
        sink.close();

        assertEquals(
                Set.of("left.v.npy", "right.v.npy", "w.npy"),
                Feed.files(folder.resolve("out")).keySet());
    }

    @Test
    void shouldTakeAnExistingFolderForAFolder() throws Exception {
        ArraySink sink = new ArraySink(folder.toString());
        sink.open(List.of(Feed.signal("v", TWO)));
        sink.close();

        assertEquals(Set.of("v.npy"), Feed.files(folder).keySet());
    }

    @Test
    void shouldGiveArraysWithoutFramesWhenNoneCame() throws Exception {
        ArraySink file = new ArraySink(in("x.npy"));
        file.open(List.of(Feed.signal("v", Shape.image(2, 3))));
        file.close();
        ArraySink zip = new ArraySink(in("x.npz"));
        zip.open(List.of(Feed.signal("v", Shape.image(2, 3))));
        zip.close();

        assertArray(NpyReader.readAll(folder.resolve("x.npy")), new int[] {0, 2, 3});
        assertArray(Npz.read(folder.resolve("x.npz"), "v"), new int[] {0, 2, 3});
    }

    @Test
    void shouldKeepWhatItHasWhenClosedAfterAnError() throws Exception {
        ArraySink sink = new ArraySink(in("x.npz"));
        sink.open(List.of(Feed.signal("v", TWO)));
        sink.accept(0, Feed.chunk(TWO, 0, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> sink.accept(0, Feed.chunk(Shape.image(2, 1), 1, 1, 2)));
        sink.close();

        assertArray(Npz.read(folder.resolve("x.npz"), "v"), new int[] {1, 1, 2}, 1, 2);
    }

    @Test
    void shouldReplaceAnOlderAndLongerFile() throws Exception {
        Files.write(folder.resolve("x.npy"), new byte[10_000]);
        ArraySink sink = new ArraySink(in("x.npy"));
        sink.open(List.of(Feed.signal("v", TWO)));
        sink.accept(0, Feed.chunk(TWO, 0, 1, 2));
        sink.close();

        assertEquals(128 + 8, Files.size(folder.resolve("x.npy")));
    }

    @Test
    void shouldReplaceThePartsOfARunThatDied() throws Exception {
        Files.createDirectory(folder.resolve("x.npz.parts"));
        Files.write(folder.resolve("x.npz.parts/other.npy"), new byte[10]);
        Files.write(folder.resolve("x.npz.parts/v.npy"), new byte[10_000]);
        ArraySink sink = new ArraySink(in("x.npz"));
        sink.open(List.of(Feed.signal("v", TWO)));
        sink.close();

        assertEquals(Set.of("x.npz"), Feed.files(folder).keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.npz", "x/"})
    void shouldNotOverwriteWhenToldSo(String target) throws Exception {
        ArraySink first = new ArraySink(in(target)).overwrite(false);
        first.open(List.of(Feed.signal("v", TWO)));
        first.close();
        Map<String, byte[]> before = Feed.files(folder);

        ArraySink second = new ArraySink(in(target)).overwrite(false);
        IOException e = assertThrows(IOException.class, () -> second.open(List.of(Feed.signal("v", TWO))));

        assertTrue(e.getMessage().contains("exists already"), e.getMessage());
        assertEquals(before.keySet(), Feed.files(folder).keySet());
    }

    @Test
    void shouldNotOverwriteThePartsOfARunThatDiedWhenToldSo() throws Exception {
        Files.createDirectory(folder.resolve("x.npz.parts"));
        ArraySink sink = new ArraySink(in("x.npz")).overwrite(false);

        IOException e = assertThrows(IOException.class, () -> sink.open(List.of(Feed.signal("v", TWO))));

        assertTrue(e.getMessage().contains("x.npz.parts holds the arrays of a run"), e.getMessage());
    }

    @Test
    void shouldRejectSeveralSignalsForOneArray() {
        ArraySink sink = new ArraySink(in("x.npy"));

        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> sink.open(List.of(Feed.signal("m.a", TWO), Feed.signal("m.b", TWO))));

        assertTrue(e.getMessage().contains("takes one signal but was given 2: m.a, m.b"), e.getMessage());
    }

    @Test
    void shouldRejectSignalsOfOneName() {
        ArraySink sink = new ArraySink(in("x.npz"));

        assertThrows(
                IllegalArgumentException.class,
                () -> sink.open(List.of(Feed.signal("m.a", TWO), Feed.signal("m.a", TWO))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a\\b", "a."})
    void shouldRejectASignalWhoseNameIsNoFileName(String name) {
        ArraySink sink = new ArraySink(in("x/"));
        Signal signal = Feed.signal(name, TWO);

        assertThrows(IllegalArgumentException.class, () -> sink.open(List.of(signal)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.txt", "no-such-folder", ".npy.gz"})
    void shouldRejectATargetOfAnotherKind(String name) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new ArraySink(in(name)));

        assertTrue(e.getMessage().contains("must end with .npy, .npz or, for a folder, /"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.npz"})
    void shouldRejectAFolderInPlaceOfTheFile(String target) throws Exception {
        Files.createDirectory(folder.resolve(target));
        ArraySink sink = new ArraySink(in(target));

        IOException e = assertThrows(IOException.class, () -> sink.open(List.of(Feed.signal("v", TWO))));

        assertTrue(e.getMessage().contains(target + " is a folder"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.npz", "x/"})
    void shouldSayWhichFolderCannotBeMade(String target) throws Exception {
        Files.createFile(folder.resolve("file"));
        ArraySink sink = new ArraySink(in("file/" + target));

        IOException e = assertThrows(IOException.class, () -> sink.open(List.of(Feed.signal("v", TWO))));

        assertTrue(e.getMessage().startsWith("cannot make the folder " + in("file")), e.getMessage());
    }

    @Test
    void shouldSayThatTheDiskIsFull() throws Exception {
        Feed.fullDisk(folder.resolve("x.npy"));
        ArraySink sink = new ArraySink(in("x.npy"));

        IOException e = assertThrows(IOException.class, () -> sink.open(List.of(Feed.signal("v", TWO))));

        Files.delete(folder.resolve("x.npy"));
        assertTrue(e.getMessage().contains(in("x.npy")), e.getMessage());
        assertTrue(e.getMessage().contains("No space left"), e.getMessage());
    }

    @Test
    void shouldKeepThePartsWhenTheyCannotBeJoined() throws Exception {
        ArraySink sink = new ArraySink(in("x.npz"));
        sink.open(List.of(Feed.signal("v", TWO)));
        sink.accept(0, Feed.chunk(TWO, 0, 1, 2));
        Feed.fullDisk(folder.resolve("x.npz.parts/joined.npz"));

        IOException e = assertThrows(IOException.class, sink::close);

        assertTrue(e.getMessage().contains("its arrays stay in " + in("x.npz.parts")), e.getMessage());
        assertArray(NpyReader.readAll(folder.resolve("x.npz.parts/v.npy")), new int[] {1, 1, 2}, 1, 2);
        assertFalse(Files.exists(folder.resolve("x.npz")));
    }

    @Test
    void shouldSayThatThereIsNoPermission() {
        Path forbidden = Feed.forbiddenFolder().resolve("x.npy");
        ArraySink sink = new ArraySink(forbidden.toString());

        IOException e = assertThrows(IOException.class, () -> sink.open(List.of(Feed.signal("v", TWO))));

        assertTrue(e.getMessage().startsWith("cannot write " + forbidden), e.getMessage());
    }
}
