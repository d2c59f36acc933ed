package org.amacrine.operators.filter;

import java.util.Arrays;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;

/**
 * The way back through a {@link DericheFilter}, for frames that the caller kept: first along the rows, then up the columns, each line
 * by recursions that run against those of the filter.
 *
 * <pre>
 *   phi[i]   = g[i] + B1 phi[i+1] + B2 phi[i+2]          gamma[i] = g[i] + B1 gamma[i-1] + B2 gamma[i-2]
 *   dL/dx[i] = A1 phi[i] + A2 phi[i+1] + A3 gamma[i-1] + A4 gamma[i-2]
 *   dL/dA1 = sum phi[i] x[i], dL/dB1 = sum phi[i] F[i-1] + gamma[i] G[i+1], and so on
 * </pre>
 *
 * <p>Owned by the operator's thread.
 */
final class DericheAdjoint {
    static final int COEFFICIENTS = 6;

    private final Bands.Band rowBand = this::rows;
    private final Bands.Band columnBand = this::columns;
    private final Shape shape;
    private final Kernels kernels;
    private final Bands bands;
    /** Frames after the columns were smoothed, and how the loss changes with them. */
    private final float[] between;

    private final float[] ofBetween;
    /** For each line: how the loss changes with the coefficients. */
    private final double[] ofCoefficients;
    /** For each worker: F and G of a line. */
    private final float[][] line;

    private float[] c;
    private float[] x;
    private int xAt;
    private float[] g;
    private int gAt;
    private float[] ofInput;
    private int ofInputAt;

    DericheAdjoint(Kernels kernels, Bands bands, Shape frames) {
        shape = frames;
        this.kernels = kernels;
        this.bands = bands;
        between = new float[frames.values()];
        ofBetween = new float[frames.values()];
        ofCoefficients = new double[COEFFICIENTS * frames.channels() * Math.max(frames.rows(), frames.columns())];
        line = new float[bands.workers()][2 * Math.max(frames.rows(), frames.columns())];
    }

    /**
     * Goes back through one frame.
     *
     * @param coefficients of the filter
     * @param input the frame that was filtered
     * @param gradient how the loss changes with what came out
     * @param intoInput receives how it changes with the input
     * @param ofEach how it changes with each coefficient: is added to
     */
    void frame(
            float[] coefficients,
            float[] input,
            int inputAt,
            float[] gradient,
            int gradientAt,
            float[] intoInput,
            int intoInputAt,
            double[] ofEach) {
        c = coefficients;
        x = input;
        xAt = inputAt;
        g = gradient;
        gAt = gradientAt;
        ofInput = intoInput;
        ofInputAt = intoInputAt;
        for (int channel = 0; channel < shape.channels(); channel++) {
            int plane = channel * shape.pixels();
            kernels.smoothColumns(
                    x, xAt + plane, between, plane, shape.rows(), shape.columns(), 0, shape.columns(), c, true);
        }
        bands.run(rowBand, shape.channels() * shape.rows(), 1);
        addUp(shape.channels() * shape.rows(), ofEach);
        bands.run(columnBand, shape.channels() * shape.columns(), 1);
        addUp(shape.channels() * shape.columns(), ofEach);
    }

    private void addUp(int lines, double[] ofEach) {
        for (int i = 0; i < lines * COEFFICIENTS; i++) {
            ofEach[i % COEFFICIENTS] += ofCoefficients[i];
        }
    }

    private void rows(int worker, int from, int to) {
        for (int i = from; i < to; i++) {
            int at = i * shape.columns();
            back(worker, i, between, at, g, gAt + at, ofBetween, at, shape.columns(), 1);
        }
    }

    private void columns(int worker, int from, int to) {
        for (int j = from; j < to; j++) {
            int at = j / shape.columns() * shape.pixels() + j % shape.columns();
            back(worker, j, x, xAt + at, ofBetween, at, ofInput, ofInputAt + at, shape.rows(), shape.columns());
        }
    }

    private void back(
            int worker,
            int index,
            float[] in,
            int inAt,
            float[] ofOut,
            int ofOutAt,
            float[] ofIn,
            int ofInAt,
            int length,
            int step) {
        float[] f = line[worker];
        forward(f, in, inAt, length, step);
        int sums = index * COEFFICIENTS;
        Arrays.fill(ofCoefficients, sums, sums + COEFFICIENTS, 0);
        float first = in[inAt];
        float one = 0;
        float two = 0;
        for (int i = length - 1; i >= 0; i--) {
            float phi = Math.fma(c[5], two, Math.fma(c[4], one, ofOut[ofOutAt + i * step]));
            ofIn[ofInAt + i * step] = Math.fma(c[1], one, c[0] * phi);
            ofCoefficients[sums] += (double) phi * in[inAt + i * step];
            ofCoefficients[sums + 1] += (double) phi * (i > 0 ? in[inAt + (i - 1) * step] : first);
            ofCoefficients[sums + 4] += (double) phi * (i > 0 ? f[i - 1] : 0);
            ofCoefficients[sums + 5] += (double) phi * (i > 1 ? f[i - 2] : 0);
            two = one;
            one = phi;
        }
        ofIn[ofInAt] += c[1] * one;
        one = 0;
        two = 0;
        for (int i = 0; i < length; i++) {
            ofIn[ofInAt + i * step] += Math.fma(c[3], two, c[2] * one);
            float gamma = Math.fma(c[5], two, Math.fma(c[4], one, ofOut[ofOutAt + i * step]));
            float next = i + 1 < length ? in[inAt + (i + 1) * step] : first;
            float nextButOne = i + 2 < length ? in[inAt + (i + 2) * step] : i + 2 == length ? first : 0;
            ofCoefficients[sums + 2] += (double) gamma * next;
            ofCoefficients[sums + 3] += (double) gamma * nextButOne;
            ofCoefficients[sums + 4] += (double) gamma * (i + 1 < length ? f[length + i + 1] : 0);
            ofCoefficients[sums + 5] += (double) gamma * (i + 2 < length ? f[length + i + 2] : 0);
            two = one;
            one = gamma;
        }
        // Behind the end stands the first value once more.
        ofIn[ofInAt] += Math.fma(c[3], two, c[2] * one);
    }

    /** F of a line, then G, as the filter computes them. */
    private void forward(float[] f, float[] in, int inAt, int length, int step) {
        float x1 = in[inAt];
        float f1 = 0;
        float f2 = 0;
        for (int i = 0; i < length; i++) {
            float x0 = in[inAt + i * step];
            float now = Math.fma(c[5], f2, Math.fma(c[4], f1, Math.fma(c[1], x1, c[0] * x0)));
            f[i] = now;
            x1 = x0;
            f2 = f1;
            f1 = now;
        }
        x1 = in[inAt];
        float x2 = 0;
        f1 = 0;
        f2 = 0;
        for (int i = length - 1; i >= 0; i--) {
            float now = Math.fma(c[5], f2, Math.fma(c[4], f1, Math.fma(c[3], x2, c[2] * x1)));
            f[length + i] = now;
            x2 = x1;
            x1 = in[inAt + i * step];
            f2 = f1;
            f1 = now;
        }
    }
}
