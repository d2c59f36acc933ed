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
import java.util.function.IntFunction;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.amacrine.demos.behaviour.FittedBehaviour;
import org.amacrine.sinks.OutputFiles;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A sink that draws what an animal did, and how its states were found: the log joint over sweeps, its path, how long states
 * last, the ribbon of state probabilities with its speed, transitions, and how well states explain each other's frames. Keeps
 * the last 60 s of the ribbon and the durations of all visits.
 *
 * <p>Its signals are, in this order: the video, the centroid, the speed, filtered probabilities, the state, and
 * features that begin with velocity forwards, to the right, and turning.
 */
public final class BehaviourPicture implements ChunkSink {
    private static final double WINDOW_SECONDS = 60;
    private static final int WIDTH = 1560;
    private static final int MARGIN = 24;
    private static final int LABEL = 84;
    private static final int TITLE = 22;
    private static final int CHART = 360;
    private static final int ROW = 14;
    private static final int SPEED_HEIGHT = 90;
    private static final int MATRIX = 420;
    private static final int BINS_PER_SECOND = 10;
    private static final int LONGEST_SECONDS = 3;

    private final Path file;
    private final FittedBehaviour fitted;
    private final IntFunction<int[]> truth;
    private final String[] trueNames;
    private final int shown;
    private boolean writesParts;

    private double stepsPerSecond;
    private Shape shape;
    private int window;
    private float[] image;
    private float[] columns;
    private float[] rows;
    private float[] speed;
    private float[] probabilities;
    private int[] states;
    private float[] forward;
    private float[] turning;
    /** Visits by their steps; those of the longest ones in the last place. */
    private int[] durations;

    private int visits;
    private double visitSeconds;
    private int[] uses;
    private int current;
    private int since;
    private long steps;

