package org.amacrine.backends.vector;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.Taps;

/** A call of each kernel on given data, for a part of its frames and a part of its pixels or rows. */
final class KernelCases {
    private KernelCases() {}

    /** One call. */
    @FunctionalInterface
    interface Call {
        /** Works on frames {@code t0} to {@code t0 + frames} and on pixels or rows {@code from} to {@code to}. */
        Object run(Kernels k, KernelData d, int t0, int frames, int from, int to);
    }

    /** What ranges are ranges of, and what frames follow one another. */
    enum Kind {
        /** A recursion along time, over pixels. */
        TIME(true),
        /** Each frame by itself, over pixels. */
        PIXELS(true),
        /** One image, over rows. */
        ROWS(false),
        /** One image, over columns. */
        COLUMNS(true);

        private final boolean overPixels;

        Kind(boolean overPixels) {
            this.overPixels = overPixels;
        }

        int extent(KernelData.Setup setup) {
            return overPixels ? setup.n() : setup.rows();
        }

        int frames(KernelData.Setup setup) {
            return this == TIME || this == PIXELS ? setup.frames() : 1;
        }
    }

    /**
     * A kernel under test.
     *
     * @param mayBeInPlace whether the output may be the input
     */
    record Case(String name, Kind kind, boolean mayBeInPlace, Call call) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Every kernel but the two convolutions, whose shapes are their own. */
    static Map<String, Case> all() {
        Map<String, Case> cases = new LinkedHashMap<>();
        put(cases, "smoothColumns", Kind.COLUMNS, false, (k, d, t0, frames, from, to) -> {
            boolean leak = d.setup.variant() % 2 == 0;
            k.smoothColumns(d.x, d.inAt, d.y, d.outAt, d.setup.rows(), d.setup.n(), from, to, d.coefficients, leak);
            return null;
        });
        put(cases, "smoothRows", Kind.ROWS, false, (k, d, t0, frames, from, to) -> {
            boolean leak = d.setup.variant() % 2 == 0;
            k.smoothRows(d.x, d.inAt, d.y, d.outAt, d.setup.rows(), d.setup.n(), from, to, d.coefficients, leak);
            return null;
        });
        put(cases, "rowSums", Kind.ROWS, false, (k, d, t0, frames, from, to) -> {
            k.rowSums(d.x, d.inAt, d.setup.n(), from, to, d.sums);
            return null;
        });
        put(cases, "firstOrder", Kind.TIME, true, (k, d, t0, frames, from, to) -> {
            k.firstOrder(d.x, in(d, t0), d.y, out(d, t0), d.stateA, frames, d.stride, from, to, 0.1f, 0.9f);
            return null;
        });
        put(cases, "bandPass", Kind.TIME, true, (k, d, t0, frames, from, to) -> {
            int s = d.stride;
            k.bandPass(
                    d.x,
                    in(d, t0),
                    d.y,
                    out(d, t0),
                    d.stateA,
                    d.stateB,
                    frames,
                    s,
                    from,
                    to,
                    0.1f,
                    0.9f,
                    0.3f,
                    0.7f,
                    0.8f);
            return null;
        });
        put(cases, "transientDecay", Kind.TIME, true, (k, d, t0, frames, from, to) -> {
            int position = (d.setup.variant() + t0) % d.ring;
            int s = d.stride;
            k.transientDecay(
                    d.x,
                    in(d, t0),
                    d.y,
                    out(d, t0),
                    d.stateA,
                    d.history,
                    position,
                    frames,
                    s,
                    from,
                    to,
                    0.9f,
                    0.1f,
                    0.05f);
            return null;
        });
        put(cases, "addScaled", Kind.TIME, true, (k, d, t0, frames, from, to) -> {
            k.addScaled(d.x, in(d, t0), d.z, in(d, t0), d.y, out(d, t0), frames, d.stride, from, to, -1.7f);
            return null;
        });
        put(
                cases,
                "scale",
                Kind.PIXELS,
                true,
                each((k, d, t) -> (from, to) -> k.scale(d.x, in(d, t), d.y, out(d, t), from, to, 0.3f, -1.1f)));
        put(cases, "relax", Kind.TIME, true, (k, d, t0, frames, from, to) -> {
            float[] rate = d.rateFrom(t0);
            float[] decay = d.decayFrom(t0);
            k.relax(d.x, in(d, t0), d.y, out(d, t0), d.stateA, frames, d.stride, from, to, 50f, rate, decay);
            return null;
        });
        put(
                cases,
                "relaxEach",
                Kind.PIXELS,
                true,
                each((k, d, t) -> (from, to) -> k.relaxEach(
                        d.x, in(d, t), d.y, out(d, t), d.stateA, from, to, d.slope, d.plus, d.stateB, 0.001f)));
        put(
                cases,
                "feedback",
                Kind.PIXELS,
                false,
                each((k, d, t) -> (from, to) -> k.feedback(d.stateA, d.stateB, d.y, from, to, d.slope, 0.99f)));
        put(cases, "compress", Kind.TIME, true, (k, d, t0, frames, from, to) -> {
            int s = d.stride;
            k.compress(
                    d.x,
                    in(d, t0),
                    d.y,
                    out(d, t0),
                    frames,
                    s,
                    from,
                    to,
                    d.sign,
                    0.1f,
                    d.plus,
                    d.inverse,
                    d.threshold,
                    d.slope);
            return null;
        });
        put(cases, "integrateAndFire", Kind.TIME, false, (k, d, t0, frames, from, to) -> {
            // Currents of some hundred hertz, so that many pixels fire now and then.
            for (int t = t0; t < t0 + frames; t++) {
                k.scale(d.x, in(d, t), d.z, in(d, t), from, to, 300f, 100f);
            }
            return k.integrateAndFire(
                    d.z,
                    in(d, t0),
                    d.y,
                    out(d, t0),
                    d.stateA,
                    d.stateB,
                    frames,
                    d.stride,
                    from,
                    to,
                    frame(d, t0),
                    d.neuron);
        });
        put(cases, "detectChanges", Kind.TIME, false, (k, d, t0, frames, from, to) -> {
            // Brightness between 0 and white; one variant in ten goes below 0, which is told.
            for (int t = t0; t < t0 + frames; t++) {
                k.scale(d.x, in(d, t), d.z, in(d, t), from, to, d.setup.variant() == 9 ? 10f : 0.7f, 12f);
            }
            return k.detectChanges(
                    d.z,
                    in(d, t0),
                    d.y,
                    out(d, t0),
                    d.stateA,
                    d.stateB,
                    d.stateD,
                    d.stateC,
                    frames,
                    d.stride,
                    from,
                    to,
                    frame(d, t0),
                    d.detector);
        });
        put(
                cases,
                "uniform",
                Kind.PIXELS,
                false,
                each((k, d, t) ->
                        (from, to) -> k.uniform(d.y, out(d, t), from, to, d.setup.seed() * 31, frame(d, t), 3f, -1f)));
        put(
                cases,
                "normal",
                Kind.PIXELS,
                false,
                each((k, d, t) ->
                        (from, to) -> k.normal(d.y, out(d, t), from, to, d.setup.seed() * 31, frame(d, t), 3f, -1f)));
        return cases;
    }

