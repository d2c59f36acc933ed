package org.amacrine.demos.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.operators.analysis.ArrayViews;
import org.amacrine.operators.analysis.Overview;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws arrays and kernels: as lines along time, as frames side by side, or as an overview of both. What is drawn is computed by
 * {@link ArrayViews} and {@link Overview}.
 *
 * @param title above the picture
 * @param unit of the values; empty for plain numbers
 * @param stepsPerSecond for an axis in seconds; 0 for one that counts frames
 * @param colours of images; null for {@link ColourMap#SIGNED} where there are values below 0, else {@link ColourMap#HEAT}
 */
public record ArrayPicture(String title, String unit, double stepsPerSecond, ColourMap colours) {
    private static final int WIDTH = 960;
    private static final int CHART = 340;
    private static final int MARGIN = 16;
    private static final int MOST_ZOOM = 24;
    /** Most pixels that a picture is high; frames of more channels are not drawn. */
    private static final int MOST_HEIGHT = 16_000;
    /** Least width, for the title and the colour bar. */
    private static final int NARROW = 120;
    /** More lines than this make a picture slow and say nothing. */
    private static final int MOST_LINES = 256;

    private static final Color MEAN = new Color(0x7a2a86);
    private static final Color BAND = new Color(0xe6dcea);
    private static final Color TRACE = new Color(0x99808080, true);

    /** What suits the array best: one line, one image, or an overview. */
    public BufferedImage best(NdArray array) {
        int[] e = ArrayViews.fiveAxes(array).shape();
        if (e[ArrayViews.TIME] == 1) {
            return frames(array, 1);
        }
        return e[0] * e[1] * e[3] * e[4] == 1 ? lines(array) : overview(array);
    }

    /** Lines along time, one for each index of the other axes after means over some; see {@link ArrayViews#lines}. */
    public BufferedImage lines(NdArray array, int... mean) {
        NdArray lines = ArrayViews.lines(array, mean);
        int count = lines.shape()[1];
        if (count > MOST_LINES) {
            throw new IllegalArgumentException("at most " + MOST_LINES + " lines are drawn but there would be " + count
                    + "; take the mean over some axes, or draw an overview");
        }
        XYChart chart = chart();
        double[] x = times(lines.shape()[0]);
        for (int i = 0; i < count; i++) {
            int line = i;
            double[] y = IntStream.range(0, x.length)
                    .mapToDouble(t -> lines.at(t * count + line))
                    .toArray();
            addLine(chart, "line " + i, x, y, Color.getHSBColor(0.75f - 0.75f * i / count, 0.65f, 0.65f), 1.6f);
        }
        return painted(WIDTH, CHART, g -> chart.paint(g, WIDTH, CHART));
    }

    /** So many frames at most side by side, from the first to the last; batches and channels below each other. */
    public BufferedImage frames(NdArray array, int most) {
        HeatMap map = mosaic(Overview.of(array, most, 0), title);
        int width = width(map);
        int height = height(map, width);
        return painted(
                Math.max(width, NARROW) + 2 * MARGIN, height + MARGIN, g -> map.paint(g, MARGIN, MARGIN / 2, width));
    }

    /** The range, the mean and some pixels over time, and below them some frames with a common scale. */
    public BufferedImage overview(NdArray array) {
        Overview overview = Overview.of(array, Overview.FRAMES, Overview.TRACES);
        XYChart chart = chart();
        double[] x = times(overview.statistics().mean().length);
        addBand(chart, x, overview.statistics().low(), overview.statistics().high());
        for (int i = 0; i < overview.traces().length; i++) {
            addLine(chart, "pixel " + i, x, overview.traces()[i], TRACE, 1);
        }
        addLine(chart, "mean", x, overview.statistics().mean(), MEAN, 2.2f);
        String shown = Arrays.stream(overview.shownFrames())
                .mapToObj(this::time)
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        HeatMap map = mosaic(overview, (stepsPerSecond > 0 ? "at " : "frames ") + shown);
        int width = width(map);
        int height = height(map, width);
        return painted(WIDTH, CHART + height + MARGIN, g -> {
            chart.paint(g, WIDTH, CHART);
            map.paint((Graphics2D) g.create(), (WIDTH - width) / 2, CHART + MARGIN / 2, width);
        });
    }

    private HeatMap mosaic(Overview overview, String heading) {
        NdArray image = ArrayViews.mosaic(overview.shown(), Double.NaN);
        Shape shape = Shape.image(image.shape()[0], image.shape()[1]);
        ColourMap chosen = colours != null
                ? colours
                : Arrays.stream(image.doubles()).anyMatch(value -> value < 0) ? ColourMap.SIGNED : ColourMap.HEAT;
        return new HeatMap(heading, unit, chosen, shape, image.floats());
    }

    /** The width that makes each pixel a square of whole pixels, as large as width and height allow, or that of the picture. */
    private static int width(HeatMap map) {
        int room = WIDTH - 2 * MARGIN;
        int columns = map.shape().columns();
        int rows = map.shape().rows();
        int zoom = Math.min(MOST_ZOOM, Math.min(room / columns, MOST_HEIGHT / rows));
        boolean isLow = (long) NARROW * rows <= (long) MOST_HEIGHT * columns;
        return zoom == 0 ? room : Math.max(isLow ? NARROW : 1, zoom * columns);
    }

    private static int height(HeatMap map, int width) {
        long high = (long) width * map.shape().rows() / map.shape().columns();
        if (high > MOST_HEIGHT) {
            throw new IllegalArgumentException(
                    "frames of " + map.shape().rows() + " rows below each other make a picture " + high
                            + " pixels high, at most " + MOST_HEIGHT + " are drawn; take fewer channels");
        }
        return map.height(width);
    }

    /** Pictures below each other. */
    public static BufferedImage below(List<BufferedImage> pictures) {
        int width = pictures.stream().mapToInt(BufferedImage::getWidth).max().orElseThrow();
        int height = pictures.stream().mapToInt(BufferedImage::getHeight).sum();
        return painted(width, height, g -> {
            int y = 0;
            for (BufferedImage picture : pictures) {
                g.drawImage(picture, 0, y, null);
                y += picture.getHeight();
            }
        });
    }

    private static BufferedImage painted(int width, int height, Consumer<Graphics2D> painter) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        painter.accept(g);
        g.dispose();
        return picture;
    }

    private double[] times(int count) {
        double step = stepsPerSecond > 0 ? 1 / stepsPerSecond : 1;
        return IntStream.range(0, count).mapToDouble(t -> t * step).toArray();
    }

    private String time(int frame) {
        return stepsPerSecond > 0
                ? String.format(Locale.ROOT, "%.3f s", frame / stepsPerSecond)
                : Integer.toString(frame);
    }

    private XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .title(title)
                .xAxisTitle(stepsPerSecond > 0 ? "time (s)" : "frame")
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        chart.getStyler().setPlotBorderVisible(false);
        chart.getStyler().setXAxisDecimalPattern("0.###");
        chart.getStyler().setXAxisTickMarkSpacingHint(100);
        return chart;
    }

    /** A line, with gaps where a value is no finite number. */
    private static void addLine(XYChart chart, String name, double[] x, double[] y, Color colour, float width) {
        double[] known = Arrays.stream(y)
                .map(value -> Double.isFinite(value) ? value : Double.NaN)
                .toArray();
        chart.addSeries(name, x, known)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(colour)
                .setLineStyle(new BasicStroke(width));
    }

    /** The area between two lines, around each run of frames that are known: along the one and back the other, then a gap. */
    private static void addBand(XYChart chart, double[] x, double[] low, double[] high) {
        int n = x.length;
        double[] around = new double[3 * n];
        double[] edge = new double[3 * n];
        int count = 0;
        for (int from = 0; from < n; from++) {
            int to = from;
            for (; to < n && !Double.isNaN(low[to]); to++) {
                around[count] = x[to];
                edge[count++] = low[to];
            }
            for (int i = to - 1; i >= from; i--) {
                around[count] = x[i];
                edge[count++] = high[i];
            }
            if (to < n) {
                around[count] = x[to];
                edge[count++] = Double.NaN;
            }
            from = to;
        }
        XYSeries band = chart.addSeries("range", Arrays.copyOf(around, count), Arrays.copyOf(edge, count));
        band.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        band.setMarker(SeriesMarkers.NONE);
        band.setFillColor(BAND);
        band.setLineColor(BAND);
    }
}
