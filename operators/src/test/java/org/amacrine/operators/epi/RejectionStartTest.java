package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a search by rejection comes out. */
class RejectionStartTest {
    /** T = [z, (z - 1)²]. */
    private static EpiModel line(double lower, double upper) {
        BatchFormula formula = new BatchFormula(1);
        BatchFormula.Value z = formula.parameter(0);
        EmergentProperty property = formula.property(z, z.minus(1).square());
        return new EpiModel("line", List.of(new BoundedParameter("z", lower, upper)), "line", property);
    }

    /** Of z uniform on -2 to 4, those within 2 · 0.5 of 1 are kept: uniform on 0 to 2, of mean 1 and variance 1/3. */
    @Test
    void shouldBeginAtTheMeanOfWhatIsNear() {
        int keep = 2000;
        RejectionStart start = new RejectionStart(keep, new double[] {1}, new double[] {0.5}, 1_000_000, 1);
        Gaussian gaussian = start.search(line(-2, 4));
        assertEquals(1, gaussian.mu()[0], 5 * Math.sqrt(1.0 / 3 / keep));
        assertArrayEquals(new double[] {1}, gaussian.sigma());
        assertArrayEquals(gaussian.mu(), start.search(line(-2, 4)).mu(), "the same seed, the same search");
    }

    @Test
    void shouldTakeMeansFromTheFirstHalfOfMuAndVariancesFromTheSecond() {
        RejectionStart start = RejectionStart.of(new double[] {3, 4, 0.25, 9});
        assertEquals(200, start.keep());
        assertArrayEquals(new double[] {3, 4}, start.means());
        assertArrayEquals(new double[] {0.5, 3}, start.stds());
        assertThrows(IllegalArgumentException.class, () -> RejectionStart.of(new double[3]));
    }

    @Test
    void shouldGiveUpAfterSoManyDraws() {
        RejectionStart start = new RejectionStart(5, new double[] {100}, new double[] {0.1}, 1000, 1);
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> start.search(line(-2, 4)));
        assertTrue(e.getMessage().startsWith("only 0 of 1000 parameter vectors"), e.getMessage());
    }

    @Test
    void shouldRejectWhatItCannotSearch() {
        RejectionStart start = new RejectionStart(5, new double[] {1}, new double[] {0.1}, 1000, 1);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> start.search(line(0, Double.POSITIVE_INFINITY)));
        assertTrue(e.getMessage().contains("0.0 to Infinity"), e.getMessage());
        double[] one = {1};
        assertThrows(IllegalArgumentException.class, () -> new RejectionStart(0, one, one, 10, 1));
        assertThrows(IllegalArgumentException.class, () -> new RejectionStart(5, one, new double[1], 10, 1));
        assertThrows(IllegalArgumentException.class, () -> new RejectionStart(5, one, new double[] {1, 1}, 10, 1));
        assertThrows(IllegalArgumentException.class, () -> new RejectionStart(50, one, one, 10, 1));
        RejectionStart many = new RejectionStart(5, new double[] {1, 1, 1}, new double[] {1, 1, 1}, 1000, 1);
        assertThrows(IllegalArgumentException.class, () -> many.search(line(0, 1)));
    }
}