    private interface OneFrame {
        Range at(Kernels k, KernelData d, int t);
    }

    private interface Range {
        void run(int from, int to);
    }

    /** Frame by frame. */
    private static Call each(OneFrame one) {
        return (k, d, t0, frames, from, to) -> {
            for (int t = t0; t < t0 + frames; t++) {
                one.at(k, d, t).run(from, to);
            }
            return null;
        };
    }

    private static void put(Map<String, Case> cases, String name, Kind kind, boolean mayBeInPlace, Call call) {
        cases.put(name, new Case(name, kind, mayBeInPlace, call));
    }

    private static int in(KernelData d, int t) {
        return d.inAt + t * d.stride;
    }

    private static int out(KernelData d, int t) {
        return d.outAt + t * d.stride;
    }

    /** A frame index around the end of 32 bits for every second seed. */
    private static long frame(KernelData d, int t) {
        return (d.setup.seed() % 2 == 0 ? 0xffff_ffffL : 3) + t;
    }

    // ------------------------------------------------------------------------------------------------ convolutions

    /**
     * A separable convolution.
     *
     * @param fits whether only pixels count where the kernel fits
     */
    static void convolve(Kernels k, KernelData d, int vertical, int horizontal, boolean fits, int fromRow, int toRow) {
        Taps v = fits ? Taps.valid(d.weights(vertical)) : Taps.same(d.weights(vertical));
        Taps h = fits ? Taps.valid(d.weights(horizontal)) : Taps.same(d.weights(horizontal));
        int rows = d.setup.rows();
        int n = d.setup.n();
        int outColumns = fits ? n - horizontal + 1 : n;
        k.convolve(d.x, d.inAt, rows, n, d.y, d.outAt, outColumns, fromRow, toRow, v, h, d.scratch(outColumns, v, h));
    }

    /** A dense convolution; x holds {@code frames + kt - 1} frames of the padded extent. */
    static void convolveDense(Kernels k, KernelData d, Dense s, int t0, int frames, int fromRow, int toRow) {
        int yStride = s.rows * s.columns + 5;
        int frame = (s.rows + s.kh - 1) * (s.columns + s.kw - 1);
        float[] w = d.weights(s.kt * s.kh * s.kw);
        k.convolveDense(
                d.x,
                d.inAt + t0 * frame,
                d.y,
                d.outAt + t0 * yStride,
                yStride,
                frames,
                s.rows,
                s.columns,
                fromRow,
                toRow,
                w,
                s.kt,
                s.kh,
                s.kw);
    }

    /** The shape of a dense convolution. */
    record Dense(int frames, int rows, int columns, int kt, int kh, int kw) {
        /** Data with enough values for input and output. */
        KernelData data(int offset, long seed) {
            int values =
                    Math.max((frames + kt - 1) * (rows + kh - 1) * (columns + kw - 1), frames * (rows * columns + 5));
            return new KernelData(new KernelData.Setup(values, 1, 1, offset, false, false, 0, seed));
        }
    }
}
