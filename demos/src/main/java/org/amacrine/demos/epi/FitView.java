package org.amacrine.demos.epi;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.operators.epi.EpiExample;
import org.amacrine.operators.epi.EpiModel;

/**
 * A fit at work, to look at: {@code posterior}, an image with a square for each pair of parameters, {@code entropy}, and {@code
 * violation}, log10 of |R|². Above the image's diagonal lie samples, the brighter the more probable; below it their density. At
 * most six parameters are drawn, the first.
 *
 * <p>Beside them {@code statistics}, an image with a histogram for each statistic of these samples and a line where its mean should
 * be, from the least to the largest of all these; {@code p} of the last test of convergence, for each statistic; and {@code
 * penalty}, log10 of its coefficient c.
 */
public final class FitView extends BaseLayer {
    private static final int MOST_DIMS = 6;
    private static final int CELL = 96;
    private static final int GAP = 4;
    private static final int GRID = 24;
    private static final float FRAME = 0.2f;
    private static final double BANDWIDTH = 0.06;

    private final int dims;
    private final int shown;
    private final double[] low;
    private final double[] high;
    private final double[] mu;
    private final double[] smoothed = new double[GRID * GRID];
    private final int[] counts = new int[GRID];

    /** @param example whose parameters, bounded on both sides, are drawn */
    public FitView(EpiExample example) {
        super("epi.view");
        EpiModel model = example.model();
        mu = example.mu();
        dims = model.dims();
        shown = Math.min(MOST_DIMS, dims);
        low = model.lower();
        high = model.upper();
    }

    private int size() {
        return shown * CELL + (shown + 1) * GAP;
    }

    /** Of the image of the statistics. */
    private int width() {
        return mu.length * (CELL + GAP) - GAP;
    }

    @Override
    public List<String> outputs() {
        return List.of("posterior", "entropy", "violation", "statistics", "p", "penalty");
    }

    @Override
    protected List<Shape> allocate() {
        return List.of(
                new Shape(1, size(), size()),
                Shape.vector(1),
                Shape.vector(1),
                new Shape(1, CELL, width()),
                Shape.vector(mu.length),
                Shape.vector(1));
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        for (int k = 0; k < in[0].frames(); k++) {
            float[] x = in[0].values();
            int at = in[0].start(k);
            draw(x, at, out[0].values(), out[0].start(k));
            out[1].values()[out[1].start(k)] = x[at + FitSource.ENTROPY];
            out[2].values()[out[2].start(k)] = (float) Math.log10(Math.max(1e-12, x[at + FitSource.VIOLATION]));
            for (int i = 0; i < mu.length; i++) {
                histogram(x, at, i, out[3].values(), out[3].start(k) + i * (CELL + GAP));
            }
            int tests = at + FitSource.tests(dims, mu.length);
            System.arraycopy(x, tests, out[4].values(), out[4].start(k), mu.length);
            out[5].values()[out[5].start(k)] = x[tests + mu.length];
        }
    }

    private void draw(float[] x, int at, float[] image, int imageAt) {
        Arrays.fill(image, imageAt, imageAt + size() * size(), FRAME);
        for (int row = 0; row < shown; row++) {
            for (int column = 0; column < shown; column++) {
                int corner = imageAt + (GAP + row * (CELL + GAP)) * size() + GAP + column * (CELL + GAP);
                for (int i = 0; i < CELL; i++) {
                    Arrays.fill(image, corner + i * size(), corner + i * size() + CELL, 0);
                }
                if (column > row) {
                    scatter(x, at, image, corner, column, row);
                } else {
                    density(x, at, image, corner, column, row);
                }
            }
        }
    }

    private double value(float[] x, int at, int sample, int dim) {
        double value = x[at + FitSource.PARAMETERS + sample * dims + dim];
        return Math.max(0, Math.min(1, (value - low[dim]) / (high[dim] - low[dim])));
    }

    private void scatter(float[] x, int at, float[] image, int corner, int across, int up) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int n = 0; n < FitSource.SAMPLES; n++) {
            least = Math.min(least, x[at + FitSource.LOG_DENSITY + n]);
            most = Math.max(most, x[at + FitSource.LOG_DENSITY + n]);
        }
        for (int n = 0; n < FitSource.SAMPLES; n++) {
            float share = most > least ? (x[at + FitSource.LOG_DENSITY + n] - least) / (most - least) : 1;
            int column = (int) Math.round((CELL - 2) * value(x, at, n, across));
            int row = (int) Math.round((CELL - 2) * (1 - value(x, at, n, up)));
            for (int pixel = 0; pixel < 4; pixel++) {
                int to = corner + (row + pixel / 2) * size() + column + pixel % 2;
                image[to] = Math.max(image[to], 0.3f + 0.7f * share);
            }
        }
    }

    private void density(float[] x, int at, float[] image, int corner, int across, int up) {
        Arrays.fill(smoothed, 0);
        double most = 0;
        for (int n = 0; n < FitSource.SAMPLES; n++) {
            for (int i = 0; i < GRID; i++) {
                double vertical = across == up ? 1 : kernel((i + 0.5) / GRID - value(x, at, n, up));
                for (int j = 0; j < GRID && vertical > 1e-4; j++) {
                    smoothed[i * GRID + j] += vertical * kernel((j + 0.5) / GRID - value(x, at, n, across));
                    most = Math.max(most, smoothed[i * GRID + j]);
                }
            }
        }
        int pixels = CELL / GRID;
        for (int i = 0; i < CELL; i++) {
            for (int j = 0; j < CELL; j++) {
                double share = smoothed[(GRID - 1 - i / pixels) * GRID + j / pixels] / most;
                boolean below = CELL - i <= share * CELL;
                image[corner + i * size() + j] = (float) (across == up ? (below ? 0.6 : 0) : share);
            }
        }
    }

    private void histogram(float[] x, int at, int statistic, float[] image, int corner) {
        int from = at + FitSource.statistics(dims) + statistic * FitSource.SAMPLES;
        double least = mu[statistic];
        double most = mu[statistic];
        for (int n = from; n < from + FitSource.SAMPLES; n++) {
            least = Math.min(least, x[n]);
            most = Math.max(most, x[n]);
        }
        double range = Math.max(most - least, Double.MIN_NORMAL);
        Arrays.fill(counts, 0);
        int highest = 0;
        for (int n = from; n < from + FitSource.SAMPLES; n++) {
            int bin = (int) Math.min(GRID - 1, GRID * (x[n] - least) / range);
            highest = Math.max(highest, ++counts[bin]);
        }
        int line = (int) Math.min(CELL - 2, CELL * (mu[statistic] - least) / range);
        for (int i = 0; i < CELL; i++) {
            int row = corner + i * width();
            for (int j = 0; j < CELL; j++) {
                boolean below = (CELL - i) * highest <= counts[j * GRID / CELL] * CELL;
                image[row + j] = j == line || j == line + 1 ? 1 : below ? 0.6f : 0;
            }
            if (statistic > 0) {
                Arrays.fill(image, row - GAP, row, FRAME);
            }
        }
    }

    private static double kernel(double distance) {
        return Math.exp(-0.5 * distance * distance / (BANDWIDTH * BANDWIDTH));
    }
}
