package org.amacrine.operators;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The stored reference output of the retina, described by its manifest. */
public final class Golden {
    private static final String FOLDER = "/golden/retina/";
    private static final List<String> ARCHIVES = List.of(
            "inputs.npz",
            "layers.npz",
            "retina-stages.npz",
            "retina-chunks.npz",
            "retina-variants.npz",
            "spiking.npz",
            "filters.npz");

    private static final List<String> MANIFESTS = List.of("manifest.json", "filters.json");

    private static final Map<String, NdArray> ARRAYS = new LinkedHashMap<>();
    private static final List<Case> CASES = new ArrayList<>();

    private Golden() {}

    /** One case of the manifest. */
    public record Case(String id, Map<?, ?> entry) {
        @Override
        public String toString() {
            return id;
        }

        public String group() {
            return (String) entry.get("group");
        }

        public Map<?, ?> map(String key) {
            Object value = entry.get(key);
            return value == null ? Map.of() : (Map<?, ?>) value;
        }

        /** Chunk length, or 0 for the whole input at once. */
        public int dt() {
            Object dt = entry.get("dt");
            return dt == null ? 0 : ((Number) dt).intValue();
        }

        public double number(String map, String key, double otherwise) {
            Object value = map(map).get(key);
            return value == null ? otherwise : ((Number) value).doubleValue();
        }

        public NdArray input(String name) {
            return array((String) map("inputs").get(name));
        }

        public NdArray output(String name) {
            return array((String) map("outputs").get(name));
        }

        public double limit() {
            return ((Number) map("tolerance").get("limit")).doubleValue();
        }
    }

    private static synchronized void load() {
        if (!CASES.isEmpty()) {
            return;
        }
        try {
            for (String archive : ARCHIVES) {
                ARRAYS.putAll(Npz.read(file(archive)));
            }
            for (String manifest : MANIFESTS) {
                loadCases(manifest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void loadCases(String name) throws IOException {
        try (InputStream in = Golden.class.getResourceAsStream(FOLDER + name)) {
            Map<?, ?> manifest = (Map<?, ?>)
                    new Load(LoadSettings.builder().setCodePointLimit(1 << 26).build()).loadFromInputStream(in);
            for (Object entry : (List<?>) manifest.get("cases")) {
                CASES.add(new Case((String) ((Map<?, ?>) entry).get("id"), (Map<?, ?>) entry));
            }
        }
    }

    /** A file beside the manifest. */
    public static Path file(String name) {
        try {
            return Path.of(Golden.class.getResource(FOLDER + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Cases whose id begins with one of the prefixes. */
    public static List<Case> cases(String... prefixes) {
        load();
        List<Case> found = new ArrayList<>();
        for (Case each : CASES) {
            for (String prefix : prefixes) {
                if (each.id().startsWith(prefix)) {
                    found.add(each);
                }
            }
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("no golden case begins with " + List.of(prefixes));
        }
        return found;
    }

    public static Case theCase(String id) {
        return cases(id).stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
    }

    /** An array by its file name. */
    public static NdArray array(String fileName) {
        load();
        NdArray array = ARRAYS.get(fileName.substring(0, fileName.length() - ".npy".length()));
        if (array == null) {
            throw new IllegalStateException("no golden array " + fileName);
        }
        return array;
    }

    /**
     * An array of the reference as frames: (time, rows, columns), or (batch, channel, time, rows, columns) with the channels of
     * each batch behind those of the one before.
     */
    public static Frames allFrames(NdArray array) {
        int[] s = array.shape();
        if (s.length == 3) {
            return frames(array);
        }
        int channels = s[0] * s[1];
        int pixels = s[3] * s[4];
        float[] values = new float[array.size()];
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < s[2]; t++) {
                System.arraycopy(array.floats(), (c * s[2] + t) * pixels, values, (t * channels + c) * pixels, pixels);
            }
        }
        return new Frames(new Shape(channels, s[3], s[4]), s[2], values);
    }

    /** An array (time, rows, columns) as frames. */
    public static Frames frames(NdArray array) {
        int[] s = array.shape();
        return new Frames(Shape.image(s[1], s[2]), s[0], array.floats());
    }

    /** The manifest's metric: max|a - b| / max|b|. */
    public static double error(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            return fail(actual.length + " values instead of " + expected.length);
        }
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
            largest = Math.max(largest, Math.abs((double) expected[i]));
        }
        return largest == 0 ? worst : worst / largest;
    }

    public static void assertWithin(double limit, float[] actual, NdArray expected, String what) {
        double error = error(actual, expected.floats());
        if (!(error <= limit)) {
            fail(what + ": max|a-b|/max|b| is " + error + ", above " + limit);
        }
    }
}
