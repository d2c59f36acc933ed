package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The stored reference numbers of latent regression and wandering modules, described by their manifest. */
final class LatentGolden {
    private static final String FOLDER = "/golden/latent/";
    private static final Map<String, Case> CASES = new LinkedHashMap<>();
    private static Map<?, ?> manifest;

    private LatentGolden() {}

    /**
     * One case of the manifest.
     *
     * @param entry of the manifest
     * @param values of its file, which its arrays are slices of
     */
    record Case(String id, Map<?, ?> entry, double[] values) {
        @Override
        public String toString() {
            return id;
        }

        boolean has(String key) {
            return entry.get(key) != null;
        }

        double number(String key) {
            return ((Number) entry.get(key)).doubleValue();
        }

        Map<?, ?> map(String key) {
            return (Map<?, ?>) entry.get(key);
        }

        /** The array that a key of the entry describes. */
        NdArray array(String key) {
            return arrayOf(entry.get(key));
        }

        /** An array described by {@code {offset, shape}}; null for null. */
        NdArray arrayOf(Object description) {
            if (description == null) {
                return null;
            }
            Map<?, ?> slice = (Map<?, ?>) description;
            int[] shape = ((List<?>) slice.get("shape"))
                    .stream().mapToInt(n -> ((Number) n).intValue()).toArray();
            int offset = ((Number) slice.get("offset")).intValue();
            return new NdArray(shape, Arrays.copyOfRange(values, offset, offset + NdArray.count(shape)));
        }

        /** A list of arrays; an entry is null where the manifest has null. */
        List<NdArray> arrays(String key) {
            return arraysOf(entry.get(key));
        }

        List<NdArray> arraysOf(Object descriptions) {
            List<NdArray> arrays = new ArrayList<>();
            ((List<?>) descriptions).forEach(one -> arrays.add(arrayOf(one)));
            return arrays;
        }

        /** Arrays by name. */
        Map<String, NdArray> named(Object descriptions) {
            Map<String, NdArray> arrays = new LinkedHashMap<>();
            ((Map<?, ?>) descriptions).forEach((name, one) -> arrays.put((String) name, arrayOf(one)));
            return arrays;
        }
    }

    private static synchronized void load() {
        if (manifest != null) {
            return;
        }
        try (InputStream in = LatentGolden.class.getResourceAsStream(FOLDER + "manifest.json")) {
            Map<String, NdArray> files = Npz.read(
                    Path.of(LatentGolden.class.getResource(FOLDER + "cases.npz").toURI()));
            LoadSettings settings =
                    LoadSettings.builder().setCodePointLimit(1 << 26).build();
            manifest = (Map<?, ?>) new Load(settings).loadFromInputStream(in);
            for (Object each : (List<?>) manifest.get("cases")) {
                Map<?, ?> entry = (Map<?, ?>) each;
                String id = (String) entry.get("id");
                String file = (String) entry.get("file");
                NdArray values = files.get(file.substring(0, file.length() - ".npy".length()));
                CASES.put(id, new Case(id, entry, values.doubles()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What stands in the manifest beside the cases. */
    static Object manifest(String key) {
        load();
        return manifest.get(key);
    }

    /** Cases of these kinds. */
    static List<Case> cases(String... kinds) {
        load();
        List<Case> found = CASES.values().stream()
                .filter(c -> List.of(kinds).contains(c.entry().get("kind")))
                .toList();
        return found.isEmpty() ? fail("no golden case of the kinds " + List.of(kinds)) : found;
    }

    static Case theCase(String id) {
        load();
        Case found = CASES.get(id);
        return found != null ? found : fail("no golden case " + id);
    }

    /** Fails unless {@code |got - want| <= tolerance max(1, |want|)} everywhere; NaN and infinities must be the same. */
    static void assertClose(double tolerance, double[] got, NdArray want, String what) {
        compare(tolerance, -1, got, want, what);
    }

    /** Fails unless the difference is at most the tolerance times the largest entry, or times 1e-3 if that is larger. */
    static void assertGradient(double tolerance, double[] got, NdArray want, String what) {
        double largest = 1e-3;
        for (int i = 0; i < want.size(); i++) {
            largest = Math.max(largest, Math.abs(want.at(i)));
        }
        compare(tolerance, largest, got, want, what);
    }

    /** @param scale of the difference, or -1 for that of each entry */
    private static void compare(double tolerance, double scale, double[] got, NdArray want, String what) {
        if (got.length != want.size()) {
            fail(what + " has " + got.length + " values instead of " + want.size());
        }
        for (int i = 0; i < got.length; i++) {
            double expected = want.at(i);
            double limit = tolerance * (scale < 0 ? Math.max(1, Math.abs(expected)) : scale);
            boolean same = Double.compare(got[i], expected) == 0;
            if (!same && !(Math.abs(got[i] - expected) <= limit)) {
                fail(what + "[" + i + "] is " + got[i] + " instead of " + expected + ", off by more than " + limit);
            }
        }
    }
}
