package org.amacrine.demos.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A sink that draws what a retina did last: each signal as an image, the spikes of a row of cells as a raster, and the mean
 * rates. Keeps two seconds at most, and counts spikes all along. Takes signals whose names end with {@code ON} or {@code OFF}
 * after {@code spikes} as spikes, and the first signal as the input.
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
        private final boolean isSpikes;
        /** The last frame, or for spikes their recent rate, of the first channel. */
        private final float[] image;
        /** For spikes: mean over the patch in the middle, of each step in the window. */
        private final float[] mean;

        private final int patchRow;
        private final int patchColumn;
        private final int patchRows;
        private final int patchColumns;
        /** For spikes: for each step in the window and each cell of the raster whether it spiked. */
        private final boolean[] raster;

        private final int[] cells;
        private long steps;

        private Track(Signal signal, int window) {
            this.signal = signal;
            isSpikes = signal.shortName().matches(".*spikes.*");
            Shape shape = signal.shape();
            image = new float[shape.pixels()];
            mean = new float[window];
            patchRows = Math.max(1, shape.rows() / PATCH);
            patchColumns = Math.max(1, shape.columns() / PATCH);
            patchRow = (shape.rows() - patchRows) / 2;
            patchColumn = (shape.columns() - patchColumns) / 2;
            int count = Math.min(CELLS, shape.columns());
            cells = new int[isSpikes ? count : 0];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = shape.rows() / 2 * shape.columns() + (shape.columns() - count) / 2 + i;
            }
            raster = new boolean[cells.length * window];
        }

        private float patchMean(float[] values, int at) {
            float sum = 0;
            for (int i = patchRow; i < patchRow + patchRows; i++) {
                for (int j = patchColumn; j < patchColumn + patchColumns; j++) {
                    sum += values[at + i * signal.shape().columns() + j];
                }
            }
            return sum / (patchRows * patchColumns);
        }
    }

    /** A picture, written as PNG when the run has ended. */
    public RetinaPicture(Path file) {
        this.file = file;
    }

    /** Spikes seen so far, of all cells. */
    public long spikes() {
        return spikes.get();
    }

    /** Number of cells that can spike; 0 before the run. */
    public long cells() {
        Track[] now = tracks;
        return now == null
                ? 0
                : Arrays.stream(now)
                        .filter(t -> t.isSpikes)
                        .mapToLong(t -> t.signal.shape().values())
                        .sum();
    }

    @Override
    public void open(List<Signal> signals) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        stepsPerSecond = signals.get(0).stepsPerSecond();
        window = Math.max(10, (int) Math.round(WINDOW_SECONDS * stepsPerSecond));
        spikes.set(0);
        tracks = signals.stream().map(signal -> new Track(signal, window)).toArray(Track[]::new);
    }

    @Override
    public void accept(int signal, Chunk chunk) {
        Track track = tracks[signal];
        float[] values = chunk.values();
        int pixels = track.image.length;
        float keep = (float) Math.exp(-1 / (SPIKE_SECONDS * stepsPerSecond));
        float gain = (float) ((1 - keep) * stepsPerSecond);
        for (int t = 0; t < chunk.frames(); t++) {
            int at = chunk.start(t);
            int slot = (int) (track.steps++ % window);
            float sum = 0;
            for (int p = 0; p < pixels; p++) {
                sum += values[at + p];
                track.image[p] = track.isSpikes ? keep * track.image[p] + gain * values[at + p] : values[at + p];
            }
            track.mean[slot] = track.patchMean(values, at);
            for (int i = 0; i < track.cells.length; i++) {
                track.raster[slot * track.cells.length + i] = values[at + track.cells[i]] > 0.5f;
            }
            if (track.isSpikes) {
                spikes.getAndAdd((long) sum);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (tracks == null || tracks[0].steps == 0) {
            return;
        }
        ImageIO.write(paint(), "png", file.toFile());
        tracks = null;
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
        if (track.isSpikes) {
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

    private XYChart raster() {
        XYChart chart = chart("Spikes of a row of cells", "", "cell");
        chart.getStyler().setMarkerSize(3);
        chart.getStyler().setYAxisMin(0.0);
        int offset = 0;
        for (Track track : tracks) {
            if (!track.isSpikes) {
                continue;
            }
            int cells = track.cells.length;
            double[] x = new double[track.raster.length + 1];
            double[] y = new double[track.raster.length + 1];
            int count = 0;
            for (long step = Math.max(0, track.steps - window); step < track.steps; step++) {
                int slot = (int) (step % window);
                for (int i = 0; i < cells; i++) {
                    if (track.raster[slot * cells + i]) {
                        x[count] = step / stepsPerSecond;
                        y[count++] = offset + i + 1;
                    }
                }
            }
            offset += cells;
            if (count > 0) {
                chart.addSeries(word(track), Arrays.copyOf(x, count), Arrays.copyOf(y, count))
                        .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter)
                        .setMarker(SeriesMarkers.SQUARE)
                        .setMarkerColor(colour(track));
            }
        }
        chart.getStyler().setYAxisMax(offset + 1.0);
        return chart;
    }

    private XYChart rates() {
        XYChart chart = chart(
                String.format(Locale.ROOT, "Mean rate of the cells in the middle, in bins of %d steps", RATE_BIN),
                "time (s)",
                "spikes/s");
        for (Track track : tracks) {
            if (!track.isSpikes) {
                continue;
            }
            int bins = (int) (Math.min(track.steps, window) / RATE_BIN);
            double[] x = new double[Math.max(1, bins)];
            double[] y = new double[Math.max(1, bins)];
            long begin = track.steps - (long) bins * RATE_BIN;
            for (int b = 0; b < bins; b++) {
                for (int i = 0; i < RATE_BIN; i++) {
                    y[b] += track.mean[(int) ((begin + (long) b * RATE_BIN + i) % window)] * stepsPerSecond / RATE_BIN;
                }
                x[b] = (begin + (b + 0.5) * RATE_BIN) / stepsPerSecond;
            }
            chart.addSeries(word(track), x, y)
                    .setMarker(SeriesMarkers.NONE)
                    .setLineColor(colour(track))
                    .setLineStyle(new BasicStroke(2));
        }
        return chart;
    }
}
