package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.kernel.DoubleMath;

/**
 * Forward filter of one stream, frame by frame: from the predictive probabilities r of the states and the frame's log
 * likelihoods l to the filtered ones,
 *
 * <pre>
 *   f = r o exp(l) / c      log c: the frame's log evidence      r of the next frame = pi^T f
 * </pre>
 *
 * <p>The first L frames are lags only: for them nothing is estimated. A frame that is missing, or whose lags are not known,
 * tells nothing: l = 0. What is read from the filter holds for the frame of the last {@link #step}.
 *
 * <p>With an outlier weight rho and density u the evidence is {@code (1 - rho) c + rho u}, and a frame that is an outlier
 * tells nothing about its state.
 *
 * <p>Owned by the thread that computes the frames. Allocates nothing after construction.
 */
final class OnlineFilter {

    /**
     * What a filter does beyond the model.
     *
     * @param missing what later frames read as the lags of a missing frame
     * @param outlierWeight rho, probability of an outlier before it is seen, in [0, 1)
     * @param outlierDensity density u of outliers; may be null when rho is 0
     * @param replacesOutliers whether the lags of later frames see the predictive mean in the place of an outlier
     */
    record Options(
            MissingPolicy missing, double outlierWeight, OutlierDensity outlierDensity, boolean replacesOutliers) {

        /** Throws {@link IllegalArgumentException} when they do not go together. */
        Options {
            if (replacesOutliers && missing == MissingPolicy.INTEGRATE) {
                throw new IllegalArgumentException(
                        "outliers can only be replaced when missing frames are not integrated"
                                + " out; choose missing as-is, skip or predict");
            }
        }

        /** No outliers. */
        static Options of(MissingPolicy missing) {
            return new Options(missing, 0, null, false);
        }
    }

    /** Log density of frames that no state explains. */
    @FunctionalInterface
    interface OutlierDensity {
        /**
         * Log density of a frame.
         *
         * @param g lags, the constant 1 and the frame, p + D values
         */
        double log(double[] g);
    }

    private final OnlineModel model;
    private final int dims;
    private final int columns;
    private final double[] start;
    private Options options;
    private LagBelief belief;

    /** Lags, the constant 1 and the frame. */
    private final double[] g;
    /** What the next frame reads as its newest lag. */
    private final double[] newestLag;

    private final double[] l;
    private final double[] r;
    private double[] f;
    private double[] before;
    /** What led into the frame. */
    private TransitionLanes into;

    private int seen;
    /** Frames in a row, up to now, that can be read as lags. */
    private int run;

    private boolean hasFiltered;
    private boolean isFirst;
    private boolean hasBelief;
    private boolean isUsed;
    private double logEvidence;
    private double outlier;

    /**
     * A filter at the beginning of its stream.
     *
     * @param start probabilities of the states of the first frame that is estimated, [K]
     */
    OnlineFilter(OnlineModel model, Options options, double[] start) {
        this.model = model;
        dims = model.dims();
        columns = model.columns();
        this.start = Arrays.copyOf(start, model.lanes());
        g = new double[columns + dims];
        newestLag = new double[dims];
        l = new double[model.lanes()];
        r = new double[model.lanes()];
        f = new double[model.lanes()];
        before = new double[model.lanes()];
        options(options);
        clear();
    }

    /** The same probability for each state. */
    static double[] uniform(int states) {
        double[] start = new double[states];
        Arrays.fill(start, 1.0 / states);
        return start;
    }

    /** Takes other options for the frames to come. */
    void options(Options newOptions) {
        options = newOptions;
        if (newOptions.missing() == MissingPolicy.INTEGRATE && belief == null) {
            belief = new LagBelief(model);
        }
        hasBelief &= newOptions.missing() == MissingPolicy.INTEGRATE;
    }

    /** Back to the beginning. */
    void clear() {
        Arrays.fill(g, 0);
        g[columns - 1] = 1;
        Arrays.fill(newestLag, 0);
        Arrays.fill(f, 0);
        Arrays.fill(before, 0);
        seen = 0;
        run = 0;
        hasFiltered = false;
        hasBelief = false;
    }

