package org.amacrine.sources.stimulus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.layer.Resolution;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class SampleGoldenTest {
    private static final String FOLDER = "/golden/samples/";

    record Case(String id, String model, Map<String, ?> params, double limit, NdArray expected) {
        @Override
        public String toString() {
            return id;
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Case> cases(boolean masks) throws Exception {
        Map<String, NdArray> arrays = Npz.read(
                Path.of(SampleGoldenTest.class.getResource(FOLDER + "cases.npz").toURI()));
        List<Case> cases = new ArrayList<>();
        for (Map<String, ?> entry : (List<Map<String, ?>>) manifest().get("cases")) {
            String model = (String) entry.get("model");
            String array = ((Map<String, String>) entry.get("outputs")).get("y");
            if (model.startsWith("mask") == masks) {
                cases.add(new Case(
                        (String) entry.get("id"),
                        model,
                        (Map<String, ?>) entry.get("params"),
                        ((Map<String, Number>) entry.get("tolerance"))
                                .get("limit")
                                .doubleValue(),
                        arrays.get(array.replace(".npy", ""))));
            }
        }
        return cases;
    }

    private static Map<?, ?> manifest() throws IOException {
        try (InputStream in = SampleGoldenTest.class.getResourceAsStream(FOLDER + "manifest.json")) {
            return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(in);
        }
    }

    static List<Case> stimuli() throws Exception {
        return cases(false);
    }

    static List<Case> masks() throws Exception {
        return cases(true);
    }

    @ParameterizedTest
    @MethodSource("stimuli")
    void shouldEqualTheReference(Case golden) throws Exception {
        String name = "sample." + golden.model.replace('_', '-');
        int[] shape = golden.expected.shape();
        Frames frames = TestSources.frames(name, golden.params, Resolution.DEFAULT, shape[0] + 1);
        assertEquals(shape[0], frames.count());
        assertEquals(shape[1], frames.shape().rows());
        assertEquals(shape[2], frames.shape().columns());
        assertArrayEquals(golden.expected.floats(), frames.values(), (float) golden.limit);
    }

    @ParameterizedTest
    @MethodSource("masks")
    void shouldDrawTheMasksOfTheReference(Case golden) {
        Map<String, Object> given = new HashMap<>(Map.of("x", 20, "y", 20, "width", 1, "radius", 1, "sharpness", 5));
        given.put("smooth", true);
        given.put("center_on_pixel", true);
        given.putAll(golden.params);
        int rows = ((Number) given.get("y")).intValue();
        int columns = ((Number) given.get("x")).intValue();
        double radius = ((Number) given.get("radius")).doubleValue();
        boolean centreOnPixel = (Boolean) given.get("center_on_pixel");
        Frames mask;
        if (golden.model.equals("mask_square")) {
            mask = Masks.square(rows, columns, ((Number) given.get("width")).doubleValue(), centreOnPixel);
        } else if ((Boolean) given.get("smooth")) {
            double sharpness = ((Number) given.get("sharpness")).doubleValue();
            mask = Masks.smoothCircle(rows, columns, radius, centreOnPixel, sharpness);
        } else {
            mask = Masks.circle(rows, columns, radius, centreOnPixel);
        }
        assertArrayEquals(new int[] {1, rows, columns}, golden.expected.shape());
        assertArrayEquals(golden.expected.floats(), mask.values(), (float) golden.limit);
    }
}
