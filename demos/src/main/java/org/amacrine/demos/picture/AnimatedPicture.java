package org.amacrine.demos.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.operators.analysis.ArrayViews;
import org.amacrine.operators.analysis.FrameStatistics;

/**
 * Draws the frames of an array one after the other, in one scale of colours for all: batches side by side, channels below each
 * other, with the time above; and, where wished, a plot that scrolls below: the range, the standard deviation around the mean, the mean,
 * the pixel in the middle, and a red line at the frame that is shown.
 */
public final class AnimatedPicture {
    private static final int TITLE = 26;
    private static final int MARGIN = 8;
    private static final int PLOT = 130;
    /** Least width, for the title; and with a plot. */
    private static final int NARROW = 160;

    private static final int NARROW_PLOT = 420;
    private static final int ROOM = 480;
    private static final int MOST_ZOOM = 24;
    private static final Color INK = new Color(0x333333);
    private static final Color RANGE = new Color(0xe6e6ee);
    private static final Color DEVIATION = new Color(0xc8c0dc);
    private static final Color MEAN = new Color(0x7a2a86);
    private static final Color MIDDLE = new Color(0xf1734c);

    private final NdArray array;
    private final ColourMap colours;
    private final double low;
    private final double high;
    private final double stepsPerSecond;
    private final FrameStatistics statistics;
    private final int window;
    private final Shape image;
    private final int zoom;

    /**
     * Pictures of an array.
     *
     * @param given of one to five axes, see {@link ArrayViews#fiveAxes}
     * @param colours null for {@link ColourMap#SIGNED} where there are values below 0, else {@link ColourMap#HEAT}
     * @param range least and greatest value of the scale; null for those of the array
     * @param stepsPerSecond for a time in seconds; 0 for the number of the frame
     * @param window frames that the plot shows; 0 for no plot
     */
    public AnimatedPicture(NdArray given, ColourMap colours, double[] range, double stepsPerSecond, int window) {
        if (window < 0) {
            throw new IllegalArgumentException("the frames of a plot must be >= 0 but were " + window + "; 0 for none");
        }
        array = ArrayViews.fiveAxes(given);
        this.stepsPerSecond = stepsPerSecond;
        this.window = window;
        statistics = FrameStatistics.of(array);
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < count(); t++) {
            least = Double.isNaN(statistics.low()[t])
                    ? least
                    : Math.min(least, statistics.low()[t]);
            greatest = Double.isNaN(statistics.high()[t])
                    ? greatest
                    : Math.max(greatest, statistics.high()[t]);
        }
        if (least > greatest) {
            least = 0;
            greatest = 1;
        }
        this.colours = colours != null ? colours : least < 0 ? ColourMap.SIGNED : ColourMap.HEAT;
        if (range == null && this.colours == ColourMap.SIGNED) {
            greatest = Math.max(Math.abs(least), Math.abs(greatest));
            least = -greatest;
        }
        low = range == null ? least : range[0];
        high = range == null ? greatest : range[1];
        int[] e = array.shape();
        image = Shape.image(Math.multiplyExact(e[1], e[3]), Math.multiplyExact(e[0], e[4]));
        zoom = Math.max(1, Math.min(MOST_ZOOM, ROOM / Math.max(image.rows(), image.columns())));
    }

    /** Number of frames. */
    public int count() {
        return array.shape()[ArrayViews.TIME];
    }

    /** Width of a picture, in pixels. */
    public int width() {
        return Math.max(image.columns() * zoom, window > 0 ? NARROW_PLOT : NARROW) + 2 * MARGIN;
    }

    /** Height of a picture, in pixels. */
    public int height() {
        return TITLE + image.rows() * zoom + (window > 0 ? PLOT + 2 * MARGIN : 0) + MARGIN;
    }

    /** The picture of a frame. */
    public BufferedImage frame(int t) {
        BufferedImage picture = new BufferedImage(width(), height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width(), height());
        g.setColor(INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
        g.drawString(
                stepsPerSecond > 0 ? String.format(Locale.ROOT, "%.3f s", t / stepsPerSecond) : "frame " + t,
                MARGIN,
                18);
        NdArray frame = ArrayViews.mosaic(ArrayViews.frames(array, t), new int[] {2, 1, 3}, new int[] {0, 4});
        g.drawImage(
                HeatMap.image(colours, image, frame.floats(), low, high > low ? high : low + 1),
                MARGIN,
                TITLE,
                image.columns() * zoom,
                image.rows() * zoom,
                null);
        if (window > 0) {
            paintPlot(
                    (Graphics2D) g.create(MARGIN, TITLE + image.rows() * zoom + MARGIN, width() - 2 * MARGIN, PLOT), t);
        }
        g.dispose();
        return picture;
    }

    /** The frames around {@code t}, which stays in the middle while they scroll by. */
    private void paintPlot(Graphics2D g, int t) {
        int from = Math.max(0, t - window / 2);
        int to = Math.min(count() - 1, t + window / 2);
        g.setColor(RANGE);
        g.fill(band(from, to, t, 0));
        g.setColor(DEVIATION);
        g.fill(band(from, to, t, 1));
        g.setStroke(new BasicStroke(1.6f));
        g.setColor(MIDDLE);
        g.draw(line(statistics.middle(), from, to, t));
        g.setColor(MEAN);
        g.draw(line(statistics.mean(), from, to, t));
        g.setColor(Color.RED);
        g.drawLine((int) x(t, t), 0, (int) x(t, t), PLOT);
        g.setColor(INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        g.drawString(String.format(Locale.ROOT, "%.3g", high), 2, 11);
        g.drawString(String.format(Locale.ROOT, "%.3g", low), 2, PLOT - 3);
        g.dispose();
    }

    private double x(int frame, int shown) {
        return (0.5 + (frame - shown) / (double) window) * (width() - 2 * MARGIN);
    }

    private double y(double value) {
        return PLOT - 1 - (value - low) / (high > low ? high - low : 1) * (PLOT - 2);
    }

    private Path2D line(double[] values, int from, int to, int shown) {
        Path2D path = new Path2D.Double();
        boolean begun = false;
        for (int i = from; i <= to; i++) {
            if (!Double.isFinite(values[i])) {
                begun = false;
            } else if (begun) {
                path.lineTo(x(i, shown), y(values[i]));
            } else {
                path.moveTo(x(i, shown), y(values[i]));
                begun = true;
            }
        }
        return path;
    }

    /** The range of each frame, or so many standard deviations around its mean, where they are known. */
    private Path2D band(int from, int to, int shown, int deviations) {
        Path2D path = new Path2D.Double();
        double half = (x(1, 0) - x(0, 0)) / 2;
        for (int i = from; i <= to; i++) {
            double spread = deviations * statistics.deviation()[i];
            double top = deviations == 0 ? statistics.high()[i] : statistics.mean()[i] + spread;
            double bottom = deviations == 0 ? statistics.low()[i] : statistics.mean()[i] - spread;
            if (Double.isFinite(top) && Double.isFinite(bottom)) {
                path.append(new Rectangle2D.Double(x(i, shown) - half, y(top), 2 * half, y(bottom) - y(top)), false);
            }
        }
        return path;
    }
}
