package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;

class StateDictTest {
    private final Tensor one = Tensor.vector(1, 2);
    private final Tensor other = Tensor.vector(3);
    private final Map<String, Tensor> parameters = new LinkedHashMap<>(Map.of("other", other));

    private static NdArray array(double... values) {
        return new NdArray(new int[] {values.length}, values);
    }

    private void name(String... names) {
        for (String name : names) {
            parameters.put(name, one);
        }
    }

    @Test
    void shouldTakeAParameterWithTwoNamesUnderAnyOfThem() {
        name("m.0.v", "shared_m.v");

        StateDict.load(parameters, Map.of("other", array(4), "shared_m.v", array(5, 6)));
        assertArrayEquals(new double[] {5, 6}, one.values());

        StateDict.load(parameters, Map.of("other", array(4), "m.0.v", array(7, 8), "shared_m.v", array(7, 8)));
        assertArrayEquals(new double[] {7, 8}, one.values());
    }

    @Test
    void shouldRefuseDifferentValuesOfOneParameterAndChangeNothing() {
        name("m.0.v", "shared_m.v");

        assertRefuses(
                "\"m.0.v\" and \"shared_m.v\" are one parameter but were given different values; give the same, or only one"
                        + " of them",
                Map.of("other", array(4), "m.0.v", array(1, 6), "shared_m.v", array(1, 5)));
        assertRefuses("parameter \"m.0.v\" is missing; give all of the model's", Map.of("other", array(4)));
        assertArrayEquals(new double[] {1, 2}, one.values());
        assertArrayEquals(new double[] {3}, other.values());
    }

    private void assertRefuses(String expected, Map<String, NdArray> arrays) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> StateDict.load(parameters, arrays));
        assertEquals(expected, e.getMessage());
    }
}
