package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.io.Npz;
import org.amacrine.operators.arhmm.ArHmmModelFile;
import org.amacrine.operators.arhmm.ArHmmParameters;
import org.amacrine.operators.arhmm.Checkpoint;
import org.amacrine.sinks.OutputFiles;

/** Models of the AR-HMM in files, and what commands compute with them. */
final class ModelFiles {
    private ModelFiles() {}

    /** The parameters in a model of ours, {@code .npz}, or in the last iteration of a checkpoint of keypoint-moseq. */
    static ArHmmParameters parameters(Path file) throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
            try {
                return Checkpoint.read(file).parameters();
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " holds no usable model: " + e.getMessage(), e);
            }
        }
        return ArHmmModelFile.read(file).model().parameters();
    }

    /** Checks before the work that an output can be written, and that its name says {@code .npz}. */
    static void prepareOutput(Path file) throws IOException {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".npz")) {
            throw new IllegalArgumentException("--out is an .npz file but was " + file + "; name it " + file + ".npz");
        }
        OutputFiles.prepare(file, true);
    }

    /** Whether a name says {@code .npy}: one array. */
    static boolean isNpy(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
    }

    /** Writes one array, saying which file it was about when that fails. */
    static void write(Path file, NdArray array) throws IOException {
        try {
            NpyWriter.write(file, array);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }

    /** Writes arrays, saying which file it was about when that fails. */
    static void write(Path file, Map<String, NdArray> arrays) throws IOException {
        try {
            Npz.write(file, arrays);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }
}
