package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.io.InputFiles;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.Npz;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Names;
import org.amacrine.operators.arhmm.Checkpoint;
import org.amacrine.operators.arhmm.Sequences;
import org.amacrine.operators.features.Egocentric;
import org.amacrine.operators.features.Pca;
import org.amacrine.operators.features.PrincipalComponents;
import org.amacrine.sources.keypoints.KeypointFile;
import org.amacrine.sources.keypoints.KeypointTable;
import picocli.CommandLine.Option;

/** The files of features that commands of the AR-HMM take, and how they become sequences. */
final class FeatureFiles {
    private static final String CHECKPOINT_SNAPSHOTS = "model_snapshots";
    private static final String NUMPY = "x";

    /**
     * Sequences with names.
     *
     * @param names where each is from, for messages and outputs
     * @param sequences features and masks
     */
    record Named(List<String> names, Sequences sequences) {}

    /** Frames of one sequence before they go through principal components: [T][D], mask [T]. */
    private record Part(String name, int dims, double[] x, double[] mask) {}

    @Option(
            names = "--in",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = {
                "Features, any number of files, each one or more sequences:",
                "  .npy   (T), (T,D) or (N,T,D), as a layer's output is too: (T,D,1,1)",
                "  .npz   the array x, or its only array, shaped the same; mask (T) or (N,T) when it has one",
                "  .csv, .h5 of DeepLabCut or SLEAP: keypoints, moved to the animal's middle and turned to where it looks; each"
                        + " animal is a sequence",
                "  .h5    a checkpoint of keypoint-moseq: its x and mask"
            })
    private List<Path> in = new ArrayList<>();

    @Option(
            names = "--missing",
            description = "Frames with NaN are missing; otherwise they are errors. Keypoints may always be missing.")
    private boolean missing;

    @Option(
            names = "--pca",
            paramLabel = "FILE.npz",
            description =
                    "Principal components, see amacrine arhmm pca: features go along them, scaled to the variance 1.")
    private Path pca;

    @Option(
            names = "--min-confidence",
            paramLabel = "P",
            description = "Keypoints with less confidence are missing (${DEFAULT-VALUE}).")
    private double minConfidence = 0.5;

    @Option(
            names = "--front",
            paramLabel = "PART",
            split = ",",
            description = "Body parts in front, which say where the animal looks (the first one of the file).")
    private List<String> front = new ArrayList<>();

    @Option(
            names = "--back",
            paramLabel = "PART",
            split = ",",
            description = "Body parts at its back (the second one of the file).")
    private List<String> back = new ArrayList<>();

    /** The files. */
    List<Path> files() {
        return in;
    }

    /** Reads all files; features have gone through principal components where these were given. */
    Named read() throws IOException {
        PrincipalComponents components = pca == null ? null : PrincipalComponents.load(pca);
        List<Part> parts = new ArrayList<>();
        for (Path file : in) {
            for (Part part : parts(file)) {
                parts.add(components == null ? part : along(components, part));
            }
        }
        int dims = parts.get(0).dims;
        Sequences.Builder sequences = new Sequences.Builder(dims);
        List<String> names = new ArrayList<>();
        for (Part part : parts) {
            if (part.dims != dims) {
                throw new IllegalArgumentException(part.name + " has " + part.dims + " features but "
                        + parts.get(0).name + " has " + dims + "; give files of the same features");
            }
            sequences.add(part.x, part.mask);
            names.add(part.name);
        }
        return new Named(names, sequences.build());
    }

