package org.amacrine.operators.vision;

/**
 * A region of connected pixels as the ellipse of the same area moments: pixels are squares, and an ellipse of uniform density
 * with these axes has the same centroid and covariance.
 *
 * <p>Written anew for each frame.
 */
final class Blob {
    /** Variance of a square of one pixel along each side. */
    private static final double PIXEL_VARIANCE = 1.0 / 12;

    long area;
    /** Column and row of the centroid, in pixels; the first pixel is at 0. */
    double column;

    double row;
    /** Whole axes of the ellipse, in pixels. */
    double length;

    double width;
    /** Direction of the long axis, in radians from a column to the next, towards growing rows; in (-pi/2, pi/2]. */
    double axis;
    /** Third central moment along the axis: positive when the thin end points in its direction. */
    double skew;

    /**
     * Takes over the moments of the pixels that have {@code label}.
     *
     * @param labels label of each pixel, [rows][columns]
     * @param area number of pixels with that label, at least 1
     */
    void measure(int[] labels, int label, int columns, long area, int firstRow, int lastRow) {
        this.area = area;
        long sumColumns = 0;
        long sumRows = 0;
        for (int y = firstRow, i = firstRow * columns; y <= lastRow; y++) {
            for (int x = 0; x < columns; x++, i++) {
                if (labels[i] == label) {
                    sumColumns += x;
                    sumRows += y;
                }
            }
        }
        column = (double) sumColumns / area;
        row = (double) sumRows / area;
        double xx = 0;
        double xy = 0;
        double yy = 0;
        double xxx = 0;
        double xxy = 0;
        double xyy = 0;
        double yyy = 0;
        for (int y = firstRow, i = firstRow * columns; y <= lastRow; y++) {
            double dy = y - row;
            for (int x = 0; x < columns; x++, i++) {
                if (labels[i] == label) {
                    double dx = x - column;
                    xx += dx * dx;
                    xy += dx * dy;
                    yy += dy * dy;
                    xxx += dx * dx * dx;
                    xxy += dx * dx * dy;
                    xyy += dx * dy * dy;
                    yyy += dy * dy * dy;
                }
            }
        }
        axes(xx / area + PIXEL_VARIANCE, xy / area, yy / area + PIXEL_VARIANCE);
        double c = Math.cos(axis);
        double s = Math.sin(axis);
        skew = c * c * c * xxx + 3 * c * c * s * xxy + 3 * c * s * s * xyy + s * s * s * yyy;
    }

    private void axes(double xx, double xy, double yy) {
        double mean = (xx + yy) / 2;
        double difference = Math.hypot((xx - yy) / 2, xy);
        length = 4 * Math.sqrt(mean + difference);
        width = 4 * Math.sqrt(Math.max(0, mean - difference));
        axis = Math.atan2(2 * xy, xx - yy) / 2;
    }
}
