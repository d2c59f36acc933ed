package org.amacrine.core.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyReaderTest {

    @TempDir
    Path folder;

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("array.npy"), bytes);
    }

    private NdArray read(byte[] bytes) throws IOException {
        return NpyReader.readAll(write(bytes));
    }

    private String refusal(byte[] bytes) throws IOException {
        Path file = write(bytes);
        String message =
                assertThrows(IOException.class, () -> NpyReader.readAll(file)).getMessage();
        return message.replace(file.toString(), "FILE");
    }

    // ------------------------------------------------------------------------------------------------ numbers

    /** Type, bytes of two values, and what they mean. */
    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of("<f4", NpyBytes.of(0, 0, 0xc0, 0x3f, 0, 0, 0, 0x80), 1.5, -0.0),
                Arguments.of(">f4", NpyBytes.of(0x3f, 0xc0, 0, 0, 0x80, 0, 0, 0), 1.5, -0.0),
                Arguments.of("<f8", NpyBytes.of(0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0), 1.5, -2),
                Arguments.of(">f8", NpyBytes.of(0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0), 1.5, -2),
                Arguments.of("|i1", NpyBytes.of(0x7f, 0x80), 127, -128),
                Arguments.of("|u1", NpyBytes.of(0x7f, 0x80), 127, 128),
                Arguments.of("<i2", NpyBytes.of(1, 2, 0xff, 0xff), 513, -1),
                Arguments.of(">i2", NpyBytes.of(2, 1, 0xff, 0xfe), 513, -2),
                Arguments.of("<u2", NpyBytes.of(1, 2, 0xff, 0xff), 513, 65535),
                Arguments.of(">u2", NpyBytes.of(2, 1, 0xff, 0xfe), 513, 65534),
                Arguments.of("<i4", NpyBytes.of(1, 0, 1, 0, 0xfe, 0xff, 0xff, 0xff), 65537, -2),
                Arguments.of(">i4", NpyBytes.of(0, 1, 0, 1, 0xff, 0xff, 0xff, 0xfe), 65537, -2),
                Arguments.of("<u4", NpyBytes.of(1, 0, 1, 0, 0xff, 0xff, 0xff, 0xff), 65537, 4294967295.0),
                Arguments.of(">u4", NpyBytes.of(0, 1, 0, 1, 0xff, 0xff, 0xff, 0xfe), 65537, 4294967294.0),
                Arguments.of(
                        "<i8",
                        NpyBytes.of(0, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
                        4294967296.0,
                        -1),
                Arguments.of(
                        ">i8",
                        NpyBytes.of(0, 0, 0, 1, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfd),
                        4294967296.0,
                        -3),
                Arguments.of("<f2", NpyBytes.of(0, 0x3e, 0, 0xc0), 1.5, -2),
                Arguments.of(">f2", NpyBytes.of(0x7b, 0xff, 0x80, 0), 65504, -0.0),
                // The smallest numbers of all and of full precision, and one below those.
                Arguments.of("<f2", NpyBytes.of(1, 0, 0, 0x84), 0x1p-24, -0x1p-14),
                Arguments.of("<f2", NpyBytes.of(0xff, 0x03, 0, 0x7c), 0x3ffp-24, Double.POSITIVE_INFINITY),
                Arguments.of("<f2", NpyBytes.of(0, 0xfc, 0, 0x7e), Double.NEGATIVE_INFINITY, Double.NaN),
                Arguments.of("|b1", NpyBytes.of(0, 1), 0, 1));
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldReadEveryTypeInEitherByteOrder(String type, byte[] data, double first, double second)
            throws IOException {
        NdArray array = read(NpyBytes.version1(NpyBytes.header(type, "(2,)"), data));

        assertArrayEquals(new int[] {2}, array.shape());
        assertEquals(first, array.at(0));
        assertEquals(second, array.at(1));
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldReadEveryTypeAsFloats(String type, byte[] data, double first, double second) throws IOException {
        float[] values = new float[4];
        try (NpyReader reader = NpyReader.open(write(NpyBytes.version1(NpyBytes.header(type, "(2,)"), data)))) {
            reader.read(values, 1, 2);
        }

        assertArrayEquals(new float[] {0, (float) first, (float) second, 0}, values);
    }

    @Test
    void shouldKeepTheTypeThatHoldsTheNumbersExactly() throws IOException {
        byte[] largest = NpyBytes.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);

        assertEquals(
                Long.MAX_VALUE,
                read(NpyBytes.version1(NpyBytes.header("<i8", "()"), largest)).integer());
        assertEquals(
                "int64 (1,)",
                read(NpyBytes.version1(NpyBytes.header("|u1", "(1,)"), NpyBytes.of(3)))
                        .toString());
        assertEquals(
                "bool (1,)",
                read(NpyBytes.version1(NpyBytes.header("|b1", "(1,)"), NpyBytes.of(3)))
                        .toString());
    }

    @Test
    void shouldReadValuesBeyondOneBlockPieceByPiece() throws IOException {
        int count = 100_001;
        float[] expected = new float[count];
        for (int i = 0; i < count; i++) {
            expected[i] = i;
        }
        Path file = write(NpyBytes.version1(
                NpyBytes.header("<f4", "(" + count + ",)"), NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, expected)));

        float[] pieces = new float[count];
        try (NpyReader reader = NpyReader.open(file)) {
            assertArrayEquals(new long[] {count}, reader.shape());
            assertEquals(count, reader.values());
            reader.read(pieces, 0, 1);
            reader.read(pieces, 1, 70_000);
            reader.read(pieces, 70_001, 30_000);
        }

        assertArrayEquals(expected, pieces);
        assertArrayEquals(expected, NpyReader.readAll(file).floats());
    }

    // ------------------------------------------------------------------------------------------------ headers

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldReadHeadersOfVersions2And3(int version) throws IOException {
        byte[] data = NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, 1, 2, 3, 4, 5, 6);

        NdArray array = read(NpyBytes.version(version, NpyBytes.header("<f4", "(2, 3)"), data));

        assertEquals(NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3), array);
    }

    @Test
    void shouldReadHeadersInAnyOrderAndSpacing() throws IOException {
        byte[] data = NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, 1, 2);

        NdArray array =
                read(NpyBytes.version1("{'shape':(1 ,2),'fortran_order' :False,   'descr':  '<f4'}          ", data));

        assertEquals(NdArray.of(new float[] {1, 2}, 1, 2), array);
    }

    @Test
    void shouldReadExtentsAsPython2WroteThem() throws IOException {
        byte[] data = NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, 1, 2);

        assertArrayEquals(
                new int[] {2, 1},
                read(NpyBytes.version1(NpyBytes.header("<f4", "(2L, 1L)"), data))
                        .shape());
    }

    @Test
    void shouldReadASingleNumberAndEmptyArrays() throws IOException {
        byte[] one = NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, 7);

        assertEquals(NdArray.of(new float[] {7}), read(NpyBytes.version1(NpyBytes.header("<f4", "()"), one)));
        assertEquals(
                NdArray.of(new float[0], 0, 5), read(NpyBytes.version1(NpyBytes.header("<f4", "(0, 5)"), new byte[0])));
    }

    @Test
    void shouldReadFortranOrderOfOneAxisWhereItMeansNothing() throws IOException {
        String header = NpyBytes.header("<f4", "(2,)").replace("False", "True");

        assertEquals(
                NdArray.of(new float[] {1, 2}, 2),
                read(NpyBytes.version1(header, NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, 1, 2))));
    }

    private static String fortran(String type, String shape) {
        return NpyBytes.header(type, shape).replace("False", "True");
    }

    @Test
    void shouldPutFortranOrderInCOrder() throws IOException {
        // numpy.arange(6).reshape(2, 3), column by column.
        byte[] data = NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, 0, 3, 1, 4, 2, 5);
        Path file = write(NpyBytes.version1(fortran("<f4", "(2, 3)"), data));

        assertEquals(NdArray.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3), NpyReader.readAll(file));

        float[] pieces = new float[6];
        try (NpyReader reader = NpyReader.open(file)) {
            assertArrayEquals(new long[] {2, 3}, reader.shape());
            reader.read(pieces, 0, 2);
            reader.read(pieces, 2, 3);
            reader.read(pieces, 5, 1);
        }
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, pieces);
    }

    @Test
    void shouldPutFortranOrderOfManyAxesAndBlocksInCOrder() throws IOException {
        int[] shape = {17, 3, 7, 65, 2};
        int count = NdArray.count(shape);
        float[] lying = new float[count];
        float[] expected = new float[count];
        int at = 0;
        for (int n = 0; n < 2; n++) {
            for (int m = 0; m < 65; m++) {
                for (int k = 0; k < 7; k++) {
                    for (int j = 0; j < 3; j++) {
                        for (int i = 0; i < 17; i++) {
                            int value = 10_000 * i + 3_000 * j + 400 * k + 5 * m + n;
                            lying[at++] = value;
                            expected[(((i * 3 + j) * 7 + k) * 65 + m) * 2 + n] = value;
                        }
                    }
                }
            }
        }
        byte[] data = NpyBytes.floats(ByteOrder.BIG_ENDIAN, lying);

        NdArray array = read(NpyBytes.version1(fortran(">f4", "(17, 3, 7, 65, 2)"), data));

        assertArrayEquals(shape, array.shape());
        assertArrayEquals(expected, array.floats());
    }

    @Test
    void shouldKeepTheTypeOfNumbersInFortranOrder() throws IOException {
        NdArray words = read(NpyBytes.version1(fortran("|u1", "(2, 2)"), NpyBytes.of(1, 3, 2, 4)));
        NdArray bits = read(NpyBytes.version1(fortran("|b1", "(2, 2)"), NpyBytes.of(0, 1, 0, 0)));

        assertEquals(new NdArray(new int[] {2, 2}, new long[] {1, 2, 3, 4}), words);
        assertEquals(new NdArray(new int[] {2, 2}, new boolean[] {false, false, true, false}), bits);
        assertEquals(NdArray.of(new float[0], 0, 5), read(NpyBytes.version1(fortran("<f4", "(0, 5)"), new byte[0])));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f16", "<c8", "<u8", "<U5", "|O", "<M8"})
    void shouldRejectOtherTypes(String type) throws IOException {
        assertEquals(
                "FILE holds numbers of type '" + type + "', which cannot be read; save it with array.astype('float32')",
                refusal(NpyBytes.version1(NpyBytes.header(type, "(0,)"), new byte[0])));
    }

    @Test
    void shouldRejectRecords() throws IOException {
        String header = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (0,), }";

        assertEquals(
                "FILE has an array type that cannot be read: " + header
                        + "; save plain numbers, for example array.astype('float32')",
                refusal(NpyBytes.version1(header, new byte[0])));
    }

    // ------------------------------------------------------------------------------------------------ damage

    @Test
    void shouldSayThatAFileIsMissing() {
        Path file = folder.resolve("none.npy");

        var e = assertThrows(IOException.class, () -> NpyReader.open(file));

        assertEquals("no file " + file + "; check the path", e.getMessage());
    }

    @Test
    void shouldRejectAnEmptyFile() throws IOException {
        assertEquals(
                "FILE is not an .npy file: it ends inside the header; write it with numpy.save", refusal(new byte[0]));
    }

    @Test
    void shouldRejectAFileOfAnotherKind() throws IOException {
        assertEquals(
                "FILE is not an .npy file: it does not begin with \\x93NUMPY; write it with numpy.save",
                refusal("PK\3\4 some archive".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void shouldRejectAFileThatEndsAnywhereInItsHeader() throws IOException {
        byte[] whole = NpyBytes.version1(NpyBytes.header("<f4", "(2,)"), new byte[0]);
        for (int length = 1; length < whole.length; length++) {
            assertEquals(
                    "FILE is not an .npy file: it ends inside the header; write it with numpy.save",
                    refusal(Arrays.copyOf(whole, length)),
                    "cut off after " + length + " bytes");
        }
    }

    @Test
    void shouldSayHowManyValuesACutOffFileHolds() throws IOException {
        byte[] whole = NpyBytes.version1(
                NpyBytes.header("<f4", "(2, 3)"), NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, new float[6]));
        Path file = write(Arrays.copyOf(whole, whole.length - 5));

        var e = assertThrows(EOFException.class, () -> NpyReader.open(file));

        assertEquals(file + " ends after 4 of 6 values; it was cut off, write it again", e.getMessage());
    }

    @Test
    void shouldSayThatAFileShrankWhileItWasRead() throws IOException {
        Path file = write(NpyBytes.version1(NpyBytes.header("<f4", "(60000,)"), new byte[4 * 60_000]));
        try (NpyReader reader = NpyReader.open(file)) {
            float[] values = new float[60_000];
            reader.read(values, 0, 10);
            Files.write(file, new byte[0]);

            var e = assertThrows(EOFException.class, () -> reader.read(values, 10, 59_990));

            assertTrue(e.getMessage().startsWith(file + " ends after "), e.getMessage());
            assertTrue(e.getMessage().endsWith(" of 60000 values; it was cut off, write it again"), e.getMessage());
        }
    }

    @Test
    void shouldRejectAClaimOfMoreValuesThanTheFileHolds() throws IOException {
        assertEquals(
                "FILE ends after 0 of 1000000000000 values; it was cut off, write it again",
                refusal(NpyBytes.version1(NpyBytes.header("<f4", "(1000000, 1000000)"), new byte[0])));
    }

    @Test
    void shouldRejectAClaimOfMoreValuesThanCanBeCounted() throws IOException {
        assertEquals(
                "the header claims more values than can be counted; the file is damaged",
                refusal(NpyBytes.version1(NpyBytes.header("<f4", "(4294967296, 4294967296)"), new byte[0])));
    }

    @Test
    void shouldRejectAClaimOfAnEnormousHeader() throws IOException {
        byte[] bytes = NpyBytes.version(2, NpyBytes.header("<f4", "(2,)"), new byte[0]);
        bytes[11] = (byte) 0xff;

        assertTrue(refusal(bytes).matches("FILE has a header of 42\\d{8} bytes; the file is damaged"), refusal(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(-1,)", "(2, -3)", "(99999999999999999999,)", "(two,)", "(2.5,)"})
    void shouldRejectExtentsThatAreNone(String shape) throws IOException {
        assertEquals(
                "FILE has the shape " + shape + ", which is none; the file is damaged",
                refusal(NpyBytes.version1(NpyBytes.header("<f4", shape), new byte[64])));
    }

    @Test
    void shouldRejectAnEmptyArrayOfExtentsTooLargeForAnArray() throws IOException {
        assertEquals(
                "FILE has an extent of 4294967296, too large for one array; read it in parts",
                refusal(NpyBytes.version1(NpyBytes.header("<f4", "(4294967296, 0)"), new byte[0])));
    }
}
