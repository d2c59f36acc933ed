package org.amacrine.backends.vector;

import org.amacrine.core.kernel.ChangeDetector;
import org.amacrine.core.kernel.KernelMatrix;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.Neuron;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.kernel.Taps;

/**
 * The scalar kernels until the vector ones are compiled. Before that vector code is slower than any other, by a factor of
 * hundreds; since both give the same bits, nobody can tell when one takes over from the other. A thread of the usual priority runs
 * the vector kernels on small arrays until the compiler is done with them.
 */
final class StartingKernels implements Kernels {
    /** The one of this program: what is compiled stays compiled. */
    static final StartingKernels INSTANCE = new StartingKernels();

    /** Kernels on frames of images: the first to be warm, for a camera does not wait. */
    private volatile Kernels onFrames = ScalarKernels.INSTANCE;
    /** Kernels on states, groups and matrices. */
    private volatile Kernels onSeries = ScalarKernels.INSTANCE;

    private Thread warmUp;

    private StartingKernels() {}

    /** Begins to warm up, once. */
    synchronized StartingKernels begin() {
        if (warmUp == null) {
            warmUp = new Thread(this::warmUp, "warm-up-vector");
            warmUp.setDaemon(true);
            warmUp.start();
        }
        return this;
    }

    private void warmUp() {
        WarmUp.run(WarmUp.onFrames(VectorKernels.INSTANCE));
        onFrames = VectorKernels.INSTANCE;
        WarmUp.run(WarmUp.onSeries(VectorKernels.INSTANCE));
        onSeries = VectorKernels.INSTANCE;
    }

    /** Waits until the vector kernels have taken over. */
    void awaitWarm() throws InterruptedException {
        begin();
        warmUp.join();
    }

    /** Whether the vector kernels have taken over. */
    boolean isWarm() {
        return onSeries == VectorKernels.INSTANCE;
    }

    @Override
    public String name() {
        return VectorKernels.INSTANCE.name();
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
        onFrames.convolve(x, xAt, rows, columns, y, yAt, outColumns, fromRow, toRow, vertical, horizontal, scratch);
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
        onFrames.convolveDense(x, xAt, y, yAt, yStride, frames, rows, columns, fromRow, toRow, w, kt, kh, kw);
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
        onFrames.correlate(g, gAt, gWidth, x, xAt, xWidth, rows, columns, offsets, from, to, sums, sumsAt);
    }

    @Override
    public void smoothColumns(
            float[] x, int xAt, float[] y, int yAt, int rows, int columns, int from, int to, float[] c, boolean leak) {
        onFrames.smoothColumns(x, xAt, y, yAt, rows, columns, from, to, c, leak);
    }

    @Override
    public void smoothRows(
            float[] x, int xAt, float[] y, int yAt, int rows, int columns, int from, int to, float[] c, boolean leak) {
        onFrames.smoothRows(x, xAt, y, yAt, rows, columns, from, to, c, leak);
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
        onFrames.firstOrder(x, xAt, y, yAt, last, frames, stride, from, to, b, a);
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
        onFrames.bandPass(x, xAt, y, yAt, low, high, frames, stride, from, to, bLow, aLow, bHigh, aHigh, k);
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
        onFrames.transientDecay(x, xAt, y, yAt, sum, history, position, frames, stride, from, to, a, c, d);
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
        onFrames.addScaled(x, xAt, z, zAt, y, yAt, frames, stride, from, to, scale);
    }

    @Override
    public void scale(float[] x, int xAt, float[] y, int yAt, int from, int to, float scale, float offset) {
        onFrames.scale(x, xAt, y, yAt, from, to, scale, offset);
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
        onFrames.relax(x, xAt, y, yAt, v, frames, stride, from, to, gain, rate, decay);
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
        onFrames.relaxEach(x, xAt, y, yAt, v, from, to, gain, leak, inhibition, step);
    }

    @Override
    public void feedback(float[] v, float[] inhibition, float[] q, int from, int to, float[] lambda, float keep) {
        onFrames.feedback(v, inhibition, q, from, to, lambda, keep);
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
        onFrames.compress(x, xAt, y, yAt, frames, stride, from, to, sign, bias, i0, r, v0, lambda);
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
        return onFrames.integrateAndFire(x, xAt, y, yAt, v, r, frames, stride, from, to, firstFrame, neuron);
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
        return onFrames.detectChanges(
                x, xAt, y, yAt, level, base, owed, silence, frames, stride, from, to, firstFrame, detector);
    }

    @Override
    public void uniform(float[] y, int yAt, int from, int to, long key, long frame, float scale, float offset) {
        onFrames.uniform(y, yAt, from, to, key, frame, scale, offset);
    }

    @Override
    public void normal(float[] y, int yAt, int from, int to, long key, long frame, float scale, float offset) {
        onFrames.normal(y, yAt, from, to, key, frame, scale, offset);
    }

    @Override
    public void whitenedLogDensities(
            KernelMatrix b,
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
        onSeries.whitenedLogDensities(b, c, dims, regressors, lanes, g, gAt, gStride, frames, l, lAt);
    }

    @Override
    public double filterStep(double[] r, int rAt, double[] l, int lAt, double[] f, int fAt, int lanes) {
        return onSeries.filterStep(r, rAt, l, lAt, f, fAt, lanes);
    }

    @Override
    public void mixRows(KernelMatrix m, double[] w, int wAt, int rows, double[] y, int yAt, int lanes) {
        onSeries.mixRows(m, w, wAt, rows, y, yAt, lanes);
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
        onSeries.smoothStep(f, fAt, r, rAt, transposed, states, next, nextAt, g, gAt, lanes, scratch);
    }

    @Override
    public void maxPlus(
            KernelMatrix m,
            double[] d,
            int dAt,
            int rows,
            double[] best,
            int bestAt,
            double[] from,
            int fromAt,
            int lanes) {
        onSeries.maxPlus(m, d, dAt, rows, best, bestAt, from, fromAt, lanes);
    }

    @Override
    public void dotRows(float[] m, int rows, int columns, float[] x, float[] y, int vectors) {
        onSeries.dotRows(m, rows, columns, x, y, vectors);
    }

    @Override
    public void combineRows(float[] m, int rows, int columns, float[] w, float[] y, int vectors) {
        onSeries.combineRows(m, rows, columns, w, y, vectors);
    }

    @Override
    public void multiplyAdd(float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, float[] y, int yAt, int count) {
        onSeries.multiplyAdd(a, aAt, b, bAt, c, cAt, y, yAt, count);
    }

    @Override
    public void multiplyTransposed(
            double[] x, int xAt, double[] w, double[] y, int yAt, int rows, int inner, int columns) {
        onSeries.multiplyTransposed(x, xAt, w, y, yAt, rows, inner, columns);
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
        onSeries.addProduct(a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow, rows, inner, columns);
    }

    @Override
    public void weighDifferences(
            double[] a, int aAt, double[] b, int bAt, double[] w, double[] c, int cAt, double[] squares, int count) {
        onSeries.weighDifferences(a, aAt, b, bAt, w, c, cAt, squares, count);
    }

    @Override
    public void rectify(double[] x, int at, int count) {
        onSeries.rectify(x, at, count);
    }

    @Override
    public void rectifyBack(double[] f, int fAt, double[] g, int gAt, int count) {
        onSeries.rectifyBack(f, fAt, g, gAt, count);
    }

    @Override
    public int firstNotFinite(float[] x, int at, int count) {
        return onFrames.firstNotFinite(x, at, count);
    }
}
