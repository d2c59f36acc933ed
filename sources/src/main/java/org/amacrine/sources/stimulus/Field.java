package org.amacrine.sources.stimulus;

import org.amacrine.core.chunk.Shape;

/**
 * Where the pixels of a frame lie, in pixels from its middle: x to the right, y upwards, so that direction 0° is to the
 * right and 90° upwards.
 */
final class Field {
    private Field() {}

    /** x of a column. */
    static double x(int column, Shape shape) {
        return column - (shape.columns() - 1) / 2.0;
    }

    /** y of a row. */
    static double y(int row, Shape shape) {
        return (shape.rows() - 1) / 2.0 - row;
    }

    /** How far each pixel lies from the middle along a direction, [rows][columns]. */
    static float[] along(double directionDegrees, Shape shape) {
        double cosine = Math.cos(Math.toRadians(directionDegrees));
        double sine = Math.sin(Math.toRadians(directionDegrees));
        float[] along = new float[shape.pixels()];
        for (int i = 0; i < along.length; i++) {
            along[i] = (float) (x(i % shape.columns(), shape) * cosine + y(i / shape.columns(), shape) * sine);
        }
        return along;
    }

    /** Half the length, in pixels, that a frame has along a direction. */
    static double halfLength(double directionDegrees, Shape shape) {
        double angle = Math.toRadians(directionDegrees);
        return (shape.columns() * Math.abs(Math.cos(angle)) + shape.rows() * Math.abs(Math.sin(angle))) / 2;
    }

    /** The part of a pixel, one wide, that lies within {@code half} of a line {@code distance} from the pixel's middle. */
    static float cover(float distance, float half) {
        return Math.max(0, Math.min(half, distance + 0.5f) - Math.max(-half, distance - 0.5f));
    }
}
