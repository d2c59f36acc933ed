package org.amacrine.demos.picture;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.amacrine.sinks.OutputFiles;

/** Pictures as PNG files, whole and in parts. */
final class PictureFiles {
    private PictureFiles() {}

    /** Writes a picture; an error names the file. */
    static void write(BufferedImage picture, Path to) throws IOException {
        try (OutputStream out = Files.newOutputStream(to);
                ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(picture, "png", stream);
        } catch (IOException e) {
            throw OutputFiles.failure(to, e);
        }
    }

    /** Writes each part of a picture beside the whole, see {@link #part}. */
    static void writeParts(BufferedImage picture, Map<String, Rectangle> parts, Path whole) throws IOException {
        for (Map.Entry<String, Rectangle> part : parts.entrySet()) {
            Rectangle r = part.getValue();
            write(picture.getSubimage(r.x, r.y, r.width, r.height), part(whole, part.getKey()));
        }
    }

    /** {@code NAME-PART.png} for {@code NAME.png}. */
    static Path part(Path whole, String part) {
        String name = whole.getFileName().toString();
        return whole.resolveSibling(name.substring(0, name.length() - ".png".length()) + "-" + part + ".png");
    }
}
