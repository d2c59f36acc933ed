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
 * columns. Frames are 2 P x 1 x 1: column and row of each point; or 2 P x A x 1 of A animals side by side, each by itself.
 *
 * <pre>
 *   centroid = median of the points, column and row by themselves
 *   heading  = direction from the mean of the back points to the mean of the front points
 *   aligned  = R(-heading) (point - centroid)
 * </pre>
 *
 * <p>A missing point, with NaN in its column or row, stays missing and counts nowhere. Where no front point or no back point is
 * there, all outputs of the animal are missing.
 *
 * <ul>
 *   <li>{@code aligned}: 2 P for each animal, forwards and to the right of the heading (pixels)
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
    private int animals;
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
        animals = shape.rows();
        if (shape.columns() != 1 || shape.channels() % 2 != 0) {
            throw new IllegalArgumentException(
                    "keypoints are frames of 2 P x 1 x 1, column and row of each point, or of 2 P x A x 1 for A animals, but a"
                            + " frame is " + shape + "; take the source keypoints");
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
        return List.of(new Shape(2 * points, animals, 1), new Shape(2, animals, 1), new Shape(1, animals, 1));
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        float[] x = in[0].values();
        for (int t = 0; t < in[0].frames(); t++) {
            for (int a = 0; a < animals; a++) {
                int from = in[0].start(t) + a;
                double columns = mean(x, from, frontPoints, 0) - mean(x, from, backPoints, 0);
                double rows = mean(x, from, frontPoints, 1) - mean(x, from, backPoints, 1);
                if (Double.isNaN(columns) || Double.isNaN(rows)) {
                    miss(out, t, a);
                } else {
                    align(x, from, Math.atan2(rows, columns), out, t, a);
                }
            }
        }
    }

    private void miss(Chunk[] out, int t, int animal) {
        for (Chunk chunk : out) {
            for (int i = 0; i < chunk.shape().channels(); i++) {
                chunk.values()[chunk.start(t) + i * animals + animal] = Float.NaN;
            }
        }
    }

    private void align(float[] x, int from, double heading, Chunk[] out, int t, int animal) {
        double column = median(x, from, 0);
        double row = median(x, from, 1);
        double cos = Math.cos(heading);
        double sin = Math.sin(heading);
        float[] aligned = out[0].values();
        int to = out[0].start(t) + animal;
        for (int p = 0; p < points; p++) {
            double dx = x[index(from, p, 0)] - column;
            double dy = x[index(from, p, 1)] - row;
            aligned[index(to, p, 0)] = (float) (cos * dx + sin * dy);
            aligned[index(to, p, 1)] = (float) (cos * dy - sin * dx);
        }
        out[1].values()[out[1].start(t) + animal] = (float) column;
        out[1].values()[out[1].start(t) + animals + animal] = (float) row;
        out[2].values()[out[2].start(t) + animal] = (float) heading;
    }

    /** Where a coordinate of a point lies: column 0, row 1. */
    private int index(int from, int point, int coordinate) {
        return from + (2 * point + coordinate) * animals;
    }

    private boolean isThere(float[] x, int from, int point) {
        return !Float.isNaN(x[index(from, point, 0)]) && !Float.isNaN(x[index(from, point, 1)]);
    }

    /** Mean of a coordinate of those points that are there; NaN when none is. */
    private double mean(float[] x, int from, int[] which, int coordinate) {
        double sum = 0;
        int count = 0;
        for (int p : which) {
            if (isThere(x, from, p)) {
                sum += x[index(from, p, coordinate)];
                count++;
            }
        }
        return sum / count;
    }

    private double median(float[] x, int from, int coordinate) {
        int count = 0;
        for (int p = 0; p < points; p++) {
            if (isThere(x, from, p)) {
                sorted[count++] = x[index(from, p, coordinate)];
            }
        }
        Arrays.sort(sorted, 0, count);
        return ((double) sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    }
}
