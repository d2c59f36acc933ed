package org.amacrine.demos.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.amacrine.operators.epi.EpiRecord;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts of fits of emergent properties over their training steps: entropy, violation of each statistic, and statistics. */
public final class FitCharts {
    /** Least distance of numbers along the steps, so that none overlap. */
    private static final int TICK = 90;

    private static final int BINS = 40;
    private static final Color INK = new Color(0x7a2a86);
    private static final Color WISHED = new Color(0x1b7837);
    private static final BasicStroke DASHED =
            new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, new float[] {6, 4}, 0);

    private FitCharts() {}

    /**
     * Entropy H of batches.
     *
     * @param names of the fits
     * @param fits a table of each
     */
    public static XYChart entropy(List<String> names, List<List<EpiRecord>> fits) {
        XYChart chart = chart("Entropy H", "training steps", "nats");
        chart.getStyler().setLegendVisible(names.size() > 1);
        for (int f = 0; f < fits.size(); f++) {
            line(chart, names.get(f), fits.get(f), EpiRecord::entropy);
        }
        return chart;
    }

    /** Violation of each statistic; those of the second half, which often are second moments, dashed. */
    public static XYChart violation(List<EpiRecord> fit) {
        XYChart chart = chart("Violation R = mean T - mu", "training steps", "");
        chart.getStyler().setLegendVisible(true);
        int statistics = fit.get(0).violation().length;
        for (int i = 0; i < statistics; i++) {
            int statistic = i;
            XYSeries line = line(chart, "R" + (i + 1), fit, record -> record.violation()[statistic]);
            if (i >= (statistics + 1) / 2) {
                line.setLineStyle(DASHED);
            }
        }
        return chart;
    }

    /**
     * A histogram of a statistic's values, with lines where its mean should be and two standard deviations to both sides of it.
     *
     * @param deviation standard deviation that is wished; 0 for none
     */
    public static XYChart statistic(String name, double[] values, double mean, double deviation) {
        XYChart chart = chart(name, "", "samples");
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        double low = Math.min(mean - 2 * deviation, Arrays.stream(finite).min().orElse(mean));
        double high = Math.max(mean + 2 * deviation, Arrays.stream(finite).max().orElse(mean));
        double width = Math.max(high - low, Double.MIN_NORMAL) / BINS;
        // A step lasts from its x to the next one.
        double[] x = new double[BINS + 1];
        double[] counts = new double[BINS + 1];
        Arrays.setAll(x, b -> low + b * width);
        for (double value : finite) {
            counts[(int) Math.min(BINS - 1, (value - low) / width)]++;
        }
        counts[BINS] = counts[BINS - 1];
        double most = Arrays.stream(counts).max().orElse(1);
        chart.addSeries("samples", x, counts)
                .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.StepArea)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(INK);
        vertical(chart, "mean", mean, most).setLineStyle(new BasicStroke(2));
        if (deviation > 0) {
            vertical(chart, "mean - 2 sd", mean - 2 * deviation, most).setLineStyle(DASHED);
            vertical(chart, "mean + 2 sd", mean + 2 * deviation, most).setLineStyle(DASHED);
        }
        return chart;
    }

    private static XYSeries vertical(XYChart chart, String name, double x, double height) {
        XYSeries line = chart.addSeries(name, new double[] {x, x}, new double[] {0, height});
        line.setMarker(SeriesMarkers.NONE).setLineColor(WISHED);
        return line;
    }

    private static XYChart chart(String title, String across, String up) {
        XYChart chart = new XYChartBuilder()
                .title(title)
                .xAxisTitle(across)
                .yAxisTitle(up)
                .build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        chart.getStyler().setXAxisTickMarkSpacingHint(TICK);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        return chart;
    }

    private static XYSeries line(XYChart chart, String name, List<EpiRecord> fit, ToDoubleFunction<EpiRecord> of) {
        double[] x = fit.stream().mapToDouble(EpiRecord::iteration).toArray();
        // A fit that failed ends with a row without numbers, which a chart leaves out.
        double[] y = fit.stream()
                .mapToDouble(of)
                .map(value -> Double.isFinite(value) ? value : Double.NaN)
                .toArray();
        XYSeries line = chart.addSeries(name, x, y);
        line.setMarker(SeriesMarkers.NONE).setLineStyle(new BasicStroke(1.5f));
        return line;
    }
}
