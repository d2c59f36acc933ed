package org.amacrine.demos.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.amacrine.demos.epi.FitSource;
import org.amacrine.operators.epi.EpiResult;
import org.amacrine.sinks.OutputFiles;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A sink that draws a fit of emergent property inference: entropy and violation as it goes on, and pairs of the parameters in the
 * end. Its signals are, in this order, the entropy and the decimal logarithm of |R|², a number for each frame.
 */
public final class EpiPicture implements ChunkSink {
    private static final int MARGIN = 16;
    private static final int CHART = 280;
    private static final int SAMPLES = 1500;
    /** Least distance of numbers along the steps, so that none overlap. */
    private static final int TICK = 90;

    private static final Color LINE = new Color(0x7a2a86);

    private final Path file;
    private final FitSource source;
    private final int stepsPerFrame;
    private final List<Double> entropies = new ArrayList<>();
    private final List<Double> violations = new ArrayList<>();

    /**
     * A picture, written as PNG when the run has ended.
     *
     * @param source of the fit
     * @param stepsPerFrame training steps between two frames
     */
    public EpiPicture(Path file, FitSource source, int stepsPerFrame) {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException(
                    "a picture is a .png file but was \"" + file + "\"; for example out/epi.png");
        }
        this.file = file;
        this.source = source;
        this.stepsPerFrame = stepsPerFrame;
    }

    @Override
    public void open(List<Signal> signals) throws IOException {
        OutputFiles.prepare(file, true);
        entropies.clear();
        violations.clear();
    }

    @Override
    public void accept(int signal, Chunk chunk) {
        for (int t = 0; t < chunk.frames(); t++) {
            (signal == 0 ? entropies : violations).add((double) chunk.values()[chunk.start(t)]);
        }
    }

    @Override
    public void close() throws IOException {
        if (entropies.isEmpty() || violations.isEmpty()) {
            return;
        }
        EpiResult result = source.result();
        PairPlot pairs = PairPlot.of(result.distribution(), SAMPLES, 1);
        int width = pairs.size() + 2 * MARGIN;
        int height = CHART + pairs.size() + 3 * MARGIN;
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        int half = (width - 3 * MARGIN) / 2;
        chart("Entropy H of the distribution", "nats", entropies).paint(at(g, MARGIN, MARGIN), half, CHART);
        chart("Violation |R|² of the wished means", "log10", violations)
                .paint(at(g, 2 * MARGIN + half, MARGIN), half, CHART);
        pairs.paint(at(g, MARGIN, 2 * MARGIN + CHART));
        g.dispose();
        try (OutputStream out = Files.newOutputStream(file)) {
            ImageIO.write(picture, "png", out);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }

    private static Graphics2D at(Graphics2D g, int x, int y) {
        Graphics2D copy = (Graphics2D) g.create();
        copy.translate(x, y);
        return copy;
    }

    private XYChart chart(String title, String unit, List<Double> values) {
        XYChart chart = new XYChartBuilder()
                .title(title)
                .xAxisTitle("steps, those to the Gaussian included")
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setXAxisTickMarkSpacingHint(TICK);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        double[] x = new double[values.size()];
        Arrays.setAll(x, i -> (double) i * stepsPerFrame);
        double[] y = values.stream().mapToDouble(v -> v).toArray();
        chart.addSeries(title, x, y)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(LINE)
                .setLineStyle(new BasicStroke(1.5f));
        return chart;
    }

    /** What the fit came to, in words. */
    public String summary() {
        EpiResult result = source.result();
        if (result == null) {
            return "nothing was fitted";
        }
        if (result.failed()) {
            return result.failure();
        }
        return result.converged()
                ? String.format(
                        Locale.ROOT,
                        "epoch %d has the wished means with the largest entropy, %.3f",
                        result.bestEpoch(),
                        result.epochs().get(result.bestEpoch() - 1).entropy())
                : "no epoch has the wished means so far; give more --epochs, or another --seed";
    }
}
