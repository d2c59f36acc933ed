package org.amacrine.operators.filter;

import static org.amacrine.operators.Golden.assertWithin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.Golden;
import org.amacrine.operators.models.Cascades;
import org.amacrine.operators.models.Lists;
import org.amacrine.operators.models.Lists.Combination;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters against stored output of the reference, see golden/retina/README.md. */
class FilterGoldenTest {

    private static void assertOutput(Golden.Case golden, NdArray expected, Layer layer, NdArray... inputs) {
        Frames[] x = new Frames[inputs.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Golden.allFrames(inputs[i]);
        }
        Object stepsPerSecond = golden.entry().get("steps_per_second");
        Frames y = LayerRun.of("golden", layer)
                .dt(golden.dt() == 0 ? x[0].count() : golden.dt())
                .resolution(Resolution.of(10, stepsPerSecond == null ? 1000 : ((Number) stepsPerSecond).doubleValue()))
                .apply(x)
                .get("output");

        Frames theirs = Golden.allFrames(expected);
        assertEquals(theirs.shape(), y.shape(), golden.id());
        assertWithin(golden.limit(), y.values(), NdArray.of(theirs.values(), theirs.values().length), golden.id());
    }

    static List<Golden.Case> passes() {
        return Golden.cases("f_lowpass_", "f_highpass_");
    }

    @ParameterizedTest
    @MethodSource("passes")
    void shouldPassLikeTheReferenceChunkByChunk(Golden.Case golden) {
        Layer layer = golden.id().startsWith("f_low") ? new LowPass("low") : new HighPass("high", true);
        golden.map("params").forEach((name, value) -> layer.parameters().set((String) name, value));

        assertOutput(golden, golden.output("y"), layer, golden.input("x"));
    }

    /** In one chunk the reference takes the first frame twice only where copies of it stand before it here. */
    @ParameterizedTest
    @CsvSource({"f_highpass_0, 0", "f_highpass_0, 37", "f_highpass_3, 0", "f_highpass_3, 1"})
    void shouldPassLikeTheReferenceInOneChunkWhateverTheChunkLength(String id, int dt) {
        Golden.Case golden = Golden.theCase(id);
        assertEquals(0, golden.dt(), "one chunk there");
        Layer layer = new HighPass("high", false);
        golden.map("params").forEach((name, value) -> layer.parameters().set((String) name, value));
        Frames x = Golden.allFrames(golden.input("x"));

        Frames y = LayerRun.of("golden", layer)
                .dt(dt == 0 ? x.count() : dt)
                .apply(x)
                .get("output");

        float[] theirs = Golden.allFrames(golden.output("y")).values();
        assertWithin(golden.limit(), y.values(), NdArray.of(theirs, theirs.length), id);
    }

    static List<Golden.Case> smoothings() {
        return Golden.cases("f_deriche_");
    }

    @ParameterizedTest
    @MethodSource("smoothings")
    void shouldSmoothLikeTheReference(Golden.Case golden) {
        double sigmaPixels = 10 * golden.number("params", "gaussian_sigma_deg", 0);
        Layer layer = new RecursiveSmoothing("smoothing");
        layer.parameters().set("density", sigmaPixels > 0 ? 1 / sigmaPixels : golden.number("params", "density", 0));

        assertOutput(golden, golden.output("y"), layer, golden.input("x"));
    }

    static List<Golden.Case> nonlinearities() {
        return Golden.cases("f_NL");
    }

    @ParameterizedTest
    @MethodSource("nonlinearities")
    void shouldApplyNonlinearitiesLikeTheReference(Golden.Case golden) {
        String word = ((String) golden.entry().get("model")).replaceAll("(?<=[a-z])(?=[A-Z])", "_");
        Layer layer = new Nonlinearity(
                "nl",
                Nonlinearity.Function.valueOf(word.substring("NL".length()).toUpperCase(Locale.ROOT)));
        golden.map("params").forEach((name, value) -> layer.parameters().set((String) name, value));

        assertOutput(golden, golden.output("y"), layer, golden.input("x"));
    }

    @Test
    void shouldDelayAllPixelsAlike() {
        Golden.Case golden = Golden.theCase("f_delay");

        assertOutput(golden, golden.output("y"), new Delay("delay", 3), golden.input("x"));
    }

    /** With a length of 4 the reference gives out each chunk with the four delayed frames before it. */
    @Test
    void shouldDelayWhatComesBeforeAChunk() {
        Golden.Case golden = Golden.theCase("f_delay_len");
        Frames x = Golden.allFrames(golden.input("x"));

        Frames early = LayerRun.of("golden", new Delay("early", 3 + 4)).apply(x).get("output");
        Frames late = LayerRun.of("golden", new Delay("late", 3)).apply(x).get("output");

        ConvolutionGoldenTest.assertChunksWithPast(golden, early, late, 4);
    }

