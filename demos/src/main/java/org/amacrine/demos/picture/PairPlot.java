package org.amacrine.demos.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.amacrine.operators.epi.Distribution;
import org.amacrine.operators.epi.NormalizingFlow;
import org.amacrine.sinks.OutputFiles;

/**
 * A picture of a distribution over parameters: a square for each pair. Above the diagonal lie samples, coloured by log density;
 * below it their density, smoothed by a Gaussian of a tenth of the axes; on it the density of one parameter. At most eight
 * parameters are drawn, the first.
 */
public final class PairPlot {
    private static final int MOST_DIMS = 8;
    private static final int CELL = 190;
    private static final int GAP = 10;
    private static final int LABEL = 66;
    private static final int GRID = 38;
    private static final double BANDWIDTH = 0.05;
    private static final Color INK = new Color(0x333333);

    private final List<String> names;
    private final int dims;
    private final int columns;
    private final double[] z;
    private final double[] logDensity;
    private final double[] low;
    private final double[] high;

    /**
     * A picture of samples.
     *
     * @param names of all parameters
     * @param z samples, [samples][parameters]
     * @param logDensity of each
     * @param low where the axis of each parameter begins
     * @param high where it ends
     */
    public PairPlot(List<String> names, double[] z, double[] logDensity, double[] low, double[] high) {
        this.names = List.copyOf(names);
        this.columns = names.size();
        this.dims = Math.min(MOST_DIMS, columns);
        this.z = z;
        this.logDensity = logDensity;
        this.low = low;
        this.high = high;
    }

    /** A picture of so many samples, on axes from bound to bound, or over the samples where there is none. */
    public static PairPlot of(Distribution distribution, int count, long seed) {
        double[] z = distribution.sample(count, seed);
        int dims = distribution.dims();
        NormalizingFlow flow = distribution.flow();
        double[] low = new double[dims];
        double[] high = new double[dims];
        for (int d = 0; d < dims; d++) {
            int dim = d;
            double[] column = IntStream.range(0, count)
                    .mapToDouble(n -> z[n * dims + dim])
                    .toArray();
            low[d] = Double.isFinite(flow.lower(d))
                    ? flow.lower(d)
                    : Arrays.stream(column).min().orElseThrow();
            high[d] = Double.isFinite(flow.upper(d))
                    ? flow.upper(d)
                    : Arrays.stream(column).max().orElseThrow();
        }
        return new PairPlot(distribution.names(), z, distribution.logProbability(z), low, high);
    }

    /** Width and height of the picture. */
    public int size() {
        return LABEL + dims * (CELL + GAP);
    }

    /**
     * Writes it as PNG.
     *
     * @throws IOException when the file cannot be written
     */
    public void write(Path file) throws IOException {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException(
                    "a picture is a .png file but was \"" + file + "\"; for example out/epi.png");
        }
        OutputFiles.prepare(file, true);
        BufferedImage picture = new BufferedImage(size(), size(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, size(), size());
        paint(g);
        g.dispose();
        try (OutputStream out = Files.newOutputStream(file)) {
            ImageIO.write(picture, "png", out);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }

    /** Draws it with its upper left corner at the origin. */
    public void paint(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        int[] order = order();
        for (int row = 0; row < dims; row++) {
            for (int column = 0; column < dims; column++) {
                int x = LABEL + column * (CELL + GAP);
                int y = row * (CELL + GAP) + GAP / 2;
                if (column > row) {
                    scatter(g, x, y, column, row, order);
                } else if (column < row) {
                    density(g, x, y, column, row);
                } else {
                    marginal(g, x, y, row);
                }
                g.setColor(Color.LIGHT_GRAY);
                g.drawRect(x, y, CELL, CELL);
            }
            labels(g, row);
        }
    }

    private void labels(Graphics2D g, int dim) {
        g.setColor(INK);
        int at = dim * (CELL + GAP);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        g.drawString(names.get(dim), 6, at + CELL / 2);
        g.drawString(names.get(dim), LABEL + at + CELL / 2 - 10, size() - LABEL + 30);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        g.drawString(number(high[dim]), 6, at + GAP / 2 + 11);
        g.drawString(number(low[dim]), 6, at + GAP / 2 + CELL);
        g.drawString(number(low[dim]), LABEL + at, size() - LABEL + 12);
        g.drawString(number(high[dim]), LABEL + at + CELL - 20, size() - LABEL + 12);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }

    private double value(int sample, int dim) {
        return (z[sample * columns + dim] - low[dim]) / (high[dim] - low[dim]);
    }

    /** Samples from the least to the most probable, so that the latter lie on top. */
    private int[] order() {
        List<Integer> order = new ArrayList<>();
        for (int n = 0; n < logDensity.length; n++) {
            order.add(n);
        }
        order.sort(Comparator.comparingDouble(n -> logDensity[n]));
        return order.stream().mapToInt(n -> n).toArray();
    }

    private void scatter(Graphics2D g, int x, int y, int across, int up, int[] order) {
        double least = logDensity[order[order.length / 50]];
        double most = logDensity[order[order.length - 1]];
        for (int n : order) {
            double share = most > least ? (logDensity[n] - least) / (most - least) : 1;
            g.setColor(new Color(ColourMap.HEAT.rgb(0.9 * share)));
            double px = x + CELL * value(n, across);
            double py = y + CELL * (1 - value(n, up));
            g.fill(new Ellipse2D.Double(px - 1.6, py - 1.6, 3.2, 3.2));
        }
    }

    private void density(Graphics2D g, int x, int y, int across, int up) {
        double[] smoothed = new double[GRID * GRID];
        for (int n = 0; n < logDensity.length; n++) {
            for (int i = 0; i < GRID; i++) {
                double vertical = kernel((i + 0.5) / GRID - value(n, up));
                for (int j = 0; j < GRID && vertical > 1e-6; j++) {
                    smoothed[i * GRID + j] += vertical * kernel((j + 0.5) / GRID - value(n, across));
                }
            }
        }
        double most = Arrays.stream(smoothed).max().orElse(1);
        for (int i = 0; i < GRID; i++) {
            for (int j = 0; j < GRID; j++) {
                g.setColor(new Color(ColourMap.HEAT.rgb(smoothed[i * GRID + j] / most)));
                int left = x + j * CELL / GRID;
                int top = y + (GRID - 1 - i) * CELL / GRID;
                g.fillRect(left, top, x + (j + 1) * CELL / GRID - left, y + (GRID - i) * CELL / GRID - top);
            }
        }
    }

    private void marginal(Graphics2D g, int x, int y, int dim) {
        double[] smoothed = new double[CELL];
        for (int n = 0; n < logDensity.length; n++) {
            for (int j = 0; j < CELL; j++) {
                smoothed[j] += kernel((j + 0.5) / CELL - value(n, dim));
            }
        }
        double most = Arrays.stream(smoothed).max().orElse(1);
        g.setColor(new Color(ColourMap.HEAT.rgb(0.45)));
        for (int j = 0; j < CELL; j++) {
            int height = (int) Math.round(0.95 * CELL * smoothed[j] / most);
            g.fillRect(x + j, y + CELL - height, 1, height);
        }
    }

    private static double kernel(double distance) {
        return Math.exp(-0.5 * distance * distance / (BANDWIDTH * BANDWIDTH));
    }
}
