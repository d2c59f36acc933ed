package org.amacrine.demos.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Locale;
import org.amacrine.core.chunk.Shape;

/** A frame as an image with a title, a colour bar, and the range that it spans; missing values, NaN, are left white. */
public final class HeatMap {
    private static final int TITLE = 26;
    private static final int BAR = 44;
    private static final int PAPER = 0xffffff;

    private final String title;
    private final String unit;
    private final ColourMap colours;
    private final Shape shape;
    private final float[] values;

    /**
     * A heat map of the first channel of a frame.
     *
     * @param unit of the values, for the colour bar
     */
    public HeatMap(String title, String unit, ColourMap colours, Shape shape, float[] values) {
        this.title = title;
        this.unit = unit;
        this.colours = colours;
        this.shape = shape;
        this.values = values;
    }

    /** Extent of the frame. */
    public Shape shape() {
        return shape;
    }

    /** The height that it takes at this width, with title and colour bar. */
    public int height(int width) {
        return TITLE + width * shape.rows() / shape.columns() + BAR;
    }

    /** Draws with its upper left corner at a point. */
    public void paint(Graphics2D g, int x, int y, int w) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int p = 0; p < shape.pixels(); p++) {
            if (Float.isFinite(values[p])) {
                low = Math.min(low, values[p]);
                high = Math.max(high, values[p]);
            }
        }
        if (low > high) {
            low = 0;
            high = 0;
        }
        if (colours == ColourMap.SIGNED) {
            high = Math.max(Math.abs(low), Math.abs(high));
            low = -high;
        }
        if (!(high > low)) {
            high = low + 1;
        }
        int h = w * shape.rows() / shape.columns();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        g.drawImage(image(colours, shape, values, low, high), x, y + TITLE, w, h, null);
        g.setColor(Color.DARK_GRAY);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        g.drawString(title, x, y + 18);
        paintBar(g, x, y + TITLE + h + 8, w, low, high);
    }

    /** The first channel of a frame, a pixel for each; missing values are left white. */
    static BufferedImage image(ColourMap colours, Shape shape, float[] values, double low, double high) {
        BufferedImage image = new BufferedImage(shape.columns(), shape.rows(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < shape.rows(); i++) {
            for (int j = 0; j < shape.columns(); j++) {
                float value = values[i * shape.columns() + j];
                image.setRGB(j, i, Float.isNaN(value) ? PAPER : colours.rgb((value - low) / (high - low)));
            }
        }
        return image;
    }

    private void paintBar(Graphics2D g, int x, int y, int width, float low, float high) {
        for (int i = 0; i < width; i++) {
            g.setColor(new Color(colours.rgb(i / (double) width)));
            g.fillRect(x + i, y, 1, 8);
        }
        g.setColor(Color.DARK_GRAY);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        float largest = Math.max(Math.abs(low), Math.abs(high));
        String right = text(high, largest) + " " + unit;
        g.drawString(text(low, largest), x, y + 22);
        g.drawString(right, x + width - g.getFontMetrics().stringWidth(right), y + 22);
    }

    /** An end of the colour bar, 0 where it is nothing beside the other. */
    static String text(float given, float largest) {
        float value = Math.abs(given) < 1e-6f * largest ? 0 : given;
        return Math.abs(value) < 1e6f && (Math.abs(value) >= 100 || value == Math.rint(value))
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }
}
