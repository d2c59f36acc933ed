package org.amacrine.demos.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.amacrine.operators.epi.Distribution;
import org.amacrine.operators.epi.NormalizingFlow;

/**
 * A picture of a distribution over parameters: a square for each pair. Above the diagonal lie samples, coloured by log density;
 * below it their density, smoothed by a Gaussian of a tenth of the axes; on it the density of one parameter. At most eight
 * parameters are drawn, the first. Above the diagonal there may be stars, a trajectory, and the line of equal parameters as well.
 */
public final class PairPlot {
    private static final int MOST_DIMS = 8;
    private static final int CELL = 190;
    private static final int GAP = 10;
    private static final int LABEL = 66;
    private static final int GRID = 38;
    private static final double BANDWIDTH = 0.05;
    private static final Color INK = new Color(0x333333);
    private static final Color MARK = new Color(0x2a9d3a);
    private static final BasicStroke DASHED =
            new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, new float[] {6, 4}, 0);
    private static final double RADIUS = 1.6;
    private static final double STAR_RADIUS = 8;
    private static final int BAR = 8;

    private final List<String> names;
    private final int dims;
    private final int columns;
    private final double[] z;
    private final double[] logDensity;
    private final double[] low;
    private final double[] high;
    private PointColours colours;
    private double[] stars = {};
    private double[] trajectory = {};
    private boolean unityLine;

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
        double[] sorted =
                Arrays.stream(logDensity).filter(Double::isFinite).sorted().toArray();
        // The fiftieth part that is least probable is black.
        colours = sorted.length == 0
                ? new PointColours(0, 0)
                : new PointColours(sorted[sorted.length / 50], sorted[sorted.length - 1]);
    }

    /** Colours samples by log density between these limits. */
    public PairPlot colours(PointColours limits) {
        colours = limits;
        return this;
    }

    /** Colours samples over all log densities that lie within ten standard deviations of their mean. */
    public PairPlot outliersApart() {
        return colours(PointColours.outliersApart(logDensity));
    }

    /**
     * Draws a star at each of some points.
     *
     * @param points [points][parameters]
     */
    public PairPlot stars(double... points) {
        stars = whole("stars", points);
        return this;
    }

    /**
     * Draws a line through points, in their order.
     *
     * @param points [points][parameters]
     */
    public PairPlot trajectory(double... points) {
        trajectory = whole("a trajectory", points);
        return this;
    }

    /** Draws a dashed line where both parameters of a square are equal. */
    public PairPlot unityLine(boolean on) {
        unityLine = on;
        return this;
    }

    private double[] whole(String what, double[] points) {
        if (points.length % columns != 0) {
            throw new IllegalArgumentException(what + " must be points of " + columns + " parameters each but "
                    + points.length + " values were given; give whole points");
        }
        return points.clone();
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
        PngFile.prepare(file);
        BufferedImage picture = new BufferedImage(size(), size(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, size(), size());
        paint(g);
        g.dispose();
        PngFile.write(file, picture);
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
        colourBar(g);
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
        return scaled(z[sample * columns + dim], dim);
    }

    /** Where a value lies on the axis of a parameter: 0 at its beginning, 1 at its end. */
    private double scaled(double value, int dim) {
        return (value - low[dim]) / (high[dim] - low[dim]);
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

    private void scatter(Graphics2D square, int x, int y, int across, int up, int[] order) {
        Graphics2D g = (Graphics2D) square.create();
        g.translate(x, y);
        g.clipRect(0, 0, CELL, CELL);
        for (int n : order) {
            Ellipse2D point = new Ellipse2D.Double(
                    at(value(n, across)) - RADIUS, at(1 - value(n, up)) - RADIUS, 2 * RADIUS, 2 * RADIUS);
            g.setColor(new Color(colours.rgb(logDensity[n])));
            g.fill(point);
            if (logDensity[n] > colours.high()) {
                // White points would not be seen.
                g.setColor(Color.GRAY);
                g.draw(point);
            }
        }
        if (unityLine) {
            g.setColor(INK);
            g.setStroke(DASHED);
            double least = Math.min(low[across], low[up]);
            double most = Math.max(high[across], high[up]);
            g.draw(new Line2D.Double(
                    at(scaled(least, across)),
                    at(1 - scaled(least, up)),
                    at(scaled(most, across)),
                    at(1 - scaled(most, up))));
        }
        if (trajectory.length > 0) {
            Path2D line = new Path2D.Double();
            for (int i = 0; i < trajectory.length; i += columns) {
                double px = at(scaled(trajectory[i + across], across));
                double py = at(1 - scaled(trajectory[i + up], up));
                if (i == 0) {
                    line.moveTo(px, py);
                } else {
                    line.lineTo(px, py);
                }
            }
            g.setColor(MARK);
            g.setStroke(new BasicStroke(2));
            g.draw(line);
        }
        for (int i = 0; i < stars.length; i += columns) {
            Path2D star = star(at(scaled(stars[i + across], across)), at(1 - scaled(stars[i + up], up)));
            g.setStroke(new BasicStroke(1));
            g.setColor(MARK);
            g.fill(star);
            g.setColor(Color.BLACK);
            g.draw(star);
        }
        g.dispose();
    }

    private static double at(double share) {
        return CELL * share;
    }

    /** Five rays around a point. */
    private static Path2D star(double x, double y) {
        Path2D star = new Path2D.Double();
        for (int corner = 0; corner < 10; corner++) {
            double radius = corner % 2 == 0 ? STAR_RADIUS : 0.4 * STAR_RADIUS;
            double angle = Math.PI * (corner / 5.0 - 0.5);
            double px = x + radius * Math.cos(angle);
            double py = y + radius * Math.sin(angle);
            if (corner == 0) {
                star.moveTo(px, py);
            } else {
                star.lineTo(px, py);
            }
        }
        star.closePath();
        return star;
    }

    /** What the colours mean, in the lower right corner. */
    private void colourBar(Graphics2D g) {
        int x = LABEL + (dims - 1) * (CELL + GAP);
        int y = size() - 24;
        for (int i = 0; i < CELL; i++) {
            g.setColor(new Color(colours.rgb(colours.low() + (colours.high() - colours.low()) * i / (CELL - 1))));
            g.fillRect(x + i, y, 1, BAR);
        }
        g.setColor(INK);
        g.drawString("log q " + number(colours.low()), x, y + BAR + 11);
        String right = number(colours.high());
        g.drawString(right, x + CELL - g.getFontMetrics().stringWidth(right), y + BAR + 11);
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
