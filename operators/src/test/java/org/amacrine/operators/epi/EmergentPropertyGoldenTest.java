package org.amacrine.operators.epi;

import static org.amacrine.operators.epi.EpiGolden.assertClose;
import static org.amacrine.operators.epi.EpiGolden.doubles;
import static org.amacrine.operators.epi.EpiGolden.transposed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Statistics of models against stored outputs of an independent program. */
class EmergentPropertyGoldenTest {

    @Test
    void shouldGiveEigenvaluesOfTheLinearSystemAndTheirAdjoint() {
        Map<?, ?> golden = EpiGolden.map("linear2D");
        double[] rows = doubles(golden.get("A"));
        int samples = rows.length / 4;
        double[] z = transposed(rows, samples, 4);
        double[] t = new double[z.length];
        LinearSystem frequency = LinearSystem.frequency();
        frequency.simulate(z, samples, 0, t);
        assertClose("frequency", doubles(golden.get("T_freq")), transposed(t, 4, samples), 1e-12);

        double[] disc = doubles(golden.get("disc"));
        for (int n = 0; n < samples; n++) {
            double root = 0.5 * Math.sqrt(Math.abs(disc[n]));
            double re = 0.5 * (rows[4 * n] + rows[4 * n + 3]) + (disc[n] > 0 ? root : 0);
            assertEquals(re, t[n], 1e-12 * Math.max(1, Math.abs(re)), "real part of " + n);
            assertEquals(
                    disc[n] < 0 ? root : 0, t[2 * samples + n], 1e-12 * Math.max(1, root), "imaginary part of " + n);
        }

        double[] slopes = doubles(golden.get("dT_freq_dA"));
        for (int i = 0; i < 4; i++) {
            double[] tGradient = new double[z.length];
            Arrays.fill(tGradient, i * samples, (i + 1) * samples, 1);
            double[] zGradient = new double[z.length];
            frequency.pull(z, samples, 0, tGradient, zGradient);
            double[] expected = new double[z.length];
            for (int n = 0; n < samples; n++) {
                System.arraycopy(slopes, (n * 4 + i) * 4, expected, n * 4, 4);
            }
            assertClose("slope of statistic " + i, expected, transposed(zGradient, 4, samples), 1e-9);
        }

        LinearSystem.eigenvalue().simulate(z, samples, 0, t);
        assertClose("eigenvalue", doubles(golden.get("T_eig_notebook")), transposed(t, 4, samples), 1e-12);
    }
}
