package org.amacrine.demos.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.amacrine.demos.generator.FittedGenerator;
import org.amacrine.demos.generator.SimulatedNetwork;
import org.amacrine.sinks.OutputFiles;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A sink that draws an experiment beside what a fitted model makes of its stimuli: the fit, rhythms, stimuli, true and generated
 * activity, and some units. Keeps the first steps of a run.
 *
 * <p>Its signals are, in this order: the experiment, stimuli before units, and the generated activity. What the model
 * generates at a step belongs to the experiment's next one.
 */
public final class GeneratorPicture implements ChunkSink {
    private static final int STEPS = 900;
    private static final int WIDTH = 1560;
    private static final int MARGIN = 24;
    private static final int LABEL = 84;
    private static final int TITLE = 22;
    private static final int CHART = 320;
    private static final int ROW = 6;
    private static final int STIMULUS = 12;
    private static final int TRACE = 70;
    private static final int MOST_LAG = 60;
    private static final int[] SHOWN = {0, 11, 30};
    private static final Color TRUE = new Color(0x444444);
    private static final Color GENERATED = new Color(0xc0392b);

    private final Path file;
    private final FittedGenerator fitted;
    private final int freedAt;
    private final float[] experiment = new float[STEPS * (SimulatedNetwork.STIMULI + SimulatedNetwork.UNITS)];
    private final float[] generated = new float[STEPS * SimulatedNetwork.UNITS];
    private final long[] steps = new long[2];
    private boolean writesParts;

