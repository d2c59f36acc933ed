package org.amacrine.demos.picture;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Parts of pictures as PNG files beside the whole. */
final class PictureFiles {
    private PictureFiles() {}

    /** Writes each part of a picture beside the whole, see {@link #part}. */
    static void writeParts(BufferedImage picture, Map<String, Rectangle> parts, Path whole) throws IOException {
        for (Map.Entry<String, Rectangle> part : parts.entrySet()) {
            Rectangle r = part.getValue();
            PngFile.write(part(whole, part.getKey()), picture.getSubimage(r.x, r.y, r.width, r.height));
        }
    }

    /** {@code NAME-PART.png} for {@code NAME.png}. */
    static Path part(Path whole, String part) {
        String name = whole.getFileName().toString();
        return whole.resolveSibling(name.substring(0, name.length() - ".png".length()) + "-" + part + ".png");
    }
}
