package org.amacrine.operators.features;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Parameter;

/**
 * Keypoints as the animal sees them: moved so that the middle of the animal is at 0, and turned so that it looks along growing
 * columns. Frames are 2 P x 1 x 1: column and row of each point.
 *
 * <pre>
 *   centroid = median of the points, column and row by themselves
 *   heading  = direction from the mean of the back points to the mean of the front points
 *   aligned  = R(-heading) (point - centroid)
 * </pre>
 *
 * <p>A missing point, with NaN in its column or row, stays missing and counts nowhere. Where no front point or no back point is
 * there, all outputs of the frame are missing.
 *
 * <ul>
 *   <li>{@code aligned}: 2 P, forwards and to the right of the heading (pixels)
 *   <li>{@code centroid}: 2: column, row (pixels)
 *   <li>{@code heading}: 1: in (-pi, pi], from growing columns to growing rows (rad)
 * </ul>
 *
 * <p>The layer has no states.
 */
public final class Egocentric extends BaseLayer {
    private static final List<String> OUTPUTS = List.of("aligned", "centroid", "heading");

    private final Parameter front;
    private final Parameter back;

    private int points;
    private int[] frontPoints;
    private int[] backPoints;
    private float[] sorted;

    /**
     * A layer of that name.
     *
     * @param name what it is called in messages
     */
    public Egocentric(String name) {
        super(name);
        front = add(
                Parameter.array("front").atLeast(0).doc("Indices of points in front, such as the nose; 0 if not set"));
        back = add(Parameter.array("back")
                .atLeast(0)
                .doc("Indices of points at the back, such as the tail; 1 if not set"));
        deriveIndices();
    }

    @Override
    public List<String> outputs() {
        return OUTPUTS;
    }

    @Override
    public String unit(String output) {
        return output.equals("heading") ? "rad" : "pixels";
    }

    @Override
    public boolean takesMissing(String input) {
        return true;
    }

    @Override
    protected void derive() {
        Shape shape = context().input();
        if (shape.pixels() != 1 || shape.channels() % 2 != 0) {
            throw new IllegalArgumentException(
                    "keypoints are frames of 2 P x 1 x 1, column and row of each point, but a" + " frame is " + shape
                            + "; choose one animal");
        }
        points = shape.channels() / 2;
        deriveIndices();
        frontPoints = indices(front);
        backPoints = indices(back);
    }

    private void deriveIndices() {
        front.derive(NdArray.of(new float[] {0}, 1));
        back.derive(NdArray.of(new float[] {1}, 1));
    }

    private int[] indices(Parameter parameter) {
        float[] values = parameter.values();
        int[] indices = new int[values.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (int) values[i];
            if (indices[i] != values[i] || indices[i] >= points) {
                throw new IllegalArgumentException(
                        parameter.name() + " must be indices of points, whole numbers from 0 to " + (points - 1)
                                + ", but one was " + values[i] + "; for example 0");
            }
        }
        return indices;
    }

    @Override
    protected List<Shape> allocate() {
        sorted = new float[points];
        return List.of(Shape.vector(2 * points), Shape.vector(2), Shape.vector(1));
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        float[] x = in[0].values();
        for (int t = 0; t < in[0].frames(); t++) {
            int from = in[0].start(t);
            double columns = mean(x, from, frontPoints, 0) - mean(x, from, backPoints, 0);
            double rows = mean(x, from, frontPoints, 1) - mean(x, from, backPoints, 1);
            if (Double.isNaN(columns) || Double.isNaN(rows)) {
                for (Chunk chunk : out) {
                    Arrays.fill(chunk.values(), chunk.start(t), chunk.start(t + 1), Float.NaN);
                }
            } else {
                double heading = Math.atan2(rows, columns);
                align(x, from, heading, out, t);
            }
        }
    }

    private void align(float[] x, int from, double heading, Chunk[] out, int t) {
        double column = median(x, from, 0);
        double row = median(x, from, 1);
        double cos = Math.cos(heading);
        double sin = Math.sin(heading);
        float[] aligned = out[0].values();
        int to = out[0].start(t);
        for (int p = 0; p < points; p++) {
            double dx = x[from + 2 * p] - column;
            double dy = x[from + 2 * p + 1] - row;
            aligned[to + 2 * p] = (float) (cos * dx + sin * dy);
            aligned[to + 2 * p + 1] = (float) (cos * dy - sin * dx);
        }
        out[1].values()[out[1].start(t)] = (float) column;
        out[1].values()[out[1].start(t) + 1] = (float) row;
        out[2].values()[out[2].start(t)] = (float) heading;
    }

    private static boolean isThere(float[] x, int from, int point) {
        return !Float.isNaN(x[from + 2 * point]) && !Float.isNaN(x[from + 2 * point + 1]);
    }

    /** Mean of a coordinate of those points that are there; NaN when none is. */
    private static double mean(float[] x, int from, int[] which, int coordinate) {
        double sum = 0;
        int count = 0;
        for (int p : which) {
            if (isThere(x, from, p)) {
                sum += x[from + 2 * p + coordinate];
                count++;
            }
        }
        return sum / count;
    }

    private double median(float[] x, int from, int coordinate) {
        int count = 0;
        for (int p = 0; p < points; p++) {
            if (isThere(x, from, p)) {
                sorted[count++] = x[from + 2 * p + coordinate];
            }
        }
        Arrays.sort(sorted, 0, count);
        return ((double) sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    }
}
