package org.amacrine.demos.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lies where in the square of two parameters a and b, above the diagonal: b goes across, a goes up. */
class PairPlotTest {
    private static final int MARK = 0x2a9d3a;
    /** Upper left corner and extent of the square. */
    private static final int LEFT = 266;

    private static final int TOP = 5;
    private static final int CELL = 190;

    /** Three samples near the lower left corner, of log densities 0, 1 and 2. */
    private static PairPlot plot() {
        double[] z = {0.1, 0.1, 0.1, 0.2, 0.1, 0.3};
        return new PairPlot(List.of("a", "b"), z, new double[] {0, 1, 2}, new double[] {0, 0}, new double[] {1, 1});
    }

    /** Number of pixels of a colour within a distance of a point. */
    private static int near(PairPlot plot, double a, double b, int distance, int rgb) {
        BufferedImage image = new BufferedImage(plot.size(), plot.size(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, plot.size(), plot.size());
        plot.paint(g);
        g.dispose();
        int x = (int) (LEFT + b * CELL);
        int y = (int) (TOP + (1 - a) * CELL);
        int count = 0;
        for (int i = x - distance; i <= x + distance; i++) {
            for (int j = y - distance; j <= y + distance; j++) {
                count += (image.getRGB(i, j) & 0xffffff) == rgb ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void shouldDrawAStarAtEachPoint() {
        assertEquals(0, near(plot(), 0.8, 0.4, 12, MARK));
        PairPlot stars = plot().stars(0.8, 0.4, 0.2, 0.7);
        assertTrue(near(stars, 0.8, 0.4, 12, MARK) > 20, "first");
        assertTrue(near(stars, 0.2, 0.7, 12, MARK) > 20, "second");
        assertEquals(0, near(stars, 0.4, 0.8, 12, MARK), "b goes across");
    }

    @Test
    void shouldDrawALineThroughTheTrajectoryWithinTheSquare() {
        PairPlot line = plot().trajectory(0.8, 0.2, 0.8, 0.9, 3, 0.9);
        for (double b : new double[] {0.3, 0.5, 0.8}) {
            assertTrue(near(line, 0.8, b, 3, MARK) >= 7, "at b = " + b);
        }
        assertTrue(near(line, 0.95, 0.9, 3, MARK) >= 7, "upwards");
        assertEquals(0, near(line, 0.8, 0.1, 3, MARK), "it begins at 0.2");
    }

    /** The axes go from 0 to 1 and from 0 to 2: equal parameters lie on a line of half the slope. */
    @Test
    void shouldDrawTheUnityLineOnAxesOfDifferentExtent() {
        double[] z = {0.1, 0.1};
        PairPlot plot = new PairPlot(List.of("a", "b"), z, new double[] {0}, new double[] {0, 0}, new double[] {2, 1});
        int before = near(plot, 0.25, 0.5, 8, 0xffffff);
        plot.unityLine(true);
        assertTrue(near(plot, 0.25, 0.5, 8, 0xffffff) < before, "a = 0.5 = b is a quarter up and half across");
        assertEquals(before, near(plot, 0.75, 0.5, 8, 0xffffff));
    }

    @Test
    void shouldColourSamplesBeyondTheLimits() {
        PairPlot plot = plot().colours(new PointColours(0.5, 1.5));
        assertTrue(near(plot, 0.1, 0.1, 3, 0x000000) > 0, "below");
        assertTrue(near(plot, 0.1, 0.2, 3, new PointColours(0.5, 1.5).rgb(1)) > 0, "between");
        assertEquals(0, near(plot, 0.1, 0.3, 3, 0x000000), "above");
        assertTrue(near(plot, 0.1, 0.3, 3, 0xffffff) < 49, "white within a line around it");
    }

    @Test
    void shouldDrawSamplesOfAFitThatFailed() {
        double[] nothing = {Double.NaN, Double.NaN};
        PairPlot plot = new PairPlot(
                List.of("a", "b"), nothing, new double[] {Double.NaN}, new double[] {0, 0}, new double[] {1, 1});
        assertEquals(7 * 7, near(plot.outliersApart(), 0.5, 0.5, 3, 0xffffff));
    }

    @Test
    void shouldRejectPointsThatAreNotWhole() {
        assertEquals(
                "stars must be points of 2 parameters each but 3 values were given; give whole points",
                assertThrows(IllegalArgumentException.class, () -> plot().stars(1, 2, 3))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> plot().trajectory(1));
    }
}
