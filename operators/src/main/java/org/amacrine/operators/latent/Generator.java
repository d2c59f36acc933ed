package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.kernel.Kernels;

/**
 * A running generator: a model whose outputs are fed back to it, step by step and without end, for several independent trajectories at
 * once. In single precision, as streams are; the modules m and s work in double precision.
 *
 * <pre>
 *   x ── NaN replaced by the last y ──▶ dotRows p ──▶ m ──▶ combineRows u ──▶ s ──▶ mean ──▶ + noise ──▶ y
 *                      ▲                                                                             │
 *                      └─────────────────────────── one step later ──────────────────────────────────┘
 * </pre>
 *
 * <p>Its state is the last outputs and the number of steps done. Noise is counted, see {@link Noise#counted}: a trajectory gives
 * the same numbers whatever the others do and however many there are. Owned by one thread; a step allocates nothing.
 */
public final class Generator {
    private final LatentRegressionModel model;
    private final List<Feedback> feedback;
    private final boolean[] fed;
    private final Kernels kernels;
    private final int trajectories;
    private final int[] dIn;
    private final int[] dOut;
    private final int[] dProj;
    private final int[] dTrans;
    private final GroupMap.Pass m;
    private final boolean mapIsIdentity;
    /** Null where s is the identity. */
    private final TensorModule.Pass[] s;

    private final float[][] p;
    private final float[][] u;
    private final float[][] scales;
    private final float[][] offsets;
    private final float[][] direct;
    private final float[][] deviations;

    private final float[][] x;
    private final float[][] proj;
    private final float[][] tran;
    private final float[][] z;
    private final float[][] mean;
    private final float[][] y;
    private final float[] eps;
    private final double[][] mapIn;
    private final double[][] mapOut;
    private final double[][] sIn;
    private final double[][] sOut;
    /** Of trajectory b and output group h, [b][h]. */
    private final long[][] keys;

    /** Groups none of which was given since {@link #freeAll}; their rows hold what they held before. */
    private final boolean[] isFree;

    private boolean isNoisy = true;
    private float low = Float.NEGATIVE_INFINITY;
    private float high = Float.POSITIVE_INFINITY;
    private boolean hasLast;
    private long step;

    /**
     * A generator that has not begun.
     *
     * @param feedback which output supplies the free entries of which input, tried in order
     * @param trajectories how many there are, at least 1
     * @param seed of the noise
     * @param name of the generator, for its noise
     * @throws IllegalArgumentException when the feedback does not fit
     * @throws IllegalStateException when a parameter of the model is not assigned
     */
    public Generator(
            LatentRegressionModel model,
            List<Feedback> feedback,
            Kernels kernels,
            int trajectories,
            long seed,
            String name) {
        this(model, feedback, kernels, trajectories, keys(model, trajectories));
        Given.require(name, "name");
        for (int b = 0; b < trajectories; b++) {
            for (int h = 0; h < dOut.length; h++) {
                keys[b][h] = Noise.key(seed, name, b, h);
            }
        }
    }

    private static long[][] keys(LatentRegressionModel model, int trajectories) {
        if (trajectories < 1) {
            throw new IllegalArgumentException("trajectories must be >= 1 but was " + trajectories);
        }
        return new long[trajectories][Given.require(model, "model").dOut().length];
    }

