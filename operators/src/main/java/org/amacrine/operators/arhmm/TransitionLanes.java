package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.kernel.Kernels;

/**
 * The transition matrix in the forms that frames are computed with: rows of lanes, padded with zeros (of the logarithm: with
 * minus infinity). Not to be written to.
 */
public final class TransitionLanes {
    private final int states;
    private final int lanes;
    private final double[] forward;
    private final double[] transposed;
    private final double[] log;

    /** Lays out pi. */
    public TransitionLanes(ArHmmParameters parameters) {
        states = parameters.states();
        lanes = Kernels.stateLanes(states);
        forward = new double[states * lanes];
        transposed = new double[states * lanes];
        log = new double[states * lanes];
        Arrays.fill(log, Double.NEGATIVE_INFINITY);
        for (int from = 0; from < states; from++) {
            for (int to = 0; to < states; to++) {
                double p = parameters.pi()[from * states + to];
                forward[from * lanes + to] = p;
                transposed[to * lanes + from] = p;
                log[from * lanes + to] = Math.log(p);
            }
        }
    }

    /** Number of states. */
    public int states() {
        return states;
    }

    /** Number of states, padded to whole blocks. */
    public int lanes() {
        return lanes;
    }

    /** pi as [from][lanes to]. */
    public double[] forward() {
        return forward;
    }

    /** pi as [to][lanes from]. */
    public double[] transposed() {
        return transposed;
    }

    /** log pi as [from][lanes to]. */
    public double[] log() {
        return log;
    }

    /** Prediction of the next frame: {@code r = pi^T f}. */
    public void propagate(Kernels kernels, double[] f, int fAt, double[] r, int rAt) {
        kernels.mixRows(forward, f, fAt, states, r, rAt, lanes);
    }
}
