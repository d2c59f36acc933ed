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
import org.junit.jupiter.params.provider.ValueSource;

class SeparableOplTest {
    private static final Shape POINT = Shape.image(1, 1);

    private static SeparableOpl withoutSpace() {
        SeparableOpl opl = new SeparableOpl("opl", false);
        opl.parameters().set(Map.of("centerSigmaDegrees", 0, "surroundSigmaDegrees", 0));
        return opl;
    }

    private static float[] run(SeparableOpl opl, int dt, Shape shape, float... x) {
        return LayerRun.of("test", opl)
                .dt(dt)
                .apply(new Frames(shape, x.length / shape.values(), x))
                .get("output")
                .values();
    }

    private static float[] flash(int frames) {
        float[] x = new float[frames];
        x[0] = 1;
        return x;
    }

    /** {@code scale exp(-(0.4 + i) / tau)} for i below {@code count}. */
    private static double[] decay(double scale, double tau, int count) {
        double[] taps = new double[count];
        for (int i = 0; i < count; i++) {
            taps[i] = scale * Math.exp(-(0.4 + i) / tau);
        }
        return taps;
    }

    private static double[] convolve(double[] a, double[] b) {
        double[] c = new double[a.length + b.length - 1];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                c[i + j] += a[i] * b[j];
            }
        }
        return c;
    }

    /** The response of the default time constants, 10 ms (47 taps), 100 ms with weight 0.8 (209) and 4 ms (23). */
    private static double[] response(double surroundWeight) {
        double[] highPass = new double[209];
        highPass[0] = 1;
        System.arraycopy(decay(-0.8 / 100, 100, 208), 0, highPass, 1, 208);
        double[] center = convolve(decay(0.1, 10, 47), highPass);
        double[] surround = convolve(center, decay(0.25, 4, 23));
        for (int i = 0; i < surround.length; i++) {
            surround[i] = (i < center.length ? center[i] : 0) - surroundWeight * surround[i];
        }
        return surround;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 300})
    void shouldAnswerAFlashWithItsThreeKernels(int dt) {
        SeparableOpl opl = withoutSpace();
        opl.parameters().set("surroundWeight", 0.9);

        float[] y = run(opl, dt, POINT, flash(300));

        double[] expected = Arrays.copyOf(response(0.9), 300);
        for (int t = 0; t < 300; t++) {
            assertEquals(expected[t], y[t], 1e-6, "frame " + t);
        }
        assertEquals(47 + 208 + 22, response(0.9).length);
    }

    @Test
    void shouldSettleAtTheSumOfItsKernelsForAConstantLuminance() {
        float[] x = new float[400];
        Arrays.fill(x, 2);

        float[] y = run(withoutSpace(), 100, POINT, x);

        assertEquals(2 * Arrays.stream(response(1)).sum(), y[399], 1e-5);
    }

    @Test
    void shouldIgnoreTheAmplification() {
        SeparableOpl opl = withoutSpace();
        opl.parameters().set("amplification", 10);

        assertArrayEquals(run(withoutSpace(), 50, POINT, flash(50)), run(opl, 50, POINT, flash(50)));
    }

    /** Order 1 at 4 steps: t exp(-t/4) / 16, 10 taps are int(4 ln 1000) - 1 = 26. */
    @Test
    void shouldUseACascadeInTheCenter() {
        SeparableOpl opl = withoutSpace();
        opl.parameters()
                .set(Map.of(
                        "centerOrder", 1,
                        "centerTauSeconds", 0.004,
                        "undershootWeight", 0,
                        "surroundWeight", 0));

        float[] y = run(opl, 40, POINT, flash(40));

        for (int t = 0; t < 40; t++) {
            double expected = t < 26 ? (t + 1) * Math.exp(-(t + 1) / 4.0) / 16 : 0;
            assertEquals(expected, y[t], 1e-6, "frame " + t);
        }
    }

    /** In the first frame c is the first tap of the center, s that of the surround; the kernels follow one another. */
    @Test
    void shouldSpreadAPointWithTheKernelsThatAreSet() {
        SeparableOpl opl = withoutSpace();
        opl.parameters()
                .set(Map.of(
                        "centerTimeKernel", new float[] {2},
                        "undershootKernel", new float[] {1},
                        "surroundTimeKernel", new float[] {0.5f},
                        "centerKernel", NdArray.of(new float[] {1, 2, 4}, 1, 3),
                        "surroundKernel", NdArray.of(new float[] {1, 10}, 1, 2)));

        float[] y = run(opl, 1, Shape.image(1, 7), 0, 0, 0, 1, 0, 0, 0);

        // center 2 (1, 2, 4); the surround's first tap falls on the pixel itself: (1, 2 + 10, 4 + 20, 40)
        assertArrayEquals(new float[] {0, 0, 2 - 1, 4 - 12, 8 - 24, -40, 0}, y);
    }

    @Test
    void shouldBuildItsKernelsForTheRate() {
        SeparableOpl opl = new SeparableOpl("opl", false);

        LayerRun.of("test", opl).resolution(Resolution.of(20, 500)).prepare(POINT);

        // 5 ln 200 = 26.5; 50 ln 16 = 138.6; 2 ln 500 = 12.4; and 1 pixel: sqrt(2 ln 398.9) = 3.46
        assertEquals(27, opl.parameters().get("centerTimeKernel").values().length);
        assertEquals(140, opl.parameters().get("undershootKernel").values().length);
        assertEquals(13, opl.parameters().get("surroundTimeKernel").values().length);
        assertEquals(7 * 7, opl.parameters().get("centerKernel").values().length);
    }

    @Test
    void shouldRejectATimeConstantBelowZero() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new SeparableOpl("opl", false).parameters().set("surroundTauSeconds", -1));

        assertTrue(
                e.getMessage().startsWith("surroundTauSeconds must be a finite number > 0 but was -1"), e.getMessage());
    }

    @Test
    void shouldNameAKernelOfTheWrongAxes() {
        SeparableOpl opl = new SeparableOpl("opl", false);
        LayerRun.of("test", opl).prepare(POINT);

        var e = assertThrows(
                IllegalArgumentException.class,
                () -> opl.parameters().set("undershootKernel", NdArray.of(new float[4], 2, 2)));

        assertTrue(e.getMessage().startsWith("undershootKernel: a kernel must have the axes (time)"), e.getMessage());
    }
}