    /**
     * Goes on by one frame.
     *
     * @param x the frame, D values from {@code xAt}, finite also where it is missing
     * @param isObserved whether the frame was seen; if not, {@code x} is what {@link MissingPolicy#AS_IS} puts in its place
     * @return whether the states of the frame were estimated; false for the first L frames
     */
    boolean step(double[] x, int xAt, boolean isObserved) {
        System.arraycopy(g, dims, g, 0, columns - 1 - dims);
        System.arraycopy(newestLag, 0, g, columns - 1 - dims, dims);
        System.arraycopy(x, xAt, g, columns, dims);
        if (seen < model.lags()) {
            seen++;
            keepAsLag(isObserved);
            return false;
        }
        predict();
        boolean takesPart = estimate(isObserved);
        if (outlier > 0.5 && takesPart && options.replacesOutliers()) {
            predictiveMean(newestLag);
            countAsKnown();
        } else {
            keepAsLag(takesPart || isObserved && !isOutlier());
        }
        return true;
    }

    /** r = pi^T f, with f of the frame before; the start at the first frame. */
    private void predict() {
        double[] swap = before;
        before = f;
        f = swap;
        if (hasFiltered) {
            into = model.transitions();
            into.propagate(model.kernels(), before, 0, r, 0);
        } else {
            System.arraycopy(start, 0, r, 0, r.length);
        }
    }

    /** Filters the frame; returns whether it told something about its state. */
    private boolean estimate(boolean isObserved) {
        isUsed = isObserved && (run >= model.lags() || hasBelief);
        logEvidence = 0;
        outlier = 0;
        if (hasBelief) {
            belief.extend(model, g, columns, isObserved, l);
        } else if (isUsed) {
            model.emissions().logLikelihoods(model.kernels(), g, 0, 0, 1, l, 0);
        }
        if (isUsed) {
            weigh();
        }
        if (!isUsed) {
            System.arraycopy(r, 0, f, 0, r.length);
        }
        if (hasBelief && isOutlier() && !isUsed) {
            belief.extend(model, g, columns, false, l);
        }
        if (hasBelief) {
            belief.collapse(f);
        }
        isFirst = !hasFiltered;
        hasFiltered = true;
        return isUsed;
    }

    /** Puts prior, likelihoods and the chance of an outlier together. */
    private void weigh() {
        double logC = model.kernels().filterStep(r, 0, l, 0, f, 0, r.length);
        boolean isPossible = logC > Double.NEGATIVE_INFINITY;
        double rho = options.outlierWeight();
        if (rho == 0 && !isPossible) {
            isUsed = false;
            outlier = 1;
            return;
        }
        logEvidence = logC;
        if (rho > 0) {
            double asModel = Math.log1p(-rho) + logC;
            double asOutlier = Math.log(rho) + options.outlierDensity().log(g);
            double m = Math.max(asModel, asOutlier);
            logEvidence = m + Math.log(Math.exp(asModel - m) + Math.exp(asOutlier - m));
            outlier = Math.exp(asOutlier - logEvidence);
            for (int k = 0; k < r.length; k++) {
                f[k] = (isPossible ? (1 - outlier) * f[k] : 0) + outlier * r[k];
            }
        }
    }

    private boolean isOutlier() {
        return outlier > 0.5;
    }

    /** Keeps the frame, or what stands in its place, for the frames that follow. */
    private void keepAsLag(boolean isKnown) {
        if (isKnown || options.missing() == MissingPolicy.AS_IS) {
            System.arraycopy(g, columns, newestLag, 0, dims);
            countAsKnown();
            return;
        }
        boolean lagsWereKnown = run >= model.lags();
        Arrays.fill(newestLag, 0);
        if (options.missing() == MissingPolicy.PREDICT && lagsWereKnown) {
            predictiveMean(newestLag);
            countAsKnown();
            return;
        }
        if (options.missing() == MissingPolicy.INTEGRATE && lagsWereKnown) {
            belief.setCertain(g);
            belief.extend(model, g, columns, false, l);
            belief.collapse(f);
            hasBelief = true;
        }
        run = 0;
    }

