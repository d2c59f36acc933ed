package org.amacrine.demos.picture;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.amacrine.sinks.OutputFiles;

/** Pictures as PNG files. */
public final class PngFile {
    private PngFile() {}

    /**
     * Makes ready the place of a picture.
     *
     * @throws IllegalArgumentException when the name does not end with {@code .png}
     */
    public static void prepare(Path file) throws IOException {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException(
                    "a picture is a .png file but was \"" + file + "\"; for example " + file + ".png");
        }
        OutputFiles.prepare(file, true);
    }

    /** Writes a picture, after {@link #prepare}. */
    public static void write(Path file, BufferedImage picture) throws IOException {
        // Not ImageIO's own way to a file, which prints a stack trace when there is no way.
        try (OutputStream out = Files.newOutputStream(file);
                ImageOutputStream image = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(picture, "png", image);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }
}
