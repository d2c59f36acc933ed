package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The stored reference numbers of the AR-HMM, described by their manifest. */
final class ArHmmGolden {
    private static final String FOLDER = "/golden/arhmm/";
    private static final Map<String, Case> CASES = new LinkedHashMap<>();

    private ArHmmGolden() {}

    /** One case of the manifest. */
    record Case(String id, Map<?, ?> entry, Map<String, NdArray> arrays) {
        @Override
        public String toString() {
            return id;
        }

        private Map<?, ?> map(String key) {
            return (Map<?, ?>) entry.get(key);
        }

        double number(String parameter) {
            Object value = map("params").get(parameter);
            if (value == null) {
                return fail("case " + id + " has no parameter " + parameter);
            }
            return ((Number) value).doubleValue();
        }

        int integer(String parameter) {
            return (int) number(parameter);
        }

        boolean hasOutput(String name) {
            return map("outputs").containsKey(name);
        }

        NdArray input(String name) {
            return array(map("inputs").get(name));
        }

        private NdArray array(Object fileName) {
            String file = (String) fileName;
            NdArray array = arrays.get(file.substring(0, file.length() - ".npy".length()));
            return array != null ? array : fail("case " + id + " has no array " + file);
        }

        /** The expected values, of one or of many numbers. */
        NdArray output(String name) {
            Map<?, ?> output = (Map<?, ?>) map("outputs").get(name);
            Object value = output.get("value");
            return value == null ? array(output.get("file")) : NdArray.of(((Number) value).doubleValue());
        }

        /** Fails unless the shape is the expected one and every value lies within the manifest's tolerance. */
        void check(String name, NdArray actual) {
            NdArray expected = output(name);
            assertArrayEquals(expected.shape(), actual.shape(), () -> id + " " + name + ": shape");
            check(name, actual.doubles());
        }

        /** Fails unless every value lies within the manifest's tolerance; NaN and infinities must be the same. */
        void check(String name, double... actual) {
            Map<?, ?> output = (Map<?, ?>) map("outputs").get(name);
            double relative = ((Number) output.get("rtol")).doubleValue();
            double absolute = ((Number) output.get("atol")).doubleValue();
            double[] expected = output(name).doubles();
            if (actual.length != expected.length) {
                fail(id + " " + name + " has " + actual.length + " values instead of " + expected.length);
            }
            for (int i = 0; i < expected.length; i++) {
                boolean same = Double.compare(actual[i], expected[i]) == 0;
                double limit = absolute + relative * Math.abs(expected[i]);
                if (!same && !(Math.abs(actual[i] - expected[i]) <= limit)) {
                    fail(id + " " + name + "[" + i + "] is " + actual[i] + " instead of " + expected[i]
                            + ", off by more than " + limit);
                }
            }
        }
    }

    private static synchronized void load() {
        if (!CASES.isEmpty()) {
            return;
        }
        try (InputStream in = ArHmmGolden.class.getResourceAsStream(FOLDER + "manifest.json")) {
            Map<String, NdArray> arrays = new TreeMap<>(Npz.read(file("cases.npz")));
            LoadSettings settings =
                    LoadSettings.builder().setCodePointLimit(1 << 26).build();
            Map<?, ?> manifest = (Map<?, ?>) new Load(settings).loadFromInputStream(in);
            for (Object each : (List<?>) manifest.get("cases")) {
                Map<?, ?> entry = (Map<?, ?>) each;
                String id = (String) entry.get("id");
                CASES.put(id, new Case(id, entry, arrays));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file beside the manifest. */
    static Path file(String name) {
        try {
            return Path.of(ArHmmGolden.class.getResource(FOLDER + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Cases whose id begins with the prefix. */
    static List<Case> cases(String prefix) {
        load();
        List<Case> found =
                CASES.values().stream().filter(c -> c.id().startsWith(prefix)).toList();
        return found.isEmpty() ? fail("no golden case begins with " + prefix) : found;
    }

    static Case theCase(String id) {
        load();
        Case found = CASES.get(id);
        return found != null ? found : fail("no golden case " + id);
    }
}