    private void countAsKnown() {
        run = Math.min(run + 1, model.lags());
        hasBelief &= run < model.lags();
    }

    /**
     * Loses track over a gap too long to bridge: states go on without being seen, and L frames are waited for.
     *
     * @param frames length of the gap
     */
    void loseTrack(long frames) {
        seen = model.lags();
        run = 0;
        hasBelief = false;
        Arrays.fill(newestLag, 0);
        for (long i = 0; hasFiltered && i < frames; i++) {
            predict();
            if (Arrays.equals(r, before)) {
                System.arraycopy(before, 0, f, 0, f.length);
                return;
            }
            System.arraycopy(r, 0, f, 0, r.length);
        }
    }

    // ------------------------------------------------------------------------------------------------ the last frame

    /** Whether any frame was estimated yet. */
    boolean isEstimating() {
        return hasFiltered;
    }

    /** Whether any frame came in yet. */
    boolean hasBegun() {
        return seen > 0;
    }

    /** Whether the last frame was the first one that was estimated. */
    boolean isFirst() {
        return isFirst;
    }

    /** Probabilities of the states of the present frame: filtered, or, before any is estimated, those of the start; [lanes]. */
    double[] present() {
        return hasFiltered ? f : start;
    }

    /** Predictive probabilities p(z_t | x_1..t-1), [lanes]. */
    double[] predictive() {
        return r;
    }

    /** Filtered probabilities p(z_t | x_1..t), [lanes]. */
    double[] filtered() {
        return f;
    }

    /** Filtered probabilities of the frame before, [lanes]; zeros when there was none. */
    double[] filteredBefore() {
        return before;
    }

    /** Log likelihoods, [lanes]; of meaning only when {@link #isUsed()}. */
    double[] logLikelihoods() {
        return l;
    }

    /** Whether the frame was seen and its lags were known. */
    boolean isUsed() {
        return isUsed;
    }

    /** Log density of the frame given those before it, in nats; 0 when it was not used. */
    double logEvidence() {
        return logEvidence;
    }

    /** Probability that the frame is an outlier; 1 when no state was possible. */
    double outlier() {
        return outlier;
    }

    /**
     * Probability that the state changed right before this frame, p(z_t != z_{t-1} | x_1..t); 0 at the first frame:
     * {@code 1 - sum_k f_{t-1}(k) pi_kk f_t(k) / r_t(k)}, where f / r is what the frame tells of a state: exp(l - log c)
     * of a frame that counts, 1 of one that does not, and between them for what may be an outlier. Computed for the caller.
     */
    double changeProbability() {
        if (isFirst) {
            return 0;
        }
        double[] diagonal = into.diagonal();
        double stays = 0;
        for (int k = 0; k < diagonal.length; k++) {
            if (f[k] > 0) {
                stays += before[k] * diagonal[k] * (f[k] / r[k]);
            }
        }
        return 1 - stays;
    }

    /** Lags, the constant 1 and the frame, p + D values. */
    double[] regressors() {
        return g;
    }

    /** State of the highest filtered probability, the lowest one of equals. */
    int state() {
        int best = 0;
        for (int k = 1; k < model.states(); k++) {
            if (f[k] > f[best]) {
                best = k;
            }
        }
        return best;
    }

    /** Mean of the predictive density of the frame: sum_k r_k A_k h; D values. */
    void predictiveMean(double[] mean) {
        Arrays.fill(mean, 0, dims, 0);
        for (int k = 0; k < model.states(); k++) {
            for (int d = 0; r[k] > 0 && d < dims; d++) {
                mean[d] += r[k] * SmallMatrix.dot(model.ab(), (k * dims + d) * columns, g, 0, columns);
            }
        }
    }

