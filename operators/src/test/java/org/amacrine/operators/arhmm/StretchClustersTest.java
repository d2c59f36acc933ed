package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Random;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

class StretchClustersTest {
    private static final int LAGS = 2;
    /** Frames of each stretch; one stretch in two is of the other kind. */
    private static final int LENGTH = 40;

    private static final int FRAMES = 6 * LENGTH;

    private static Sequences stretches(double mean, double change, double[] mask) {
        Random random = new Random(5);
        double[] x = new double[FRAMES];
        for (int t = 0; t < FRAMES; t++) {
            boolean other = t / LENGTH % 2 == 1;
            x[t] = (other ? mean : 0) + (other ? change : 1) * random.nextGaussian();
            if (mask != null && mask[t] == 0) {
                x[t] = Double.NaN;
            }
        }
        return new Sequences.Builder(1).add(x, mask).build();
    }

    private static int[] clusters(Sequences data, long seed) {
        return StretchClusters.states(new Observations(data, LAGS), data, 2, seed);
    }

    private static void assertTellsStretchesApart(int[] z) {
        assertEquals(FRAMES - LAGS, z.length);
        int first = z[10];
        for (int t = LAGS; t < FRAMES; t++) {
            int place = t % LENGTH;
            // Around a border of stretches a frame sees both kinds.
            if (place >= 8 && place < LENGTH - 8) {
                assertEquals(t / LENGTH % 2 == 0, z[t - LAGS] == first, "frame " + t);
            }
        }
        assertNotEquals(first, z[LENGTH + 20 - LAGS]);
    }

    @Test
    void shouldTellStretchesApartByTheirMean() {
        assertTellsStretchesApart(clusters(stretches(8, 1, null), 3));
    }

    @Test
    void shouldTellStretchesApartByHowMuchTheyChange() {
        assertTellsStretchesApart(clusters(stretches(0, 0.05, null), 3));
    }

    @Test
    void shouldLeaveOutMaskedFrames() {
        double[] mask = new double[FRAMES];
        for (int t = 0; t < FRAMES; t++) {
            mask[t] = t % 9 == 4 ? 0 : 1;
        }
        assertTellsStretchesApart(clusters(stretches(8, 1, mask), 3));
    }

    @Test
    void shouldDependOnTheSeedAlone() {
        Sequences data = stretches(3, 0.5, null);

        assertArrayEquals(clusters(data, 9), clusters(data, 9));
    }

    @Test
    void shouldBeginAFitWithTheStretches() {
        Sequences data = stretches(8, 1, null);
        Hyperparameters prior =
                Hyperparameters.of(new Hyperparameters.Transitions(2, 5.7, 100, 1000), 1, LAGS, 0.01, 10);

        Fit fit = Fit.of(data, ScalarKernels.INSTANCE, Bands.ALONE).seed(3).fromStretches(prior);

        assertEquals(0, fit.iteration());
        assertArrayEquals(clusters(data, 3), fit.result().states()[0]);
    }
}
