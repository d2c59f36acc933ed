package org.amacrine.core.kernel;

import java.util.Arrays;
import org.amacrine.core.random.CounterRandom;

/** The definition of every kernel: the shortest loops that read like the equations. */
public final class ScalarKernels implements Kernels {

    /** The only one; it holds nothing. */
    public static final ScalarKernels INSTANCE = new ScalarKernels();

    private ScalarKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    /** The value of a field at a pixel. */
    public static float at(float[] field, int p) {
        return field[field.length == 1 ? 0 : p];
    }

    @Override
    public void convolve(
            float[] x,
            int xAt,
            int rows,
            int columns,
            float[] y,
            int yAt,
            int outColumns,
            int fromRow,
            int toRow,
            Taps vertical,
            Taps horizontal,
            float[] scratch) {
        ConvolveRows.run(
                ScalarKernels::weighColumns,
                ScalarKernels::weighRows,
                x,
                xAt,
                rows,
                columns,
                y,
                yAt,
                outColumns,
                fromRow,
                toRow,
                vertical,
                horizontal,
                scratch);
    }

    /** {@code y[j] = sum_k w[last - k] x[j + k]}, strip by strip. */
    private static void weighColumns(float[] x, float[] y, int yAt, int stripSize, int columns, float[] w) {
        for (int j0 = 0; j0 < columns; j0 += ConvolveRows.STRIP, yAt += stripSize) {
            int width = Math.min(ConvolveRows.STRIP, columns - j0);
            Arrays.fill(y, yAt, yAt + width, 0);
            for (int k = 0; k < w.length; k++) {
                for (int j = 0; j < width; j++) {
                    y[yAt + j] = Math.fma(w[w.length - 1 - k], x[j0 + j + k], y[yAt + j]);
                }
            }
        }
    }

    /** {@code y[i][j] = sum_k w[last - k] x[i + k][j]}. */
    private static void weighRows(float[] x, int xAt, float[] y, int yAt, int yStride, int rows, int width, float[] w) {
        for (int i = 0; i < rows; i++) {
            int row = yAt + i * yStride;
            Arrays.fill(y, row, row + width, 0);
            for (int k = 0; k < w.length; k++) {
                int from = xAt + (i + k) * ConvolveRows.STRIP;
                for (int j = 0; j < width; j++) {
                    y[row + j] = Math.fma(w[w.length - 1 - k], x[from + j], y[row + j]);
                }
            }
        }
    }

    @Override
    public void convolveDense(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            int yStride,
            int frames,
            int rows,
            int columns,
            int fromRow,
            int toRow,
            float[] w,
            int kt,
            int kh,
            int kw) {
        int width = columns + kw - 1;
        int size = (rows + kh - 1) * width;
        for (int t = 0; t < frames; t++) {
            for (int i = fromRow; i < toRow; i++) {
                for (int j = 0; j < columns; j++) {
                    float sum = 0;
                    for (int p = 0; p < kt; p++) {
                        for (int q = 0; q < kh; q++) {
                            int from = xAt + (t + p) * size + (i + q) * width + j;
                            int weights = ((kt - 1 - p) * kh + kh - 1 - q) * kw + kw - 1;
                            for (int r = 0; r < kw; r++) {
                                sum = Math.fma(w[weights - r], x[from + r], sum);
                            }
                        }
                    }
                    y[yAt + t * yStride + i * columns + j] = sum;
                }
            }
        }
    }

    @Override
    public void correlate(
            float[] g,
            int gAt,
            int gWidth,
            float[] x,
            int xAt,
            int xWidth,
            int rows,
            int columns,
            int[] offsets,
            int from,
            int to,
            double[] sums,
            int sumsAt) {
        for (int k = from; k < to; k++) {
            sums[sumsAt + k] += RowDot.ofRows(g, gAt, gWidth, x, xAt + offsets[k], xWidth, rows, columns);
        }
    }

    @Override
    public void smoothColumns(
            float[] x, int xAt, float[] y, int yAt, int rows, int columns, int from, int to, float[] c, boolean leak) {
        for (int j = from; j < to; j++) {
            smoothLine(x, xAt + j, y, yAt + j, rows, columns, c, leak);
        }
    }

