package org.amacrine.operators.filter;

import static org.amacrine.operators.Golden.assertWithin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.operators.Golden;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions against stored output of the reference, see golden/retina/README.md, for several chunk lengths. */
class ConvolutionGoldenTest {

    private static void assertOutput(Golden.Case golden, Layer layer) {
        Frames x = Golden.allFrames(golden.input("x"));
        Frames expected = Golden.allFrames(golden.output("y"));
        for (int dt : new int[] {1, 7, x.count()}) {
            Frames y = LayerRun.of("golden", layer).dt(dt).apply(x).get("output");

            assertEquals(expected.shape(), y.shape(), golden.id());
            assertWithin(
                    golden.limit(),
                    y.values(),
                    NdArray.of(expected.values(), expected.values().length),
                    golden.id() + ", dt " + dt);
        }
    }

    /** All but the one with chunks shorter than the kernel, where the reference forgets. */
    static List<Golden.Case> cases() {
        return Golden.cases("f_conv3d_").stream()
                .filter(golden -> !golden.id().equals("f_conv3d_3"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldConvolveSeveralChannelsAndBatches(Golden.Case golden) {
        NdArray weight = golden.input("weight");
        Layer layer =
                new Convolution("conv", Border.REPEAT, golden.map("inputs").containsKey("bias"), weight.shape());
        layer.parameters().set("weight", weight);
        if (golden.map("inputs").containsKey("bias")) {
            layer.parameters().set("bias", golden.input("bias"));
        }

        assertOutput(golden, layer);
    }

    @Test
    void shouldConvolveEachFrame() {
        Golden.Case golden = Golden.theCase("f_conv2d");
        NdArray weight = golden.input("weight");
        int[] s = weight.shape();
        Layer layer = new Convolution("conv", Border.REPEAT, false, s[0], s[1], 1, s[2], s[3]);
        layer.parameters().set("weight", NdArray.of(weight.floats(), s[0], s[1], 1, s[2], s[3]));

        assertOutput(golden, layer);
    }

    @Test
    void shouldConvolveEachPixelInTime() {
        Golden.Case golden = Golden.theCase("f_conv1d");
        Layer layer = new Convolution("conv", Border.REPEAT, false, 1);
        layer.parameters().set("weight", golden.input("weight"));

        assertOutput(golden, layer);
    }

    static List<Golden.Case> receptiveFields() {
        return Golden.cases("f_rf_0", "f_rf_1");
    }

    @ParameterizedTest
    @MethodSource("receptiveFields")
    void shouldSumUpAReceptiveField(Golden.Case golden) {
        Layer layer =
                Convolution.receptiveField("rf", false, golden.input("weight").shape());
        layer.parameters().set("weight", golden.input("weight"));

        assertOutput(golden, layer);
    }

    @Test
    void shouldAverageTheFrameWithoutAReceptiveField() {
        assertOutput(Golden.theCase("f_rf_2"), Convolution.receptiveField("rf", false, 1, 1, 1));
    }
}
