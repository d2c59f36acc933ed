package org.amacrine.demos.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.amacrine.demos.generator.WanderingBumps;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of bumps that learned a function, without noise on their gradients on the left and with it on the right. */
public final class BumpPicture {
    private static final int WIDTH = 780;
    private static final int HEIGHT = 340;
    /** Of the steps, one in so many is drawn. */
    private static final int SHOWN_STEP = 20;

    private static final double CENTRE_STD = 0.03;
    private static final Color TRUE = new Color(0x444444);
    private static final Color SUM = new Color(0xc0392b);
    private static final Color BUMP = new Color(0x8e9fc4);

    private BumpPicture() {}

    /**
     * Fits the bumps and writes {@code NAME-bumps.png} for {@code NAME.png}.
     *
     * @return what each of the two misses of the function, as root mean squares: without noise, with it
     */
    public static double[] write(Path whole, long seed) throws IOException {
        WanderingBumps still = WanderingBumps.fit(0, seed);
        WanderingBumps wandering = WanderingBumps.fit(CENTRE_STD, seed);
        BufferedImage picture = new BufferedImage(2 * WIDTH, 2 * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        paint(g, 0, still, "Without noise");
        paint(g, WIDTH, wandering, "With noise on the gradients of their centres");
        g.dispose();
        PngFile.write(PictureFiles.part(whole, "bumps"), picture);
        return new double[] {still.error(), wandering.error()};
    }

    private static void paint(Graphics2D g, int x, WanderingBumps bumps, String title) {
        Graphics2D at = (Graphics2D) g.create();
        at.translate(x, 0);
        learned(bumps, title).paint(at, WIDTH, HEIGHT);
        at.translate(0, HEIGHT);
        centres(bumps).paint(at, WIDTH, HEIGHT);
        at.dispose();
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart =
                new XYChartBuilder().title(title).xAxisTitle(x).yAxisTitle(y).build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        return chart;
    }

    private static void line(XYChart chart, String name, double[] x, double[] y, Color colour, float width) {
        chart.addSeries(name, x, y)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(colour)
                .setLineStyle(new BasicStroke(width));
    }

    private static XYChart learned(WanderingBumps bumps, String title) {
        XYChart chart = chart(
                String.format(Locale.ROOT, "%s: misses the function by %.3f (rms)", title, bumps.error()),
                "x",
                "function grey, sum of the bumps red");
        for (int b = 0; b < bumps.bumps().length; b++) {
            line(chart, "bump " + b, bumps.x(), bumps.bumps()[b], BUMP, 1);
        }
        line(chart, "function", bumps.x(), bumps.truth(), TRUE, 3);
        line(chart, "sum", bumps.x(), bumps.sum(), SUM, 2);
        return chart;
    }

    private static XYChart centres(WanderingBumps bumps) {
        XYChart chart = chart("Where the bumps are", "step of the fit", "centres");
        chart.getStyler().setYAxisMin(-WanderingBumps.EDGE);
        chart.getStyler().setYAxisMax(WanderingBumps.EDGE);
        double[] steps = new double[bumps.centres()[0].length / SHOWN_STEP];
        Arrays.setAll(steps, i -> i * SHOWN_STEP);
        for (int b = 0; b < bumps.centres().length; b++) {
            double[] all = bumps.centres()[b];
            double[] shown = new double[steps.length];
            Arrays.setAll(shown, i -> all[i * SHOWN_STEP]);
            line(chart, "bump " + b, steps, shown, BUMP, 1.5f);
        }
        return chart;
    }
}