    /** The reference's maps of delays are transposed. */
    @Test
    void shouldDelayEachPixelByItself() {
        Golden.Case golden = Golden.theCase("f_vardelay");
        NdArray theirs = golden.input("delays");
        int side = theirs.shape()[0];
        float[] delays = new float[side * side];
        for (int i = 0; i < delays.length; i++) {
            delays[i] = (float) theirs.at(i % side * side + i / side);
        }
        Layer layer = new Delay("delay", 0);
        layer.parameters().set("delayFrames", NdArray.of(delays, side, side));

        assertOutput(golden, golden.output("y"), layer, golden.input("x"));
    }

    /** Over batches, of which there is one in each input, and over channels. */
    @ParameterizedTest
    @CsvSource({"f_sum_0, 0", "f_sum_1, 1"})
    void shouldSumInputsLikeTheReference(String id, int channels) {
        Golden.Case golden = Golden.theCase(id);

        assertOutput(golden, golden.output("y"), new Sum("sum", channels, 1, 1), golden.input("a"), golden.input("b"));
    }

    /** Over time: the last frame of a kernel of ones that reaches back to the first one. */
    @Test
    void shouldSumOverTimeLikeTheReference() {
        Golden.Case golden = Golden.theCase("f_sum_2");
        Frames a = Golden.allFrames(golden.input("a"));
        Frames both = LayerRun.of("sum", new Sum("sum", 0, 1, 1))
                .apply(a, Golden.allFrames(golden.input("b")))
                .get("output");
        Layer ones = new Convolution("ones", CausalConvolution.Border.REPEAT, false, a.count());
        ones.parameters().set("weight", 1);

        Frames y = ones.run(both, 4).get("output");

        float[] last =
                Arrays.copyOfRange(y.values(), y.values().length - y.shape().values(), y.values().length);
        assertWithin(golden.limit(), last, NdArray.of(golden.output("y").floats(), last.length), golden.id());
    }

    @ParameterizedTest
    @CsvSource({
        "f_list_par_cat, CONCATENATE",
        "f_list_par_cat_0, CONCATENATE",
        "f_list_par_cat_1, CONCATENATE",
        "f_list_par_sum, SUM",
        "f_list_par_sum_0, SUM",
        "f_list_par_sum_1, SUM_CHANNELS"
    })
    void shouldPutLayersTogetherLikeTheReference(String id, Combination combination) {
        Golden.Case golden = Golden.theCase(id);
        Layer layer = Lists.parallel(
                "list",
                combination,
                List.of(
                        new Nonlinearity("square", Nonlinearity.Function.SQUARE),
                        new Nonlinearity("rectify", Nonlinearity.Function.RECTIFY)));

        assertOutput(golden, golden.output("y"), layer, golden.input("a"));
    }

    @Test
    void shouldConvolveSmoothlyLikeTheReference() {
        Golden.Case golden = Golden.theCase("f_smoothconv");
        NdArray weights = golden.input("weights");
        int[] s = weights.shape();
        Layer layer = Cascades.smooth("smooth", s[0], s[1], s[2]);
        for (int k = 1; k <= s[0]; k++) {
            layer.parameters().set("lowpass" + k + ".tauSeconds", golden.number("params", "tau", 0));
            float[] kernel = new float[s[1] * s[2]];
            System.arraycopy(weights.floats(), (k - 1) * kernel.length, kernel, 0, kernel.length);
            layer.parameters().set("conv" + k + ".weight", NdArray.of(kernel, s[1], s[2]));
        }

        assertOutput(golden, golden.output("y"), layer, golden.input("x"));
    }

    // ------------------------------------------------------------------------------------------------ kernels

    static List<Golden.Case> exponentials() {
        return Golden.cases("kern_expmodule_");
    }

    @ParameterizedTest
    @MethodSource("exponentials")
    void shouldBuildExponentialsOfAGivenLengthLikeTheReference(Golden.Case golden) {
        float[] taps = Exponential.ofLength(
                1000 * golden.number("params", "tau", 0.01), golden.number("params", "amplification", 1), (int)
                        golden.number("params", "length", 100));

        assertWithin(golden.limit(), taps, golden.output("kernel"), golden.id());
    }

    static List<Golden.Case> gabors() {
        return Golden.cases("kern_gabor_");
    }

    @ParameterizedTest
    @MethodSource("gabors")
    void shouldBuildGaborPatchesLikeTheReference(Golden.Case golden) {
        Gabor d = Gabor.DEFAULT;
        Gabor gabor = new Gabor(
                golden.number("params", "phi", d.phi()),
                (int) golden.number("params", "size", d.size()),
                golden.number("params", "resolution", d.resolution()),
                golden.number("params", "f", d.frequency()),
                golden.number("params", "phase", d.phase()),
                golden.number("params", "sigma_x", d.sigmaX()),
                golden.number("params", "sigma_y", d.sigmaY()));

        assertArrayEquals(golden.output("kernel").shape(), gabor.kernel().shape());
        assertWithin(golden.limit(), gabor.kernel().floats(), golden.output("kernel"), golden.id());
    }

    @Test
    void shouldWriteTheReferencesWord() {
        assertEquals(Golden.theCase("kern_text").output("kernel"), TextKernel.kernel());
    }
}
