package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;

/**
 * Draws of the transition matrix under the sticky hierarchical Dirichlet prior, by the direct assignment sampler with tables
 * of the Chinese restaurant franchise and override variables (Fox et al., Annals of Applied Statistics 2011).
 */
final class HdpTransitions {
    /** What is added to probabilities, so that none is 0: the smallest normal {@code float32}, as in the reference. */
    static final double TINY = Float.MIN_NORMAL;

    private final Hyperparameters.Transitions hyper;
    private final int states;
    private final RandomSequence random = new RandomSequence();
    private final double[] shapes;

    HdpTransitions(Hyperparameters.Transitions hyper) {
        this.hyper = hyper;
        this.states = hyper.states();
        shapes = new double[states];
    }

    /**
     * Weights of the transitions on a path; each counts with the weight of the frame that it leads to.
     *
     * @param z states of all positions, one sequence behind the other
     * @return [from][to]
     */
    static double[] counts(Observations observations, int[] z, int states) {
        double[] counts = new double[states * states];
        for (int n = 0; n < observations.count(); n++) {
            int at = observations.offset(n);
            for (int s = 1; s < observations.length(n); s++) {
                counts[z[at + s - 1] * states + z[at + s]] += observations.weight(n, s);
            }
        }
        return counts;
    }

    /** Shape of the Dirichlet prior of a transition: {@code alpha beta_j + kappa [i = j]}. */
    private double priorShape(double[] betas, int from, int to) {
        return hyper.alpha() * betas[to] + (from == to ? hyper.kappa() : 0);
    }

    /** Shapes of the Dirichlet distributions that rows of pi are drawn from, [from][to]. */
    double[] rowShapes(double[] counts, double[] betas) {
        double[] all = new double[states * states];
        for (int i = 0; i < states; i++) {
            for (int j = 0; j < states; j++) {
                all[i * states + j] = counts[i * states + j] + priorShape(betas, i, j);
            }
        }
        return all;
    }

    /**
     * Draws the number of tables for each transition, those put there by the stickiness alone taken out again.
     *
     * @param counts [from][to], of which whole numbers count
     * @param key of the random numbers; each row has a sequence of its own
     * @return [from][to]
     */
    int[] tables(double[] counts, double[] betas, long key) {
        int[] tables = new int[states * states];
        for (int i = 0; i < states; i++) {
            random.start(key, i);
            for (int j = 0; j < states; j++) {
                int customers = (int) counts[i * states + j];
                double shape = priorShape(betas, i, j);
                int count = customers > 0 ? 1 : 0;
                for (int k = 1; k < customers; k++) {
                    if (random.uniform() * (shape + k) < shape) {
                        count++;
                    }
                }
                if (i == j) {
                    double own = hyper.alpha() * betas[j];
                    count = random.binomial(count, own / (own + hyper.kappa()));
                }
                tables[i * states + j] = count;
            }
        }
        return tables;
    }

    /**
     * Draws beta from its prior.
     *
     * @return [K], none of them 0
     */
    double[] drawBetas(long key) {
        return drawBetas(new int[states * states], key);
    }

    /** Draws beta given the tables. */
    double[] drawBetas(int[] tables, long key) {
        Arrays.fill(shapes, hyper.gamma() / states);
        for (int i = 0; i < states; i++) {
            for (int j = 0; j < states; j++) {
                shapes[j] += tables[i * states + j];
            }
        }
        double[] betas = new double[states];
        random.start(key, 0).dirichlet(shapes, 0, betas, 0, states, TINY);
        return betas;
    }

    /**
     * Draws the transition matrix.
     *
     * @return [from][to], none of them 0
     */
    double[] drawPi(double[] counts, double[] betas, long key) {
        double[] all = rowShapes(counts, betas);
        double[] pi = new double[states * states];
        for (int i = 0; i < states; i++) {
            random.start(key, i).dirichlet(all, i * states, pi, i * states, states, TINY);
        }
        return pi;
    }

    /** Mean of the distribution that {@link #drawPi} draws from, [from][to]. */
    double[] meanPi(double[] counts, double[] betas) {
        double[] pi = rowShapes(counts, betas);
        for (int i = 0; i < states; i++) {
            double sum = 0;
            for (int j = 0; j < states; j++) {
                sum += pi[i * states + j];
            }
            for (int j = 0; j < states; j++) {
                pi[i * states + j] /= sum;
            }
        }
        return pi;
    }

    /** Key of a kind of random numbers in a sweep. */
    static long key(long seed, String kind, long sweep) {
        return CounterRandom.key(CounterRandom.key(seed, "arhmm." + kind, (int) sweep), "", (int) (sweep >>> 32));
    }
}
