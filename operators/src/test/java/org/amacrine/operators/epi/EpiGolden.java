package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The golden data of emergent property inference: its manifest and arrays. */
final class EpiGolden {
    private static final String FOLDER = "/golden/epi/";
    private static Map<?, ?> manifest;
    private static Map<String, NdArray> arrays;

    private EpiGolden() {}

    private static synchronized void load() {
        if (manifest != null) {
            return;
        }
        try (InputStream in = EpiGolden.class.getResourceAsStream(FOLDER + "manifest.json")) {
            arrays = Npz.read(
                    Path.of(EpiGolden.class.getResource(FOLDER + "cases.npz").toURI()));
            LoadSettings settings =
                    LoadSettings.builder().setCodePointLimit(1 << 26).build();
            manifest = (Map<?, ?>) new Load(settings).loadFromInputStream(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An entry of the manifest, by its keys from the outside in. */
    static Object entry(String... keys) {
        load();
        Object at = manifest;
        for (String key : keys) {
            at = ((Map<?, ?>) at).get(key);
        }
        return at != null ? at : fail("no entry " + List.of(keys) + " in the manifest");
    }

    static Map<?, ?> map(String... keys) {
        return (Map<?, ?>) entry(keys);
    }

    /** The array of a file that the manifest names. */
    static NdArray array(Object fileName) {
        load();
        String file = (String) fileName;
        NdArray array = arrays.get(file.substring(0, file.length() - ".npy".length()));
        return array != null ? array : fail("no array " + file);
    }

    static double[] doubles(Object fileName) {
        return array(fileName).doubles();
    }

    static double number(Object value) {
        if (value instanceof String word) {
            return word.equals("inf")
                    ? Double.POSITIVE_INFINITY
                    : word.equals("-inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(word);
        }
        return ((Number) value).doubleValue();
    }

    static double[] numbers(Object list) {
        return ((List<?>) list).stream().mapToDouble(EpiGolden::number).toArray();
    }

    static int[] integers(Object list) {
        return ((List<?>) list)
                .stream().mapToInt(each -> ((Number) each).intValue()).toArray();
    }

    /** [samples][dims] as [dims][samples], and the other way round. */
    static double[] transposed(double[] x, int rows, int columns) {
        double[] out = new double[x.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[j * rows + i] = x[i * columns + j];
            }
        }
        return out;
    }

    /** Fails unless every value is off by at most {@code tolerance} of the larger of 1 and the expected value. */
    static void assertClose(String what, double[] expected, double[] actual, double tolerance) {
        assertEquals(expected.length, actual.length, what + ": number of values");
        for (int i = 0; i < expected.length; i++) {
            double limit = tolerance * Math.max(1, Math.abs(expected[i]));
            if (!(Math.abs(actual[i] - expected[i]) <= limit)) {
                fail(what + "[" + i + "] is " + actual[i] + " instead of " + expected[i] + ", off by more than "
                        + limit);
            }
        }
    }

    /** Fails unless every value is off by at most {@code tolerance} of the largest expected one. */
    static void assertCloseToLargest(String what, double[] expected, double[] actual, double tolerance) {
        assertEquals(expected.length, actual.length, what + ": number of values");
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= tolerance * largest)) {
                fail(what + "[" + i + "] is " + actual[i] + " instead of " + expected[i]);
            }
        }
    }

    /** The flow that a configuration of the manifest describes. */
    static NormalizingFlow flow(Map<?, ?> cfg) {
        NormalizingFlow.Builder builder = NormalizingFlow.builder(
                        NormalizingFlow.Architecture.of((String) cfg.get("arch_type")), (int) cfg.get("D"))
                .elementwise(NormalizingFlow.Elementwise.of((String) cfg.get("elemwise_fn")))
                .stages((int) cfg.get("num_stages"))
                .layers((int) cfg.get("num_layers"))
                .units((int) cfg.get("num_units"))
                .postAffine((boolean) cfg.get("post_affine"))
                .seed(((Number) (cfg.containsKey("random_seed") ? cfg.get("random_seed") : Integer.valueOf(1)))
                        .longValue());
        if (cfg.containsKey("num_bins")) {
            builder.bins((int) cfg.get("num_bins"));
        }
        if (cfg.containsKey("activation")) {
            builder.activation(Activation.valueOf(((String) cfg.get("activation")).toUpperCase(Locale.ROOT)));
        }
        if ((boolean) cfg.get("batch_norm")) {
            builder.batchNorm(number(cfg.get("bn_momentum")));
        }
        if (cfg.get("lb") != null) {
            builder.bounds(numbers(cfg.get("lb")), numbers(cfg.get("ub")));
        }
        Map<String, int[]> permutations = new HashMap<>();
        ((Map<?, ?>) cfg.get("perms")).forEach((name, values) -> permutations.put((String) name, integers(values)));
        return builder.permutations(permutations).build();
    }
}
