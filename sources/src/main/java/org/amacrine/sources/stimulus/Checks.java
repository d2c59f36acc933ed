package org.amacrine.sources.stimulus;

import java.util.Arrays;
import org.amacrine.core.chunk.Shape;

/** A grid of square checks that begins in the upper left corner of a frame; the last ones may be cut off. */
final class Checks {
    private final Shape shape;
    private final int size;
    private final int across;

    /**
     * A grid.
     *
     * @param size side of a check in pixels
     */
    Checks(Shape shape, int size) {
        this.shape = shape;
        this.size = size;
        this.across = (shape.columns() + size - 1) / size;
    }

    /** Number of checks. */
    int count() {
        return across * ((shape.rows() + size - 1) / size);
    }

    /** Gives each pixel the value of its check. */
    void spread(float[] checks, float[] values) {
        int columns = shape.columns();
        for (int row = 0; row < shape.rows(); row++) {
            int at = row * columns;
            if (row % size > 0) {
                System.arraycopy(values, at - columns, values, at, columns);
                continue;
            }
            for (int j = 0; j < across; j++) {
                int to = Math.min(columns, (j + 1) * size);
                Arrays.fill(values, at + j * size, at + to, checks[row / size * across + j]);
            }
        }
    }
}
