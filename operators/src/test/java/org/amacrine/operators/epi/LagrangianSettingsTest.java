package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Random settings. */
class LagrangianSettingsTest {

    @Test
    void shouldDrawSettingsWithinTheirRanges() {
        List<LagrangianSettings> all = LagrangianSettings.random(1000, LagrangianSettings.Ranges.standard(), 1);
        double logs = 0;
        for (LagrangianSettings each : all) {
            assertTrue(each.samples() >= 200 && each.samples() < 1000);
            assertTrue(each.learningRate() >= 1e-4 && each.learningRate() <= 1e-2);
            assertTrue(each.c0() >= 1e-3 && each.c0() <= 1e3);
            assertTrue(each.gamma() >= 0.1 && each.gamma() <= 0.5);
            assertEquals(1 / each.gamma(), each.beta());
            logs += Math.log10(each.c0()) / all.size();
        }
        // log10 c0 is uniform on -3 to 3: of mean 0 and standard deviation sqrt(3).
        assertEquals(0, logs, 5 * Math.sqrt(3.0 / all.size()));
        assertEquals(all, LagrangianSettings.random(1000, LagrangianSettings.Ranges.standard(), 1));
    }

    @Test
    void shouldRejectRangesThatCannotBe() {
        double[] rate = {1e-4, 1e-2};
        double[] c0 = {1, 2};
        double[] gamma = {0.1, 0.5};
        int[] samples = {10, 20};
        assertThrows(
                IllegalArgumentException.class,
                () -> new LagrangianSettings.Ranges(new int[] {9, 20}, rate, c0, gamma));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LagrangianSettings.Ranges(samples, new double[] {1e-2, 1e-4}, c0, gamma));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LagrangianSettings.Ranges(samples, rate, new double[] {0, 1}, gamma));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LagrangianSettings.Ranges(samples, rate, c0, new double[] {0.5, 1.5}));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LagrangianSettings.Ranges(samples, rate, c0, new double[] {0.5}));
    }
}
