package org.amacrine.operators.retina;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BipolarTest {
    private static final long SEED = 11;
    private static final Shape POINT = Shape.image(1, 1);

    private static Bipolar bipolar(Bipolar.Adaptation adaptation, Object... namesAndValues) {
        Bipolar bipolar = new Bipolar("bipolar", adaptation);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            bipolar.parameters().set((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return bipolar;
    }

    private static Bipolar bipolar(Object... namesAndValues) {
        return bipolar(Bipolar.Adaptation.REFERENCE, namesAndValues);
    }

    private static float[] run(Bipolar bipolar, Shape shape, float... x) {
        return LayerRun.of("test", bipolar)
                .apply(new Frames(shape, x.length / shape.values(), x))
                .get("output")
                .values();
    }

    private static float[] constant(int count, float value) {
        float[] x = new float[count];
        Arrays.fill(x, value);
        return x;
    }

    private static float[] random(int count) {
        Random random = new Random(SEED);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) (2 * random.nextGaussian());
        }
        return x;
    }

    // ------------------------------------------------------------------------------------------------ without feedback

    /**
     * The inhibition is 1, then exp(-0.0002) = 0.9998000: V = 50/51 (1 - exp(-0.051)) = 0.0487464, then, with
     * e = 50 / 50.9998, V = (V - e) exp(-0.0509998) + e = 0.0950691.
     */
    @Test
    void shouldRelaxTowardsItsInput() {
        float[] y = run(bipolar(), POINT, 1, 1);

        assertArrayEquals(new float[] {0.0487464f, 0.0950691f}, y, 1e-6f);
    }

    /** At frame t the inhibition is exp(-0.0002 t); after 2000 frames the potential follows 50 x / (50 + 0.6703). */
    @Test
    void shouldSettleAtItsInputOverItsConductance() {
        float[] y = run(bipolar("inputHertz", 100), POINT, constant(2000, 3));

        assertEquals(3 * 100 / 50.6704, y[1999], 5e-4);
    }

    @Test
    void shouldCountMillisecondsWhateverTheRate() {
        float[] x = random(50);
        Frames frames = new Frames(POINT, 50, x);

        float[] slow = LayerRun.of("test", bipolar())
                .resolution(Resolution.of(10, 100))
                .apply(frames)
                .get("output")
                .values();

        assertArrayEquals(run(bipolar(), POINT, x), slow);
    }

    @Test
    void shouldIgnoreItsTimeConstantLikeTheReference() {
        float[] x = random(60);

        assertArrayEquals(
                run(bipolar("feedbackHertz", 20), POINT, x),
                run(bipolar("feedbackHertz", 20, "adaptationTauSeconds", 0.1), POINT, x));
    }

    /** A step is 2.5 ms, and the inhibition begins, and without feedback stays, at 0: V = 1 - exp(-0.125 t). */
    @Test
    void shouldTakeItsStepFromTheResolutionAsThePaperHasIt() {
        float[] y = LayerRun.of("test", bipolar(Bipolar.Adaptation.PAPER))
                .resolution(Resolution.of(10, 400))
                .apply(new Frames(POINT, 3, new float[] {1, 1, 1}))
                .get("output")
                .values();

        assertArrayEquals(new float[] {0.1175031f, 0.2211992f, 0.3127107f}, y, 1e-6f);
    }

    // ------------------------------------------------------------------------------------------------ feedback

    /** The equations in double precision, the neighbourhood a Gaussian of half a pixel. */
    private static double[] naive(
            float[] x, Shape shape, double lambda, double h, double keep, double gain, double inhibitionAtFirst) {
        double[] g = {0.1079819, 0.7978846, 0.1079819};
        int n = shape.pixels();
        double[] v = new double[n];
        double[] j = new double[n];
        Arrays.fill(j, inhibitionAtFirst);
        double[] y = new double[x.length];
        for (int at = 0; at < x.length; at += n) {
            double[] q = new double[n];
            double mean = 0;
            for (int p = 0; p < n; p++) {
                q[p] = lambda * v[p] * v[p] * gain + keep * j[p];
                mean += q[p] / n;
                double e = 50 * x[at + p] / (50 + j[p]);
                v[p] = (v[p] - e) * Math.exp(-h * (50 + j[p])) + e;
                y[at + p] = v[p];
            }
            for (int p = 0; p < n; p++) {
                double sum = 0;
                for (int k = 0; k < 9; k++) {
                    int row = Math.max(0, Math.min(shape.rows() - 1, p / shape.columns() + k / 3 - 1));
                    int column = Math.max(0, Math.min(shape.columns() - 1, p % shape.columns() + k % 3 - 1));
                    sum += g[k / 3] * g[k % 3] * (q[row * shape.columns() + column] - mean);
                }
                j[p] = sum + mean;
            }
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 4", "5, 1"})
    void shouldControlItsGainLikeTheReference(int rows, int columns) {
        Shape shape = Shape.image(rows, columns);
        float[] x = random(80 * shape.values());

        float[] y = run(bipolar("feedbackHertz", 40, "adaptationSigmaDegrees", 0.05), shape, x);

        double keep = Math.exp(-0.001 / 5);
        assertClose(naive(x, shape, 40, 0.001, keep, 1 + keep, 1), y);
    }

    @Test
    void shouldControlItsGainAsThePaperHasIt() {
        Shape shape = Shape.image(4, 3);
        float[] x = random(80 * shape.values());
        Bipolar bipolar = bipolar(
                Bipolar.Adaptation.PAPER,
                "feedbackHertz",
                400,
                "adaptationSigmaDegrees",
                0.05,
                "adaptationTauSeconds",
                0.01);

        float[] y = LayerRun.of("test", bipolar)
                .resolution(Resolution.of(10, 500))
                .apply(new Frames(shape, 80, x))
                .get("output")
                .values();

        double keep = Math.exp(-0.2);
        assertClose(naive(x, shape, 400, 0.002, keep, 1 - keep, 0), y);
    }

    private static void assertClose(double[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 2e-5, "value " + i + ", seed " + SEED);
        }
    }

    /** Uniform frames keep the inhibition uniform: it settles where J = 200 V² and V = 50 / (50 + J), so J = 50, V = 1/2. */
    @Test
    void shouldSettleWhereFeedbackAndInputBalance() {
        Shape shape = Shape.image(3, 3);
        Bipolar bipolar = bipolar(Bipolar.Adaptation.PAPER, "feedbackHertz", 200);

        float[] y = run(bipolar, shape, constant(9 * 400, 1));

        assertEquals(0.5, y[9 * 399 + 4], 1e-4);
        assertEquals(50, bipolar.states().get("inhibition").at(4), 1e-2);
    }

    @Test
    void shouldAddItsBiasToTheInhibitionAtEachStep() {
        Bipolar bipolar = bipolar("adaptationBias", 0.5);

        run(bipolar, POINT, 0, 0);

        assertEquals(
                (0.99980003 + 0.5) * 0.99980003 + 0.5,
                bipolar.states().get("inhibition").at(0),
                1e-6);
    }

    /**
     * Deviations from the mean are 2 and -2; a pixel takes its right neighbour once and its left one three times, edges
     * repeated: 1 (-2) + 3 · 2 = 4 for both.
     */
    @Test
    void shouldSpreadDeviationsFromTheMeanWithTheKernelThatIsSet() {
        Bipolar bipolar = bipolar("adaptationKernel", NdArray.of(new float[] {1, 0, 3}, 1, 3));
        Shape pair = Shape.image(1, 2);
        LayerRun run = LayerRun.of("test", bipolar);
        run.prepare(pair);
        bipolar.states().set("inhibition", NdArray.of(new float[] {12, 8}, 1, 1, 2));

        run.apply(new Frames(pair, 1, new float[2]));

        float j = (10 + 4) * 0.99980003f;
        assertArrayEquals(new float[] {j, j}, bipolar.states().get("inhibition").floats(), 1e-5f);
    }

    // ------------------------------------------------------------------------------------------------ parameters

    @ParameterizedTest
    @CsvSource({"leakHertz, 20, 50, 95.5", "inputHertz, 10, -30, 77.25"})
    void shouldTreatEachPixelOfAMapAsIfItWereAlone(String name, float a, float b, float c) {
        float[] values = {a, b, c};
        Shape three = Shape.image(1, 3);
        float[] x = random(3 * 70);

        float[] y = run(bipolar(name, NdArray.of(values, 1, 3)), three, x);

        for (int p = 0; p < 3; p++) {
            float[] alone = run(bipolar(name, values[p]), three, x);
            for (int i = p; i < x.length; i += 3) {
                assertEquals(alone[i], y[i], name + ", pixel " + p + ", frame " + i / 3 + ", seed " + SEED);
            }
        }
    }

    /** The neighbourhood is one pixel wide, so that no pixel hears of another. */
    @Test
    void shouldFeedBackEachPixelOfAMapByItsOwnGain() {
        float[] gains = {0, 15, 60};
        Shape three = Shape.image(1, 3);
        float[] x = random(3 * 70);

        float[] y = run(bipolar("feedbackHertz", NdArray.of(gains, 1, 3), "adaptationSigmaDegrees", 0), three, x);

        for (int p = 0; p < 3; p++) {
            float[] alone = run(bipolar("feedbackHertz", gains[p], "adaptationSigmaDegrees", 0), three, x);
            for (int i = p; i < x.length; i += 3) {
                assertEquals(alone[i], y[i], 1e-5f, "pixel " + p + ", frame " + i / 3 + ", seed " + SEED);
            }
        }
    }

    @Test
    void shouldKeepItsInhibitionWhenFeedbackIsSwitchedOff() {
        Shape three = Shape.image(1, 3);
        Bipolar bipolar = bipolar("feedbackHertz", 50);
        LayerRun run = LayerRun.of("test", bipolar);
        run.apply(new Frames(three, 40, random(120)));
        double before = bipolar.states().get("inhibition").at(1);

        bipolar.parameters().set("feedbackHertz", 0);
        bipolar.parameters().set("adaptationSigmaDegrees", 0);
        run.apply(new Frames(three, 10, new float[30]));

        assertTrue(before > 2, "inhibition " + before);
        assertEquals(
                before * Math.exp(-0.002), bipolar.states().get("inhibition").at(1), 1e-4 * before);
    }

    @Test
    void shouldSeparateChannels() {
        Shape two = new Shape(2, 1, 2);
        float[] x = random(4 * 50);

        float[] y = run(bipolar("feedbackHertz", 40), two, x);

        for (int c : List.of(0, 1)) {
            float[] own = new float[2 * 50];
            float[] expected = new float[2 * 50];
            for (int t = 0; t < 50; t++) {
                System.arraycopy(x, 4 * t + 2 * c, own, 2 * t, 2);
                System.arraycopy(y, 4 * t + 2 * c, expected, 2 * t, 2);
            }
            assertArrayEquals(expected, run(bipolar("feedbackHertz", 40), Shape.image(1, 2), own));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "leakHertz, 0, > 0, 0",
        "leakHertz, NaN, > 0, NaN",
        "feedbackHertz, -3, >= 0, -3",
        "adaptationTauSeconds, -0.005, > 0, -0.005",
        "adaptationSigmaDegrees, -1, >= 0, -1"
    })
    void shouldNameAParameterItsValueAndItsBounds(String name, double value, String bound, String text) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> new Bipolar().parameters().set(name, value));

        assertTrue(
                e.getMessage().startsWith(name + " must be a finite number " + bound + " but was " + text),
                e.getMessage());
    }

    @Test
    void shouldNameAMapOfAnotherExtent() {
        Bipolar bipolar = bipolar("leakHertz", NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));

        var e = assertThrows(IllegalArgumentException.class, () -> run(bipolar, Shape.image(3, 3), new float[9]));

        assertEquals(
                "layer test: leakHertz is a map of shape (2, 3) but a frame is 1x3x3; give one number, or one for each"
                        + " pixel",
                e.getMessage());
    }
}