    /**
     * Covariance of the predictive density of the frame: sum_k r_k (Q_k + (mu_k - mean)(mu_k - mean)^T).
     *
     * @param mean receives the mean, D values
     * @param covariance receives [D][D]
     * @param mu room for D values
     */
    void predictiveCovariance(double[] mean, double[] covariance, double[] mu) {
        predictiveMean(mean);
        Arrays.fill(covariance, 0, dims * dims, 0);
        for (int k = 0; k < model.states(); k++) {
            model.mean(k, g, mu, 0);
            for (int d = 0; d < dims; d++) {
                for (int e = 0; e < dims; e++) {
                    covariance[d * dims + e] +=
                            r[k] * (model.q()[(k * dims + d) * dims + e] + (mu[d] - mean[d]) * (mu[e] - mean[e]));
                }
            }
        }
    }

    /** Mean of the lags: those seen, or the belief about them; D L values. */
    double[] lagMean() {
        return hasBelief ? belief.mean() : g;
    }

    /** Probability of a frame that every state explains worse than it does this one: sum_k r_k P(chi²_D >= y_k·y_k). */
    double tailProbability() {
        if (!isUsed) {
            return 1;
        }
        double[] constants = model.emissions().constants();
        double sum = 0;
        for (int k = 0; k < model.states(); k++) {
            if (r[k] > 1e-12) {
                sum += r[k] * NormalMath.chiSquareTail(dims, 2 * (constants[k] - l[k]));
            }
        }
        return Math.min(1, sum);
    }

    /**
     * Probability integral transform: independent and uniform on [0, 1) under the model. With white residuals y_k and
     * weights w = r: {@code u_d = sum_k w_k Phi(y_kd)}, then w_k times the density of y_kd, normalised.
     *
     * @param u receives D values; NaN when the frame was not used
     * @param w room for K values
     * @param y room for D values for each state
     */
    void calibration(double[] u, double[] w, double[] y) {
        if (!isUsed) {
            Arrays.fill(u, 0, dims, Double.NaN);
            return;
        }
        int states = model.states();
        for (int k = 0; k < states; k++) {
            w[k] = DoubleMath.log(r[k]);
            model.emissions().residual(k, g, y, k * dims);
        }
        for (int d = 0; d < dims; d++) {
            double most = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < states; k++) {
                most = Math.max(most, w[k]);
            }
            double sum = 0;
            double below = 0;
            for (int k = 0; k < states; k++) {
                double weight = DoubleMath.exp(w[k] - most);
                sum += weight;
                below += weight * NormalMath.cumulative(y[k * dims + d]);
                w[k] += model.emissions().logScale(k, d) - 0.5 * y[k * dims + d] * y[k * dims + d];
            }
            u[d] = below / sum;
        }
    }

    // ------------------------------------------------------------------------------------------------ states

    /** Number of values of {@link #save}. */
    int savedSize() {
        int size = dims * model.lags();
        return 3 + size + dims + size + size * size;
    }

    /** What lives between frames, but for the filtered probabilities: counts, flags, lags and the belief about them. */
    double[] save() {
        int size = dims * model.lags();
        double[] kept = new double[savedSize()];
        kept[0] = seen;
        kept[1] = run;
        kept[2] = (hasFiltered ? 1 : 0) + (hasBelief ? 2 : 0);
        System.arraycopy(g, 0, kept, 3, size);
        System.arraycopy(newestLag, 0, kept, 3 + size, dims);
        if (hasBelief) {
            System.arraycopy(belief.mean(), 0, kept, 3 + size + dims, size);
            System.arraycopy(belief.covariance(), 0, kept, 3 + 2 * size + dims, size * size);
        }
        return kept;
    }

    /** Takes over what {@link #save} gave. */
    void restore(double[] kept) {
        int size = dims * model.lags();
        seen = (int) kept[0];
        run = (int) kept[1];
        hasFiltered = ((int) kept[2] & 1) != 0;
        hasBelief = ((int) kept[2] & 2) != 0 && belief != null;
        System.arraycopy(kept, 3, g, 0, size);
        System.arraycopy(kept, 3 + size, newestLag, 0, dims);
        if (hasBelief) {
            System.arraycopy(kept, 3 + size + dims, belief.mean(), 0, size);
            System.arraycopy(kept, 3 + 2 * size + dims, belief.covariance(), 0, size * size);
        }
    }
}
