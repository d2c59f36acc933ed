package org.amacrine.demos.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.OutputFiles;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A sink that draws what a retina did last: each signal as an image, the spikes of the most active row of cells as a raster,
 * and the mean rates around its most active cells. Keeps two seconds at most, and counts spikes all along. Takes signals with
 * {@code spikes} in their names as spikes, and the first signal as the input.
 */
public final class RetinaPicture implements ChunkSink {
    private static final double WINDOW_SECONDS = 2;
    private static final int CELLS = 60;
    private static final int WIDTH = 1560;
    private static final int CHART_HEIGHT = 330;
    private static final int MARGIN = 20;
    /** Images of spikes forget with this time constant. */
    private static final double SPIKE_SECONDS = 0.05;

    private static final int RATE_BIN = 10;
    /** The patch whose mean rate is drawn is this part of the frame in each direction. */
    private static final int PATCH = 20;

    private final Path file;
    private final AtomicLong spikes = new AtomicLong();
    private Track[] tracks;
    private int window;
    private double stepsPerSecond;

    /** What is kept of one signal. */
    private static final class Track {
        private final Signal signal;
        /** The last frame, or for spikes their recent rate, of the first channel. */
        private final float[] image;
        /** Null for signals that are no spikes. */
        private final SpikeWindow recent;

        private long steps;

        private Track(Signal signal, int window) {
            this.signal = signal;
            image = new float[signal.shape().pixels()];
            recent = signal.shortName().contains("spikes") ? new SpikeWindow(window) : null;
        }

        private boolean isSpikes() {
            return recent != null;
        }
    }

    /** Cells in a rectangle: rows from {@code row}, columns from {@code column}. */
    private record Patch(int row, int column, int rows, int columns) {
        private int cells() {
            return rows * columns;
        }

        /** Number of a cell of the frame within the patch, or -1. */
        private int index(int cell, int frameColumns) {
            int i = cell / frameColumns - row;
            int j = cell % frameColumns - column;
            return i >= 0 && i < rows && j >= 0 && j < columns ? i * columns + j : -1;
        }
    }