    /**
     * A picture, written as PNG when the run has ended.
     *
     * @param fitted what was fitted
     * @param truth the true states of the first frames, given their number; null when nobody knows
     * @param trueNames names of the true states
     */
    public BehaviourPicture(Path file, FittedBehaviour fitted, IntFunction<int[]> truth, String... trueNames) {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException(
                    "a picture is a .png file but was \"" + file + "\"; for example out/behaviour.png");
        }
        this.file = file;
        this.fitted = fitted;
        this.truth = truth;
        this.trueNames = trueNames;
        shown = Math.max(1, fitted.used());
    }

    /** Whether each part is also written as a picture of its own, {@code NAME-PART.png}; not by default. */
    public BehaviourPicture parts(boolean wanted) {
        writesParts = wanted;
        return this;
    }

    @Override
    public void open(List<Signal> signals) throws IOException {
        OutputFiles.prepare(file, true);
        Signal video = signals.get(0);
        shape = video.shape();
        stepsPerSecond = video.stepsPerSecond();
        window = Math.max(10, (int) Math.round(WINDOW_SECONDS * stepsPerSecond));
        image = new float[shape.pixels()];
        columns = new float[window];
        rows = new float[window];
        speed = new float[window];
        probabilities = new float[window * fitted.parameters().states()];
        states = new int[window];
        Arrays.fill(states, -1);
        forward = new float[window];
        turning = new float[window];
        durations = new int[(int) Math.round(LONGEST_SECONDS * stepsPerSecond) + 1];
        uses = new int[fitted.parameters().states()];
        visits = 0;
        visitSeconds = 0;
        current = -1;
        since = 0;
        steps = 0;
    }

    @Override
    public void accept(int signal, Chunk chunk) {
        float[] values = chunk.values();
        int k = fitted.parameters().states();
        if (signal == 0 && chunk.frames() > 0) {
            System.arraycopy(values, chunk.start(chunk.frames() - 1), image, 0, image.length);
        }
        for (int t = 0; t < chunk.frames(); t++) {
            int slot = (int) ((chunk.firstFrame() + t) % window);
            int at = chunk.start(t);
            switch (signal) {
                case 1 -> {
                    columns[slot] = values[at];
                    rows[slot] = values[at + 1];
                }
                case 2 -> speed[slot] = values[at];
                case 3 -> System.arraycopy(values, at, probabilities, slot * k, k);
                case 4 -> {
                    visit(slot, values[at]);
                    steps = chunk.firstFrame() + t + 1;
                }
                default -> {
                    forward[slot] = values[at];
                    turning[slot] = values[at + 2];
                }
            }
        }
    }

    private void visit(int slot, float value) {
        int state = Float.isNaN(value) ? -1 : (int) value;
        states[slot] = state;
        if (state >= 0) {
            uses[state]++;
        }
        if (state != current) {
            // The first visit began before the stream did.
            if (current >= 0 && visits >= 0 && steps > since && since > 0) {
                durations[(int) Math.min(durations.length - 1, steps - since)]++;
                visits++;
                visitSeconds += (steps - since) / stepsPerSecond;
            }
            current = state;
            since = (int) steps;
        }
    }

    /** What was seen so far, in words. */
    public String summary() {
        int used = (int) Arrays.stream(uses).filter(n -> n > 0).count();
        String text = String.format(
                Locale.ROOT,
                "%d states in use, %d whole visits of %.2f s on average, median %.2f s",
                used,
                visits,
                visitSeconds / Math.max(1, visits),
                medianSeconds());
        return truth == null ? text : text + String.format(Locale.ROOT, "; %.1f %% of steps right", 100 * right());
    }

    /** What the animal did in each state during the last minute, as a table. */
    public String table() {
        StateTable table = new StateTable(fitted.parameters().states());
        for (long t = Math.max(0, steps - window); t < steps; t++) {
            int slot = (int) (t % window);
            table.add(states[slot], speed[slot], forward[slot], turning[slot]);
        }
        return table.text(stepsPerSecond);
    }

    private double medianSeconds() {
        int sum = 0;
        for (int i = 0; i < durations.length; i++) {
            sum += durations[i];
            if (2 * sum >= visits) {
                return i / stepsPerSecond;
            }
        }
        return LONGEST_SECONDS;
    }

    /**
     * Part of the steps in the window whose true state is the one that is most frequent in the state found; several found
     * states may share a true one.
     */
    public double right() {
        int[] known = truth.apply((int) steps);
        int[][] together = new int[uses.length][trueNames.length];
        int all = 0;
        for (long t = Math.max(0, steps - window); t < steps; t++) {
            int state = states[(int) (t % window)];
            if (state >= 0) {
                together[state][known[(int) t]]++;
                all++;
            }
        }
        int right = 0;
        for (int[] row : together) {
            right += Arrays.stream(row).max().orElse(0);
        }
        return right / (double) Math.max(1, all);
    }

    @Override
    public void close() throws IOException {
        if (shape == null || steps == 0) {
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
        int ribbon = TITLE + shown * ROW + (truth == null ? 0 : trueNames.length * ROW + TITLE) + TITLE + SPEED_HEIGHT;
        int height = MARGIN + CHART + MARGIN + ribbon + 2 * MARGIN + TITLE + MATRIX + 2 * MARGIN;
        BufferedImage picture = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, height);
        int third = (WIDTH - 4 * MARGIN) / 3;
        paintPath(g, MARGIN, MARGIN, third);
        logJoint().paint(at(g, 2 * MARGIN + third, MARGIN), third, CHART);
        durationChart().paint(at(g, 3 * MARGIN + 2 * third, MARGIN), third, CHART);
        int y = paintRibbon(g, 2 * MARGIN + CHART);
        paintMatrices(g, y + MARGIN);
        g.dispose();
        int half = WIDTH / 2;
        parts.put("path", new Rectangle(0, 0, third + 2 * MARGIN, CHART + 2 * MARGIN));
        parts.put("fit", new Rectangle(third + 2 * MARGIN, 0, third + MARGIN, CHART + 2 * MARGIN));
        parts.put("durations", new Rectangle(2 * third + 3 * MARGIN, 0, third + MARGIN, CHART + 2 * MARGIN));
        parts.put("states", new Rectangle(0, CHART + 2 * MARGIN, WIDTH, y - CHART - 2 * MARGIN));
        parts.put("transitions", new Rectangle(0, y, half, height - y));
        parts.put("cross-likelihoods", new Rectangle(half, y, WIDTH - half, height - y));
        return picture;
    }

    private static Graphics2D at(Graphics2D g, int x, int y) {
        Graphics2D copy = (Graphics2D) g.create();
        copy.translate(x, y);
        return copy;
    }

    private static void title(Graphics2D g, String text, int x, int y) {
        g.setColor(Color.DARK_GRAY);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        g.drawString(text, x, y);
    }

    private static void label(Graphics2D g, String text, int x, int y) {
        g.setColor(Color.DARK_GRAY);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        g.drawString(text, x, y);
    }

    /** A colour for each state; neighbours in number are far apart in hue. */
    private static Color colour(int state) {
        return Color.getHSBColor((float) (state * 0.381966 % 1), 0.75f, state % 2 == 0 ? 0.85f : 0.65f);
    }

    private void paintPath(Graphics2D g, int x, int y, int width) {
        title(g, "Last frame, and the path of the last minute by state", x, y + 14);
        double scale = Math.min(width / (double) shape.columns(), (CHART - TITLE) / (double) shape.rows());
        BufferedImage grey = new BufferedImage(shape.columns(), shape.rows(), BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < image.length; p++) {
            int v = Math.max(0, Math.min(255, Math.round(255 * image[p])));
            grey.setRGB(p % shape.columns(), p / shape.columns(), v << 16 | v << 8 | v);
        }
        int top = y + TITLE;
        g.drawImage(grey, x, top, (int) (scale * shape.columns()), (int) (scale * shape.rows()), null);
        g.setStroke(new BasicStroke(2));
        for (long t = Math.max(0, steps - window) + 1; t < steps; t++) {
            int a = (int) ((t - 1) % window);
            int b = (int) (t % window);
            if (states[b] >= 0 && !Float.isNaN(columns[a]) && !Float.isNaN(columns[b])) {
                g.setColor(colour(states[b]));
                g.drawLine(
                        x + (int) (scale * columns[a]),
                        top + (int) (scale * rows[a]),
                        x + (int) (scale * columns[b]),
                        top + (int) (scale * rows[b]));
            }
        }
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart =
                new XYChartBuilder().title(title).xAxisTitle(x).yAxisTitle(y).build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        return chart;
    }

    private XYChart logJoint() {
        XYChart chart = chart("The fit", "sweep", "log joint (nats)");
        double[] y = fitted.logJoint();
        double[] x = new double[y.length];
        Arrays.setAll(x, i -> i + 1);
        chart.addSeries("log joint", x, y)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(colour(0))
                .setLineStyle(new BasicStroke(2));
        return chart;
    }

    private XYChart durationChart() {
        String title = String.format(
                Locale.ROOT, "Durations of %d visits: mean %.2f s", visits, visitSeconds / Math.max(1, visits));
        XYChart chart = chart(title, "duration (s; the last bin: and longer)", "visits");
        int[] bins = new int[LONGEST_SECONDS * BINS_PER_SECOND + 1];
        for (int i = 0; i < durations.length; i++) {
            // Half a step keeps what is on the border of two bins in the upper one.
            int bin = (int) ((i + 0.5) * BINS_PER_SECOND / stepsPerSecond);
            bins[Math.min(bins.length - 1, bin)] += durations[i];
        }
        double[] x = new double[2 * bins.length];
        double[] y = new double[x.length];
        for (int i = 0; i < bins.length; i++) {
            x[2 * i] = i / (double) BINS_PER_SECOND;
            x[2 * i + 1] = (i + 1) / (double) BINS_PER_SECOND;
            y[2 * i] = bins[i];
            y[2 * i + 1] = bins[i];
        }
        chart.addSeries("visits", x, y)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(colour(1))
                .setLineStyle(new BasicStroke(2));
        return chart;
    }

    private int paintRibbon(Graphics2D g, int top) {
        int count = (int) Math.min(steps, window);
        long begin = steps - count;
        int width = WIDTH - 2 * MARGIN - LABEL;
        int x = MARGIN + LABEL;
        title(
                g,
                String.format(
                        Locale.ROOT,
                        "Filtered probability of each state, %.1f to %.1f s",
                        begin / stepsPerSecond,
                        steps / stepsPerSecond),
                x,
                top + 14);
        int y = top + TITLE;
        int all = fitted.parameters().states();
        for (int k = 0; k < shown; k++) {
            label(g, "state " + k, MARGIN, y + ROW - 3);
            Color full = colour(k);
            for (int i = 0; i < width; i++) {
                float p = probabilities[(int) ((begin + (long) i * count / width) % window) * all + k];
                if (p > 0) {
                    g.setColor(new Color(full.getRed(), full.getGreen(), full.getBlue(), Math.round(255 * p)));
                    g.fillRect(x + i, y, 1, ROW - 1);
                }
            }
            y += ROW;
        }
        if (truth != null) {
            y += TITLE;
            title(g, String.format(Locale.ROOT, "True states; %.1f %% of steps right", 100 * right()), x, y - 6);
            int[] known = truth.apply((int) steps);
            for (int k = 0; k < trueNames.length; k++) {
                label(g, trueNames[k], MARGIN, y + ROW - 3);
                g.setColor(Color.GRAY);
                for (int i = 0; i < width; i++) {
                    if (known[(int) (begin + (long) i * count / width)] == k) {
                        g.fillRect(x + i, y, 1, ROW - 1);
                    }
                }
                y += ROW;
            }
        }
        y += TITLE;
        paintSpeed(g, x, y, width, begin, count);
        return y + SPEED_HEIGHT;
    }

    private void paintSpeed(Graphics2D g, int x, int y, int width, long begin, int count) {
        float most = 1;
        for (int i = 0; i < count; i++) {
            float value = speed[(int) ((begin + i) % window)];
            most = Math.max(most, Float.isNaN(value) ? 0 : value);
        }
        title(g, String.format(Locale.ROOT, "Speed, 0 to %.0f pixels/s", most), x, y - 6);
        for (int i = 0; i < width; i++) {
            int slot = (int) ((begin + (long) i * count / width) % window);
            if (!Float.isNaN(speed[slot]) && states[slot] >= 0) {
                int bar = Math.round(SPEED_HEIGHT * speed[slot] / most);
                g.setColor(colour(states[slot]));
                g.fillRect(x + i, y + SPEED_HEIGHT - bar, 1, bar);
            }
        }
    }

    private void paintMatrices(Graphics2D g, int y) {
        int all = fitted.parameters().states();
        double[] pi = fitted.parameters().pi();
        NdArray cross = fitted.crossLikelihoods();
        double[][] logPi = new double[shown][shown];
        double[][] perVisit = new double[shown][shown];
        for (int i = 0; i < shown; i++) {
            for (int j = 0; j < shown; j++) {
                logPi[i][j] = Math.log10(Math.max(1e-6, pi[i * all + j]));
                perVisit[i][j] = Math.max(-200, cross.at(i * all + j));
            }
        }
        int half = (WIDTH - 2 * MARGIN) / 2;
        paintMatrix(g, MARGIN, y, "Transitions from row to column, log10 probability", logPi, -6, 0);
        paintMatrix(
                g,
                MARGIN + half,
                y,
                "Log likelihood of row's frames in column's state, per visit, less that in row's (nats)",
                perVisit,
                -200,
                0);
    }

    private static void paintMatrix(
            Graphics2D g, int x, int y, String title, double[][] values, double low, double high) {
        title(g, title, x, y + 14);
        int cell = MATRIX / values.length;
        for (int i = 0; i < values.length; i++) {
            label(g, Integer.toString(i), x, y + TITLE + i * cell + cell / 2 + 4);
            label(g, Integer.toString(i), x + 20 + i * cell + cell / 2 - 4, y + TITLE + values.length * cell + 12);
            for (int j = 0; j < values.length; j++) {
                double part = Math.min(1, Math.max(0, (values[i][j] - low) / (high - low)));
                g.setColor(new Color(ColourMap.HEAT.rgb(part)));
                g.fillRect(x + 20 + j * cell, y + TITLE + i * cell, cell - 1, cell - 1);
                if (cell >= 28) {
                    g.setColor(part > 0.5 ? Color.BLACK : Color.WHITE);
                    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
                    boolean isWhole = low < -100;
                    // Zero has no sign here.
                    double rounded = (isWhole ? Math.rint(values[i][j]) : Math.rint(10 * values[i][j]) / 10) + 0.0;
                    g.drawString(
                            String.format(Locale.ROOT, isWhole ? "%.0f" : "%.1f", rounded),
                            x + 22 + j * cell,
                            y + TITLE + i * cell + cell / 2 + 4);
                }
            }
        }
    }
}