    private Generator(
            LatentRegressionModel model, List<Feedback> feedback, Kernels kernels, int trajectories, long[][] keys) {
        this.model = model;
        this.feedback = Given.list(feedback, "feedback");
        this.kernels = Given.require(kernels, "kernels");
        this.trajectories = trajectories;
        this.keys = keys;
        dIn = model.dIn();
        dOut = model.dOut();
        dProj = model.dProj();
        dTrans = model.dTrans();
        Recursion.requireFits(this.feedback, dIn, dOut);
        fed = Recursion.fed(this.feedback, dIn.length);
        m = model.m().rowByRow().pass(dProj, trajectories);
        mapIsIdentity = model.m() instanceof IdentityMap;
        s = new TensorModule.Pass[dOut.length];
        sIn = new double[dOut.length][];
        sOut = new double[dOut.length][];
        for (int h = 0; h < dOut.length; h++) {
            if (!(model.s().get(h) instanceof Identity)) {
                s[h] = model.s().get(h).rowByRow().pass(dOut[h], trajectories);
                sIn[h] = new double[trajectories * dOut[h]];
                sOut[h] = new double[trajectories * dOut[h]];
            }
        }
        p = new float[dIn.length][];
        u = new float[dOut.length][];
        scales = floats(dOut, 1);
        offsets = floats(dOut, 1);
        direct = new float[model.directPairs().size()][];
        deviations = floats(dOut, 1);
        x = floats(dIn, trajectories);
        isFree = new boolean[dIn.length];
        proj = floats(dProj, trajectories);
        tran = mapIsIdentity ? proj : floats(dTrans, trajectories);
        z = floats(dOut, trajectories);
        mean = floats(dOut, trajectories);
        y = floats(dOut, trajectories);
        eps = new float[Arrays.stream(dOut).max().orElseThrow()];
        mapIn = Matrices.ofWidths(dProj, trajectories);
        mapOut = Matrices.ofWidths(dTrans, trajectories);
        readModel();
    }

    private static float[][] floats(int[] widths, int rows) {
        return Arrays.stream(widths).mapToObj(width -> new float[rows * width]).toArray(float[][]::new);
    }

    /**
     * Takes over the model's parameters as they are now, between two steps.
     *
     * @throws IllegalArgumentException when one is no finite number, or a variance negative; the generator is unchanged
     */
    public void readModel() {
        model.requireUsable();
        for (int g = 0; g < dIn.length; g++) {
            p[g] = transposed(own(Kind.P, g), dIn[g], dProj[g]);
        }
        for (int h = 0; h < dOut.length; h++) {
            u[h] = transposed(own(Kind.U, h), dOut[h], dTrans[h]);
            double[] psi = own(Kind.PSI, h);
            for (int j = 0; j < dOut[h]; j++) {
                scales[h][j] = model.uses(Kind.SCALES) ? (float) own(Kind.SCALES, h)[j] : 1;
                offsets[h][j] = model.uses(Kind.OFFSETS) ? (float) own(Kind.OFFSETS, h)[j] : 0;
                deviations[h][j] = (float) Math.sqrt(psi[j]);
            }
        }
        for (int i = 0; i < direct.length; i++) {
            direct[i] = transposed(own(Kind.DIRECT_MAPPINGS, i), 1, own(Kind.DIRECT_MAPPINGS, i).length);
        }
    }

    private double[] own(Kind kind, int index) {
        return model.resolve(kind, index, Overrides.NONE);
    }

