package org.amacrine.operators.retina;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GanglionInputTest {
    private static final long SEED = 23;
    private static final Shape POINT = Shape.image(1, 1);
    private static final double EPSILON = 0.001;

    private static GanglionInput pooling(boolean toEdge, boolean normalized, Object... namesAndValues) {
        GanglionInput input = new GanglionInput("input", 1, toEdge, normalized);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            input.parameters().set((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return input;
    }

    private static GanglionInput input(Object... namesAndValues) {
        return pooling(false, false, namesAndValues);
    }

    /** Linear everywhere: the current is u + 1000, as long as u > -1000. */
    private static GanglionInput linear(Object... namesAndValues) {
        GanglionInput input = input(namesAndValues);
        input.parameters().set("threshold", -1000);
        input.parameters().set("gainHertz", 1);
        input.parameters().set("currentAtThresholdHertz", 1);
        return input;
    }

    private static float[] run(GanglionInput input, Shape shape, float... x) {
        return LayerRun.of("test", input)
                .dt(20)
                .apply(new Frames(shape, x.length / shape.values(), x))
                .get("output")
                .values();
    }

    private static float[] random(int count) {
        Random random = new Random(SEED);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    // ------------------------------------------------------------------------------------------------ nonlinearity

    /** 37 + 100 u above the threshold; 37 / (1 - 100 u / 37) below: 18.5 at u = -0.37. */
    @Test
    void shouldBeLinearAboveItsThresholdAndPositiveBelow() {
        float[] y = run(input("transientWeight", 0), POINT, 0.5f, 0, -0.37f, -37);

        assertArrayEquals(new float[] {87, 37, 18.5f, 37 / 101f}, y, 1e-4f);
    }

    /** At v0 = 0.2, i0 = 50, gain 200: 50 + 200 · 0.3, 50, and 50 / (1 + 200 · 0.25 / 50). */
    @Test
    void shouldTakeThresholdCurrentAndGainFromItsParameters() {
        GanglionInput input =
                input("transientWeight", 0, "threshold", 0.2, "currentAtThresholdHertz", 50, "gainHertz", 200);

        assertArrayEquals(new float[] {110, 50, 25}, run(input, POINT, 0.5f, 0.2f, -0.05f), 1e-4f);
    }

    @Test
    void shouldTurnOffCellsAround() {
        float[] x = {0.5f, -0.37f};

        assertArrayEquals(
                new float[] {37 / (1 + 50 / 37f), 74}, run(input("transientWeight", 0, "sign", -1), POINT, x), 1e-4f);
        assertEquals(
                -1,
                new GanglionInput("off", -1, false, false)
                        .parameters()
                        .get("sign")
                        .number());
    }

    // ------------------------------------------------------------------------------------------------ transient

    /** The kernel of the definition: 1, then {@code -w/tau exp(-(0.4 + p - 1) / tau)}, cut off below 0.001. */
    private static double[] kernel(double tau, double weight) {
        int length = Math.max(10, (int) (-tau * Math.log(EPSILON * tau / weight)) + 1);
        double[] taps = new double[length + 1];
        taps[0] = 1;
        for (int p = 1; p <= length; p++) {
            taps[p] = -weight / tau * Math.exp(-(p - 0.6) / tau);
        }
        return taps;
    }

    /** Direct convolution of frame t, darkness before frame {@code begin}. */
    private static double convolve(double[] taps, float[] x, int t, int begin) {
        double u = 0;
        for (int p = 0; p < taps.length && t - p >= begin; p++) {
            u += taps[p] * x[t - p];
        }
        return u;
    }

    @ParameterizedTest
    @CsvSource({"0.02, 0.7, 73", "0.005, 1, 28", "0.001, 2, 11", "0.05, 0.1, 36"})
    void shouldConvolveWithItsHighPass(double tauSeconds, double weight, int taps) {
        GanglionInput input = linear("transientTauSeconds", tauSeconds, "transientWeight", weight);
        float[] x = random(400);

        float[] y = run(input, POINT, x);

        double[] kernel = kernel(1000 * tauSeconds, weight);
        assertEquals(taps, kernel.length);
        assertEquals(taps, input.parameters().get("transientKernel").values().length);
        for (int t = 0; t < x.length; t++) {
            assertEquals(1001 + convolve(kernel, x, t, 0), y[t], 3e-4, "frame " + t + ", seed " + SEED);
        }
    }

    @Test
    void shouldNotDriftInALongStream() {
        GanglionInput input = linear("transientWeight", 1);
        float[] x = new float[20_000];
        Arrays.fill(x, 0, 10_000, 100);

        float[] y = run(input, POINT, x);

        double expected = 100 * Arrays.stream(kernel(20, 1)).sum();
        assertEquals(1001 + expected, y[9_999], 2e-3);
        assertEquals(1001, y[19_999], 1e-3);
    }

    @Test
    void shouldBuildItsKernelForTheRate() {
        GanglionInput input = linear();
        float[] x = random(100);

        float[] y = LayerRun.of("test", input)
                .resolution(Resolution.of(10, 250))
                .apply(new Frames(POINT, 100, x))
                .get("output")
                .values();

        double[] kernel = kernel(5, 0.7);
        for (int t = 0; t < x.length; t++) {
            assertEquals(1001 + convolve(kernel, x, t, 0), y[t], 3e-4, "frame " + t + ", seed " + SEED);
        }
    }

    /**
     * A shorter kernel finds all it needs; a longer one takes for dark what the one before did not reach back to. That had
     * 78 taps, so of 150 frames those from 72 on are remembered.
     */
    @ParameterizedTest
    @CsvSource({"0.01, 0", "0.015, 0", "0.03, 72"})
    void shouldUseTheKernelInForceOnThePast(double tauSeconds, int begin) {
        GanglionInput input = linear("transientWeight", 0.9);
        float[] x = random(450);
        int change = 150;
        LayerRun run = LayerRun.of("test", input).dt(30);
        run.apply(new Frames(POINT, change, Arrays.copyOf(x, change)));

        input.parameters().set("transientTauSeconds", tauSeconds);
        float[] y = run.apply(new Frames(POINT, 300, Arrays.copyOfRange(x, change, 450)))
                .get("output")
                .values();

        double[] kernel = kernel(1000 * tauSeconds, 0.9);
        for (int t = change; t < 450; t++) {
            double expected = convolve(kernel, x, t, begin);
            assertEquals(1001 + expected, y[t - change], 3e-4, "frame " + t + ", seed " + SEED);
        }
    }

    @Test
    void shouldConvolveWithTheKernelThatIsSet() {
        GanglionInput input = linear("transientKernel", new float[] {2, 0, -1});

        assertArrayEquals(new float[] {1003, 1005, 1006, 1001 - 2, 1001 - 3}, run(input, POINT, 1, 2, 3, 0, 0), 1e-3f);
    }

    /** Impulse-response orientation in time and space. */
    @Test
    void shouldSpreadAFlashWithAKernelInTimeAndSpace() {
        float[] kernel = {1, 2, 3, 4, 5, 6};
        GanglionInput input = linear("transientKernel", NdArray.of(kernel, 2, 1, 3));
        Shape row = Shape.image(1, 5);

        float[] y = run(input, row, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);

        float[] u = {0, 1, 2, 3, 0, 0, 4, 5, 6, 0};
        for (int i = 0; i < u.length; i++) {
            assertEquals(1001 + u[i], y[i], 1e-3f, "value " + i);
        }
    }

    @Test
    void shouldRefuseAKernelOfAnotherMemoryWhileFramesFlow() {
        GanglionInput input = linear();
        LayerRun run = LayerRun.of("test", input);
        run.apply(new Frames(POINT, 2, new float[] {1, 2}));

        var e = assertThrows(
                IllegalArgumentException.class, () -> input.parameters().set("transientKernel", new float[] {1, 2}));

        assertTrue(
                e.getMessage().startsWith("transientKernel changes what the layer remembers, so it cannot be set"),
                e.getMessage());
        double[] kernel = kernel(20, 0.7);
        float y = run.apply(new Frames(POINT, 1, new float[] {3})).get("output").values()[0];
        assertEquals(1001 + convolve(kernel, new float[] {1, 2, 3}, 2, 0), y, 3e-4);
    }

    // ------------------------------------------------------------------------------------------------ pooling

    private static float[] ones(int count) {
        float[] x = new float[count];
        Arrays.fill(x, 0.63f);
        return x;
    }

    /** 37 + 63 = 100; the Gaussian of half a pixel sums to 1.0138485², and takes one pixel off each edge. */
    @Test
    void shouldPoolWhereItsKernelFits() {
        GanglionInput input = input("transientWeight", 0, "poolingSigmaDegrees", 0.05, "poolingBias", 2);
        LayerRun run = LayerRun.of("test", input);

        Frames y = run.apply(new Frames(Shape.image(3, 4), 1, ones(12))).get("output");

        assertEquals(Shape.image(1, 2), y.shape());
        assertArrayEquals(new float[] {104.78887f, 104.78887f}, y.values(), 1e-4f);
    }

    @Test
    void shouldPoolToTheEdge() {
        GanglionInput input = pooling(true, false, "transientWeight", 0, "poolingSigmaDegrees", 0.05);

        assertArrayEquals(new float[] {102.78887f, 102.78887f}, run(input, Shape.image(1, 2), ones(2)), 1e-4f);
    }

    @Test
    void shouldKeepTheMeanWithANormalizedKernel() {
        GanglionInput input = pooling(true, true, "transientWeight", 0, "poolingSigmaDegrees", 0.2);

        assertArrayEquals(new float[] {100, 100}, run(input, Shape.image(1, 2), ones(2)), 1e-4f);
    }

    @Test
    void shouldRefuseAnotherExtentWhileFramesFlow() {
        GanglionInput input = input();
        LayerRun.of("test", input).prepare(Shape.image(9, 9));

        var e = assertThrows(
                IllegalArgumentException.class, () -> input.parameters().set("poolingSigmaDegrees", 0.05));

        assertTrue(e.getMessage().contains("would change the frames from 1x9x9 to 1x7x7"), e.getMessage());
        assertEquals(0, input.parameters().get("poolingSigmaDegrees").number());
    }

    // ------------------------------------------------------------------------------------------------ parameters

    @ParameterizedTest
    @ValueSource(strings = {"sign", "threshold", "currentAtThresholdHertz", "gainHertz"})
    void shouldTreatEachPixelOfAMapAsIfItWereAlone(String name) {
        float[] values = {1, 0.25f, 3};
        Shape three = Shape.image(1, 3);
        float[] x = random(3 * 70);

        float[] y = run(input(name, NdArray.of(values, 1, 3)), three, x);

        for (int p = 0; p < 3; p++) {
            float[] alone = run(input(name, values[p]), three, x);
            for (int i = p; i < x.length; i += 3) {
                assertEquals(alone[i], y[i], name + ", pixel " + p + ", frame " + i / 3 + ", seed " + SEED);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "transientTauSeconds, -0.02, > 0, -0.02", "transientTauSeconds, 0, > 0, 0",
        "transientWeight, -0.1, >= 0, -0.1", "currentAtThresholdHertz, 0, > 0, 0",
        "gainHertz, NaN, >= 0, NaN", "poolingSigmaDegrees, -1, >= 0, -1"
    })
    void shouldNameAParameterItsValueAndItsBounds(String name, double value, String bound, String text) {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new GanglionInput().parameters().set(name, value));

        assertTrue(
                e.getMessage().startsWith(name + " must be a finite number " + bound + " but was " + text),
                e.getMessage());
    }
}
