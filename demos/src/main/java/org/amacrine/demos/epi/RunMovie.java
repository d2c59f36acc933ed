package org.amacrine.demos.epi;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;
import org.amacrine.demos.picture.FitCharts;
import org.amacrine.demos.picture.PairPlot;
import org.amacrine.operators.epi.EpiFrame;
import org.amacrine.operators.epi.EpiRecord;
import org.amacrine.operators.epi.NormalizingFlow;
import org.amacrine.operators.epi.SavedRun;
import org.amacrine.sinks.images.Brightness;
import org.amacrine.sinks.video.VideoSink;
import org.knowm.xchart.XYChart;

/**
 * The video of a saved run, a frame for each row of its table: entropy and violations so far above, pairs of parameters below, which
 * move because all frames see the same noise.
 */
public final class RunMovie {
    private static final int CHARTS = 260;
    private static final int LEAST_WIDTH = 760;
    private static final double FRAMES_PER_SECOND = 30;
    private static final double MARGIN = 0.05;

    private final List<String> names;
    private final List<EpiRecord> records;
    private final List<EpiFrame> frames;
    private final double[] low;
    private final double[] high;

    /**
     * Reads what there is to show.
     *
     * @throws IOException when the fit did not keep its samples, or they do not fit its table
     */
    public RunMovie(SavedRun run) throws IOException {
        frames = run.frames();
        records = run.records();
        NormalizingFlow flow = run.flow();
        names = run.names();
        low = flow.lower();
        high = flow.upper();
        for (int d = 0; d < low.length; d++) {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (EpiFrame frame : frames) {
                for (int at = d; at < frame.z().length; at += low.length) {
                    least = Math.min(least, frame.z()[at]);
                    most = Math.max(most, frame.z()[at]);
                }
            }
            low[d] = Double.isFinite(low[d]) ? low[d] : least;
            high[d] = Double.isFinite(high[d]) ? high[d] : most;
        }
    }

    /** Number of frames. */
    public int frames() {
        return frames.size();
    }

    /** Draws a frame. */
    public BufferedImage frame(int index) {
        EpiFrame frame = frames.get(index);
        PairPlot pairs = new PairPlot(names, frame.z(), frame.logDensity(), low, high);
        int width = Math.max(LEAST_WIDTH, pairs.size());
        BufferedImage image = new BufferedImage(width, CHARTS + pairs.size(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        List<EpiRecord> soFar = records.subList(0, index + 1);
        XYChart entropy = FitCharts.entropy(List.of("H"), List.of(soFar));
        limit(entropy, records.stream().mapToDouble(EpiRecord::entropy).toArray());
        entropy.paint((Graphics2D) g.create(0, 0, width / 2, CHARTS), width / 2, CHARTS);
        XYChart violation = FitCharts.violation(soFar);
        limit(
                violation,
                records.stream()
                        .flatMapToDouble(record -> Arrays.stream(record.violation()))
                        .toArray());
        violation.paint((Graphics2D) g.create(width / 2, 0, width / 2, CHARTS), width / 2, CHARTS);
        pairs.paint((Graphics2D) g.create((width - pairs.size()) / 2, CHARTS, pairs.size(), pairs.size()));
        g.dispose();
        return image;
    }

    /** The same axes in all frames: all steps, and all values that are numbers. */
    private void limit(XYChart chart, double[] values) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value)) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        double room = Math.max(MARGIN, MARGIN * (most - least));
        chart.getStyler().setYAxisMin(least - room).setYAxisMax(most + room);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax((double)
                Math.max(1, records.get(records.size() - 1).iteration()));
    }

    /**
     * Writes the video, 30 frames per second.
     *
     * @param file ends with {@code .mp4} or {@code .mkv}
     * @throws IOException when it cannot be written
     */
    public void write(Path file) throws IOException, InterruptedException {
        BufferedImage first = frame(0);
        Shape shape = new Shape(3, first.getHeight(), first.getWidth());
        Chunk chunk = Chunk.unpooled(shape, 1);
        try (VideoSink sink =
                new VideoSink(file).framesPerSecond(FRAMES_PER_SECOND).brightness(Brightness.fixed(0, 1))) {
            sink.open(List.of(new Signal("fit", shape, FRAMES_PER_SECOND)));
            for (int f = 0; f < frames.size(); f++) {
                chunk.begin(f, 0);
                chunk.frames(1);
                fill(chunk, f == 0 ? first : frame(f));
                sink.accept(0, chunk);
            }
        }
    }

    private static void fill(Chunk chunk, BufferedImage image) {
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        float[] values = chunk.values();
        for (int i = 0; i < pixels.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                values[chunk.start(0) + channel * pixels.length + i] = (pixels[i] >> (16 - 8 * channel) & 0xff) / 255f;
            }
        }
    }
}
