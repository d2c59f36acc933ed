package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.random.RandomSequence;

/**
 * States for a fit to begin with: frames whose stretches are alike. A frame's stretch is the 15 frames around it, described for
 * each feature by its mean, and by the log of how much it changes from frame to frame,
 *
 * <pre>
 *   mean of x / sd      log sqrt( mean of (x_t - x_{t-1})^2 / sd^2 + 1e-4 )      sd: of the feature, over all frames
 * </pre>
 *
 * and these descriptions are put into clusters by k-means (Lloyd 1982, begun as by Arthur and Vassilvitskii 2007; the best of
 * several tries).
 *
 * <p>States that are drawn from the prior instead seldom explain any stretch better than the first one that has learned from
 * all frames, so that few recordings leave it within some hundred sweeps.
 */
final class StretchClusters {
    private static final int HALF_STRETCH = 7;
    /** Keeps features that do not change at all, as rounded ones, from being told apart by nothing. */
    private static final double LEAST_CHANGE = 1e-4;

    private static final int TRIES = 3;
    private static final int ROUNDS = 50;

    private final int values;
    private final int count;
    private final double[] descriptions;
    private final int clusters;
    private final RandomSequence random = new RandomSequence();
    private final double[] centres;
    private final int[] cluster;

    private StretchClusters(double[] descriptions, int values, int clusters) {
        this.descriptions = descriptions;
        this.values = values;
        this.clusters = clusters;
        count = descriptions.length / values;
        centres = new double[clusters * values];
        cluster = new int[count];
    }

    /** States 0 to {@code clusters - 1} of all positions, one sequence behind the other. */
    static int[] states(Observations observations, Sequences data, int clusters, long seed) {
        int values = 2 * data.dims();
        double[] descriptions = new double[observations.total() * values];
        double[] deviations = deviations(data);
        for (int n = 0; n < data.count(); n++) {
            for (int s = 0; s < observations.length(n); s++) {
                int at = (observations.offset(n) + s) * values;
                describe(data, n, s + observations.lags(), deviations, descriptions, at);
            }
        }
        return new StretchClusters(descriptions, values, clusters).best(seed);
    }

    /** Of each feature, over the frames that count; 1 where it does not vary. */
    private static double[] deviations(Sequences data) {
        int dims = data.dims();
        double[] sums = new double[dims];
        double[] squares = new double[dims];
        double weights = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int n = 0; n < data.count(); n++) {
                for (int t = 0; t < data.frames(n); t++) {
                    double weight = data.weight(n, t);
                    for (int d = 0; weight > 0 && d < dims; d++) {
                        double x = data.x(n)[t * dims + d];
                        if (pass == 0) {
                            sums[d] += weight * x;
                        } else {
                            squares[d] += weight * (x - sums[d]) * (x - sums[d]);
                        }
                    }
                    weights += pass == 0 ? weight : 0;
                }
            }
            for (int d = 0; pass == 0 && d < dims; d++) {
                sums[d] /= weights;
            }
        }
        double total = weights;
        return Arrays.stream(squares)
                .map(square -> square > 0 ? Math.sqrt(square / total) : 1)
                .toArray();
    }

    /** Describes the stretch around a frame; zeros where none of its frames counts. */
    private static void describe(Sequences data, int n, int frame, double[] deviations, double[] to, int at) {
        int dims = data.dims();
        double[] x = data.x(n);
        int used = 0;
        int last = Math.min(data.frames(n) - 1, frame + HALF_STRETCH);
        for (int t = Math.max(1, frame - HALF_STRETCH); t <= last; t++) {
            if (data.weight(n, t) > 0 && data.weight(n, t - 1) > 0) {
                used++;
                for (int d = 0; d < dims; d++) {
                    double change = (x[t * dims + d] - x[(t - 1) * dims + d]) / deviations[d];
                    to[at + d] += x[t * dims + d] / deviations[d];
                    to[at + dims + d] += change * change;
                }
            }
        }
        for (int d = 0; used > 0 && d < dims; d++) {
            to[at + d] /= used;
            to[at + dims + d] = 0.5 * Math.log(to[at + dims + d] / used + LEAST_CHANGE);
        }
    }

    // ------------------------------------------------------------------------------------------------ k-means

    private int[] best(long seed) {
        int[] best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            random.start(HdpTransitions.key(seed, "initial.clusters", 0), attempt);
            begin();
            double distance = assign();
            for (int round = 0; round < ROUNDS; round++) {
                toMeans();
                double next = assign();
                if (next >= distance) {
                    break;
                }
                distance = next;
            }
            if (distance < least) {
                least = distance;
                best = cluster.clone();
            }
        }
        return best;
    }

    /** Each centre is a description drawn by its squared distance from the centres before it. */
    private void begin() {
        double[] nearest = new double[count];
        Arrays.fill(nearest, 1);
        for (int k = 0; k < clusters; k++) {
            double wanted = random.uniform() * Arrays.stream(nearest).sum();
            int chosen = 0;
            while (chosen < count - 1 && (wanted -= nearest[chosen]) > 0) {
                chosen++;
            }
            System.arraycopy(descriptions, chosen * values, centres, k * values, values);
            for (int i = 0; i < count; i++) {
                double distance = distance(i, k);
                nearest[i] = k == 0 ? distance : Math.min(nearest[i], distance);
            }
        }
    }

    /** Gives each description the nearest centre; returns the sum of squared distances. */
    private double assign() {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double least = Double.POSITIVE_INFINITY;
            for (int k = 0; k < clusters; k++) {
                double distance = distance(i, k);
                if (distance < least) {
                    least = distance;
                    cluster[i] = k;
                }
            }
            sum += least;
        }
        return sum;
    }

    /** Moves each centre to the mean of its descriptions; one that has none stays. */
    private void toMeans() {
        int[] sizes = new int[clusters];
        for (int k : cluster) {
            sizes[k]++;
        }
        for (int k = 0; k < clusters; k++) {
            if (sizes[k] > 0) {
                Arrays.fill(centres, k * values, (k + 1) * values, 0);
            }
        }
        for (int i = 0; i < count; i++) {
            int k = cluster[i];
            for (int v = 0; v < values; v++) {
                centres[k * values + v] += descriptions[i * values + v] / sizes[k];
            }
        }
    }

    private double distance(int i, int k) {
        double sum = 0;
        for (int v = 0; v < values; v++) {
            double difference = descriptions[i * values + v] - centres[k * values + v];
            sum = Math.fma(difference, difference, sum);
        }
        return sum;
    }
}