    private List<Part> parts(Path file) throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy")) {
            return arrays(file.toString(), NpyReader.readAll(file), null);
        }
        if (name.endsWith(".npz")) {
            return npz(file);
        }
        if (name.endsWith(".csv")) {
            return keypoints(file);
        }
        if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
            return isCheckpoint(file) ? checkpoint(file) : keypoints(file);
        }
        InputFiles.find(file, "features");
        throw new IllegalArgumentException(
                file + " is of no known kind; give .npy or .npz arrays, .csv or .h5 keypoints, or a checkpoint .h5");
    }

    /** Whether a file is a checkpoint of keypoint-moseq. */
    static boolean isCheckpoint(Path file) throws IOException {
        try (Hdf5File hdf5 = Hdf5File.open(file)) {
            return hdf5.has(CHECKPOINT_SNAPSHOTS);
        }
    }

    private List<Part> npz(Path file) throws IOException {
        Map<String, NdArray> arrays = Npz.read(file);
        NdArray x = arrays.get(NUMPY);
        if (x == null && arrays.size() == 1) {
            x = arrays.values().iterator().next();
        }
        if (x == null) {
            throw new IllegalArgumentException(
                    file + " has the arrays " + arrays.keySet() + "; features are in an array named " + NUMPY);
        }
        return arrays(file.toString(), x, arrays.get("mask"));
    }

    private List<Part> checkpoint(Path file) throws IOException {
        Checkpoint read = Checkpoint.read(file);
        NdArray x = read.states().get("x");
        if (x == null) {
            throw new IOException(file + " has no features x among its states "
                    + read.states().keySet());
        }
        List<Part> parts = arrays(file.toString(), x, read.data().get("mask"));
        List<Part> named = new ArrayList<>();
        for (int n = 0; n < parts.size(); n++) {
            Part part = parts.get(n);
            named.add(new Part(file + " " + read.recordings().get(n), part.dims, part.x, part.mask));
        }
        return named;
    }

    // ------------------------------------------------------------------------------------------------ arrays

    private List<Part> arrays(String file, NdArray array, NdArray mask) {
        int[] shape = array.shape();
        int axes = shape.length;
        if (axes == 4 && shape[2] == 1 && shape[3] == 1) {
            axes = 2;
        }
        if (axes < 1 || axes > 3) {
            throw new IllegalArgumentException(
                    file + " has the shape " + NdArray.text(shape) + "; features are (T), (T,D) or (N,T,D)");
        }
        int count = axes == 3 ? shape[0] : 1;
        int frames = axes == 3 ? shape[1] : shape[0];
        int dims = axes == 1 ? 1 : axes == 2 ? shape[1] : shape[2];
        if (mask != null && mask.size() != count * frames) {
            throw new IllegalArgumentException(file + " has a mask of shape " + NdArray.text(mask.shape()) + " for "
                    + count * frames + " frames; it needs one value for each");
        }
        List<Part> parts = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            String name = count == 1 ? file : file + "[" + n + "]";
            double[] x = new double[frames * dims];
            for (int i = 0; i < x.length; i++) {
                x[i] = array.at(n * x.length + i);
            }
            double[] weights = null;
            if (mask != null) {
                weights = new double[frames];
                for (int t = 0; t < frames; t++) {
                    weights[t] = mask.at(n * frames + t);
                }
            }
            parts.add(new Part(name, dims, x, missing ? withoutMissing(x, dims, weights) : weights));
        }
        return parts;
    }

    /** A mask that leaves out frames with NaN as well. */
    private static double[] withoutMissing(double[] x, int dims, double[] mask) {
        double[] weights = mask;
        if (weights == null) {
            weights = new double[x.length / dims];
            Arrays.fill(weights, 1);
        }
        for (int i = 0; i < x.length; i++) {
            if (Double.isNaN(x[i])) {
                weights[i / dims] = 0;
            }
        }
        return weights;
    }

    // ------------------------------------------------------------------------------------------------ keypoints

    private List<Part> keypoints(Path file) throws IOException {
        KeypointTable table = KeypointFile.read(file);
        int points = table.bodyParts().size();
        Egocentric layer = new Egocentric("features.egocentric");
        setParts(layer, "front", front, file, table.bodyParts());
        setParts(layer, "back", back, file, table.bodyParts());
        List<Part> parts = new ArrayList<>();
        for (int a = 0; a < table.animals().size(); a++) {
            float[] values = new float[table.frames() * points * 2];
            Arrays.fill(values, Float.NaN);
            for (int t = 0; t < table.frames(); t++) {
                for (int p = 0; p < points; p++) {
                    if (table.isFound(t, a, p, minConfidence)) {
                        values[(t * points + p) * 2] = table.column(t, a, p);
                        values[(t * points + p) * 2 + 1] = table.row(t, a, p);
                    }
                }
            }
            String name = table.animals().size() == 1
                    ? file.toString()
                    : file + " " + table.animals().get(a);
            Frames aligned = LayerRun.of("features.egocentric", layer)
                    .apply(new Frames(Shape.vector(2 * points), table.frames(), values))
                    .get("aligned");
            double[] x = doubles(aligned.values());
            parts.add(new Part(name, 2 * points, x, withoutMissing(x, 2 * points, null)));
        }
        return parts;
    }

    private static void setParts(
            Egocentric layer, String parameter, List<String> chosen, Path file, List<String> known) {
        if (chosen.isEmpty()) {
            return;
        }
        float[] indices = new float[chosen.size()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = known.indexOf(chosen.get(i));
            if (indices[i] < 0) {
                throw new IllegalArgumentException("no body part \"" + chosen.get(i) + "\" in " + file
                        + Names.suggest(chosen.get(i), known) + "; there are " + known);
            }
        }
        layer.parameters().set(Map.of(parameter, NdArray.of(indices, indices.length)));
    }

    private static double[] doubles(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    /** A sequence along principal components, in single precision as the layer of a live stream computes it. */
    private static Part along(PrincipalComponents components, Part part) {
        float[] values = new float[part.x.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) part.x[i];
        }
        Pca layer = new Pca("features.pca", components);
        layer.parameters().set(Map.of("whiten", true));
        Frames out = LayerRun.of("features.pca", layer)
                .apply(new Frames(Shape.vector(part.dims), values.length / part.dims, values))
                .get("output");
        return new Part(part.name, components.count(), doubles(out.values()), part.mask);
    }
}
