package org.amacrine.demos.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.amacrine.core.chunk.Shape;

/** A picture of a square matrix: a heat map around zero, with the number of each element. */
public final class MatrixPicture {
    private static final int MARGIN = 16;
    private static final int LEAST_WIDTH = 240;
    private static final int CELL = 72;
    /** Above the map there is its title, below it the colour bar. */
    private static final int TITLE = 26;

    private final int rows;
    private final double[] values;
    private final HeatMap map;

    /**
     * A picture of a matrix.
     *
     * @param values row by row, {@code n²} of them
     */
    public MatrixPicture(String title, double... values) {
        rows = (int) Math.round(Math.sqrt(values.length));
        if (values.length == 0 || rows * rows != values.length) {
            throw new IllegalArgumentException("a square matrix has 1, 4, 9, … elements but there are " + values.length
                    + "; give all of its rows");
        }
        this.values = values.clone();
        float[] shown = new float[values.length];
        for (int i = 0; i < shown.length; i++) {
            shown[i] = (float) values[i];
        }
        map = new HeatMap(title, "", ColourMap.SIGNED, new Shape(1, rows, rows), shown);
    }

    /** Numbers as they are written on the elements, row by row. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                text.append(j > 0 ? " " : "").append(number(values[i * rows + j]));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /**
     * Writes it as PNG.
     *
     * @throws IOException when the file cannot be written
     */
    public void write(Path file) throws IOException {
        PngFile.prepare(file);
        int width = Math.max(LEAST_WIDTH, rows * CELL);
        BufferedImage image =
                new BufferedImage(width + 2 * MARGIN, map.height(width) + 2 * MARGIN, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        map.paint(g, MARGIN, MARGIN, width);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        FontMetrics metrics = g.getFontMetrics();
        for (int i = 0; i < values.length; i++) {
            String text = number(values[i]);
            double x = MARGIN + (i % rows + 0.5) * width / rows - metrics.stringWidth(text) / 2.0;
            double y = MARGIN + TITLE + (i / rows + 0.5) * width / rows + metrics.getAscent() / 2.0;
            g.drawString(text, (float) x, (float) y);
        }
        g.dispose();
        PngFile.write(file, image);
    }
}
