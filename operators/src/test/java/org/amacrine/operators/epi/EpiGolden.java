package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The golden data of emergent property inference: its manifest and arrays. Keeps account of what was read: {@link #unread} tells
 * what no test has looked at.
 */
final class EpiGolden {
    private static final String FOLDER = "/golden/epi/";
    private static Map<?, ?> manifest;
    private static Map<String, NdArray> arrays;
    /** Paths of all values of the manifest that were not read so far, such as {@code flows.c_min.w}, and names of arrays. */
    private static final Set<String> UNREAD = Collections.synchronizedSet(new TreeSet<>());

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
            manifest = (Map<?, ?>) watched("", new Load(settings).loadFromInputStream(in));
            UNREAD.addAll(arrays.keySet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Maps, and lists of maps, such that whoever reads a value takes it out of {@link #UNREAD}. */
    private static Object watched(String path, Object value) {
        if (value instanceof Map<?, ?> map) {
            return new WatchedMap(path.isEmpty() ? "" : path + ".", map);
        }
        if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Map) {
            return IntStream.range(0, list.size())
                    .mapToObj(i -> watched(path + "[" + i + "]", list.get(i)))
                    .toList();
        }
        UNREAD.add(path);
        return value;
    }

    private static final class WatchedMap extends AbstractMap<String, Object> {
        private final String prefix;
        private final Map<String, Object> values = new LinkedHashMap<>();

        WatchedMap(String prefix, Map<?, ?> map) {
            this.prefix = prefix;
            map.forEach((key, value) -> values.put((String) key, watched(prefix + key, value)));
        }

        @Override
        public Object get(Object key) {
            UNREAD.remove(prefix + key);
            return values.get(key);
        }

        @Override
        public boolean containsKey(Object key) {
            return values.containsKey(key);
        }

        @Override
        public Set<String> keySet() {
            return values.keySet();
        }

        /** Whoever goes through the entries reads them all. */
        @Override
        public Set<Entry<String, Object>> entrySet() {
            values.keySet().forEach(key -> UNREAD.remove(prefix + key));
            return values.entrySet();
        }
    }

    /** What was not read since the beginning: paths in the manifest, and names of arrays. */
    static Set<String> unread() {
        load();
        return Set.copyOf(UNREAD);
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
        String name = file.substring(0, file.length() - ".npy".length());
        UNREAD.remove(name);
        NdArray array = arrays.get(name);
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
