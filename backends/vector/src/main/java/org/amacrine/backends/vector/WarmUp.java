package org.amacrine.backends.vector;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.kernel.ChangeDetector;
import org.amacrine.core.kernel.KernelMatrix;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.Neuron;
import org.amacrine.core.kernel.Taps;

/** Runs every kernel on small arrays until the compiler is done with it. */
final class WarmUp {
    // Neither is a multiple of what kernels take at once, so that the loops for the rest are compiled as well.
    private static final int ROWS = 22;
    private static final int COLUMNS = 180;
    private static final int SIZE = ROWS * COLUMNS;
    /** Compiled code takes far less than this for one small array; what is not compiled yet takes far more. */
    private static final double COMPILED_NANOS = 10.0 * SIZE;

    private static final int CALLS_AT_ONCE = 20;
    private static final int LEAST_ROUNDS = 40;
    private static final long LONGEST_NANOS = 3_000_000_000L;

    private WarmUp() {}

    /** Runs them all; returns when each is fast, or has had its time. */
    static void run(Map<String, Runnable> calls) {
        for (Runnable kernel : calls.values()) {
            long limit = System.nanoTime() + LONGEST_NANOS;
            double best = Double.POSITIVE_INFINITY;
            for (int round = 0; round < LEAST_ROUNDS || (best > COMPILED_NANOS && System.nanoTime() < limit); round++) {
                long start = System.nanoTime();
                for (int i = 0; i < CALLS_AT_ONCE; i++) {
                    kernel.run();
                }
                best = Math.min(best, (System.nanoTime() - start) / (double) CALLS_AT_ONCE);
            }
        }
    }

    /** A call of each kernel on frames of images, by its name. */
    static Map<String, Runnable> onFrames(Kernels k) {
        float[] x = new float[SIZE];
        float[] y = new float[SIZE];
        float[] a = new float[SIZE];
        float[] b = new float[SIZE];
        Arrays.fill(x, 1f);
        float[] one = {1f};
        float[] ring = new float[3 * SIZE];
        Taps taps = Taps.same(0.25f, 0.5f, 0.25f);
        float[] scratch = new float[Kernels.convolveScratch(COLUMNS, taps, taps)];
        float[] cube = new float[27];
        float[] padded = new float[(ROWS + 2) * (COLUMNS + 2) * 3];
        float[] deriche = {0.1f, 0.1f, 0.1f, 0.1f, 0.5f, -0.1f};
        float[] rate = {50f};
        float[] decay = {0.9f};
        Neuron noisy = new Neuron(one, new float[] {0.001f}, one, one, new float[] {0f}, 1000f, 1, 2);
        float[] rests = new float[SIZE];
        float[] owed = new float[SIZE];
        ChangeDetector changes = new ChangeDetector(255f, 20f, -1f, x, x, x, x, x, 0.75f, 0.5f, 3, 4);
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("convolve", () -> k.convolve(x, 0, ROWS, COLUMNS, y, 0, COLUMNS, 0, ROWS, taps, taps, scratch));
        calls.put("bandPass", () -> k.bandPass(x, 0, y, 0, a, b, 1, SIZE, 0, SIZE, 0.1f, 0.9f, 0.1f, 0.9f, 0.5f));
        calls.put("firstOrder", () -> k.firstOrder(x, 0, y, 0, a, 1, SIZE, 0, SIZE, 0.1f, 0.9f));
        calls.put("addScaled", () -> k.addScaled(x, 0, a, 0, y, 0, 1, SIZE, 0, SIZE, 0.5f));
        calls.put("relax", () -> k.relax(x, 0, y, 0, a, 1, SIZE, 0, SIZE, 50f, rate, decay));
        calls.put(
                "transientDecay", () -> k.transientDecay(x, 0, y, 0, a, ring, 0, 1, SIZE, 0, SIZE, 0.9f, 0.1f, 0.01f));
        calls.put("compress", () -> k.compress(x, 0, y, 0, 1, SIZE, 0, SIZE, one, 0f, one, one, one, one));
        calls.put("integrateAndFire", () -> k.integrateAndFire(x, 0, y, 0, a, b, 1, SIZE, 0, SIZE, 0, noisy));
        calls.put("detectChanges", () -> k.detectChanges(x, 0, y, 0, a, b, owed, rests, 1, SIZE, 0, SIZE, 0, changes));
        calls.put("uniform", () -> k.uniform(y, 0, 0, SIZE, 1, 0, 1f, 0f));
        calls.put("normal", () -> k.normal(y, 0, 0, SIZE, 1, 0, 1f, 0f));
        calls.put("firstNotFinite", () -> k.firstNotFinite(x, 0, SIZE));
        calls.put("scale", () -> k.scale(x, 0, y, 0, 0, SIZE, 1f, 0f));
        calls.put("feedback", () -> k.feedback(x, x, y, 0, SIZE, one, 0.5f));
        calls.put("relaxEach", () -> k.relaxEach(x, 0, y, 0, a, 0, SIZE, one, one, x, 0.001f));
        calls.put("smoothColumns", () -> k.smoothColumns(x, 0, y, 0, ROWS, COLUMNS, 0, COLUMNS, deriche, true));
        calls.put(
                "convolveDense",
                () -> k.convolveDense(padded, 0, y, 0, SIZE, 1, ROWS, COLUMNS, 0, ROWS, cube, 3, 3, 3));
        int[] offsets = {0, 1, 2, 3, 4};
        double[] sums = new double[5];
        calls.put(
                "correlate",
                () -> k.correlate(x, 0, COLUMNS, padded, 0, COLUMNS + 2, ROWS, COLUMNS & -16, offsets, 0, 5, sums, 0));
        return calls;
    }

