package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.Test;

/** What every circuit keeps to: adjoints that agree with differences, and noise that belongs to the batch. */
class CircuitsTest {
    private static final long NOISE = 42;
    private static final double[] WEIGHTS = {
        2.18, -1.19, -0.59, -0.23, 1.66, -0.65, -0.68, -0.24, 0.9, -0.52, -0.02, -0.77, 3.34, -2.31, -0.25, -0.03
    };
    private static final double[] INPUT = {0.5, 0.7, 0.4, 0.9};

    /** A circuit, and a range that its parameters are drawn from. */
    private record Case(EmergentProperty circuit, double low, double high, double step) {}

    private static Map<String, Case> circuits() {
        Map<String, Case> cases = new LinkedHashMap<>();
        SupralinearNetwork.Population e = SupralinearNetwork.Population.E;
        cases.put("stomatogastric", new Case(new StomatogastricCircuit(0.55, 1e-12), 2, 4, 1e-6));
        cases.put("low rank", new Case(new LowRankNetwork(5, 3, 0.01), -1, 1, 1e-6));
        cases.put("superior colliculus", new Case(new SuperiorColliculus(0.95, 4), -1, 1, 1e-6));
        cases.put("response", new Case(SupralinearNetwork.response(WEIGHTS, INPUT, e, 3), 0, 0.2, 1e-6));
        cases.put("deviation", new Case(SupralinearNetwork.deviation(WEIGHTS, INPUT, e, 5), 0.1, 0.3, 1e-6));
        cases.put("fano", new Case(SupralinearNetwork.fano(WEIGHTS, INPUT, e, 1), 0.1, 0.3, 1e-6));
        return cases;
    }

    private static double[] parameters(Case each, int samples) {
        RandomSequence random = new RandomSequence().start(3, 0);
        double[] z = new double[each.circuit.dims() * samples];
        Arrays.setAll(z, i -> each.low + (each.high - each.low) * random.uniform());
        return z;
    }

    /** The mean of all statistics, weighted by 1, 2, … */
    private static double objective(EmergentProperty circuit, double[] z, int samples) {
        double[] t = new double[circuit.statistics() * samples];
        circuit.simulate(z, samples, NOISE, t);
        double sum = 0;
        for (int i = 0; i < t.length; i++) {
            sum += (1 + i / samples) * t[i];
        }
        return sum;
    }

    @Test
    void shouldTakeGradientsBackAsDifferencesTellThem() {
        int samples = 4;
        circuits().forEach((name, each) -> {
            double[] z = parameters(each, samples);
            double[] tGradient = new double[each.circuit.statistics() * samples];
            Arrays.setAll(tGradient, i -> 1 + i / samples);
            double[] gradient = new double[z.length];
            objective(each.circuit, z, samples);
            each.circuit.pull(z, samples, NOISE, tGradient, gradient);
            double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
            assertTrue(largest > 0 && Double.isFinite(largest), name + ": largest derivative " + largest);
            for (int i = 0; i < z.length; i++) {
                double[] up = z.clone();
                double[] down = z.clone();
                up[i] += each.step;
                down[i] -= each.step;
                double slope = (objective(each.circuit, up, samples) - objective(each.circuit, down, samples))
                        / (2 * each.step);
                assertEquals(slope, gradient[i], 1e-5 * largest, name + ": derivative by element " + i);
            }
        });
    }

    @Test
    void shouldDrawNoiseOfItsOwnForEachBatchAndSample() {
        circuits().forEach((name, each) -> {
            double[] z = new double[each.circuit.dims() * 2];
            Arrays.fill(z, 0.5 * (each.low + each.high));
            double[] first = new double[each.circuit.statistics() * 2];
            double[] again = first.clone();
            double[] other = first.clone();
            each.circuit.simulate(z, 2, 1, first);
            each.circuit.simulate(z, 2, 2, other);
            each.circuit.simulate(z, 2, 1, again);
            assertArrayEquals(first, again, name);
            assertFalse(Arrays.equals(first, other), name + ": other batches have other noise");
            assertFalse(first[0] == first[1], name + ": samples have noise of their own");
        });
    }

    /** J is 1 in its first corner and 0 elsewhere. */
    @Test
    void shouldFindTheEigenvalueOfANetworkOfRankOne() {
        double[] z = new double[12];
        z[0] = 2;
        z[6] = 0.5;
        double[] t = new double[4];
        new LowRankNetwork(3, 1, 0).simulate(z, 1, 0, t);
        assertArrayEquals(new double[] {1, 1, 0.25, 0.25}, t, 1e-12);
    }

    @Test
    void shouldRejectCircuitsThatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> new StomatogastricCircuit(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new StomatogastricCircuit(0.5, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new LowRankNetwork(2, 1, 0.01));
        assertThrows(IllegalArgumentException.class, () -> new LowRankNetwork(3, 0, 0.01));
        assertThrows(IllegalArgumentException.class, () -> new LowRankNetwork(3, 1, -1));
        assertThrows(IllegalArgumentException.class, () -> new SuperiorColliculus(1, 200));
        assertThrows(IllegalArgumentException.class, () -> new SuperiorColliculus(0.95, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> SupralinearNetwork.fano(new double[4], INPUT, SupralinearNetwork.Population.P, 1));
    }
}
