package org.amacrine.sinks.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.amacrine.core.chunk.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureTest {
    private static final Brightness ZERO_TO_ONE = Brightness.fixed(0, 1);

    private static void assertDrawn(Picture picture, int... levels) {
        int[] drawn = new int[picture.bytes().length];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = Byte.toUnsignedInt(picture.bytes()[i]);
        }
        assertArrayEquals(levels, drawn);
    }

    @Test
    void shouldSpreadAFixedRangeOverAllLevelsAndClipTheRest() {
        Picture picture = new Picture(Shape.image(2, 3), Brightness.fixed(-1, 1), 1, false);

        picture.draw(new float[] {9, 9, -1, 1, 0, -0.5f, 1.5f, Float.NEGATIVE_INFINITY}, 2);

        assertEquals(3, picture.columns());
        assertEquals(2, picture.rows());
        assertEquals(1, picture.bytesPerPixel());
        // 127.5 goes to the even neighbour.
        assertDrawn(picture, 0, 255, 128, 64, 255, 0);
    }

    @Test
    void shouldDrawWhatIsNoNumberBlack() {
        Picture picture = new Picture(Shape.image(1, 3), ZERO_TO_ONE, 1, false);

        picture.draw(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}, 0);

        assertDrawn(picture, 0, 255, 0);
    }

    @Test
    void shouldSpreadTheFiniteRangeOfEachFrame() {
        Picture picture = new Picture(Shape.image(1, 5), Brightness.OF_EACH_FRAME, 1, false);

        picture.draw(new float[] {10, 20, 12, Float.NaN, Float.POSITIVE_INFINITY}, 0);
        assertDrawn(picture, 0, 255, 51, 0, 255);

        picture.draw(new float[] {-2, -2, -1, -2, -2}, 0);
        assertDrawn(picture, 0, 0, 255, 0, 0);
    }

    @Test
    void shouldDrawAFrameOfOneValueBlack() {
        Picture picture = new Picture(Shape.image(1, 2), Brightness.OF_EACH_FRAME, 1, false);

        picture.draw(new float[] {7, 7}, 0);
        assertDrawn(picture, 0, 0);
        picture.draw(new float[] {Float.NaN, Float.NaN}, 0);
        assertDrawn(picture, 0, 0);
    }

    @Test
    void shouldDrawThreeChannelsAsBlueGreenRed() {
        Picture picture = new Picture(new Shape(3, 1, 2), Brightness.fixed(0, 255), 1, false);

        picture.draw(new float[] {1, 2, 11, 12, 21, 22}, 0);

        assertEquals(2, picture.columns());
        assertEquals(3, picture.bytesPerPixel());
        assertDrawn(picture, 21, 11, 1, 22, 12, 2);
    }

    @Test
    void shouldPutOtherNumbersOfChannelsSideBySide() {
        Picture picture = new Picture(new Shape(2, 2, 2), Brightness.fixed(0, 255), 1, false);

        picture.draw(new float[] {1, 2, 3, 4, 11, 12, 13, 14}, 0);

        assertEquals(4, picture.columns());
        assertEquals(2, picture.rows());
        assertDrawn(picture, 1, 2, 11, 12, 3, 4, 13, 14);
    }

    @Test
    void shouldRepeatPixels() {
        Picture picture = new Picture(Shape.image(2, 2), Brightness.fixed(0, 255), 3, false);

        picture.draw(new float[] {1, 2, 3, 4}, 0);

        assertDrawn(
                picture, 1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4, 3, 3,
                3, 4, 4, 4);
    }

    @Test
    void shouldBecomeEvenByASecondCopyOfTheLastColumnAndRow() {
        Picture picture = new Picture(new Shape(3, 1, 1), Brightness.fixed(0, 255), 1, true);

        picture.draw(new float[] {1, 2, 3}, 0);

        assertEquals(2, picture.columns());
        assertEquals(2, picture.rows());
        assertDrawn(picture, 3, 2, 1, 3, 2, 1, 3, 2, 1, 3, 2, 1);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,0", "NaN,1"})
    void shouldRejectAnEmptyRange(double black, double white) {
        assertThrows(IllegalArgumentException.class, () -> Brightness.fixed(black, white));
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "10000"})
    void shouldRejectAZoomThatGivesNoPicture(int zoom) {
        assertThrows(IllegalArgumentException.class, () -> new Picture(Shape.image(100, 100), ZERO_TO_ONE, zoom, true));
    }
}
