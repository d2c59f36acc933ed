package org.amacrine.operators.arhmm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.JsonText;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A model on disk: an {@code .npz} file, which {@code numpy.load} reads, with {@code model.json} inside.
 *
 * <pre>
 *   model.json                 format "amacrine-arhmm/1", dims, lags, states, labels, provenance
 *   betas pi Ab Q              (K,) (K, K) (K, D, p) (K, D, D)
 *   transition_prior           (3,): alpha, kappa, gamma
 *   nu_0 S_0 M_0 K_0           (), (D, D), (D, p), (p, p)
 *   z z_lengths                states, one sequence behind the other, and how many each has
 *   seed sweep                 ()
 *   stream.NAME                what live estimation keeps for a stream, as its layer's states
 * </pre>
 *
 * @param model what was fitted
 * @param labels names of the states, [K]; empty when they have none
 * @param provenance where the model is from, in words, by topic
 * @param streams states of layers by name, without the {@code stream.} before them
 */
public record ArHmmModelFile(
        ArHmmModel model, List<String> labels, Map<String, String> provenance, Map<String, NdArray> streams) {
    private static final String FORMAT = "amacrine-arhmm/";
    private static final int MAJOR = 1;
    private static final String DESCRIPTION = "model.json";
    private static final String STREAM = "stream.";

    /** Checks the number of labels. */
    public ArHmmModelFile {
        int states = model.parameters().states();
        if (!labels.isEmpty() && labels.size() != states) {
            throw new IllegalArgumentException(
                    "a model of " + states + " states has as many labels, or none, but was given " + labels.size());
        }
    }

    /** A model without names, provenance and streams. */
    public static ArHmmModelFile of(ArHmmModel model) {
        return new ArHmmModelFile(model, List.of(), Map.of(), Map.of());
    }

    /** Writes the file, replacing an old one only once the new one is whole. */
    public void write(Path file) throws IOException {
        ArHmmParameters p = model.parameters();
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("format", FORMAT + MAJOR);
        description.put("dims", p.dims());
        description.put("lags", p.lags());
        description.put("states", p.states());
        description.put("labels", labels);
        description.put("provenance", provenance);
        Map<String, NdArray> arrays = arrays(model);
        streams.forEach((name, array) -> arrays.put(STREAM + name, array));
        Npz.write(file, arrays, Map.of(DESCRIPTION, JsonText.of(description)));
    }

    /**
     * Reads a file.
     *
     * @throws IOException when it is no model, was cut off, or is of a newer format
     */
    public static ArHmmModelFile read(Path file) throws IOException {
        String text = Npz.readText(file, DESCRIPTION);
        Map<?, ?> description = description(file, text);
        try {
            Map<String, NdArray> arrays = Npz.read(file);
            Map<String, NdArray> streams = new LinkedHashMap<>();
            arrays.forEach((name, array) -> {
                if (name.startsWith(STREAM)) {
                    streams.put(name.substring(STREAM.length()), array);
                }
            });
            return new ArHmmModelFile(
                    model(arrays), strings(description.get("labels")), words(description.get("provenance")), streams);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds no usable model: " + e.getMessage(), e);
        }
    }

    private static Map<?, ?> description(Path file, String text) throws IOException {
        Object root;
        try {
            root = new Load(LoadSettings.builder().setLabel(DESCRIPTION).build()).loadFromString(text);
        } catch (YamlEngineException e) {
            throw new IOException(DESCRIPTION + " in " + file + " is not JSON: " + e.getMessage(), e);
        }
        Object format = root instanceof Map<?, ?> map ? map.get("format") : null;
        if (!(format instanceof String name) || !name.matches(FORMAT + "\\d{1,6}(\\.\\d+)*")) {
            throw new IOException(file + " is of the format \"" + format + "\", not \"" + FORMAT + MAJOR
                    + "\"; give a model that a fit wrote");
        }
        int major = Integer.parseInt(name.substring(FORMAT.length()).split("\\.")[0]);
        if (major > MAJOR) {
            throw new IOException(file + " is of the format \"" + name + "\" but this program reads up to \"" + FORMAT
                    + MAJOR + "\"; take a newer program, or write the model with an older one");
        }
        return (Map<?, ?>) root;
    }

    private static List<String> strings(Object list) {
        List<String> out = new ArrayList<>();
        if (list instanceof List<?> values) {
            values.forEach(value -> out.add(String.valueOf(value)));
        }
        return out;
    }

    private static Map<String, String> words(Object map) {
        Map<String, String> out = new LinkedHashMap<>();
        if (map instanceof Map<?, ?> values) {
            values.forEach((key, value) -> out.put(String.valueOf(key), String.valueOf(value)));
        }
        return out;
    }

    // ------------------------------------------------------------------------------------------------ arrays

    /** A model as arrays by name. */
    static Map<String, NdArray> arrays(ArHmmModel model) {
        ArHmmParameters p = model.parameters();
        Hyperparameters.Transitions transitions = model.hyperparameters().transitions();
        Hyperparameters.Autoregression prior = model.hyperparameters().autoregression();
        int states = p.states();
        int dims = p.dims();
        int columns = p.columns();
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("betas", array(p.betas(), states));
        arrays.put("pi", array(p.pi(), states, states));
        arrays.put("Ab", array(p.ab(), states, dims, columns));
        arrays.put("Q", array(p.q(), states, dims, dims));
        arrays.put(
                "transition_prior",
                array(new double[] {transitions.alpha(), transitions.kappa(), transitions.gamma()}, 3));
        arrays.put("nu_0", NdArray.of(prior.nu0()));
        arrays.put("S_0", array(prior.s0(), dims, dims));
        arrays.put("M_0", array(prior.m0(), dims, columns));
        arrays.put("K_0", array(prior.k0(), columns, columns));
        long[] z = Arrays.stream(model.states())
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .toArray();
        long[] lengths =
                Arrays.stream(model.states()).mapToLong(one -> one.length).toArray();
        arrays.put("z", new NdArray(new int[] {z.length}, z));
        arrays.put("z_lengths", new NdArray(new int[] {lengths.length}, lengths));
        arrays.put("seed", NdArray.of(model.seed()));
        arrays.put("sweep", NdArray.of(model.sweep()));
        return arrays;
    }

    private static NdArray array(double[] values, int... shape) {
        return new NdArray(shape, values);
    }

    /** The model in arrays by name; throws {@link IllegalArgumentException} when one is missing or does not fit. */
    static ArHmmModel model(Map<String, NdArray> arrays) {
        ArHmmParameters p =
                ArHmmParameters.of(get(arrays, "betas"), get(arrays, "pi"), get(arrays, "Ab"), get(arrays, "Q"));
        double[] prior = get(arrays, "transition_prior").doubles();
        if (prior.length != 3) {
            throw new IllegalArgumentException(
                    "transition_prior must hold alpha, kappa and gamma but holds " + prior.length + " numbers");
        }
        Hyperparameters hyperparameters = new Hyperparameters(
                new Hyperparameters.Transitions(p.states(), prior[0], prior[1], prior[2]),
                new Hyperparameters.Autoregression(
                        p.dims(),
                        p.lags(),
                        get(arrays, "nu_0").scalar(),
                        get(arrays, "S_0").doubles(),
                        get(arrays, "M_0").doubles(),
                        get(arrays, "K_0").doubles()));
        return new ArHmmModel(
                get(arrays, "seed").integer(), get(arrays, "sweep").integer(), hyperparameters, p, states(arrays));
    }

    private static int[][] states(Map<String, NdArray> arrays) {
        NdArray z = get(arrays, "z");
        NdArray lengths = get(arrays, "z_lengths");
        int[][] states = new int[lengths.size()][];
        int at = 0;
        for (int n = 0; n < states.length; n++) {
            int length = (int) lengths.at(n);
            if (length < 0 || length > z.size() - at) {
                throw new IllegalArgumentException("z holds " + z.size() + " states, too few for its lengths");
            }
            states[n] = new int[length];
            for (int s = 0; s < length; s++) {
                states[n][s] = (int) z.at(at++);
            }
        }
        return states;
    }

    private static NdArray get(Map<String, NdArray> arrays, String name) {
        NdArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("no array \"" + name + "\"; there are " + arrays.keySet());
        }
        return array;
    }
}
