package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

class KappaScanTest {
    private static final double K0 = 10;
    private static final double S0 = 0.01;

    private static KappaScan scan(Sequences data, double heldOut) {
        return new KappaScan(data, heldOut, ScalarKernels.INSTANCE, Bands.ALONE);
    }

    private static KappaScan.Row row(KappaScan scan, int states, double kappa) {
        Hyperparameters prior =
                Hyperparameters.of(new Hyperparameters.Transitions(states, 5.7, kappa, 1000), 1, 1, S0, K0);
        return scan.row(Fit.of(scan.first(), ScalarKernels.INSTANCE, Bands.ALONE)
                .sweeps(20)
                .seed(2)
                .from(prior));
    }

    @Test
    void shouldSayHowProbableTheRestIsAsWorkedOutByHand() {
        Random random = new Random(8);
        double[] x = new double[80];
        for (int t = 1; t < x.length; t++) {
            x[t] = 0.5 * x[t - 1] + 0.3 + 0.2 * random.nextGaussian();
        }
        // One state: regression of x on the frame before and 1, with a prior that counts as precisions 1 / K0 about (1,
        // 0).
        double hh = 1 / K0;
        double h1 = 0;
        double ones = 1 / K0;
        double xh = 1 / K0;
        double x1 = 0;
        double xx = S0 + 1 / K0;
        for (int t = 1; t < 60; t++) {
            hh += x[t - 1] * x[t - 1];
            h1 += x[t - 1];
            ones++;
            xh += x[t] * x[t - 1];
            x1 += x[t];
            xx += x[t] * x[t];
        }
        double det = hh * ones - h1 * h1;
        double a = (xh * ones - x1 * h1) / det;
        double b = (x1 * hh - xh * h1) / det;
        double q = (xx - a * xh - b * x1) / (3 + 59 - 2);
        double log = 0;
        for (int t = 61; t < 80; t++) {
            double r = x[t] - a * x[t - 1] - b;
            log -= 0.5 * (r * r / q + Math.log(2 * Math.PI * q));
        }

        KappaScan.Row row = row(scan(new Sequences.Builder(1).add(x, null).build(), 0.25), 1, 7);

        assertEquals(7, row.kappa());
        assertEquals(1, row.states());
        assertEquals(59, row.medianVisit());
        // The sampler adds 1e-6 to what it inverts.
        assertEquals(log / 19, row.logEvidence(), 1e-5);
    }

    @Test
    void shouldFindLongerVisitsWithMoreStickiness() {
        double[] x = Models.stream(Models.random(3, 1, 1, 5), 1200, 6);
        KappaScan scan = scan(new Sequences.Builder(1).add(x, null).build(), 0.25);
        KappaScan.Row loose = row(scan, 3, 0.1);
        KappaScan.Row tight = row(scan, 3, 1000);
        assertTrue(tight.medianVisit() > loose.medianVisit(), loose + ", " + tight);
    }

    @Test
    void shouldHoldOutTheEndOfEachSequence() {
        Sequences data = new Sequences.Builder(1)
                .add(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, new double[] {1, 1, 0, 1, 1, 1, 1, 1})
                .add(new double[] {9, 10, 11, 12}, null)
                .build();
        Sequences first = scan(data, 0.5).first();
        assertEquals(4, first.frames(0));
        assertEquals(0, first.weight(0, 2));
        assertEquals(4, first.x(0)[3]);
        assertEquals(2, first.frames(1));
        assertEquals(10, first.x(1)[1]);
    }

    @Test
    void shouldTakeTheMedianOfVisits() {
        assertEquals(2, KappaScan.medianVisit(new int[][] {{1, 0, 0, 2, 2, 2}}));
        assertEquals(1.5, KappaScan.medianVisit(new int[][] {{1, 0, 0}}));
        assertEquals(3, KappaScan.medianVisit(new int[][] {{0, 0, 0}, {0, 0, 0}}));
    }

    @Test
    void shouldRefuseToHoldOutNothingOrAll() {
        Sequences data = new Sequences.Builder(1).add(new double[8], null).build();
        for (double part : new double[] {0, 1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> scan(data, part));
        }
    }
}
