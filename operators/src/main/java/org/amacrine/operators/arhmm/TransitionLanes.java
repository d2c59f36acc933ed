package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.kernel.KernelMatrix;
import org.amacrine.core.kernel.Kernels;

/**
 * The transition matrix in the forms that frames are computed with: rows of lanes, padded with zeros (of the logarithm: with
 * minus infinity). Not to be written to.
 */
public final class TransitionLanes {
    private final int states;
    private final int lanes;
    private final KernelMatrix forward;
    private final KernelMatrix transposed;
    private final KernelMatrix log;
    private final double[] diagonal;

    /** Lays out pi. */
    public TransitionLanes(ArHmmParameters parameters) {
        this(parameters.states());
        set(parameters.pi());
    }

    /** Room for so many states; no transition is possible until they are set. */
    TransitionLanes(int states) {
        this.states = states;
        lanes = Kernels.stateLanes(states);
        forward = new KernelMatrix(states * lanes);
        transposed = new KernelMatrix(states * lanes);
        log = new KernelMatrix(states * lanes);
        diagonal = new double[states];
        Arrays.fill(log.change(), Double.NEGATIVE_INFINITY);
    }

    /**
     * Lays out another matrix. Allocates nothing.
     *
     * @param pi transition matrix, [from][to]
     */
    void set(double[] pi) {
        double[] p = forward.change();
        double[] back = transposed.change();
        double[] logs = log.change();
        for (int from = 0; from < states; from++) {
            diagonal[from] = pi[from * states + from];
            for (int to = 0; to < states; to++) {
                p[from * lanes + to] = pi[from * states + to];
                back[to * lanes + from] = pi[from * states + to];
                logs[from * lanes + to] = Math.log(pi[from * states + to]);
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
    public KernelMatrix forward() {
        return forward;
    }

    /** pi as [to][lanes from]. */
    public KernelMatrix transposed() {
        return transposed;
    }

    /** log pi as [from][lanes to]. */
    public KernelMatrix log() {
        return log;
    }

    /** Probabilities to stay, [K]. */
    double[] diagonal() {
        return diagonal;
    }

    /** Probability to go from a state to another. */
    double at(int from, int to) {
        return forward.values()[from * lanes + to];
    }

    /**
     * The distribution that pi leaves as it is, by the elimination of Grassmann, Taksar and Heyman (1985), which subtracts
     * nothing. Every state must be reachable from every other.
     */
    double[] stationary() {
        double[] a = new double[states * states];
        for (int from = 0; from < states; from++) {
            System.arraycopy(forward.values(), from * lanes, a, from * states, states);
        }
        for (int n = states - 1; n > 0; n--) {
            double out = 0;
            for (int j = 0; j < n; j++) {
                out += a[n * states + j];
            }
            if (out == 0) {
                throw new IllegalArgumentException("pi has no single stationary distribution: states 0 to " + (n - 1)
                        + " cannot be reached from state " + n + "; begin with start: uniform");
            }
            for (int i = 0; i < n; i++) {
                a[i * states + n] /= out;
                for (int j = 0; j < n; j++) {
                    a[i * states + j] += a[i * states + n] * a[n * states + j];
                }
            }
        }
        double[] stationary = new double[states];
        stationary[0] = 1;
        double sum = 1;
        for (int n = 1; n < states; n++) {
            for (int i = 0; i < n; i++) {
                stationary[n] += stationary[i] * a[i * states + n];
            }
            sum += stationary[n];
        }
        for (int n = 0; n < states; n++) {
            stationary[n] /= sum;
        }
        return stationary;
    }

    /** Prediction of the next frame: {@code r = pi^T f}. */
    public void propagate(Kernels kernels, double[] f, int fAt, double[] r, int rAt) {
        kernels.mixRows(forward, f, fAt, states, r, rAt, lanes);
    }
}
