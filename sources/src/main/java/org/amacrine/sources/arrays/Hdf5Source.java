package org.amacrine.sources.arrays;

import java.io.IOException;
import java.nio.file.Path;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.Settings;

/**
 * Plays frames from an HDF5 file, an array {@code (frames, rows, columns)} or as {@link ArrayLayout} says, once. Some frames are
 * read at a time, so the file may be larger than memory; it may be compressed. It must not grow while it is read.
 */
public final class Hdf5Source implements FrameSource {
    /** The most values that are read at a time, unless a frame has more. */
    private static final int VALUES_AT_ONCE = 1 << 20;

    private final Path path;
    private final String dataset;
    private final double framesPerSecond;
    private Hdf5File file;
    private ArrayLayout layout;
    private Shape shape;
    private float[] block;
    private int blockFrames;
    private int frames;
    private int next;

    private Hdf5Source(ParameterTree chosen) {
        path = Path.of(chosen.get("file").text());
        dataset = chosen.get("dataset").text();
        framesPerSecond = chosen.get("framesPerSecond").number();
    }

    /** Source {@code hdf5}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "hdf5",
                "Frames from an array in an HDF5 file",
                Hdf5Source::new,
                () -> Parameter.text("file", null).required().doc("The HDF5 file"),
                () -> Parameter.text("dataset", "images").alias("data_set_name").doc("Path of the array in the file"),
                Settings.framesPerSecond());
    }

    @Override
    public SourceFormat open(SourceContext context) throws IOException {
        close();
        Hdf5File opened = Hdf5File.open(path);
        try {
            int[] found = opened.extents(dataset);
            long[] extents = new long[found.length];
            for (int i = 0; i < found.length; i++) {
                extents[i] = found[i];
            }
            layout = ArrayLayout.of(path + "[" + dataset + "]", extents);
            if (!layout.isFrameByFrame()) {
                throw new IllegalArgumentException(path + "[" + dataset
                        + "] has its channels before its frames; write it as (frames, channels, rows, columns)");
            }
            shape = layout.shape();
            frames = Math.toIntExact(layout.frames());
            blockFrames = Math.max(1, Math.min(frames, VALUES_AT_ONCE / shape.values()));
            block = new float[Math.multiplyExact(blockFrames, shape.values())];
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        file = opened;
        next = 0;
        return new SourceFormat(shape, framesPerSecond, frames, false);
    }

    @Override
    public boolean read(Frame frame) throws IOException {
        if (file == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (next == frames) {
            return false;
        }
        int within = next % blockFrames;
        if (within == 0) {
            file.rows(dataset, layout.frameAxis(), next, Math.min(blockFrames, frames - next), block);
        }
        System.arraycopy(block, within * shape.values(), frame.values(), 0, shape.values());
        next++;
        return true;
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
            block = null;
        }
    }
}
