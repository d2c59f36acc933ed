package org.amacrine.sources.digits;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
    private static final byte[] WHOLE = IdxFiles.bytes(new int[] {2, 1, 3}, IdxFiles.ramp(6));

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("images");
    }

    private void assertRefused(byte[] bytes, String... words) throws IOException {
        Files.write(file, bytes);
        assertFails(IOException.class, () -> IdxFile.read(file, 3, "a file of images"), words);
    }

    @Test
    void shouldReadBytesPlainAndCompressed() throws Exception {
        Files.write(file, WHOLE);
        Path compressed = folder.resolve("images.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            out.write(WHOLE);
        }

        for (Path any : new Path[] {file, compressed}) {
            IdxFile read = IdxFile.read(any, 3, "a file of images");
            assertArrayEquals(new int[] {2, 1, 3}, read.extents());
            assertEquals(35, read.at(5));
        }
        Files.write(file, IdxFiles.bytes(new int[] {1}, (byte) 200));
        assertEquals(200, IdxFile.read(file, 1, "a file of labels").at(0));
    }

    @Test
    void shouldRefuseOtherFiles() throws Exception {
        assertRefused("PNG image".getBytes(), "images is no file of bytes in MNIST's form: it begins with 504e4720");
        assertRefused(new byte[] {0, 0, 13, 3, 0, 0, 0, 1}, "begins with 00000d03 instead of 00000803");
        assertRefused(IdxFiles.bytes(new int[] {4}, (byte) 1), "has 1 axes but 3 are needed; give a file of images");
        assertRefused(new byte[0], "is empty");
    }

    @Test
    void shouldRefuseWhatIsCutOffOrTooLong() throws Exception {
        assertRefused(Arrays.copyOf(WHOLE, WHOLE.length - 1), "is cut off");
        assertRefused(Arrays.copyOf(WHOLE, 10), "is cut off");
        assertRefused(Arrays.copyOf(WHOLE, WHOLE.length + 1), "goes on behind the 6 values");
    }

    @Test
    void shouldRefuseExtentsThatCannotBe() throws Exception {
        assertRefused(IdxFiles.bytes(new int[] {2, 0, 3}), "its extents are [2, 0], which cannot be");
        assertRefused(IdxFiles.bytes(new int[] {2, -1, 3}), "its extents are [2, -1]");
        assertRefused(IdxFiles.bytes(new int[] {1 << 20, 1 << 20, 3}), "its extents are [1048576, 1048576]");
    }

    @Test
    void shouldRefuseACompressedFileThatIsCutOff() throws Exception {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(IdxFiles.bytes(new int[] {1, 60, 60}, IdxFiles.ramp(3600)));
        }
        assertRefused(Arrays.copyOf(Files.readAllBytes(file), 60), "is cut off");
    }

    @Test
    void shouldNameACompressedFileThatIsBroken() throws Exception {
        assertRefused(new byte[] {0x1f, (byte) 0x8b}, "images is cut off");
        assertRefused(new byte[] {0x1f, (byte) 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9}, "images cannot be unpacked");
    }
}
