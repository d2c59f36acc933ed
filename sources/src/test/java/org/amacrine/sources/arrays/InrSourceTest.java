package org.amacrine.sources.arrays;

import static org.amacrine.sources.TestSources.assertFails;
import static org.amacrine.sources.TestSources.assertFrame;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InrSourceTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("x.inr");
    }

    private Frames play() throws Exception {
        return TestSources.frames("inr", Map.of("file", file.toString()), Resolution.DEFAULT, 100);
    }

    private void assertRefused(String... words) {
        assertFails(IOException.class, this::play, words);
    }

    private void write(byte[] header, int... bytes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(header);
        for (int b : bytes) {
            all.write(b);
        }
        Files.write(file, all.toByteArray());
    }

    @Test
    void shouldReadRowsBeforeColumnsFrameByFrame() throws Exception {
        InrFiles.write(file, 2, 3, 1, 2, 1, 2, 3, 4, 5, 6, -7, 8.5, 9, 10, 11, 12);
        Frames frames = play();

        assertEquals(Shape.image(2, 3), frames.shape());
        assertEquals(2, frames.count());
        assertFrame(frames, 0, 1, 2, 3, 4, 5, 6);
        assertFrame(frames, 1, -7, 8.5, 9, 10, 11, 12);
    }

    @Test
    void shouldTakePlanesForChannelsOrForTheFrames() throws Exception {
        InrFiles.write(file, 1, 2, 2, 2, 1, 2, 3, 4, 5, 6, 7, 8);
        Frames channels = play();
        assertEquals(new Shape(2, 1, 2), channels.shape());
        assertFrame(channels, 1, 5, 6, 7, 8);

        InrFiles.write(file, 1, 2, 3, 1, 1, 2, 3, 4, 5, 6);
        Frames planes = play();
        assertEquals(Shape.image(1, 2), planes.shape());
        assertEquals(3, planes.count());
        assertFrame(planes, 2, 5, 6);
    }

    @Test
    void shouldTakeThePlanesOfASingleFrameForChannelsWhereTheFileSaysSo() throws Exception {
        write(
                InrFiles.header(
                        "XDIM=1",
                        "YDIM=2",
                        "ZDIM=3",
                        "VDIM=1",
                        "TYPE=unsigned fixed",
                        "PIXSIZE=8 bits",
                        "CPU=decm",
                        "#FRAMES=VDIM"),
                1,
                2,
                3,
                4,
                5,
                6);

        Frames one = play();

        assertEquals(new Shape(3, 1, 2), one.shape());
        assertEquals(1, one.count());
        assertFrame(one, 0, 1, 2, 3, 4, 5, 6);
    }

    @ParameterizedTest
    @CsvSource({
        "float,32,pc,'0 0 192 191 0 0 0 64',-1.5,2",
        "float,32,sun,'191 192 0 0 64 0 0 0',-1.5,2",
        "unsigned fixed,8,decm,'200 7',200,7",
        "signed fixed,8,decm,'200 7',-56,7",
        "unsigned fixed,16,decm,'1 255 2 0',65281,2",
        "signed fixed,16,sgi,'255 254 0 3',-2,3"
    })
    void shouldReadEveryTypeInEitherOrder(String type, int bits, String cpu, String bytes, double a, double b)
            throws Exception {
        write(
                InrFiles.header(
                        "XDIM=1",
                        "YDIM=2",
                        "ZDIM=1",
                        "VDIM=1",
                        "TYPE=" + type,
                        "PIXSIZE=" + bits + " bits",
                        "CPU=" + cpu),
                Arrays.stream(bytes.split(" ")).mapToInt(Integer::parseInt).toArray());

        assertFrame(play(), 0, a, b);
    }

    @Test
    void shouldRefuseOtherFilesAndHeadersWithoutAnEnd() throws Exception {
        Files.writeString(file, "P5 2 2 255");
        assertRefused("x.inr is no INRIMAGE-4 file: it does not begin with #INRIMAGE-4#{");
        write(Arrays.copyOf(InrFiles.header("XDIM=1"), 200));
        assertRefused("has no header of 256 bytes that ends with ##}");
    }

    @Test
    void shouldRefuseWhatIsCutOffOrWasNotClosed() throws Exception {
        InrFiles.write(file, 2, 2, 1, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertRefused("is cut off: its header says 3 frames of 1x2x2, which are 352 bytes, but it has 344");
        InrFiles.write(file, 2, 2, 1, 0, 1, 2, 3, 4);
        assertRefused("has VDIM=0 but it must be a whole number from 1 on; a file that was not closed");
    }

    @Test
    void shouldNameWhatItCannotRead() throws Exception {
        write(InrFiles.header("XDIM=many"));
        assertRefused("has XDIM=many");
        write(InrFiles.header("TYPE=packed", "PIXSIZE=8 bits"));
        assertRefused("has TYPE=packed and PIXSIZE=8 bits but only float");
        write(InrFiles.header("TYPE=float", "PIXSIZE=64 bits", "CPU=vax"));
        assertRefused("has CPU=vax but only decm");
    }

    @Test
    void shouldNameAFileWhoseFramesAreTooLarge() throws Exception {
        InrFiles.write(file, 16_384, 16_384, 1, 2, 1);
        assertRefused("x.inr says that a frame is 1x16384x16384 but it may have at most 268435454 values");
        InrFiles.write(file, 999_999_999, 999_999_999, 2, 2, 1);
        assertRefused("x.inr says that a frame is 2x999999999x999999999 but");
    }
}
