package org.amacrine.sources.stimulus;

import java.util.function.DoubleBinaryOperator;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;

/**
 * The reference's masks {@code mask_square} and {@code mask_circle}: one frame that is 1 inside a shape around its middle, 0
 * outside. Distances are measured in pixels from the middle, {@code n} rows or columns lying evenly between {@code -n/2} and
 * {@code n/2}, or {@code n/2 + 1} where n is even and the middle is to lie on a pixel.
 *
 * <p>Follows the reference: coordinates are spread a little wider than pixels, by {@code n / (n - 1)}. Differs from the
 * reference in words only: it calls columns x and rows y here, and the other way round in its samples.
 */
public final class Masks {
    private Masks() {}

    /**
     * 1 where rows and columns are both nearer than {@code width} to the middle.
     *
     * @param width half the side of the square, in pixels
     * @param centreOnPixel whether the middle lies on a pixel also where there is an even number of them
     */
    public static Frames square(int rows, int columns, double width, boolean centreOnPixel) {
        return draw(rows, columns, centreOnPixel, (y, x) -> y < width && x < width ? 1 : 0);
    }

    /**
     * 1 where the middle is nearer than {@code radius}.
     *
     * @param radius in pixels
     * @param centreOnPixel whether the middle lies on a pixel also where there is an even number of them
     */
    public static Frames circle(int rows, int columns, double radius, boolean centreOnPixel) {
        return draw(rows, columns, centreOnPixel, (y, x) -> radius > Math.sqrt(x * x + y * y) ? 1 : 0);
    }

    /**
     * A circle with a soft edge: {@code 1 / (1 + exp(-sharpness (radius - distance)))}.
     *
     * @param radius in pixels
     * @param centreOnPixel whether the middle lies on a pixel also where there is an even number of them
     * @param sharpness steepness of the edge, per pixel; 5 in the reference
     */
    public static Frames smoothCircle(int rows, int columns, double radius, boolean centreOnPixel, double sharpness) {
        return draw(
                rows,
                columns,
                centreOnPixel,
                (y, x) -> 1 / (1 + Math.exp(-sharpness * (radius - Math.sqrt(x * x + y * y)))));
    }

    private static Frames draw(int rows, int columns, boolean centreOnPixel, DoubleBinaryOperator mask) {
        Shape shape = Shape.image(rows, columns);
        float[] values = new float[shape.pixels()];
        for (int i = 0; i < values.length; i++) {
            double y = distance(i / columns, rows, centreOnPixel);
            double x = distance(i % columns, columns, centreOnPixel);
            values[i] = (float) mask.applyAsDouble(y, x);
        }
        return new Frames(shape, 1, values);
    }

    private static double distance(int index, int count, boolean centreOnPixel) {
        double last = count / 2.0 + (count % 2 == 0 && centreOnPixel ? 1 : 0);
        return Math.abs(Samples.linspace(-count / 2.0, last, count, index));
    }
}
