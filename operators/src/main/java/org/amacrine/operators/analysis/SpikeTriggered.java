package org.amacrine.operators.analysis;

import java.util.Arrays;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;

/**
 * Spike-triggered average and covariance: the mean and the covariance of the stimulus around spikes (de Boer and Kuyper 1968; de
 * Ruyter van Steveninck and Bialek 1988). A spike is a value above 0, which counts for as many; spikes whose window the border
 * or an end of the recording cuts do not count.
 *
 * <p>Spikes of the stimulus' own extent are each at their pixel, and the window moves with them. Spikes of one cell, one value for
 * each frame, are at row and column 0.
 *
 * <p>Differs from the reference: its window begins at the spike, in time and in space, so that a cause never is in it; spikes without a
 * whole window count in its divisor; and its covariance lacks the subtraction of the mean.
 *
 * <p>Recordings are added one after the other. Owned by one thread.
 */
public final class SpikeTriggered {
    /** More values of a window would make a covariance that no array holds. */
    private static final int MOST_FOR_COVARIANCE = 32_000;

    /**
     * What is looked at around a spike.
     *
     * @param firstFrame its first frame, counted from that of the spike; below 0 before it
     * @param frames how many
     * @param firstRow its first row, counted from that of the spike
     * @param rows how many
     * @param firstColumn its first column, counted from that of the spike
     * @param columns how many
     */
    public record Window(int firstFrame, int frames, int firstRow, int rows, int firstColumn, int columns) {

        /** Throws {@link IllegalArgumentException} when it is empty. */
        public Window {
            if (frames < 1 || rows < 1 || columns < 1) {
                throw new IllegalArgumentException("a window must have at least 1 frame, 1 row and 1 column but had "
                        + frames + ", " + rows + " and " + columns);
            }
        }

        /** Frames up to that of the spike, and pixels around it; of an even number one more before it. */
        public static Window before(int frames, int rows, int columns) {
            return new Window(1 - frames, frames, -(rows / 2), rows, -(columns / 2), columns);
        }

        /** Frames up to that of a spike of one cell, of a whole stimulus. */
        public static Window before(int frames, Shape stimulus) {
            return new Window(1 - frames, frames, 0, stimulus.rows(), 0, stimulus.columns());
        }

        private int size() {
            return Math.multiplyExact(frames, Math.multiplyExact(rows, columns));
        }
    }

    private final Window window;
    private final double[] sum;
    /** Sums of products, the lower triangle; null where only the average is wanted. */
    private final double[] products;

    private final double[] block;
    private double spikes;
    private double cut;

    /**
     * Without spikes yet.
     *
     * @param window what is looked at
     * @param withCovariance whether {@link #covariance()} is wanted, which takes memory and time with the square of the window
     */
    public SpikeTriggered(Window window, boolean withCovariance) {
        this.window = window;
        int size = window.size();
        if (withCovariance && size > MOST_FOR_COVARIANCE) {
            throw new IllegalArgumentException(
                    "a window of " + size + " values is too large for a covariance, which takes at most "
                            + MOST_FOR_COVARIANCE + "; take fewer frames or pixels");
        }
        sum = new double[size];
        block = new double[size];
        products = withCovariance ? new double[size * size] : null;
    }

    /**
     * Adds a recording.
     *
     * @param stimulus its frames, of one channel
     * @param response spikes in the same frames: of the same extent, or one value for each frame
     * @throws IllegalArgumentException when they do not go together, or a number of spikes is below 0 or none
     */
    public void add(Frames stimulus, Frames response) {
        Shape shape = stimulus.shape();
        boolean oneCell = response.shape().values() == 1;
        if (shape.channels() != 1) {
            throw new IllegalArgumentException(
                    "the stimulus must have one channel but has " + shape.channels() + "; take them one by one");
        }
        if (stimulus.count() != response.count()
                || !(oneCell || response.shape().equals(shape))) {
            throw new IllegalArgumentException(
                    "spikes must have the " + stimulus.count() + " frames of the stimulus, and "
                            + shape + " or one value in each, but have " + response.count() + " frames of "
                            + response.shape());
        }
        int columns = oneCell ? 1 : shape.columns();
        for (int i = 0; i < response.values().length; i++) {
            float weight = response.values()[i];
            if (!(weight >= 0 && weight <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException("a number of spikes must be at least 0 but was " + weight
                        + ", in frame " + i / response.shape().values() + "; give spikes, not potentials");
            }
            if (weight > 0) {
                int pixel = i % response.shape().values();
                add(stimulus, weight, i / response.shape().values(), pixel / columns, pixel % columns);
            }
        }
    }

    private void add(Frames stimulus, double weight, int frame, int row, int column) {
        Shape shape = stimulus.shape();
        int t0 = frame + window.firstFrame;
        int r0 = row + window.firstRow;
        int c0 = column + window.firstColumn;
        if (t0 < 0
                || r0 < 0
                || c0 < 0
                || t0 + window.frames > stimulus.count()
                || r0 + window.rows > shape.rows()
                || c0 + window.columns > shape.columns()) {
            cut += weight;
            return;
        }
        int i = 0;
        for (int t = t0; t < t0 + window.frames; t++) {
            for (int r = r0; r < r0 + window.rows; r++) {
                int at = (t * shape.rows() + r) * shape.columns() + c0;
                for (int c = 0; c < window.columns; c++) {
                    block[i++] = stimulus.values()[at + c];
                }
            }
        }
        spikes += weight;
        for (int a = 0; a < block.length; a++) {
            sum[a] += weight * block[a];
        }
        if (products != null) {
            for (int a = 0; a < block.length; a++) {
                double left = weight * block[a];
                for (int b = 0; b <= a; b++) {
                    products[a * block.length + b] += left * block[b];
                }
            }
        }
    }

    /** Number of spikes with a whole window. */
    public double spikes() {
        return spikes;
    }

    /** Number of spikes whose window was cut, and that do not count. */
    public double cut() {
        return cut;
    }

    /**
     * The average, {@code (frames, rows, columns)}.
     *
     * @throws IllegalStateException without spikes
     */
    public NdArray average() {
        return new NdArray(new int[] {window.frames, window.rows, window.columns}, mean());
    }

    private double[] mean() {
        if (spikes == 0) {
            throw new IllegalStateException("there is no spike with a whole window, and " + cut
                    + " with one that is cut; take a smaller window, or a longer recording");
        }
        return Arrays.stream(sum).map(value -> value / spikes).toArray();
    }

    /**
     * The covariance around the average, {@code (values, values)} with the values of the window in the order of frames, rows and
     * columns; divided by the number of spikes less 1.
     *
     * @throws IllegalStateException with fewer than two spikes, or where it was not asked for
     */
    public NdArray covariance() {
        if (products == null) {
            throw new IllegalStateException("the covariance was not asked for; make it with withCovariance true");
        }
        if (!(spikes > 1)) {
            throw new IllegalStateException("a covariance needs two spikes with a whole window but there is " + spikes
                    + "; take a smaller window, or a longer recording");
        }
        int size = block.length;
        double[] mean = mean();
        double[] covariance = new double[size * size];
        for (int a = 0; a < size; a++) {
            for (int b = 0; b <= a; b++) {
                double value = (products[a * size + b] - spikes * mean[a] * mean[b]) / (spikes - 1);
                covariance[a * size + b] = value;
                covariance[b * size + a] = value;
            }
        }
        return new NdArray(new int[] {size, size}, covariance);
    }
}
