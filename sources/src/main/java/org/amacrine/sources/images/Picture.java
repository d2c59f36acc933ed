package org.amacrine.sources.images;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.amacrine.core.io.InputFiles;
import org.amacrine.sources.Crop;

/** A decoded image file: grey, or red, green and blue, of 8 or 16 bits; transparency is left out. */
final class Picture {
    private static final int COLOURS = 3;

    private final Raster raster;
    private final int colours;
    /** The sample of white: 255 or 65535. */
    private final int white;

    private Picture(Raster raster, int colours, int white) {
        this.raster = raster;
        this.colours = colours;
        this.white = white;
    }

    /**
     * Reads a file in one of the formats of Java: PNG, JPEG, GIF, BMP, TIFF.
     *
     * @throws IOException when it is missing, no such image, cut off or damaged
     */
    static Picture read(Path file) throws IOException {
        InputFiles.require(file, "an image");
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(file + " is no image that can be read; give PNG, JPEG, GIF, BMP or TIFF");
            }
            ImageReader reader = readers.next();
            try {
                return of(decode(reader, in, file));
            } finally {
                reader.dispose();
            }
        }
    }

    private static BufferedImage decode(ImageReader reader, ImageInputStream in, Path file) throws IOException {
        StringBuilder complaints = new StringBuilder();
        reader.addIIOReadWarningListener((source, warning) -> complaints.append(warning));
        reader.setInput(in, true, true);
        BufferedImage image;
        try {
            image = reader.read(0);
        } catch (IOException | RuntimeException e) {
            // Readers meet damage also with exceptions of arrays and arithmetic.
            throw new IOException(file + " is damaged: " + e.getMessage() + "; get the file anew", e);
        }
        // The JPEG reader fills up what is missing and only warns.
        if (complaints.toString().matches("(?s).*(Premature end|Corrupt).*")) {
            throw new IOException(file + " is damaged: " + complaints + "; get the file anew");
        }
        return image;
    }

    private static Picture of(BufferedImage image) {
        ColorModel model = image.getColorModel();
        int depth = image.getRaster().getDataBuffer().getDataType();
        int colours = model.getNumColorComponents();
        if (model instanceof ComponentColorModel
                && (colours == 1 || colours == COLOURS)
                && (depth == DataBuffer.TYPE_BYTE || depth == DataBuffer.TYPE_USHORT)) {
            return new Picture(image.getRaster(), colours, (1 << model.getComponentSize(0)) - 1);
        }
        BufferedImage converted = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D canvas = converted.createGraphics();
        canvas.drawImage(image, 0, 0, null);
        canvas.dispose();
        return of(converted);
    }

    /** Height in pixels. */
    int rows() {
        return raster.getHeight();
    }

    /** Width in pixels. */
    int columns() {
        return raster.getWidth();
    }

    /**
     * Writes a part of the picture as the mean of its colours, [1][rows][columns].
     *
     * @param top the value of white
     */
    void writeMean(Crop crop, float top, float[] values) {
        Arrays.fill(values, 0);
        float[] plane = new float[values.length];
        for (int c = 0; c < colours; c++) {
            samples(crop, c, plane);
            for (int i = 0; i < values.length; i++) {
                values[i] += plane[i];
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] * top / (colours * white);
        }
    }

    /**
     * Writes a part of the picture as red, green and blue, [3][rows][columns]; grey is written three times.
     *
     * @param top the value of white
     */
    void writeColours(Crop crop, float top, float[] values) {
        float[] plane = new float[values.length / COLOURS];
        for (int c = 0; c < COLOURS; c++) {
            samples(crop, Math.min(c, colours - 1), plane);
            for (int i = 0; i < plane.length; i++) {
                values[c * plane.length + i] = plane[i] * top / white;
            }
        }
    }

    private void samples(Crop crop, int band, float[] plane) {
        raster.getSamples(crop.columnOffset(), crop.rowOffset(), crop.columns(), crop.rows(), band, plane);
    }
}
