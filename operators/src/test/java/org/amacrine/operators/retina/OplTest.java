package org.amacrine.operators.retina;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Numbers by hand use time constants of 1 ms / ln 2, for which a low pass is {@code y = b x + y[t-1] / 2} with
 * b = 3/4 ln 2 = 0.5198604, and no smoothing in space.
 */
class OplTest {
    private static final Shape POINT = Shape.image(1, 1);
    private static final double HALVING = 0.001 / Math.log(2);

    private static Opl opl(boolean restartsEachChunk) {
        Opl opl = new Opl("opl", Opl.Smoothing.GAUSSIAN, 10, restartsEachChunk);
        opl.parameters()
                .set(Map.of(
                        "centerSigmaDegrees", 0,
                        "surroundSigmaDegrees", 0,
                        "centerTauSeconds", HALVING,
                        "surroundTauSeconds", HALVING,
                        "undershootTauSeconds", HALVING));
        return opl;
    }

    private static Map<String, Frames> run(Opl opl, int dt, float... x) {
        return LayerRun.of("test", opl).dt(dt).apply(new Frames(POINT, x.length, x));
    }

    private static float[] output(Opl opl, int dt, float... x) {
        return run(opl, dt, x).get("output").values();
    }

    // ------------------------------------------------------------------------------------------------ time

    /**
     * low = 10 b (0, 1, 1/2, …); the undershoot is its low pass one step later; C = low - 0.8 undershoot; S = low pass of C.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldAnswerAFlash(int dt) {
        Map<String, Frames> outputs = run(opl(false), dt, 0, 1, 0, 0);

        assertArrayEquals(
                new float[] {0, 5.198604f, 0.437263f, -0.862388f},
                outputs.get("center_signal").values(),
                1e-5f);
        assertArrayEquals(
                new float[] {0, 2.702548f, 1.578590f, 0.340974f},
                outputs.get("surround_signal").values(),
                1e-5f);
        assertArrayEquals(
                new float[] {0, 2.496056f, -1.141327f, -1.203361f},
                outputs.get("output").values(),
                1e-5f);
    }

    /** In the first frame the high pass takes the frame itself for the one before it: C = 10 b (1 - 0.8 b). */
    @Test
    void shouldUseTheFirstFrameTwice() {
        Map<String, Frames> outputs = run(opl(false), 4, 1, 0, 0, 0);

        assertArrayEquals(
                new float[] {3.036565f, -0.643756f, -1.402897f, -1.241958f},
                outputs.get("center_signal").values(),
                1e-5f);
        assertArrayEquals(
                new float[] {1.457975f, -1.098388f, -0.900902f, -0.345316f},
                outputs.get("output").values(),
                1e-5f);
    }

    /** With a chunk per frame the flash meets its own undershoot: C = 10 b (1 - 0.8 b) again. */
    @Test
    void shouldUseTheFirstFrameOfEachChunkTwiceWhenItRestarts() {
        Opl opl = opl(true);

        float[] center = run(opl, 1, 0, 1).get("center_signal").values();

        assertArrayEquals(new float[] {0, 3.036565f}, center, 1e-5f);
    }

    /**
     * A low pass amplifies a constant by (x/2) coth(x/2), x = step / tau: 1.0008332, 1.0002083, 1.0052029; the Gaussians by
     * their sums, 1.0138485² and 0.9998113².
     */
    @Test
    void shouldSettleAtItsGainForAConstantLuminance() {
        Opl opl = new Opl();
        opl.parameters().set(Map.of("undershootTauSeconds", 0.02, "surroundWeight", 0.5));
        float[] x = new float[600];
        Arrays.fill(x, 3);

        Map<String, Frames> outputs = run(opl, 100, x);

        double center = 3 * 1.0138485 * 1.0138485 * 1.0008332 * (1 - 0.8 * 1.0002083);
        double surround = center * 0.9998113 * 0.9998113 * 1.0052029;
        assertEquals(center, outputs.get("center_signal").values()[599], 2e-5);
        assertEquals(surround, outputs.get("surround_signal").values()[599], 2e-5);
        assertEquals(center - 0.5 * surround, outputs.get("output").values()[599], 2e-5);
    }

    @Test
    void shouldReadTheRateForItsTimeConstants() {
        Opl opl = opl(false);
        for (String name : new String[] {"centerTauSeconds", "surroundTauSeconds", "undershootTauSeconds"}) {
            opl.parameters().set(name, 4 * HALVING);
        }

        float[] y = LayerRun.of("test", opl)
                .resolution(Resolution.of(10, 250))
                .apply(new Frames(POINT, 4, new float[] {0, 1, 0, 0}))
                .get("output")
                .values();

        assertArrayEquals(new float[] {0, 2.496056f, -1.141327f, -1.203361f}, y, 1e-5f);
    }

    @Test
    void shouldFollowAParameterThatChangesBetweenChunks() {
        Opl opl = opl(false);
        LayerRun run = LayerRun.of("test", opl).dt(2);
        run.apply(new Frames(POINT, 2, new float[] {0, 1}));

        opl.parameters().set("surroundWeight", 0);

        assertArrayEquals(
                new float[] {0.437263f, -0.862388f},
                run.apply(new Frames(POINT, 2, new float[2])).get("output").values(),
                1e-5f);
    }

    // ------------------------------------------------------------------------------------------------ space

    private static float[] answerInSpace(Opl opl, int rows, int columns) {
        float[] x = new float[rows * columns];
        x[rows / 2 * columns + columns / 2] = 1;
        return LayerRun.of("test", opl)
                .apply(new Frames(Shape.image(rows, columns), 1, x))
                .get("output")
                .values();
    }