    /** A call of each of the other kernels, by its name. */
    static Map<String, Runnable> onSeries(Kernels k) {
        Map<String, Runnable> calls = new LinkedHashMap<>();
        chains(k, calls);
        matrices(k, calls);
        groups(k, calls);
        return calls;
    }

    /** Kernels on groups of values and their modes. */
    private static void groups(Kernels k, Map<String, Runnable> calls) {
        float[] x = new float[SIZE];
        float[] y = new float[SIZE];
        float[] a = new float[SIZE];
        float[] b = new float[SIZE];
        int modes = ROWS / 2 + 1;
        calls.put("dotRows", () -> k.dotRows(x, modes, COLUMNS, a, b, 1));
        calls.put("combineRows", () -> k.combineRows(x, modes, COLUMNS, a, y, 1));
        calls.put("multiplyAdd", () -> k.multiplyAdd(x, 0, a, 0, b, 0, y, 0, SIZE));
    }

    /** Kernels on states: a frame of 40 or 16 of them, with every size of a group of rows; matrices that are large and small. */
    private static void chains(Kernels k, Map<String, Runnable> calls) {
        int states = Kernels.stateLanes(40);
        int regressors = 30;
        KernelMatrix m = new KernelMatrix(states * states);
        KernelMatrix b = new KernelMatrix(Kernels.whitenedSize(7, regressors, 16));
        KernelMatrix large = new KernelMatrix(2 * AlignedChains.SMALL);
        double[] c = new double[states];
        double[] g = new double[regressors];
        double[] l = new double[states];
        double[] r = new double[states];
        double[] f = new double[states];
        double[] scratch = new double[states];
        Arrays.fill(m.change(), 1.0 / states);
        Arrays.fill(r, 1.0 / states);
        Arrays.fill(f, 1.0 / states);
        calls.put("whitenedLogDensities", () -> {
            for (int dims = 4; dims <= 7; dims++) {
                k.whitenedLogDensities(b, c, dims, regressors, 16, g, 0, regressors, 1, l, 0);
                k.whitenedLogDensities(large, c, dims, regressors, states, g, 0, regressors, 1, l, 0);
            }
        });
        calls.put("rectify", () -> k.rectify(large.values(), 0, states * 5));
        calls.put("rectifyBack", () -> k.rectifyBack(m.values(), 0, large.values(), 0, states * 5));
        calls.put("filterStep", () -> k.filterStep(r, 0, l, 0, f, 0, states));
        calls.put("mixRows", () -> {
            k.mixRows(m, f, 0, states, r, 0, states);
            k.mixRows(large, f, 0, states, r, 0, states);
        });
        calls.put("smoothStep", () -> k.smoothStep(f, 0, r, 0, m, states, f, 0, l, 0, states, scratch));
        calls.put("maxPlus", () -> k.maxPlus(m, c, 0, states, l, 0, scratch, 0, states));
    }

    /** Products of matrices, with whole tiles and what is left of them. */
    private static void matrices(Kernels k, Map<String, Runnable> calls) {
        int rows = 6;
        int modes = 5;
        int columns = 100;
        double[] wide = new double[rows * columns];
        double[] latent = new double[rows * modes];
        double[] w = new double[modes * columns];
        calls.put("weighDifferences", () -> k.weighDifferences(wide, 0, w, 0, w, wide, 0, w, modes * columns));
        int inner = 9;
        int most = 64;
        double[] left = new double[2 * modes * inner];
        double[] right = new double[inner * most];
        double[] product = new double[2 * modes * most];
        int panel = VectorPanels.PANEL;
        double[] square = new double[panel * panel];
        double[] panels = new double[panel * panel];
        calls.put("addProduct", () -> {
            // Tiles of all heights and widths.
            for (int width = 40; width <= most; width += 8) {
                k.addProduct(left, 0, inner, 1, right, 0, width, product, 0, width, 2 * modes, inner, width);
            }
            for (int width = 8; width <= panel; width += 8) {
                k.addProduct(square, 0, panel, 1, square, 0, panel, panels, 0, panel, 12, inner, width);
                k.addProduct(square, 0, 1, panel, square, 0, panel, panels, 0, panel, 12, inner, width);
            }
        });
        calls.put("multiplyTransposed", () -> k.multiplyTransposed(wide, 0, w, latent, 0, rows, columns, modes));
    }
}
