package org.amacrine.operators.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.amacrine.operators.epi.EmergentProperty;
import org.amacrine.operators.epi.LinearSystem;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.factory.Nd4j;

/** Simulations that are functions of one row, by hand and in SameDiff. */
class ModulePropertyTest {
    /** Three samples of a11, a12, a21, a22; each oscillates, so that only one side of the root counts. */
    private static final double[] Z = {0.3, -1, 0.5, 4, -3, 6, -5, 7, -2, -0.4, 0.2, 1};

    /** The eigenvalue of an oscillating linear system and its squared distances: re, im, re², (im - 2 pi)². */
    private static EmergentProperty eigenvalue() {
        return new ModuleProperty(
                new SameDiffModule(Map.of(), (graph, z, p) -> {
                    SDVariable trace = z.mmul(graph.constant(Nd4j.create(new double[][] {{1}, {0}, {0}, {1}})));
                    SDVariable difference = z.mmul(graph.constant(Nd4j.create(new double[][] {{1}, {0}, {0}, {-1}})));
                    SDVariable first = z.mmul(graph.constant(Nd4j.create(new double[][] {{0}, {1}, {0}, {0}})));
                    SDVariable second = z.mmul(graph.constant(Nd4j.create(new double[][] {{0}, {0}, {1}, {0}})));
                    SDVariable re = trace.mul(0.5);
                    SDVariable disc =
                            difference.mul(difference).add(first.mul(second).mul(4));
                    SDVariable im = graph.math().sqrt(disc.neg()).mul(0.5);
                    SDVariable away = im.sub(2 * Math.PI);
                    return graph.concat(1, re, im, re.mul(re), away.mul(away));
                }),
                4,
                0);
    }

    /** T = z (1 + noise). */
    private static EmergentProperty noisy() {
        return new ModuleProperty(
                new FunctionModule(2, 1, Map.of(), (x, y) -> y[0] = x[0] * (1 + x[1]), (x, y, dy, dx) -> {
                    dx[0] += dy[0] * (1 + x[1]);
                    dx[1] += dy[0] * x[0];
                }),
                1,
                1);
    }

    @Test
    void shouldSayTheSameOfTheLinearSystemInSameDiffAsByHand() {
        EmergentProperty module = eigenvalue();
        EmergentProperty byHand = LinearSystem.eigenvalue();
        double[] t = new double[12];
        double[] expected = new double[12];
        module.simulate(Z, 3, 0, t);
        byHand.simulate(Z, 3, 0, expected);
        assertEquals(4, module.statistics());
        assertArrayEquals(expected, t, 1e-12);
        double[] g = {1, 2, -1, 0.5, 0, 3, -2, 1, 1, 0.25, -0.5, 2};
        double[] slope = new double[12];
        module.pull(Z, 3, 0, g, slope);
        byHand.pull(Z, 3, 0, g, expected);
        assertArrayEquals(expected, slope, 1e-10);
    }

    @Test
    void shouldGiveEachBatchAndSampleNoiseOfItsOwn() {
        EmergentProperty property = noisy();
        double[] z = {2, 2};
        double[] t = new double[2];
        double[] again = new double[2];
        double[] other = new double[2];
        property.simulate(z, 2, 8, other);
        property.simulate(z, 2, 7, again);
        property.simulate(z, 2, 7, t);
        assertArrayEquals(t, again);
        assertFalse(t[0] == other[0]);
        assertFalse(t[0] == t[1]);
        double[] slope = new double[2];
        property.pull(z, 2, 7, new double[] {1, 10}, slope);
        assertArrayEquals(new double[] {t[0] / 2, 10 * t[1] / 2}, slope, 1e-15);
    }

    @Test
    void shouldRejectWhatIsNoProperty() {
        FunctionModule one = new FunctionModule(2, 1, Map.of(), (x, y) -> {}, (x, y, dy, dx) -> {});
        assertThrows(IllegalArgumentException.class, () -> new ModuleProperty(one, 0, 2));
        assertThrows(IllegalArgumentException.class, () -> new ModuleProperty(one, 2, -1));
        assertThrows(IllegalArgumentException.class, () -> new ModuleProperty(one, 3, 0));
    }
}
