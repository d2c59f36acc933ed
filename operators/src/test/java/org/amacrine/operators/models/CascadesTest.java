package org.amacrine.operators.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.amacrine.operators.filter.Convolution;
import org.junit.jupiter.api.Test;

class CascadesTest {
    private static final int[] FIRST = {3, 2, 2};
    private static final int[] SECOND = {1, 1, 1};

    private static float[] weights(Layer layer, String name) {
        return layer.parameters().get(name).values();
    }

    /** 4 x 1 x 3 x 2 x 2 and 2 x 4 weights. */
    @Test
    void shouldBeginMcIntoshsNetworkWithEqualWeights() {
        Layer layer = Cascades.mcIntosh("net", 1, 4, 2, FIRST, SECOND);

        float[] one = new float[48];
        Arrays.fill(one, 1f / 48);
        float[] two = new float[8];
        Arrays.fill(two, 1f / 8);
        assertArrayEquals(one, weights(layer, "layer1.weight"));
        assertArrayEquals(two, weights(layer, "layer2.weight"));
    }

    @Test
    void shouldBeginMcIntoshsNetworkWithWeightsDrawnByASeed() {
        float[] drawn = weights(Cascades.mcIntosh("net", 1, 4, 2, FIRST, SECOND, 7), "layer1.weight");
        float[] again = weights(Cascades.mcIntosh("net", 1, 4, 2, FIRST, SECOND, 7), "layer1.weight");
        float[] other = weights(Cascades.mcIntosh("net", 1, 4, 2, FIRST, SECOND, 8), "layer1.weight");

        assertArrayEquals(drawn, again);
        assertFalse(Arrays.equals(drawn, other));
        double sum = 0;
        float largest = 0;
        for (float weight : drawn) {
            assertTrue(weight >= 0);
            sum += weight;
            largest = Math.max(largest, weight);
        }
        assertEquals(1, sum, 1e-5);
        // The largest of 48 uniform numbers over their sum of about 24.
        assertEquals(2.0 / 48, largest, 0.5 / 48);
    }

    @Test
    void shouldAlwaysAddANumberToTheInhibitionOfAnLnfdlnf() {
        assertArrayEquals(new float[] {0}, weights(Cascades.lnfdlnf("net", false, 4, FIRST), "feedback2.bias"));
        assertFalse(Cascades.lnfdlnf("net", false, 4, FIRST).parameters().all().containsKey("conv1.bias"));
    }

    @Test
    void shouldRefuseAKernelToBeginWithOfAnotherShape() {
        Convolution layer = new Convolution("conv", Border.REPEAT, false, 1, 1, 2, 1, 1);

        var e = assertThrows(
                IllegalArgumentException.class, () -> layer.startWith(NdArray.of(new float[3], 1, 1, 3, 1, 1)));

        assertTrue(e.getMessage().contains("(1, 1, 2, 1, 1)"), e.getMessage());
    }
}
