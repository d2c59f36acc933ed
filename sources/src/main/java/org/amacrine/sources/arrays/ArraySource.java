package org.amacrine.sources.arrays;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.InputFiles;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.Npz;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.Settings;

/**
 * Plays an array, from memory or from a NumPy file, once, several times or without end; {@link ArrayLayout} says how its axes
 * are read.
 *
 * <p>An {@code .npy} file is read as it plays and may be larger than memory, except with five axes and several channels, whose
 * frames must be gathered; that and {@code .npz} files are held in memory. Values are passed on as they are, also those that are
 * not finite.
 *
 * <p>Differs from the reference: every frame is delivered, also the last ones, and the array may begin again any number of
 * times.
 */
public final class ArraySource implements FrameSource {
    private final Frames given;
    private final Path file;
    private final String entry;
    private final long repeat;
    private final double framesPerSecond;
    private final double startSeconds;

    private FrameReader reader;
    private long first;
    private long total;
    private long next;
    private long passesLeft;

    /** Frames one after the other, from any of them on. */
    private interface FrameReader extends Closeable {

        void seek(long frame) throws IOException;

        void read(float[] values) throws IOException;
    }

    /**
     * Plays frames from memory.
     *
     * @param frames what to play; not copied
     * @param repeat how often to play it; 0 for without end
     * @param framesPerSecond rate of the frames in hertz; 0 for one frame in each model step
     * @param startSeconds where to begin, each time
     */
    public ArraySource(Frames frames, long repeat, double framesPerSecond, double startSeconds) {
        this(frames, null, null, repeat, framesPerSecond, startSeconds);
    }

    /** Plays frames from memory once, one in each model step. */
    public ArraySource(Frames frames) {
        this(frames, 1, 0, 0);
    }

    private ArraySource(
            Frames given, Path file, String entry, long repeat, double framesPerSecond, double startSeconds) {
        this.given = given;
        this.file = file;
        this.entry = entry;
        this.repeat = repeat;
        this.framesPerSecond = framesPerSecond;
        this.startSeconds = startSeconds;
        if (repeat < 0) {
            throw new IllegalArgumentException("repeat must be >= 0 but was " + repeat + "; 0 means without end");
        }
    }

    /** A source with the settings of {@link #component()}. */
    ArraySource(ParameterTree chosen) {
        this(
                null,
                Path.of(chosen.get("file").text()),
                chosen.get("entry").text(),
                (long) chosen.get("repeat").number(),
                chosen.get("framesPerSecond").number(),
                chosen.get("startSeconds").number());
    }

    /** Source {@code array}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "array",
                "Array from a NumPy file, .npy or .npz",
                ArraySource::new,
                () -> Parameter.text("file", null).required().doc("The .npy or .npz file"),
                () -> Parameter.text("entry", null)
                        .doc("Name of the array in an .npz file; the first one if not given"),
                () -> Parameter.integer("repeat", 1)
                        .atLeast(0)
                        .atMost(Integer.MAX_VALUE)
                        .alias("loop")
                        .doc("How often to play it; 0 for without end"),
                Settings.framesPerSecond(),
                () -> Parameter.number("startSeconds", 0)
                        .unit("s")
                        .atLeast(0)
                        .atMost(1e9)
                        .doc("Where to begin, each time"));
    }

    @Override
    public SourceFormat open(SourceContext context) throws IOException {
        close();
        Shape shape = given == null ? openFile() : play(given);
        double rate =
                framesPerSecond > 0 ? framesPerSecond : context.resolution().stepsPerSecond();
        double start = Math.rint(startSeconds * rate);
        if (start >= total) {
            close();
            throw new IllegalArgumentException("startSeconds " + startSeconds + " is frame " + (long) start + " but "
                    + (file == null ? "the array" : file) + " has " + total + " frames at " + rate
                    + " Hz; begin earlier, or check framesPerSecond");
        }
        first = (long) start;
        passesLeft = repeat == 0 ? Long.MAX_VALUE : repeat;
        next = total;
        return new SourceFormat(shape, framesPerSecond, repeat == 0 ? -1 : repeat * (total - first), false);
    }

    private Shape openFile() throws IOException {
        InputFiles.require(file, "an .npy or .npz file");
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".npz")) {
            NdArray array = entry == null ? firstOf(Npz.read(file)) : Npz.read(file, entry);
            String what = entry == null ? file.toString() : file + "[" + entry + "]";
            return play(layoutOf(what, array).toFrames(array));
        }
        if (entry != null) {
            throw new IllegalArgumentException(
                    "entry \"" + entry + "\" was given but " + file + " is no .npz file; leave entry out");
        }
        ArrayLayout layout;
        try (NpyReader header = NpyReader.open(file)) {
            layout = ArrayLayout.of(file.toString(), header.shape());
        }
        if (!layout.isFrameByFrame()) {
            return play(layout.toFrames(NpyReader.readAll(file)));
        }
        reader = new FromFile(file, layout.shape().values());
        total = layout.frames();
        return layout.shape();
    }

    private NdArray firstOf(Map<String, NdArray> arrays) throws IOException {
        if (arrays.isEmpty()) {
            throw new IOException(file + " holds no arrays; write it with numpy.savez");
        }
        return arrays.values().iterator().next();
    }

    private static ArrayLayout layoutOf(String what, NdArray array) {
        long[] extents = new long[array.shape().length];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = array.shape()[i];
        }
        return ArrayLayout.of(what, extents);
    }

    private Shape play(Frames frames) {
        if (frames.count() == 0) {
            throw new IllegalArgumentException("the array has no frames; give at least one");
        }
        reader = new FromMemory(frames);
        total = frames.count();
        return frames.shape();
    }

    @Override
    public boolean read(Frame frame) throws IOException {
        if (reader == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (next == total) {
            if (passesLeft == 0) {
                return false;
            }
            passesLeft--;
            reader.seek(first);
            next = first;
        }
        reader.read(frame.values());
        next++;
        return true;
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Frames held in memory. */
    private static final class FromMemory implements FrameReader {
        private final Frames frames;
        private int next;

        FromMemory(Frames frames) {
            this.frames = frames;
        }

        @Override
        public void seek(long frame) {
            next = (int) frame;
        }

        @Override
        public void read(float[] values) {
            System.arraycopy(frames.values(), next * values.length, values, 0, values.length);
            next++;
        }

        @Override
        public void close() {}
    }

    /** Frames read from an {@code .npy} file as they are needed. */
    private static final class FromFile implements FrameReader {
        private final Path file;
        private final float[] skipped;
        private NpyReader reader;

        FromFile(Path file, int frameValues) {
            this.file = file;
            this.skipped = new float[frameValues];
        }

        @Override
        public void seek(long frame) throws IOException {
            close();
            reader = NpyReader.open(file);
            for (long i = 0; i < frame; i++) {
                read(skipped);
            }
        }

        @Override
        public void read(float[] values) throws IOException {
            reader.read(values, 0, values.length);
        }

        @Override
        public void close() throws IOException {
            if (reader != null) {
                reader.close();
                reader = null;
            }
        }
    }
}