    private static float[] transposed(double[] x, int rows, int columns) {
        float[] out = new float[x.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[j * rows + i] = (float) x[i * columns + j];
            }
        }
        return out;
    }

    // ------------------------------------------------------------------------------------------------ state

    /** Number of input groups. */
    int inputs() {
        return dIn.length;
    }

    /** Number of output groups. */
    int outputs() {
        return dOut.length;
    }

    /** Which input groups something is fed back to. */
    boolean[] fed() {
        return fed.clone();
    }

    /** Number of steps done. */
    public long step() {
        return step;
    }

    /** Goes to that step with those last outputs; null when there are none. */
    public void restore(long steps, float[][] last) {
        step = steps;
        hasLast = last != null;
        for (float[] means : mean) {
            Arrays.fill(means, Float.NaN);
        }
        for (int h = 0; h < dOut.length; h++) {
            if (hasLast) {
                System.arraycopy(last[h], 0, y[h], 0, y[h].length);
            } else {
                Arrays.fill(y[h], 0);
            }
        }
    }

    /** Whether there are last outputs, which free entries of the next step can be taken from. */
    public boolean hasLast() {
        return hasLast;
    }

    /** Says whether {@link #y} holds last outputs. */
    void hasLast(boolean has) {
        hasLast = has;
    }

    /** Goes to a step, whose noise is drawn next; outputs stay. */
    void step(long steps) {
        step = steps;
    }

    /** Whether outputs are noisy, at first they are; else they are their means. */
    public void noise(boolean on) {
        isNoisy = on;
    }

    /**
     * Limits what is fed back, at first without limits; outputs stay as they are.
     *
     * @param least what lower values become; negative infinity for no limit
     * @param most what higher values become; infinity for no limit
     */
    public void limitFeedback(float least, float most) {
        low = least;
        high = most;
    }

    /** Another generator in the same state, of the same model and noise, to look ahead without disturbing this one. */
    public Generator fork() {
        Generator copy = new Generator(model, feedback, kernels, trajectories, keys);
        copy.isNoisy = isNoisy;
        copy.limitFeedback(low, high);
        copy.restore(step, hasLast ? y : null);
        return copy;
    }

    /** Where the rows of an input group go before a step, {@code [trajectory][d_in]}; NaN stands for what is fed back. */
    public float[] x(int inputGroup) {
        if (isFree[inputGroup]) {
            Arrays.fill(x[inputGroup], Float.NaN);
            isFree[inputGroup] = false;
        }
        return x[inputGroup];
    }

    /** Whether all of an input group is free, before the next step. */
    boolean isFree(int inputGroup) {
        return isFree[inputGroup];
    }

    /** The outputs of the last step, {@code [trajectory][d_out]}. */
    public float[] y(int outputGroup) {
        return y[outputGroup];
    }

    /** The means of the outputs of the last step, {@code [trajectory][d_out]}. */
    public float[] mean(int outputGroup) {
        return mean[outputGroup];
    }

    /** The projections of the inputs at the last step, {@code [trajectory][d_proj]}. */
    public float[] proj(int inputGroup) {
        return proj[inputGroup];
    }

    /** What m made of the projections at the last step, {@code [trajectory][d_trans]}. */
    public float[] tran(int outputGroup) {
        return tran[outputGroup];
    }

    // ------------------------------------------------------------------------------------------------ steps

    /** How many variables that could be fed back are given to a trajectory for the next step. */
    int given(int trajectory) {
        int count = 0;
        for (int i = 0; i < feedback.size(); i++) {
            int g = feedback.get(i).input();
            for (int j = 0; isFirstOf(i) && !isFree[g] && j < dIn[g]; j++) {
                count += Float.isNaN(x[g][trajectory * dIn[g] + j]) ? 0 : 1;
            }
        }
        return count;
    }

    /**
     * Negative log-likelihood of what is given to a trajectory for the next step, in the place of what would be fed back, under the
     * means of the last step and the model's variances: how much a measurement surprises the model's prediction of it. 0 when
     * nothing is given; no finite number when there was no step before.
     */
    double negLl(int trajectory) {
        double sum = 0;
        for (int i = 0; i < feedback.size(); i++) {
            int g = feedback.get(i).input();
            if (isFirstOf(i) && !isFree[g]) {
                sum += negLl(x[g], feedback.get(i).output(), trajectory);
            }
        }
        return sum;
    }

    private double negLl(float[] given, int h, int trajectory) {
        double sum = 0;
        for (int j = 0; j < dOut[h]; j++) {
            int at = trajectory * dOut[h] + j;
            if (!Float.isNaN(given[at])) {
                double residual = ((double) given[at] - mean[h][at]) / deviations[h][j];
                sum += 0.5 * (Math.log(2 * Math.PI) + residual * residual) + Math.log(deviations[h][j]);
            }
        }
        return sum;
    }

    /** Whether no pair before this one feeds the same input, so that it alone predicts what is given there. */
    private boolean isFirstOf(int pair) {
        for (int i = 0; i < pair; i++) {
            if (feedback.get(i).input() == feedback.get(pair).input()) {
                return false;
            }
        }
        return true;
    }

    /** Frees all inputs for the next step. */
    public void freeAll() {
        Arrays.fill(isFree, true);
    }

    /**
     * Does a step with the inputs as they are in {@link #x}.
     *
     * @throws IllegalArgumentException when an entry is free and nothing can be fed back to it; the state is unchanged
     */
    public void advance() {
        fill();
        requireComplete();
        for (int g = 0; g < dIn.length; g++) {
            kernels.dotRows(p[g], dProj[g], dIn[g], x[g], proj[g], trajectories);
        }
        if (!mapIsIdentity) {
            map();
        }
        for (int h = 0; h < dOut.length; h++) {
            kernels.combineRows(u[h], dTrans[h], dOut[h], tran[h], z[h], trajectories);
            if (s[h] != null) {
                widen(z[h], sIn[h]);
                s[h].forward(sIn[h], trajectories, sOut[h]);
                narrow(sOut[h], z[h]);
            }
            for (int b = 0; b < trajectories; b++) {
                readOut(h, b * dOut[h]);
            }
        }
        for (int h = 0; h < dOut.length; h++) {
            for (int b = 0; b < trajectories; b++) {
                emit(h, b);
            }
        }
        hasLast = true;
        step++;
    }

    /** Replaces what is free by last outputs; what is given stays. */
    private void fill() {
        for (int i = 0; hasLast && i < feedback.size(); i++) {
            int g = feedback.get(i).input();
            float[] last = y[feedback.get(i).output()];
            if (isFree[g]) {
                System.arraycopy(last, 0, x[g], 0, last.length);
                limit(x[g]);
                isFree[g] = false;
            } else if (hasNan(x[g])) {
                fill(x[g], last);
            }
        }
    }

    private void fill(float[] rows, float[] last) {
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Float.isNaN(rows[i]) ? Math.min(high, Math.max(low, last[i])) : rows[i];
        }
    }

    private void limit(float[] rows) {
        if (low == Float.NEGATIVE_INFINITY && high == Float.POSITIVE_INFINITY) {
            return;
        }
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Math.min(high, Math.max(low, rows[i]));
        }
    }

    private void requireComplete() {
        for (int g = 0; g < dIn.length; g++) {
            if (!hasLast || !fed[g]) {
                requireComplete(step, g, x(g));
            }
        }
    }

    /** Fails when an input group's rows have a free entry at a step where nothing can be fed back to it. */
    void requireComplete(long atStep, int g, float[] rows) {
        int bad = hasNan(rows) ? firstNan(rows) : -1;
        if (bad >= 0) {
            throw new IllegalArgumentException("step " + atStep + " has no value for variable " + bad % dIn[g]
                    + " of input group " + g + ", trajectory " + bad / dIn[g] + "; "
                    + (fed[g]
                            ? "give all of the first step, or start from zero"
                            : "nothing is fed back to this group, so give all of it"));
        }
    }

    private boolean hasNan(float[] rows) {
        return kernels.firstNotFinite(rows, 0, rows.length) >= 0;
    }

    private static int firstNan(float[] rows) {
        for (int i = 0; i < rows.length; i++) {
            if (Float.isNaN(rows[i])) {
                return i;
            }
        }
        return -1;
    }

    private void map() {
        for (int g = 0; g < dIn.length; g++) {
            widen(proj[g], mapIn[g]);
        }
        m.forward(mapIn, trajectories, mapOut);
        for (int h = 0; h < dOut.length; h++) {
            narrow(mapOut[h], tran[h]);
        }
    }

    private static void widen(float[] from, double[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i] = from[i];
        }
    }

    private static void narrow(double[] from, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = (float) from[i];
        }
    }

    /** Mean of a trajectory's output group: scaled and shifted, then with what comes directly. */
    private void readOut(int h, int at) {
        kernels.multiplyAdd(scales[h], 0, z[h], at, offsets[h], 0, mean[h], at, dOut[h]);
        for (int i = 0; i < direct.length; i++) {
            DirectPair pair = model.directPairs().get(i);
            if (pair.output() == h) {
                kernels.multiplyAdd(direct[i], 0, x[pair.input()], at, mean[h], at, mean[h], at, dOut[h]);
            }
        }
    }

    private void emit(int h, int trajectory) {
        int at = trajectory * dOut[h];
        if (isNoisy) {
            kernels.normal(eps, 0, 0, dOut[h], keys[trajectory][h], step, 1, 0);
            kernels.multiplyAdd(deviations[h], 0, eps, 0, mean[h], at, y[h], at, dOut[h]);
        } else {
            System.arraycopy(mean[h], at, y[h], at, dOut[h]);
        }
    }

    /** Whether all outputs of a trajectory are finite numbers. */
    boolean isFinite(int trajectory) {
        for (int h = 0; h < dOut.length; h++) {
            if (kernels.firstNotFinite(y[h], trajectory * dOut[h], dOut[h]) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Puts zeros in the place of a trajectory's last outputs. */
    void reset(int trajectory) {
        for (int h = 0; h < dOut.length; h++) {
            Arrays.fill(y[h], trajectory * dOut[h], (trajectory + 1) * dOut[h], 0);
        }
    }
}
