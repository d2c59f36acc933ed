package org.amacrine.sinks.images;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.BaseSink;
import org.amacrine.sinks.OutputFiles;

/**
 * Writes the frames of one signal as numbered pictures, {@code PREFIX_000000123.png} for frame 123; see {@link Picture} for
 * what they look like.
 *
 * <p>The folder holds the pictures of one run: those of an earlier one with the same prefix and format are removed when
 * the sink is opened. A picture is encoded in memory before its file is made.
 */
public final class ImageSequenceSink extends BaseSink {
    /** The formats it can write. */
    public static final List<String> FORMATS = List.of("png", "jpg", "bmp", "tiff");

    private final Path folder;
    private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    private String prefix = "frame";
    private String format = "png";
    private int every = 1;
    private Brightness brightness = Brightness.OF_EACH_FRAME;
    private boolean overwrite = true;
    private Picture picture;
    private BufferedImage image;
    private ImageWriter writer;

    /** A sink for this folder, which is made where it is missing. */
    public ImageSequenceSink(Path folder) {
        super("images");
        this.folder = folder;
    }

    /** First part of the names; {@code frame} by default. */
    public ImageSequenceSink prefix(String text) {
        if (text.contains("/") || text.contains("\\")) {
            throw new IllegalArgumentException("prefix must be the first part of a file name but was \"" + text
                    + "\"; give folders with the setting folder");
        }
        prefix = text;
        return this;
    }

    /** One of {@link #FORMATS}; {@code png} by default. */
    public ImageSequenceSink format(String name) {
        if (!FORMATS.contains(name)) {
            throw new IllegalArgumentException("format must be one of " + String.join(", ", FORMATS) + " but was \""
                    + name + "\"; for example png");
        }
        format = name;
        return this;
    }

    /** Takes only frames whose index is a multiple of this; 1 by default. */
    public ImageSequenceSink every(int frames) {
        if (frames < 1) {
            throw new IllegalArgumentException("every must be >= 1 but was " + frames + "; 1 takes all frames");
        }
        every = frames;
        return this;
    }

    /** Which values are black and white; the range of each frame by default. */
    public ImageSequenceSink brightness(Brightness value) {
        brightness = value;
        return this;
    }

    /** Whether pictures of an earlier run may be there, and are then removed; true by default. */
    public ImageSequenceSink overwrite(boolean allowed) {
        overwrite = allowed;
        return this;
    }

    @Override
    protected void begin(List<Signal> all) throws IOException {
        Shape shape = onlyOne(all).shape();
        OutputFiles.folder(folder);
        removeEarlier();
        picture = new Picture(shape, brightness, 1, false);
        image = new BufferedImage(
                picture.columns(),
                picture.rows(),
                picture.bytesPerPixel() == 3 ? BufferedImage.TYPE_3BYTE_BGR : BufferedImage.TYPE_BYTE_GRAY);
        writer = ImageIO.getImageWritersByFormatName(format).next();
    }

    private void removeEarlier() throws IOException {
        Pattern ours = Pattern.compile(Pattern.quote(prefix) + "_\\d{9,}\\." + format);
        DirectoryStream.Filter<Path> earlier =
                file -> ours.matcher(file.getFileName().toString()).matches();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, earlier)) {
            for (Path file : files) {
                OutputFiles.prepare(file, overwrite);
                delete(file);
            }
        }
    }

    private static void delete(Path file) throws IOException {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }

    @Override
    protected void write(int signal, Chunk chunk) throws IOException {
        for (int t = 0; t < chunk.frames(); t++) {
            long frame = chunk.firstFrame() + t;
            if (frame % every == 0) {
                picture.draw(chunk.values(), chunk.start(t));
                write(folder.resolve(String.format(Locale.ROOT, "%s_%09d.%s", prefix, frame, format)));
            }
        }
    }

    private void write(Path file) throws IOException {
        byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        System.arraycopy(picture.bytes(), 0, pixels, 0, pixels.length);
        encoded.reset();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(encoded)) {
            writer.setOutput(out);
            writer.write(image);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            encoded.writeTo(out);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }

    @Override
    protected void finish() {
        writer.dispose();
    }
}