    @Override
    public void smoothRows(
            float[] x, int xAt, float[] y, int yAt, int rows, int columns, int from, int to, float[] c, boolean leak) {
        for (int i = from; i < to; i++) {
            smoothLine(x, xAt + i * columns, y, yAt + i * columns, columns, 1, c, leak);
        }
    }

    private static void smoothLine(
            float[] x, int xAt, float[] y, int yAt, int length, int step, float[] c, boolean leak) {
        float x1 = x[xAt];
        float f1 = 0;
        float f2 = 0;
        for (int i = 0; i < length; i++) {
            float x0 = x[xAt + i * step];
            float f = Math.fma(c[5], f2, Math.fma(c[4], f1, Math.fma(c[1], x1, c[0] * x0)));
            y[yAt + i * step] = f;
            x1 = x0;
            f2 = f1;
            f1 = f;
        }
        x1 = leak ? x[xAt] : x[xAt + (length - 1) * step];
        float x2 = 0;
        float g1 = 0;
        float g2 = 0;
        for (int i = length - 1; i >= 0; i--) {
            float g = Math.fma(c[5], g2, Math.fma(c[4], g1, Math.fma(c[3], x2, c[2] * x1)));
            y[yAt + i * step] += g;
            x2 = x1;
            x1 = x[xAt + i * step];
            g2 = g1;
            g1 = g;
        }
    }

