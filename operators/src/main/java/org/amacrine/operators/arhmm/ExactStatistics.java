package org.amacrine.operators.arhmm;

import java.util.Arrays;

/**
 * Running averages of one stream for each state it may be in now (Cappé 2011, section 2.3), with
 * {@code R(i|k) = f_{t-1}(i) pi_ik / r_t(k)}:
 *
 * <pre>
 *   rhoC(i,j;k) = (1 - gamma) sum_m rhoC(i,j;m) R(m|k) + gamma [j = k] R(i|k)
 *   rhoG(a;k)   = (1 - gamma) sum_m rhoG(a;m)   R(m|k) + gamma [a = k] g_t
 * </pre>
 *
 * <p>Owned by the thread that computes the frames. Allocates nothing after construction.
 */
final class ExactStatistics {
    private final int states;
    private final int size;
    private final int moments;
    private double[] rho;
    private double[] next;

    ExactStatistics(int states, int dims, int lags) {
        this.states = states;
        moments = RunningStatistics.momentCount(dims, lags);
        size = states * states + states * moments;
        rho = new double[states * size];
        next = new double[states * size];
    }

    /** Back to no frames. */
    void clear() {
        Arrays.fill(rho, 0);
    }

    /** Begins with the same averages for each state. */
    void warmStart(RunningStatistics averages, double share) {
        int c = averages.transitions().length;
        for (int k = 0; k < states; k++) {
            for (int i = 0; i < size; i++) {
                rho[k * size + i] = share * (i < c ? averages.transitions()[i] : averages.moments()[i - c]);
            }
        }
    }

    /** Absorbs the frame that the filter has just seen; one whose animal has not joined yet lets everything fade. */
    void absorb(OnlineFilter filter, TransitionLanes transitions, boolean isFirst, double gamma) {
        if (isFirst || filter.isFirst() || !filter.isEstimating()) {
            for (int i = 0; i < rho.length; i++) {
                rho[i] *= 1 - gamma;
            }
        } else {
            propagate(filter, transitions, gamma);
        }
        if (filter.isUsed()) {
            for (int k = 0; k < states; k++) {
                int at = k * size + states * states + k * moments;
                RunningStatistics.addFrame(rho, at, gamma, filter.regressors(), 0, filter.regressors().length);
            }
        }
    }

    private void propagate(OnlineFilter filter, TransitionLanes transitions, double gamma) {
        Arrays.fill(next, 0);
        for (int k = 0; k < states; k++) {
            double likely = filter.predictive()[k];
            for (int m = 0; m < states && likely > 0; m++) {
                double retro = filter.filteredBefore()[m] * transitions.at(m, k) / likely;
                double keep = (1 - gamma) * retro;
                for (int i = 0; keep > 0 && i < size; i++) {
                    next[k * size + i] = Math.fma(keep, rho[m * size + i], next[k * size + i]);
                }
                if (filter.isUsed()) {
                    next[k * size + m * states + k] += gamma * retro;
                }
            }
        }
        double[] swap = rho;
        rho = next;
        next = swap;
    }

    /** Adds the averages, weighted with the probabilities of the present states. */
    void addTo(RunningStatistics to, double[] f) {
        int c = states * states;
        for (int k = 0; k < states; k++) {
            for (int i = 0; i < size; i++) {
                double value = f[k] * rho[k * size + i];
                if (i < c) {
                    to.transitions()[i] += value;
                } else {
                    to.moments()[i - c] += value;
                }
            }
        }
    }

    /** The averages, [state now][C, moments of each state]; not a copy. */
    double[] values() {
        return rho;
    }
}
