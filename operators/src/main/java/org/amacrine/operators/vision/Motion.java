package org.amacrine.operators.vision;

/**
 * How an animal moves, from the blobs of successive frames: heading, velocity and turning.
 *
 * <p>A blob's axis has two ends. The heading is the end nearest to the heading before, so it does not jump. Which end is the
 * nose is settled by motion: animals walk forwards. Displacement along the heading, in body lengths, is summed with a memory
 * of one second; when the sum falls below {@code -flipLengths}, the heading is turned round, and the sum changes its sign:
 * to turn it back takes as much in the other direction. At first the thin end is taken for the nose.
 *
 * <p>Owned by the operator's thread.
 */
final class Motion {
    private static final double MEMORY_SECONDS = 1;
    /** Blobs rounder than this have no direction. */
    private static final double ROUNDNESS = 1.1;

    /** Number of values in {@link #copy()}. */
    static final int VALUES = 9;

    private boolean known;
    /** Frames since the last blob, that of the next frame counted. */
    private double frames;

    private double column;
    private double row;
    double heading;
    /** Velocities in pixels per second, smoothed; NaN while there was only one blob. */
    private double columnVelocity;

    private double rowVelocity;
    /** In radians per second, smoothed. */
    double turning;

    private double advance;

    /** Nothing seen yet. */
    void clear() {
        restore(new double[VALUES]);
    }

    /** Frames go by without a blob, or before one. */
    void pass(long count) {
        frames += count;
    }

    /**
     * Takes the next blob.
     *
     * @param stepSeconds time of a frame
     * @param smoothingSeconds time constant of velocity and turning; 0 for none
     * @param flipLengths body lengths walked backwards after which the heading is turned round
     * @param gapSeconds after a longer gap the motion begins anew
     */
    void take(Blob blob, double stepSeconds, double smoothingSeconds, double flipLengths, double gapSeconds) {
        double seconds = frames * stepSeconds;
        frames = 0;
        if (!known || seconds > gapSeconds) {
            known = true;
            heading = blob.skew < 0 ? wrap(blob.axis + Math.PI) : blob.axis;
            columnVelocity = Double.NaN;
            rowVelocity = Double.NaN;
            turning = Double.NaN;
            advance = 0;
        } else {
            double turned = blob.length > ROUNDNESS * blob.width ? turn(blob.axis) : 0;
            double columnsMoved = blob.column - column;
            double rowsMoved = blob.row - row;
            heading = wrap(heading + turned);
            double gain = smoothingSeconds > 0 ? -Math.expm1(-seconds / smoothingSeconds) : 1;
            columnVelocity = smooth(columnVelocity, columnsMoved / seconds, gain);
            rowVelocity = smooth(rowVelocity, rowsMoved / seconds, gain);
            turning = smooth(turning, turned / seconds, gain);
            double forwards = columnsMoved * Math.cos(heading) + rowsMoved * Math.sin(heading);
            advance = advance * Math.exp(-seconds / MEMORY_SECONDS) + forwards / blob.length;
            if (advance < -flipLengths) {
                heading = wrap(heading + Math.PI);
                advance = -advance;
            }
        }
        column = blob.column;
        row = blob.row;
    }

    private static double smooth(double before, double now, double gain) {
        return Double.isNaN(before) ? now : before + gain * (now - before);
    }

    /** From the heading to the nearer end of an axis, in (-pi/2, pi/2]. */
    private double turn(double axis) {
        double difference = wrap(axis - heading);
        if (difference > Math.PI / 2) {
            return difference - Math.PI;
        }
        return difference <= -Math.PI / 2 ? difference + Math.PI : difference;
    }

    /** The same angle in (-pi, pi]. */
    private static double wrap(double angle) {
        double wrapped = Math.IEEEremainder(angle, 2 * Math.PI);
        return wrapped <= -Math.PI ? wrapped + 2 * Math.PI : wrapped;
    }

    /** Pixels per second in the direction of the heading; NaN while unknown. */
    double forwards() {
        return columnVelocity * Math.cos(heading) + rowVelocity * Math.sin(heading);
    }

    /** Pixels per second to the right of the heading, as seen in the picture; NaN while unknown. */
    double sideways() {
        return rowVelocity * Math.cos(heading) - columnVelocity * Math.sin(heading);
    }

    /** Pixels per second; NaN while unknown. */
    double speed() {
        return Math.hypot(columnVelocity, rowVelocity);
    }

    /** Everything that lives between frames. */
    double[] copy() {
        return new double[] {known ? 1 : 0, frames, column, row, heading, columnVelocity, rowVelocity, turning, advance
        };
    }

    /** Takes over what {@link #copy} gave. */
    void restore(double[] values) {
        known = values[0] != 0;
        frames = values[1];
        column = values[2];
        row = values[3];
        heading = values[4];
        columnVelocity = values[5];
        rowVelocity = values[6];
        turning = values[7];
        advance = values[8];
    }
}