    @Override
    public void firstOrder(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] last,
            int frames,
            int stride,
            int from,
            int to,
            float b,
            float a) {
        for (int t = 0; t < frames; t++) {
            for (int p = from, i = t * stride + from; p < to; p++, i++) {
                last[p] = Math.fma(b, x[xAt + i], a * last[p]);
                y[yAt + i] = last[p];
            }
        }
    }

    @Override
    public void bandPass(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] low,
            float[] high,
            int frames,
            int stride,
            int from,
            int to,
            float bLow,
            float aLow,
            float bHigh,
            float aHigh,
            float k) {
        for (int t = 0; t < frames; t++) {
            for (int p = from, i = t * stride + from; p < to; p++, i++) {
                high[p] = Math.fma(bHigh, low[p], aHigh * high[p]);
                low[p] = Math.fma(bLow, x[xAt + i], aLow * low[p]);
                y[yAt + i] = Math.fma(-k, high[p], low[p]);
            }
        }
    }

    @Override
    public void transientDecay(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] sum,
            float[] history,
            int position,
            int frames,
            int stride,
            int from,
            int to,
            float a,
            float c,
            float d) {
        int ring = history.length / stride;
        for (int t = 0; t < frames; t++) {
            int oldest = (position + t) % ring * stride;
            int newest = (position + t + ring - 1) % ring * stride;
            for (int p = from, i = t * stride + from; p < to; p++, i++) {
                float now = x[xAt + i];
                sum[p] = Math.fma(-d, history[oldest + p], Math.fma(c, history[newest + p], a * sum[p]));
                history[oldest + p] = now;
                y[yAt + i] = now - sum[p];
            }
        }
    }

    @Override
    public void addScaled(
            float[] x,
            int xAt,
            float[] z,
            int zAt,
            float[] y,
            int yAt,
            int frames,
            int stride,
            int from,
            int to,
            float scale) {
        for (int t = 0; t < frames; t++) {
            for (int i = t * stride + from; i < t * stride + to; i++) {
                y[yAt + i] = Math.fma(scale, z[zAt + i], x[xAt + i]);
            }
        }
    }

    @Override
    public void scale(float[] x, int xAt, float[] y, int yAt, int from, int to, float scale, float offset) {
        for (int p = from; p < to; p++) {
            y[yAt + p] = Math.fma(scale, x[xAt + p], offset);
        }
    }

    @Override
    public void relax(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] v,
            int frames,
            int stride,
            int from,
            int to,
            float gain,
            float[] rate,
            float[] decay) {
        for (int t = 0; t < frames; t++) {
            for (int p = from, i = t * stride + from; p < to; p++, i++) {
                float e = x[xAt + i] * (gain / rate[t]);
                v[p] = Math.fma(v[p] - e, decay[t], e);
                y[yAt + i] = v[p];
            }
        }
    }

    @Override
    public void relaxEach(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] v,
            int from,
            int to,
            float[] gain,
            float[] leak,
            float[] inhibition,
            float step) {
        for (int p = from; p < to; p++) {
            float rate = at(leak, p) + inhibition[p];
            float e = x[xAt + p] * (at(gain, p) / rate);
            v[p] = Math.fma(v[p] - e, FloatMath.exp(-step * rate), e);
            y[yAt + p] = v[p];
        }
    }

    @Override
    public void feedback(float[] v, float[] inhibition, float[] q, int from, int to, float[] lambda, float keep) {
        for (int p = from; p < to; p++) {
            q[p] = Math.fma(at(lambda, p) * v[p], v[p], keep * inhibition[p]);
        }
    }

    @Override
    public void compress(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            int frames,
            int stride,
            int from,
            int to,
            float[] sign,
            float bias,
            float[] i0,
            float[] r,
            float[] v0,
            float[] lambda) {
        for (int t = 0; t < frames; t++) {
            for (int p = from, i = t * stride + from; p < to; p++, i++) {
                float u = at(sign, p) * (x[xAt + i] + bias);
                float rest = at(i0, p);
                float w = at(lambda, p) * (u - at(v0, p));
                y[yAt + i] = u > at(v0, p) ? rest + w : rest / (1f - w * at(r, p));
            }
        }
    }

    @Override
    public boolean integrateAndFire(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] v,
            float[] r,
            int frames,
            int stride,
            int from,
            int to,
            long firstFrame,
            Neuron neuron) {
        boolean noisy = !neuron.isNoiseless();
        boolean irregular = !neuron.isRegular();
        boolean numbers = true;
        for (int t = 0; t < frames; t++) {
            for (int p = from, i = t * stride + from; p < to; p++, i++) {
                float current = x[xAt + i] - at(neuron.leak(), p) * v[p];
                if (noisy) {
                    current += at(neuron.noise(), p) * CounterRandom.normal(neuron.noiseKey(), firstFrame + t, p);
                }
                numbers &= current - current == 0;
                float potential = v[p] + current * at(neuron.tau(), p);
                float counter = r[p] - 1f;
                if (counter >= 0.5f) {
                    potential = 0;
                }
                boolean spike = potential > 1f;
                if (spike) {
                    float seconds = at(neuron.refractoryMean(), p);
                    if (irregular) {
                        seconds += at(neuron.refractorySigma(), p)
                                * CounterRandom.normal(neuron.refractoryKey(), firstFrame + t, p);
                    }
                    counter = neuron.countsPerSecond() * seconds;
                    potential = 0;
                }
                r[p] = counter < 0 ? 0 : counter;
                v[p] = potential;
                y[yAt + i] = spike ? 1f : 0f;
            }
        }
        return numbers;
    }

    @Override
    public boolean detectChanges(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] level,
            float[] base,
            float[] owed,
            float[] silence,
            int frames,
            int stride,
            int from,
            int to,
            long firstFrame,
            ChangeDetector detector) {
        boolean numbers = true;
        for (int t = 0; t < frames; t++) {
            float dither = detector.dither(firstFrame + t);
            for (int p = from, i = t * stride + from; p < to; p++, i++) {
                float brightness = detector.gain() * x[xAt + i];
                numbers &= brightness >= 0 & brightness - brightness == 0;
                float logarithm = detector.logarithm(brightness);
                float intensity = (brightness + ChangeDetector.DARK) / (ChangeDetector.WHITE + ChangeDetector.DARK);
                float keep = FloatMath.exp(detector.bandwidth() * intensity);
                level[p] = Math.fma(level[p] - logarithm, keep, logarithm);
                float due = detector.leak()[p] + owed[p];
                float start = base[p] - due;
                owed[p] = due - (base[p] - start);
                float change = level[p] - start;
                boolean rises = change > 0;
                float threshold = rises ? detector.onThreshold()[p] : detector.offThreshold()[p];
                float allowed =
                        silence[p] <= 1 ? 1f + (float) (int) ((1f - silence[p]) * detector.eventsPerStep()) : 0f;
                float count = (float) (int) Math.min(Math.abs(change) / threshold, allowed);
                float events = rises ? count : 0f - count;
                base[p] = Math.fma(events, threshold, start);
                if (!detector.isNoiseless() && count == 0 && allowed > 0) {
                    float chance = Math.max(0f, 1f - detector.noiseFall() * intensity);
                    float drawn = CounterRandom.uniform(detector.noiseKey(), firstFrame + t, p);
                    boolean on = ChangeDetector.isOn(drawn, dither, chance * detector.onNoise()[p]);
                    boolean off = ChangeDetector.isOff(drawn, dither, chance * detector.offNoise()[p]);
                    events = on ? 1f : off ? -1f : 0f;
                    base[p] = on | off ? level[p] : base[p];
                }
                silence[p] = events != 0 ? detector.rest() : Math.max(0f, silence[p] - 1f);
                y[yAt + i] = events;
            }
        }
        return numbers;
    }

    @Override
    public void uniform(float[] y, int yAt, int from, int to, long key, long frame, float scale, float offset) {
        for (int p = from; p < to; p++) {
            y[yAt + p] = Math.fma(scale, CounterRandom.uniform(key, frame, p), offset);
        }
    }

    @Override
    public void normal(float[] y, int yAt, int from, int to, long key, long frame, float scale, float offset) {
        for (int p = from; p < to; p++) {
            y[yAt + p] = Math.fma(scale, CounterRandom.normal(key, frame, p), offset);
        }
    }

    // ------------------------------------------------------------------------------------------------ chains of states

    @Override
    public void whitenedLogDensities(
            KernelMatrix matrices,
            double[] c,
            int dims,
            int regressors,
            int lanes,
            double[] g,
            int gAt,
            int gStride,
            int frames,
            double[] l,
            int lAt) {
        double[] b = matrices.values();
        int blockSize = Kernels.whitenedSize(dims, regressors, STATE_BLOCK);
        for (int t = 0; t < frames; t++) {
            for (int k = 0; k < lanes; k++) {
                double square = 0;
                int at = k / STATE_BLOCK * blockSize + k % STATE_BLOCK;
                for (int d = 0; d < dims; d += WHITENED_ROWS) {
                    int rows = Math.min(WHITENED_ROWS, dims - d);
                    int columns = regressors - dims + d + rows;
                    for (int i = 0; i < rows; i++) {
                        double y = 0;
                        for (int j = 0; j < columns; j++) {
                            y = Math.fma(b[at + (j * rows + i) * STATE_BLOCK], g[gAt + t * gStride + j], y);
                        }
                        square = Math.fma(y, y, square);
                    }
                    at += columns * rows * STATE_BLOCK;
                }
                l[lAt + t * lanes + k] = Math.fma(-0.5, square, c[k]);
            }
        }
    }

    @Override
    public double filterStep(double[] r, int rAt, double[] l, int lAt, double[] f, int fAt, int lanes) {
        double m = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < lanes; k++) {
            f[fAt + k] = DoubleMath.log(r[rAt + k]) + l[lAt + k];
            m = Math.max(m, f[fAt + k]);
        }
        if (m == Double.NEGATIVE_INFINITY) {
            return m;
        }
        for (int k = 0; k < lanes; k++) {
            f[fAt + k] = DoubleMath.exp(f[fAt + k] - m);
        }
        double sum = LaneSum.of(f, fAt, lanes);
        double inverse = 1 / sum;
        for (int k = 0; k < lanes; k++) {
            f[fAt + k] *= inverse;
        }
        return m + DoubleMath.log(sum);
    }

    @Override
    public void mixRows(KernelMatrix matrix, double[] w, int wAt, int rows, double[] y, int yAt, int lanes) {
        double[] m = matrix.values();
        for (int k = 0; k < lanes; k++) {
            double sum = 0;
            for (int i = 0; i < rows; i++) {
                sum = Math.fma(w[wAt + i], m[i * lanes + k], sum);
            }
            y[yAt + k] = sum;
        }
    }

    @Override
    public void smoothStep(
            double[] f,
            int fAt,
            double[] r,
            int rAt,
            KernelMatrix transposed,
            int states,
            double[] next,
            int nextAt,
            double[] g,
            int gAt,
            int lanes,
            double[] scratch) {
        for (int k = 0; k < states; k++) {
            double likely = r[rAt + k];
            scratch[k] = likely == 0 ? 0 : next[nextAt + k] / likely;
        }
        mixRows(transposed, scratch, 0, states, g, gAt, lanes);
        for (int k = 0; k < lanes; k++) {
            g[gAt + k] *= f[fAt + k];
        }
        double inverse = 1 / LaneSum.of(g, gAt, lanes);
        for (int k = 0; k < lanes; k++) {
            g[gAt + k] *= inverse;
        }
    }

    @Override
    public void maxPlus(
            KernelMatrix matrix,
            double[] d,
            int dAt,
            int rows,
            double[] best,
            int bestAt,
            double[] from,
            int fromAt,
            int lanes) {
        double[] m = matrix.values();
        for (int k = 0; k < lanes; k++) {
            double most = Double.NEGATIVE_INFINITY;
            int at = 0;
            for (int i = 0; i < rows; i++) {
                double score = d[dAt + i] + m[i * lanes + k];
                if (score > most) {
                    most = score;
                    at = i;
                }
            }
            best[bestAt + k] = most;
            from[fromAt + k] = at;
        }
    }

    // ------------------------------------------------------------------------------------------------ checks

    @Override
    public void dotRows(float[] m, int rows, int columns, float[] x, float[] y, int vectors) {
        for (int n = 0; n < vectors; n++) {
            for (int k = 0; k < rows; k++) {
                y[n * rows + k] = RowDot.of(m, k * columns, x, n * columns, columns);
            }
        }
    }

    @Override
    public void combineRows(float[] m, int rows, int columns, float[] w, float[] y, int vectors) {
        Arrays.fill(y, 0, vectors * columns, 0);
        for (int n = 0; n < vectors; n++) {
            for (int k = 0; k < rows; k++) {
                float weight = w[n * rows + k];
                for (int j = 0; j < columns; j++) {
                    y[n * columns + j] = Math.fma(weight, m[k * columns + j], y[n * columns + j]);
                }
            }
        }
    }

    @Override
    public void multiplyAdd(float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.fma(a[aAt + i], b[bAt + i], c[cAt + i]);
        }
    }

    @Override
    public void multiplyTransposed(
            double[] x, int xAt, double[] w, double[] y, int yAt, int rows, int inner, int columns) {
        for (int n = 0; n < rows; n++) {
            for (int j = 0; j < columns; j++) {
                y[yAt + n * columns + j] = RowDot.of(x, xAt + n * inner, w, j * inner, inner);
            }
        }
    }

    @Override
    public void addProduct(
            double[] a,
            int aAt,
            int aRow,
            int aColumn,
            double[] b,
            int bAt,
            int bRow,
            double[] c,
            int cAt,
            int cRow,
            int rows,
            int inner,
            int columns) {
        for (int i = 0; i < rows; i++) {
            int to = cAt + i * cRow;
            for (int k = 0; k < inner; k++) {
                double factor = a[aAt + i * aRow + k * aColumn];
                int from = bAt + k * bRow;
                for (int j = 0; j < columns; j++) {
                    c[to + j] = Math.fma(factor, b[from + j], c[to + j]);
                }
            }
        }
    }

    @Override
    public void weighDifferences(
            double[] a, int aAt, double[] b, int bAt, double[] w, double[] c, int cAt, double[] squares, int count) {
        for (int i = 0; i < count; i++) {
            double r = a[aAt + i] - b[bAt + i];
            c[cAt + i] = r * w[i];
            squares[i] = Math.fma(r, r, squares[i]);
        }
    }

    @Override
    public void rectify(double[] x, int at, int count) {
        for (int i = at; i < at + count; i++) {
            x[i] = Math.max(x[i], 0);
        }
    }

    @Override
    public void rectifyBack(double[] f, int fAt, double[] g, int gAt, int count) {
        for (int i = 0; i < count; i++) {
            g[gAt + i] = f[fAt + i] == 0 ? 0 : g[gAt + i];
        }
    }

    @Override
    public int firstNotFinite(float[] x, int at, int count) {
        for (int i = 0; i < count; i++) {
            if (!(Math.abs(x[at + i]) <= Float.MAX_VALUE)) {
                return i;
            }
        }
        return -1;
    }
}
