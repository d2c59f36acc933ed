package org.amacrine.operators.arhmm;

import java.nio.DoubleBuffer;
import org.amacrine.core.kernel.Kernels;

/**
 * A model in the form that live frames are computed with. Its parameters can be replaced between two frames, all at once.
 *
 * <p>Owned by the thread that computes the frames.
 */
final class OnlineModel {
    private final Kernels kernels;
    private final int states;
    private final int dims;
    private final int lags;
    private final double[] ab;
    private final double[] q;
    private final double[] cholesky;
    private final WhitenedRegressors emissions;
    private TransitionLanes transitions;

    OnlineModel(ArHmmParameters parameters, Kernels kernels) {
        this.kernels = kernels;
        states = parameters.states();
        dims = parameters.dims();
        lags = parameters.lags();
        ab = new double[parameters.ab().length];
        q = new double[parameters.q().length];
        cholesky = new double[q.length];
        emissions = new WhitenedRegressors(states, dims, lags);
        set(parameters);
    }

    /** Takes over parameters of the same sizes. */
    void set(ArHmmParameters parameters) {
        set(parameters.ab(), parameters.q(), parameters.cholesky(), new TransitionLanes(parameters));
    }

    /** Takes over parameters; allocates nothing. The transitions are kept, the arrays copied. */
    void set(double[] newAb, double[] newQ, double[] newCholesky, TransitionLanes newTransitions) {
        System.arraycopy(newAb, 0, ab, 0, ab.length);
        System.arraycopy(newQ, 0, q, 0, q.length);
        System.arraycopy(newCholesky, 0, cholesky, 0, q.length);
        emissions.set(ab, cholesky);
        transitions = newTransitions;
    }

    Kernels kernels() {
        return kernels;
    }

    int states() {
        return states;
    }

    int lanes() {
        return emissions.lanes();
    }

    int dims() {
        return dims;
    }

    int lags() {
        return lags;
    }

    /** p = D L + 1. */
    int columns() {
        return dims * lags + 1;
    }

    /** Autoregression, [K][D][p]. */
    double[] ab() {
        return ab;
    }

    /** Covariance of the innovations, [K][D][D]. */
    double[] q() {
        return q;
    }

    WhitenedRegressors emissions() {
        return emissions;
    }

    TransitionLanes transitions() {
        return transitions;
    }

    /**
     * Mean of a frame in a state.
     *
     * @param h lags and the constant 1, p values
     * @param mean receives D values
     */
    void mean(int state, double[] h, double[] mean, int meanAt) {
        for (int d = 0; d < dims; d++) {
            mean[meanAt + d] = SmallMatrix.dot(ab, (state * dims + d) * columns(), h, 0, columns());
        }
    }

    // ------------------------------------------------------------------------------------------------ states

    /** Number of values of {@link #save}. */
    int savedSize() {
        return ab.length + 2 * q.length + states * states;
    }

    /** The parameters: Ab, Q with its Cholesky factors, pi. */
    double[] save() {
        double[] kept = new double[savedSize()];
        DoubleBuffer to = DoubleBuffer.wrap(kept).put(ab).put(q).put(cholesky);
        for (int i = 0; i < states * states; i++) {
            to.put(transitions.at(i / states, i % states));
        }
        return kept;
    }

    /** Takes over what {@link #save} gave. */
    void restore(double[] kept) {
        double[] pi = new double[states * states];
        DoubleBuffer.wrap(kept).get(ab).get(q).get(cholesky).get(pi);
        TransitionLanes restored = new TransitionLanes(states);
        restored.set(pi);
        set(ab, q, cholesky, restored);
    }
}