    /**
     * A picture, written as PNG when the run has ended.
     *
     * @param freedAt the step from which on the model feeds itself
     */
    public GeneratorPicture(Path file, FittedGenerator fitted, int freedAt) {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException(
                    "a picture is a .png file but was \"" + file + "\"; for example out/generator.png");
        }
        this.file = file;
        this.fitted = fitted;
        this.freedAt = freedAt;
    }

    /** Whether each part is also written as a picture of its own, {@code NAME-PART.png}; not by default. */
    public GeneratorPicture parts(boolean wanted) {
        writesParts = wanted;
        return this;
    }

    @Override
    public void open(List<Signal> signals) throws IOException {
        OutputFiles.prepare(file, true);
        Arrays.fill(steps, 0);
    }

    @Override
    public void accept(int signal, Chunk chunk) {
        float[] kept = signal == 0 ? experiment : generated;
        int width = kept.length / STEPS;
        for (int t = 0; t < chunk.frames(); t++) {
            long step = chunk.firstFrame() + t;
            if (step < STEPS) {
                System.arraycopy(chunk.values(), chunk.start(t), kept, (int) step * width, width);
                steps[signal] = step + 1;
            }
        }
    }

    /** Steps of which both the experiment and what was generated for them are known. */
    private int count() {
        return (int) Math.max(0, Math.min(steps[0], steps[1] + 1));
    }

    /** True activity of a unit at a step. */
    private double truth(int step, int unit) {
        return experiment[step * (SimulatedNetwork.STIMULI + SimulatedNetwork.UNITS) + SimulatedNetwork.STIMULI + unit];
    }

    /** Activity of a unit that the model generated for a step of the experiment, from 1 on. */
    private double made(int step, int unit) {
        return generated[(step - 1) * SimulatedNetwork.UNITS + unit];
    }

    /** What was seen so far, in words. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "correlation of generated with true activity: %.2f while it was given%s%s; rms %.2f generated, %.2f true",
                correlation(1, freedAt),
                part(freedAt, freedAt + 100, ", %.2f in the 100 steps after that"),
                part(freedAt + 100, count(), ", %.2f from then on"),
                rms(true),
                rms(false));
    }

    /** Nothing where a short run has no such steps. */
    private String part(int from, int to, String text) {
        return count() > from ? String.format(Locale.ROOT, text, correlation(from, to)) : "";
    }

    /** Of all units in steps {@code from} to {@code to}, the latter left out; NaN for none. */
    public double correlation(int from, int to) {
        double both = 0;
        double a = 0;
        double b = 0;
        for (int t = Math.max(1, from); t < Math.min(to, count()); t++) {
            for (int u = 0; u < SimulatedNetwork.UNITS; u++) {
                both += made(t, u) * truth(t, u);
                a += made(t, u) * made(t, u);
                b += truth(t, u) * truth(t, u);
            }
        }
        return both / Math.sqrt(a * b);
    }

    /** Root mean square of the activity where the model feeds itself. */
    public double rms(boolean ofGenerated) {
        double sum = 0;
        int n = 0;
        for (int t = freedAt; t < count(); t++) {
            for (int u = 0; u < SimulatedNetwork.UNITS; u++, n++) {
                double value = ofGenerated ? made(t, u) : truth(t, u);
                sum += value * value;
            }
        }
        return Math.sqrt(sum / n);
    }

    @Override
    public void close() throws IOException {
        if (count() < 2) {
            return;
        }
        Map<String, Rectangle> parts = new LinkedHashMap<>();
        BufferedImage picture = paint(parts);
        PngFile.write(file, picture);
        if (writesParts) {
            PictureFiles.writeParts(picture, parts, file);
        }
    }

    // ------------------------------------------------------------------------------------------------ drawing

    /** Paints everything, and says where its parts are. */
    private BufferedImage paint(Map<String, Rectangle> parts) {
        int map = TITLE + SimulatedNetwork.UNITS * ROW + MARGIN;
        int height = MARGIN
                + CHART
                + MARGIN
                + TITLE
                + SimulatedNetwork.STIMULI * STIMULUS
                + MARGIN
                + 2 * map
                + TITLE
                + SHOWN.length * TRACE
                + 2 * MARGIN;
        BufferedImage picture = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, height);
        int half = (WIDTH - 3 * MARGIN) / 2;
        objective().paint(at(g, MARGIN), half, CHART);
        rhythms().paint(at(g, 2 * MARGIN + half), half, CHART);
        int y = paintStimuli(g, 2 * MARGIN + CHART);
        y = paintMap(g, y, "True activity, units in order of their phase", false);
        String title =
                "Generated activity; from the line on, the model sees only the stimuli and what it generated itself";
        y = paintMap(g, y, title, true);
        paintTraces(g, y);
        g.dispose();
        int top = CHART + 3 * MARGIN / 2;
        parts.put("fit", new Rectangle(MARGIN / 2, MARGIN / 2, half + MARGIN, CHART + MARGIN));
        parts.put("rhythms", new Rectangle(half + 3 * MARGIN / 2, MARGIN / 2, half + MARGIN, CHART + MARGIN));
        parts.put("activity", new Rectangle(0, top, WIDTH, y - top - MARGIN / 2));
        parts.put("units", new Rectangle(0, y - MARGIN / 2, WIDTH, height - y + MARGIN / 2));
        return picture;
    }

    private static Graphics2D at(Graphics2D g, int x) {
        Graphics2D copy = (Graphics2D) g.create();
        copy.translate(x, MARGIN);
        return copy;
    }

    private static XYChart chart(String title, String x, String y, boolean legend) {
        XYChart chart =
                new XYChartBuilder().title(title).xAxisTitle(x).yAxisTitle(y).build();
        chart.getStyler().setLegendVisible(legend);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        return chart;
    }

    private static void line(XYChart chart, String name, double[] x, double[] y, Color colour) {
        chart.addSeries(name, x, y)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(colour)
                .setLineStyle(new BasicStroke(2));
    }

    private XYChart objective() {
        XYChart chart = chart(
                "The fit, on " + fitted.rows() + " steps",
                "iteration",
                "negative log-likelihood per step (nats)",
                false);
        chart.getStyler().setXAxisLogarithmic(true);
        double[] y = fitted.objective();
        double[] x = new double[y.length];
        Arrays.setAll(x, i -> i + 1);
        line(chart, "objective", x, y, GENERATED);
        return chart;
    }

    /** Autocorrelation, averaged over units, where the model feeds itself. */
    private XYChart rhythms() {
        XYChart chart =
                chart("Rhythms where the model feeds itself", "lag (s)", "autocorrelation, mean of units", true);
        int most = Math.min(MOST_LAG, Math.max(1, count() - freedAt - 1));
        double[] x = new double[most];
        Arrays.setAll(x, lag -> lag / SimulatedNetwork.STEPS_PER_SECOND);
        line(chart, "true", x, autocorrelation(most, false), TRUE);
        line(chart, "generated", x, autocorrelation(most, true), GENERATED);
        return chart;
    }

    private double[] autocorrelation(int lags, boolean ofGenerated) {
        double[] sums = new double[lags];
        for (int u = 0; u < SimulatedNetwork.UNITS; u++) {
            for (int lag = 0; lag < lags; lag++) {
                for (int t = freedAt; t + lag < count(); t++) {
                    sums[lag] += ofGenerated ? made(t, u) * made(t + lag, u) : truth(t, u) * truth(t + lag, u);
                }
            }
        }
        double[] correlation = new double[lags];
        int steps = count() - freedAt;
        Arrays.setAll(correlation, lag -> sums[lag] / (steps - lag) / (sums[0] / steps));
        return correlation;
    }

    private static void title(Graphics2D g, String text, int y) {
        g.setColor(Color.DARK_GRAY);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        g.drawString(text, MARGIN + LABEL, y + 14);
    }

    private static void label(Graphics2D g, String text, int y) {
        g.setColor(Color.DARK_GRAY);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        g.drawString(text, MARGIN, y);
    }

    private static int width() {
        return WIDTH - 2 * MARGIN - LABEL;
    }

    /** Where a step begins. */
    private int x(int step) {
        return MARGIN + LABEL + (int) ((long) width() * step / count());
    }

    private int paintStimuli(Graphics2D g, int top) {
        title(g, String.format(Locale.ROOT, "Stimuli, %.1f s", count() / SimulatedNetwork.STEPS_PER_SECOND), top);
        int y = top + TITLE;
        for (int s = 0; s < SimulatedNetwork.STIMULI; s++) {
            label(g, "stimulus " + s, y + STIMULUS - 2);
            g.setColor(TRUE);
            for (int t = 0; t < count(); t++) {
                if (experiment[t * (SimulatedNetwork.STIMULI + SimulatedNetwork.UNITS) + s] > 0) {
                    g.fillRect(x(t), y + 1, x(t + 1) - x(t), STIMULUS - 2);
                }
            }
            y += STIMULUS;
        }
        return y + MARGIN;
    }

    private int paintMap(Graphics2D g, int top, String title, boolean ofGenerated) {
        title(g, title, top);
        int y = top + TITLE;
        label(g, "unit 0", y + 10);
        label(g, "unit " + (SimulatedNetwork.UNITS - 1), y + SimulatedNetwork.UNITS * ROW);
        for (int t = 1; t < count(); t++) {
            for (int u = 0; u < SimulatedNetwork.UNITS; u++) {
                double value = ofGenerated ? made(t, u) : truth(t, u);
                g.setColor(new Color(ColourMap.SIGNED.rgb(0.5 + value / 5)));
                g.fillRect(x(t), y + u * ROW, x(t + 1) - x(t), ROW);
            }
        }
        if (ofGenerated) {
            paintFreed(g, y, SimulatedNetwork.UNITS * ROW);
        }
        return y + SimulatedNetwork.UNITS * ROW + MARGIN;
    }

    private void paintFreed(Graphics2D g, int y, int height) {
        g.setColor(Color.BLACK);
        g.setStroke(new BasicStroke(2));
        g.drawLine(x(freedAt + 1), y, x(freedAt + 1), y + height);
    }

    private void paintTraces(Graphics2D g, int top) {
        title(g, "Some units: true grey, generated red", top);
        int y = top + TITLE;
        for (int unit : SHOWN) {
            label(g, "unit " + unit, y + TRACE / 2);
            paintTrace(g, y, unit, false);
            paintTrace(g, y, unit, true);
            y += TRACE;
        }
        paintFreed(g, top + TITLE, SHOWN.length * TRACE);
    }

    private void paintTrace(Graphics2D g, int y, int unit, boolean ofGenerated) {
        g.setColor(ofGenerated ? GENERATED : TRUE);
        g.setStroke(new BasicStroke(1.3f));
        int lastX = 0;
        int lastY = 0;
        for (int t = 1; t < count(); t++) {
            double value = ofGenerated ? made(t, unit) : truth(t, unit);
            int at = y + TRACE / 2 - (int) Math.round(Math.max(-3, Math.min(3, value)) * TRACE / 6.2);
            if (t > 1) {
                g.drawLine(lastX, lastY, x(t), at);
            }
            lastX = x(t);
            lastY = at;
        }
    }
}
