package org.amacrine.operators.arhmm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.io.NdArray;

/**
 * A fitted model as keypoint-moseq and jax-moseq save it, {@code checkpoint.h5}: one of its iterations, with the recordings
 * that it was fitted to. Their layout, read with {@link #read(Path)}:
 *
 * <pre>
 *   /model_snapshots/ITERATION/params/{Ab, Q, betas, pi, …}
 *                             /states/{z, x, …}
 *                             /hypparams/{ar_hypparams, trans_hypparams, …}/…
 *                             /seed
 *   /metadata/arr0            names of the N recordings
 *            /arr1            first frame and the one after the last of each, (N, 2)
 *   /data/{mask, …}
 * </pre>
 *
 * @param iteration how many iterations it was fitted
 * @param params arrays of the model by name: Ab (K, D, D L + 1), Q (K, D, D), betas (K), pi (K, K), and others
 * @param states of the recordings by name: z (N, T - L), x (N, T, D), and others
 * @param hypparams hyperparameters by group and name, for example {@code ar_hypparams} and {@code nu_0}
 * @param seed of its random numbers
 * @param recordings names of the N recordings; those of parts of one are the same
 * @param bounds first frame and the one after the last of each, (N, 2)
 * @param data what it was fitted to, by name: mask (N, T), and others
 */
public record Checkpoint(
        long iteration,
        Map<String, NdArray> params,
        Map<String, NdArray> states,
        Map<String, Map<String, NdArray>> hypparams,
        NdArray seed,
        List<String> recordings,
        NdArray bounds,
        Map<String, NdArray> data) {
    private static final String SNAPSHOTS = "model_snapshots";

    /** The last iteration in a file; throws {@link IOException} that says what is missing in it. */
    public static Checkpoint read(Path file) throws IOException {
        List<Long> all = iterations(file);
        return read(file, all.get(all.size() - 1));
    }

    /** One iteration in a file; throws {@link IOException} that lists those there are. */
    public static Checkpoint read(Path file, long iteration) throws IOException {
        List<Long> all = iterations(file);
        if (!all.contains(iteration)) {
            throw new IOException(file + " holds no iteration " + iteration + "; it holds " + all);
        }
        String at = SNAPSHOTS + "/" + iteration;
        try (Hdf5File hdf5 = Hdf5File.open(file)) {
            Map<String, Map<String, NdArray>> hypparams = new LinkedHashMap<>();
            for (String group : hdf5.names(at + "/hypparams")) {
                hypparams.put(group, arrays(hdf5, at + "/hypparams/" + group));
            }
            return new Checkpoint(
                    iteration,
                    arrays(hdf5, at + "/params"),
                    arrays(hdf5, at + "/states"),
                    Collections.unmodifiableMap(hypparams),
                    hdf5.array(at + "/seed"),
                    hdf5.strings("metadata/arr0"),
                    hdf5.array("metadata/arr1"),
                    arrays(hdf5, "data"));
        }
    }

    /** The iterations in a file, in rising order, at least one. */
    public static List<Long> iterations(Path file) throws IOException {
        try (Hdf5File hdf5 = Hdf5File.open(file)) {
            List<Long> all = new ArrayList<>();
            for (String name : hdf5.names(SNAPSHOTS)) {
                all.add(Long.parseLong(name));
            }
            if (all.isEmpty()) {
                throw new IOException(file + " holds no iterations; save the model while it is fitted");
            }
            Collections.sort(all);
            return all;
        } catch (NumberFormatException e) {
            throw new IOException(
                    file + " has a snapshot that is no number: " + e.getMessage() + "; check what wrote it", e);
        }
    }

    private static Map<String, NdArray> arrays(Hdf5File hdf5, String group) throws IOException {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (String name : hdf5.names(group)) {
            arrays.put(name, hdf5.array(group + "/" + name));
        }
        return Collections.unmodifiableMap(arrays);
    }

    /** The model; throws {@link IllegalArgumentException} that names what is missing or does not fit. */
    public ArHmmParameters parameters() {
        return ArHmmParameters.of(param("betas"), param("pi"), param("Ab"), param("Q"));
    }

    /**
     * The whole model, with its prior and its states, for a fit to go on from or a file of our own; iterations count as sweeps.
     * Throws {@link IllegalArgumentException} that names what is missing or does not fit.
     */
    public ArHmmModel model() {
        ArHmmParameters parameters = parameters();
        Hyperparameters prior = new Hyperparameters(
                new Hyperparameters.Transitions(
                        parameters.states(),
                        prior("trans_hypparams", "alpha").scalar(),
                        prior("trans_hypparams", "kappa").scalar(),
                        prior("trans_hypparams", "gamma").scalar()),
                new Hyperparameters.Autoregression(
                        parameters.dims(),
                        parameters.lags(),
                        prior("ar_hypparams", "nu_0").scalar(),
                        prior("ar_hypparams", "S_0").doubles(),
                        prior("ar_hypparams", "M_0").doubles(),
                        prior("ar_hypparams", "K_0").doubles()));
        NdArray z = states.get("z");
        if (z == null || z.shape().length != 2) {
            throw new IllegalArgumentException("iteration " + iteration
                    + " has no states z of the shape (recordings, frames - lags); it has " + states.keySet());
        }
        int[][] paths = new int[z.shape()[0]][z.shape()[1]];
        for (int i = 0; i < z.size(); i++) {
            paths[i / z.shape()[1]][i % z.shape()[1]] = (int) z.at(i);
        }
        // The seed is two words there.
        long word = seed.size() == 2 ? (long) seed.at(0) << 32 | (long) seed.at(1) : seed.integer();
        return new ArHmmModel(word, iteration, prior, parameters, paths);
    }

    private NdArray prior(String group, String name) {
        Map<String, NdArray> arrays = hypparams.getOrDefault(group, Map.of());
        NdArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException(
                    "iteration " + iteration + " has no " + name + " in " + group + "; it has " + arrays.keySet());
        }
        return array;
    }

    private NdArray param(String name) {
        NdArray array = params.get(name);
        if (array == null) {
            throw new IllegalArgumentException(
                    "iteration " + iteration + " has no " + name + "; it has " + params.keySet());
        }
        return array;
    }
}
