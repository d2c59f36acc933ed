package org.amacrine.sinks.images;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.BaseSink;
import org.amacrine.sinks.OutputFiles;

/**
 * Writes the frames of one signal as an animation: a {@code .gif}, or a page {@code .html} with a player, which is one file and needs no
 * network; see {@link Picture} for what they look like. For short recordings: a page keeps all of them in the browser's memory.
 *
 * <p>What was written before the process died or the disk was full can still be played. A run without any frame leaves no file.
 */
public final class AnimationSink extends BaseSink {
    private static final IndexColorModel GREY = grey();

    private final Path file;
    private final boolean isGif;
    private double framesPerSecond = 10;
    private int every = 1;
    private Brightness brightness = Brightness.OF_EACH_FRAME;
    private int zoom = 1;
    private boolean overwrite = true;
    private Picture picture;
    private BufferedImage image;
    private Animation animation;
    private long written;

    /**
     * A sink for this file.
     *
     * @throws IllegalArgumentException when it ends with neither {@code .gif} nor {@code .html}
     */
    public AnimationSink(Path file) {
        super("animation");
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".gif") && !name.endsWith(".html")) {
            throw new IllegalArgumentException(
                    "file must end with .gif or .html but was \"" + file + "\"; for example " + file + ".gif");
        }
        this.file = file;
        isGif = name.endsWith(".gif");
    }

    /** Frames shown per second; 10 by default. */
    public AnimationSink framesPerSecond(double hertz) {
        if (!(hertz >= 0.01 && hertz <= GifAnimation.MOST_FRAMES_PER_SECOND)) {
            throw new IllegalArgumentException("framesPerSecond must be >= 0.01 and <= "
                    + GifAnimation.MOST_FRAMES_PER_SECOND + " but was " + hertz
                    + "; for example 10, and take fewer frames with every");
        }
        framesPerSecond = hertz;
        return this;
    }

    /** Takes only frames whose index is a multiple of this; 1 by default. */
    public AnimationSink every(int frames) {
        if (frames < 1) {
            throw new IllegalArgumentException("every must be >= 1 but was " + frames + "; 1 takes all frames");
        }
        every = frames;
        return this;
    }

    /** Which values are black and white; the range of each frame by default. */
    public AnimationSink brightness(Brightness value) {
        brightness = value;
        return this;
    }

    /** Columns and rows of the animation for each pixel of a frame; 1 by default. */
    public AnimationSink zoom(int factor) {
        if (factor < 1) {
            throw new IllegalArgumentException("zoom must be >= 1 but was " + factor + "; for example 4");
        }
        zoom = factor;
        return this;
    }

    /** Whether the file may exist already, and is then replaced; true by default. */
    public AnimationSink overwrite(boolean allowed) {
        overwrite = allowed;
        return this;
    }

    private static IndexColorModel grey() {
        byte[] levels = new byte[256];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) i;
        }
        return new IndexColorModel(8, levels.length, levels, levels, levels);
    }

    @Override
    protected void begin(List<Signal> all) throws IOException {
        Signal signal = onlyOne(all);
        picture = new Picture(signal.shape(), brightness, zoom, false);
        image = picture.bytesPerPixel() == 3
                ? new BufferedImage(picture.columns(), picture.rows(), BufferedImage.TYPE_3BYTE_BGR)
                : new BufferedImage(picture.columns(), picture.rows(), BufferedImage.TYPE_BYTE_INDEXED, GREY);
        OutputFiles.prepare(file, overwrite);
        written = 0;
        try {
            animation = isGif
                    ? new GifAnimation(file, framesPerSecond)
                    : new HtmlAnimation(file, signal.name(), framesPerSecond, picture.columns());
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }

    @Override
    protected void write(int signal, Chunk chunk) throws IOException {
        byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        for (int t = 0; t < chunk.frames(); t++) {
            long frame = chunk.firstFrame() + t;
            if (frame % every == 0) {
                picture.draw(chunk.values(), chunk.start(t));
                System.arraycopy(picture.bytes(), 0, pixels, 0, pixels.length);
                try {
                    animation.add(image, frame);
                } catch (IOException e) {
                    throw OutputFiles.failure(file, e);
                }
                written++;
            }
        }
    }

    @Override
    protected void finish() throws IOException {
        try {
            animation.close();
            if (written == 0) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }
}
