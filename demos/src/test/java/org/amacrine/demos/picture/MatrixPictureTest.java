package org.amacrine.demos.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of square matrices. */
class MatrixPictureTest {
    @Test
    void shouldWriteNumbersRowByRow() {
        assertEquals("1.00 -2.35\n0.00 10.00\n", new MatrixPicture("A", 1, -2.346, 0, 10).text());
    }

    /** Elements of 240 / 2 pixels, below a margin of 16 and a title of 26: red is up, blue is down. */
    @Test
    void shouldColourElementsAroundZero(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("matrix.png");
        new MatrixPicture("A", 4, -4, 0, 2).write(file);
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(ColourMap.SIGNED.rgb(1), image.getRGB(20, 46) & 0xffffff);
        assertEquals(ColourMap.SIGNED.rgb(0), image.getRGB(140, 46) & 0xffffff);
        assertEquals(ColourMap.SIGNED.rgb(0.5), image.getRGB(20, 166) & 0xffffff);
        assertEquals(ColourMap.SIGNED.rgb(0.75), image.getRGB(140, 166) & 0xffffff);
        boolean written = false;
        for (int x = 60; x < 92; x++) {
            written |= (image.getRGB(x, 102) & 0xffffff) == 0;
        }
        assertTrue(written, "the number of the first element");
    }

    @Test
    void shouldRejectWhatIsNoSquare() {
        assertThrows(IllegalArgumentException.class, () -> new MatrixPicture("A"));
        String why = assertThrows(IllegalArgumentException.class, () -> new MatrixPicture("A", 1, 2, 3))
                .getMessage();
        assertTrue(why.startsWith("a square matrix has 1, 4, 9, … elements but there are 3"), why);
    }
}
