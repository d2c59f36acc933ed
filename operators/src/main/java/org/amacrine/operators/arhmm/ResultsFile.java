package org.amacrine.operators.arhmm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.io.NdArray;

/**
 * States of recordings as keypoint-moseq writes them, {@code results.h5}:
 *
 * <pre>
 *   /RECORDING/syllable        (T)      state of each frame; the first one L times more at the front
 *             /latent_state    (T, D)   x
 * </pre>
 *
 * <p>Parts of one recording, which have the same name, are put together. Where they overlap, the earlier one counts: the
 * later one has no states of its own in its first L frames.
 */
public final class ResultsFile {
    private ResultsFile() {}

    /**
     * Writes the file.
     *
     * @param recordings names of the N sequences
     * @param bounds first frame in its recording of each sequence, and the frame after the last, (N, 2)
     * @param z states, (N, T - L)
     * @param x features, (N, T, D)
     * @throws IllegalArgumentException when shapes or bounds do not fit
     */
    public static void write(Path file, List<String> recordings, NdArray bounds, NdArray z, NdArray x)
            throws IOException {
        int sequences = recordings.size();
        int[] shape = x.shape();
        if (shape.length != 3
                || z.shape().length != 2
                || shape[0] != sequences
                || z.shape()[0] != sequences
                || bounds.size() != 2 * sequences
                || z.shape()[1] >= shape[1]) {
            throw new IllegalArgumentException("results of " + sequences
                    + " sequences are bounds (N, 2), z (N, T - L) and x (N, T, D) but were given as "
                    + NdArray.text(bounds.shape()) + ", " + NdArray.text(z.shape()) + " and " + NdArray.text(shape));
        }
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (String name : recordings) {
            if (!arrays.containsKey(name + "/syllable")) {
                int frames = length(name, recordings, bounds, shape[1]);
                arrays.put(name + "/syllable", new NdArray(new int[] {frames}, new long[frames]));
                arrays.put(
                        name + "/latent_state",
                        new NdArray(new int[] {frames, shape[2]}, new double[frames * shape[2]]));
            }
        }
        sortedByStart(sequences, bounds).forEach(n -> copy(n, recordings.get(n), arrays, bounds, z, x));
        Hdf5File.write(file, arrays);
    }

    /** Sequences, the last one first, so that earlier ones are written over later ones. */
    private static List<Integer> sortedByStart(int sequences, NdArray bounds) {
        return java.util.stream.IntStream.range(0, sequences)
                .boxed()
                .sorted((a, b) -> Double.compare(bounds.at(2 * b), bounds.at(2 * a)))
                .toList();
    }

    private static int length(String name, List<String> recordings, NdArray bounds, int frames) {
        int end = 0;
        for (int n = 0; n < recordings.size(); n++) {
            if (recordings.get(n).equals(name)) {
                double first = bounds.at(2 * n);
                double last = bounds.at(2 * n + 1);
                if (!(first >= 0 && last > first && last - first <= frames)) {
                    throw new IllegalArgumentException("the bounds of sequence " + n + " of recording " + name + " are "
                            + first + " and " + last + "; they must hold 1 to " + frames + " frames");
                }
                end = Math.max(end, (int) last);
            }
        }
        return end;
    }

    private static void copy(int n, String name, Map<String, NdArray> arrays, NdArray bounds, NdArray z, NdArray x) {
        long[] syllables = (long[]) arrays.get(name + "/syllable").data();
        double[] latent = (double[]) arrays.get(name + "/latent_state").data();
        int first = (int) bounds.at(2 * n);
        int count = (int) bounds.at(2 * n + 1) - first;
        int frames = x.shape()[1];
        int dims = x.shape()[2];
        int lags = frames - z.shape()[1];
        for (int t = 0; t < count; t++) {
            syllables[first + t] = (long) z.at(n * z.shape()[1] + Math.max(0, t - lags));
            for (int d = 0; d < dims; d++) {
                latent[(first + t) * dims + d] = x.at((n * frames + t) * dims + d);
            }
        }
    }
}