    /** In the first frame 10 b (1 - 0.8 b) = 3.036565 of the kernel, whose centre is its upper row. */
    @Test
    void shouldSpreadAPointWithTheKernelsThatAreSet() {
        Opl opl = opl(false);
        opl.parameters().set("centerKernel", NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        opl.parameters().set("surroundWeight", 0);
        float[] expected = new float[25];
        int[] at = {11, 12, 13, 16, 17, 18};
        for (int i = 0; i < at.length; i++) {
            expected[at[i]] = (i + 1) * 3.036565f;
        }

        assertArrayEquals(expected, answerInSpace(opl, 5, 5), 1e-5f);
    }

    @Test
    void shouldSubtractTheSurroundWithTheKernelThatIsSet() {
        Opl opl = opl(false);
        opl.parameters().set("surroundKernel", NdArray.of(new float[] {1, 2, 4}, 1, 3));
        opl.parameters().set("surroundWeight", 0.5);

        float s = 0.5f * 0.5198604f * 3.036565f;
        assertArrayEquals(new float[] {0, -s, 3.036565f - 2 * s, -4 * s, 0}, answerInSpace(opl, 1, 5), 1e-5f);
    }

    @Test
    void shouldAddBiasesBehindTheKernels() {
        Opl opl = opl(false);
        opl.parameters().set(Map.of("centerBias", 0.1, "surroundBias", 0.2));

        Map<String, Frames> outputs = run(opl, 1, 0.9f);

        assertEquals(3.036565f, outputs.get("center_signal").values()[0], 1e-5f);
        assertEquals(0.5198604f * 3.236565f, outputs.get("surround_signal").values()[0], 1e-5f);
    }

    @Test
    void shouldDeriveItsKernelAgainWhenItsSigmaIsSet() {
        Opl opl = new Opl();
        LayerRun.of("test", opl).prepare(POINT);
        opl.parameters().set("centerKernel", NdArray.of(new float[] {1, 2}, 1, 2));

        opl.parameters().set("centerSigmaDegrees", 0.15);

        assertArrayEquals(
                new int[] {11, 11},
                ((NdArray) opl.parameters().get("centerKernel").value()).shape());
    }

    /** Along a row of one pixel Deriche's filter amplifies by A1 + A2 + A3, 0.6806522 at one pixel. */
    @Test
    void shouldSmoothRecursivelyWithDeriche() {
        Opl opl = new Opl("opl", Opl.Smoothing.DERICHE, 10, false);
        opl.parameters()
                .set(Map.of(
                        "centerSigmaDegrees", 0.1,
                        "surroundSigmaDegrees", 0.1,
                        "centerTauSeconds", HALVING,
                        "undershootTauSeconds", HALVING,
                        "surroundTauSeconds", HALVING));

        Map<String, Frames> outputs = run(opl, 1, 1);

        double gain = 0.6806522 * 0.6806522;
        assertEquals(gain * 3.036565, outputs.get("center_signal").values()[0], 1e-5);
        assertEquals(gain * gain * 1.578590, outputs.get("surround_signal").values()[0], 1e-5);
    }

    // ------------------------------------------------------------------------------------------------ errors

    @ParameterizedTest
    @CsvSource({
        "centerTauSeconds, -0.01, a finite number > 0, -0.01",
        "centerTauSeconds, 0, a finite number > 0, 0",
        "surroundTauSeconds, NaN, a finite number > 0, NaN",
        "undershootTauSeconds, Infinity, a finite number > 0, Infinity",
        "centerSigmaDegrees, -0.5, a finite number >= 0, -0.5",
        "surroundSigmaDegrees, NaN, a finite number >= 0, NaN",
        "amplification, NaN, a finite number, NaN",
        "centerOrder, 1.5, a whole number >= 0 and <= 20, 1.5",
        "centerOrder, 21, a whole number >= 0 and <= 20, 21"
    })
    void shouldNameAParameterItsValueAndItsBounds(String name, double value, String allowed, String text) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> new Opl().parameters().set(name, value));

        assertTrue(e.getMessage().startsWith(name + " must be " + allowed + " but was " + text), e.getMessage());
    }

    @Test
    void shouldRefuseAHugeKernelWhileFramesFlowAndGoOn() {
        Opl opl = new Opl();
        LayerRun.of("test", opl).prepare(POINT);

        var e = assertThrows(
                IllegalArgumentException.class, () -> opl.parameters().set("surroundSigmaDegrees", 50));

        assertTrue(
                e.getMessage()
                        .startsWith(
                                "surroundSigmaDegrees: surroundKernel: a Gaussian of sigma 500.0 pixels lies below"),
                e.getMessage());
        assertEquals(0.15, opl.parameters().get("surroundSigmaDegrees").number());
        assertEquals(11 * 11, opl.parameters().get("surroundKernel").values().length);
    }

    @Test
    void shouldNameTheKernelThatIsTooLargeWhenPrepared() {
        Opl opl = new Opl();
        opl.parameters().set("centerSigmaDegrees", 50);

        var e = assertThrows(
                IllegalArgumentException.class, () -> LayerRun.of("test", opl).prepare(POINT));

        assertTrue(
                e.getMessage().startsWith("layer test: centerKernel: a Gaussian of sigma 500.0 pixels lies below"),
                e.getMessage());
    }

    @Test
    void shouldRefuseNoWidthForDeriche() {
        Opl opl = new Opl("opl", Opl.Smoothing.DERICHE, 1, false);
        opl.parameters().set("surroundSigmaDegrees", 0);

        var e = assertThrows(IllegalArgumentException.class, () -> output(opl, 1, 1));

        assertEquals(
                "layer test: surroundSigmaDegrees must be > 0 for recursive smoothing but was 0; use the Gaussian filter"
                        + " for no smoothing",
                e.getMessage());
    }
}
