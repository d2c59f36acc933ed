package org.amacrine.sinks.arrays;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.BaseSink;
import org.amacrine.sinks.OutputFiles;

/**
 * Writes one signal to an HDF5 file, as an array {@code (frames, rows, columns)} of {@code float32}, with the channels behind the
 * frames where there are several.
 *
 * <p>Frames go to {@code FILE.part.npy} as they come, and from there into the HDF5 file when the sink is closed, for which the
 * whole recording must fit into memory, twice: HDF5 is written in one piece. Where it does not fit, or the process died, the part
 * stays, and can be read as it is. Without frames there is no array: where none came, there is no file.
 */
public final class Hdf5Sink extends BaseSink {
    /** Frames that are compressed together, as in the reference. */
    private static final int PIECE_FRAMES = 200;

    private final Path target;
    private final Path part;
    private final String dataset;
    private boolean overwrite = true;
    private boolean compress;
    private NpyWriter writer;

    /**
     * A sink for this file.
     *
     * @param target the file to write
     * @param dataset path of the array in it
     */
    public Hdf5Sink(Path target, String dataset) {
        super("hdf5");
        this.target = target;
        this.dataset = dataset;
        part = target.resolveSibling(target.getFileName() + ".part.npy");
        if (!dataset.matches("[^/]+(/[^/]+)*")) {
            throw new IllegalArgumentException("dataset must be names joined by / but was \"" + dataset
                    + "\"; for example images, or recording/images");
        }
    }

    /** Whether the file may exist already, and is then replaced; true by default. */
    public Hdf5Sink overwrite(boolean allowed) {
        overwrite = allowed;
        return this;
    }

    /** Whether frames are compressed, 200 together; false by default. */
    public Hdf5Sink compress(boolean yes) {
        compress = yes;
        return this;
    }

    @Override
    protected void begin(List<Signal> all) throws IOException {
        Signal signal = onlyOne(all);
        OutputFiles.prepare(target, overwrite);
        OutputFiles.prepare(part, overwrite);
        try {
            writer = signal.shape().channels() == 1
                    ? new NpyWriter(part, signal.shape().rows(), signal.shape().columns())
                    : new NpyWriter(
                            part,
                            signal.shape().channels(),
                            signal.shape().rows(),
                            signal.shape().columns());
        } catch (IOException e) {
            throw OutputFiles.failure(part, e);
        }
    }

    @Override
    protected void write(int signal, Chunk chunk) throws IOException {
        try {
            writer.append(chunk.values(), chunk.start(0), chunk.frames());
        } catch (IOException e) {
            throw OutputFiles.failure(part, e);
        }
    }

    @Override
    protected void finish() throws IOException {
        try {
            writer.close();
            if (writer.frames() > 0) {
                Map<String, NdArray> frames = Map.of(dataset, NpyReader.readAll(part));
                if (compress) {
                    Hdf5File.writeCompressed(target, frames, PIECE_FRAMES);
                } else {
                    Hdf5File.write(target, frames);
                }
            } else {
                Files.deleteIfExists(target);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw new IOException("cannot write " + target + ": " + e.getMessage() + "; the frames stay in " + part, e);
        }
        Files.delete(part);
    }
}