    /**
     * A picture, written as PNG when the run has ended.
     *
     * @throws IllegalArgumentException when the name of the file does not end with {@code .png}
     */
    public RetinaPicture(Path file) {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException(
                    "a picture is a .png file but was \"" + file + "\"; for example out/retina.png");
        }
        this.file = file;
    }

    /** Spikes seen so far, of all cells of the first channel. */
    public long spikes() {
        return spikes.get();
    }

    /** Number of cells that can spike; 0 before the run. */
    public long cells() {
        Track[] now = tracks;
        return now == null
                ? 0
                : Arrays.stream(now)
                        .filter(Track::isSpikes)
                        .mapToLong(t -> t.image.length)
                        .sum();
    }

    @Override
    public void open(List<Signal> signals) throws IOException {
        OutputFiles.prepare(file, true);
        stepsPerSecond = signals.get(0).stepsPerSecond();
        window = Math.max(10, (int) Math.round(WINDOW_SECONDS * stepsPerSecond));
        spikes.set(0);
        tracks = signals.stream().map(signal -> new Track(signal, window)).toArray(Track[]::new);
    }

    @Override
    public void accept(int signal, Chunk chunk) {
        Track track = tracks[signal];
        if (track.isSpikes()) {
            acceptSpikes(track, chunk);
        } else if (chunk.frames() > 0) {
            System.arraycopy(chunk.values(), chunk.start(chunk.frames() - 1), track.image, 0, track.image.length);
        }
        track.steps += chunk.frames();
    }

    private void acceptSpikes(Track track, Chunk chunk) {
        float[] values = chunk.values();
        float[] image = track.image;
        float keep = (float) Math.exp(-1 / (SPIKE_SECONDS * stepsPerSecond));
        float gain = (float) ((1 - keep) * stepsPerSecond);
        int count = 0;
        for (int t = 0; t < chunk.frames(); t++) {
            int at = chunk.start(t);
            for (int p = 0; p < image.length; p++) {
                image[p] = keep * image[p] + gain * values[at + p];
            }
            count += track.recent.add(track.steps + t, values, at, image.length);
        }
        spikes.getAndAdd(count);
    }

    @Override
    public void close() throws IOException {
        if (tracks == null || tracks[0].steps == 0) {
            return;
        }
        BufferedImage picture = paint();
        tracks = null;
        PngFile.write(file, picture);
    }

    private BufferedImage paint() {
        int each = (WIDTH - MARGIN) / tracks.length;
        int panelHeight = 0;
        for (int i = 0; i < tracks.length; i++) {
            panelHeight = Math.max(panelHeight, heatMap(tracks[i], i == 0).height(each - MARGIN));
        }
        int height = 2 * MARGIN + panelHeight + 2 * CHART_HEIGHT;
        BufferedImage picture = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, height);
        for (int i = 0; i < tracks.length; i++) {
            heatMap(tracks[i], i == 0).paint(g, MARGIN + i * each, MARGIN / 2, each - MARGIN);
        }
        int y = MARGIN + panelHeight;
        raster().paint(translated(g, y), WIDTH, CHART_HEIGHT);
        rates().paint(translated(g, y + CHART_HEIGHT), WIDTH, CHART_HEIGHT);
        g.dispose();
        return picture;
    }

    private static Graphics2D translated(Graphics2D g, int y) {
        Graphics2D copy = (Graphics2D) g.create();
        copy.translate(0, y);
        return copy;
    }

    private static HeatMap heatMap(Track track, boolean isInput) {
        String name = track.signal.shortName();
        if (isInput) {
            return new HeatMap("input", "luminance", ColourMap.GREY, track.signal.shape(), track.image);
        }
        if (track.isSpikes()) {
            String title = name.endsWith("OFF") ? "OFF spikes" : "ON spikes";
            return new HeatMap(title, "spikes/s", ColourMap.HEAT, track.signal.shape(), track.image);
        }
        return name.startsWith("ganglion")
                ? new HeatMap(
                        "ganglion current " + name.substring(name.lastIndexOf('_') + 1),
                        "Hz",
                        ColourMap.HEAT,
                        track.signal.shape(),
                        track.image)
                : new HeatMap(name, "", ColourMap.SIGNED, track.signal.shape(), track.image);
    }

    private XYChart chart(String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(CHART_HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        XYStyler styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesVisible(false);
        styler.setYAxisLeftWidthHint(70);
        styler.setYAxisDecimalPattern("0.##");
        styler.setXAxisMin(firstSecond());
        styler.setXAxisMax(lastSecond());
        return chart;
    }

    private double lastSecond() {
        return tracks[0].steps / stepsPerSecond;
    }

    private double firstSecond() {
        return Math.max(0, tracks[0].steps - window) / stepsPerSecond;
    }

    private static Color colour(Track track) {
        return track.signal.shortName().endsWith("OFF") ? new Color(0x2b4f9e) : new Color(0xd1495b);
    }

    private static String word(Track track) {
        return track.signal.shortName().endsWith("OFF") ? "OFF" : "ON";
    }

    /** The cells of {@code rows} rows and {@code columns} columns around those that spiked most, at most. */
    private Patch mostActive(Shape shape, int rows, int columns) {
        int[] perRow = new int[shape.rows()];
        forEachSpike(cell -> perRow[cell / shape.columns()]++);
        int row = bestWindow(perRow, rows);
        int[] perColumn = new int[shape.columns()];
        forEachSpike(cell -> {
            int i = cell / shape.columns() - row;
            if (i >= 0 && i < rows) {
                perColumn[cell % shape.columns()]++;
            }
        });
        return new Patch(row, bestWindow(perColumn, columns), rows, columns);
    }

    private void forEachSpike(IntConsumer cell) {
        for (Track track : tracks) {
            for (int i = 0; track.isSpikes() && i < track.recent.count(); i++) {
                cell.accept(track.recent.cell(i));
            }
        }
    }

    /** Where the {@code width} neighbouring counts begin that are most together; the one nearest the middle of equal ones. */
    private static int bestWindow(int[] counts, int width) {
        int middle = (counts.length - width) / 2;
        int best = middle;
        long most = -1;
        for (int distance = 0; distance <= counts.length; distance++) {
            for (int begin : new int[] {middle - distance, middle + distance}) {
                if (begin >= 0 && begin + width <= counts.length) {
                    long sum = Arrays.stream(counts, begin, begin + width).sum();
                    if (sum > most) {
                        most = sum;
                        best = begin;
                    }
                }
            }
        }
        return best;
    }

    private XYChart raster() {
        Shape shape = tracks[0].signal.shape();
        Patch row = mostActive(shape, 1, Math.min(CELLS, shape.columns()));
        String title = String.format(
                Locale.ROOT,
                "Spikes of the most active cells of a row: row %d, columns %d to %d",
                row.row(),
                row.column(),
                row.column() + row.columns() - 1);
        XYChart chart = chart(title, "", "cell");
        chart.getStyler().setMarkerSize(3);
        chart.getStyler().setYAxisMin(0.0);
        int offset = 0;
        for (Track track : tracks) {
            if (!track.isSpikes()) {
                continue;
            }
            List<Double> x = new ArrayList<>();
            List<Integer> y = new ArrayList<>();
            for (int i = 0; i < track.recent.count(); i++) {
                int index = row.index(track.recent.cell(i), shape.columns());
                if (index >= 0) {
                    x.add(track.recent.step(i) / stepsPerSecond);
                    y.add(offset + index + 1);
                }
            }
            offset += row.columns();
            if (!x.isEmpty()) {
                chart.addSeries(word(track), x, y)
                        .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter)
                        .setMarker(SeriesMarkers.SQUARE)
                        .setMarkerColor(colour(track));
            }
        }
        chart.getStyler().setYAxisMax(offset + 1.0);
        return chart;
    }

    private XYChart rates() {
        Shape shape = tracks[0].signal.shape();
        Patch patch = mostActive(shape, Math.max(1, shape.rows() / PATCH), Math.max(1, shape.columns() / PATCH));
        String title = String.format(
                Locale.ROOT,
                "Mean rate of the %d most active neighbours, rows from %d, columns from %d, in bins of %d steps",
                patch.cells(),
                patch.row(),
                patch.column(),
                RATE_BIN);
        XYChart chart = chart(title, "time (s)", "spikes/s");
        int bins = (int) Math.max(1, Math.min(tracks[0].steps, window) / RATE_BIN);
        long begin = tracks[0].steps - (long) bins * RATE_BIN;
        double[] x = new double[bins];
        for (int b = 0; b < bins; b++) {
            x[b] = (begin + (b + 0.5) * RATE_BIN) / stepsPerSecond;
        }
        for (Track track : tracks) {
            if (!track.isSpikes()) {
                continue;
            }
            double[] y = new double[bins];
            for (int i = 0; i < track.recent.count(); i++) {
                long step = track.recent.step(i);
                if (step >= begin && patch.index(track.recent.cell(i), shape.columns()) >= 0) {
                    y[(int) (step - begin) / RATE_BIN] += stepsPerSecond / RATE_BIN / patch.cells();
                }
            }
            chart.addSeries(word(track), x, y)
                    .setMarker(SeriesMarkers.NONE)
                    .setLineColor(colour(track))
                    .setLineStyle(new BasicStroke(2));
        }
        return chart;
    }
}
