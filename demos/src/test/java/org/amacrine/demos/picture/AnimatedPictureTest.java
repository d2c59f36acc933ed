package org.amacrine.demos.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;

class AnimatedPictureTest {
    private static final int RED = 0xffff0000;

    /** Frames of one pixel whose value is the frame's number. */
    private static NdArray ramp(int frames) {
        float[] values = new float[frames];
        for (int t = 0; t < frames; t++) {
            values[t] = t;
        }
        return NdArray.of(values, frames, 1, 1);
    }

    @Test
    void shouldScrollThePlotUnderAPointerInTheMiddle() {
        AnimatedPicture pictures = new AnimatedPicture(ramp(101), null, null, 0, 40);

        for (int t : new int[] {0, 50, 100}) {
            BufferedImage picture = pictures.frame(t);
            int bottom = picture.getHeight() - 20;

            // 436 wide, 8 of them on each side.
            assertEquals(436, picture.getWidth());
            assertEquals(RED, picture.getRGB(8 + 210, bottom));
            // The line of the mean goes up from left to right, where there are frames: orange lies below it.
            assertEquals(t > 0, hasLine(picture, 100), "left of " + t);
            assertEquals(t < 100, hasLine(picture, 330), "right of " + t);
        }
    }

    private static boolean hasLine(BufferedImage picture, int x) {
        for (int y = picture.getHeight() - 140; y < picture.getHeight() - 10; y++) {
            int rgb = picture.getRGB(x, y);
            if ((rgb >> 8 & 0xff) < 120 && (rgb & 0xff) > 100) {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldLeaveMissingValuesWhite() {
        AnimatedPicture pictures =
                new AnimatedPicture(NdArray.of(new float[] {Float.NaN, 1, 2, Float.NaN}, 2, 1, 2), null, null, 0, 10);

        assertEquals(0xffffffff, pictures.frame(0).getRGB(8 + 12, 26 + 12));
        assertEquals(0xff000000 | ColourMap.HEAT.rgb(0), pictures.frame(0).getRGB(8 + 36, 26 + 12));
        assertEquals(0xff000000 | ColourMap.HEAT.rgb(1), pictures.frame(1).getRGB(8 + 12, 26 + 12));
    }

    @Test
    void shouldShowBatchesSideBySideAndNothingButMissingValues() {
        AnimatedPicture pictures =
                new AnimatedPicture(NdArray.of(new float[] {0, 1, 2, 3}, 2, 2, 1, 1, 1), null, null, 0, 0);
        BufferedImage picture = pictures.frame(0);

        int[] expected = {0, 2, 1, 3};
        for (int i = 0; i < 4; i++) {
            assertEquals(
                    0xff000000 | ColourMap.HEAT.rgb(expected[i] / 3.),
                    picture.getRGB(8 + 12 + i % 2 * 24, 26 + 12 + i / 2 * 24));
        }
        AnimatedPicture unknown = new AnimatedPicture(NdArray.of(new float[] {Float.NaN}, 1), null, null, 0, 10);
        assertEquals(0xffffffff, unknown.frame(0).getRGB(8 + 12, 26 + 12));
    }

    @Test
    void shouldScaleByWhatIsFinite() {
        float inf = Float.POSITIVE_INFINITY;
        AnimatedPicture pictures =
                new AnimatedPicture(NdArray.of(new float[] {0, 1, 4, inf}, 2, 1, 2), null, null, 0, 10);

        assertEquals(0xff000000 | ColourMap.HEAT.rgb(0.25), pictures.frame(0).getRGB(8 + 36, 26 + 12));
        assertEquals(0xff000000 | ColourMap.HEAT.rgb(1), pictures.frame(1).getRGB(8 + 36, 26 + 12));
    }

    @Test
    void shouldRejectAWindowBelowZero() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new AnimatedPicture(ramp(3), null, null, 0, -1))
                .getMessage();
        assertTrue(message.contains("must be >= 0 but were -1"), message);
    }
}
