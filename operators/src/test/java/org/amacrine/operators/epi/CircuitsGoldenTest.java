package org.amacrine.operators.epi;

import static org.amacrine.operators.epi.EpiGolden.assertClose;
import static org.amacrine.operators.epi.EpiGolden.doubles;
import static org.amacrine.operators.epi.EpiGolden.map;
import static org.amacrine.operators.epi.EpiGolden.numbers;
import static org.amacrine.operators.epi.EpiGolden.transposed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** Circuits against the golden data, with the noise that is stored there. */
class CircuitsGoldenTest {

    /** Numbers in the order in which a circuit takes them. */
    private record Given(double[] values, int simulations, int[] next, IntUnaryOperator firstOf)
            implements CircuitNoise {
        @Override
        public void start(long noiseKey, int simulation) {
            next[0] = firstOf.applyAsInt(simulation);
        }

        @Override
        public double normal() {
            return values[next[0]++];
        }

        /** Rates begin uniform on 0.1 to 0.25; here they are given as such. */
        @Override
        public double uniform() {
            return (values[next[0]++] - 0.1) / 0.15;
        }
    }

    private static Given given(double[] values, int simulations) {
        int each = values.length / simulations;
        return new Given(values, simulations, new int[1], simulation -> simulation * each);
    }

    @Test
    void shouldGiveTheVoltagesAndFrequenciesOfTheStomatogastricCircuit() {
        Map<?, ?> golden = map("circuits", "stg");
        double[] gEl = numbers(golden.get("g_el_nS"));
        double[] gSynA = numbers(golden.get("g_synA_nS"));
        int samples = gEl.length;
        double[] z = Arrays.copyOf(gEl, 2 * samples);
        System.arraycopy(gSynA, 0, z, samples, samples);
        double[] t = new double[2 * samples];
        StomatogastricCircuit circuit = new StomatogastricCircuit(0.55, 0);

        circuit.simulate(z, samples, 0, t);

        double[] volts = new double[samples * 301];
        for (int n = 0; n < samples; n++) {
            for (int k = 0; k <= 300; k++) {
                volts[n * 301 + k] = circuit.hubVolts(n, k);
            }
        }
        assertClose("voltage", doubles(golden.get("V_hub")), volts, 1e-6);
        double[] hertz = numbers(golden.get("freq"));
        assertClose("frequency", hertz, Arrays.copyOf(t, samples), 1e-4);
        double[] squares =
                Arrays.stream(hertz).map(f -> (f - 0.55) * (f - 0.55)).toArray();
        assertClose("distance", squares, Arrays.copyOfRange(t, samples, 2 * samples), 1e-4);
    }

    @Test
    void shouldGiveTheEigenvaluesOfTheLowRankNetwork() {
        Map<?, ?> golden = map("circuits", "lrrnn");
        int units = (int) golden.get("N");
        int draws = (int) golden.get("K");
        double[] u = doubles(golden.get("U"));
        int samples = u.length / (2 * units);
        double[] rows = new double[4 * units * samples];
        double[] noise = new double[4 * units * draws * samples];
        for (int n = 0; n < samples; n++) {
            System.arraycopy(u, 2 * units * n, rows, 4 * units * n, 2 * units);
            System.arraycopy(doubles(golden.get("V")), 2 * units * n, rows, 4 * units * n + 2 * units, 2 * units);
        }
        for (int nk = 0; nk < samples * draws; nk++) {
            System.arraycopy(doubles(golden.get("noiseU")), 2 * units * nk, noise, 4 * units * nk, 2 * units);
            System.arraycopy(
                    doubles(golden.get("noiseV")), 2 * units * nk, noise, 4 * units * nk + 2 * units, 2 * units);
        }
        LowRankNetwork network =
                new LowRankNetwork(units, draws, (double) golden.get("g"), given(noise, samples * draws));
        double[] t = new double[4 * samples];
        network.simulate(transposed(rows, samples, 4 * units), samples, 0, t);
        assertClose("T", doubles(golden.get("T")), transposed(t, 4, samples), 1e-9);
    }

    /** Noise is stored as [step][sample][task][unit][trial]. */
    @Test
    void shouldGiveTheChoicesOfTheSuperiorColliculus() {
        Map<?, ?> golden = map("circuits", "sc4");
        int samples = 3;
        int trials = 3;
        double[] first = doubles(golden.get("n0"));
        double[] later = doubles(golden.get("n"));
        int simulations = samples * 2 * trials;
        double[] noise = new double[75 * 4 * simulations];
        for (int s = 0; s < simulations; s++) {
            for (int k = 0; k < 75; k++) {
                for (int unit = 0; unit < 4; unit++) {
                    int at = (s / trials * 4 + unit) * trials + s % trials;
                    noise[(s * 75 + k) * 4 + unit] = k == 0 ? first[at] : later[(k - 1) * 4 * simulations + at];
                }
            }
        }
        SuperiorColliculus circuit = new SuperiorColliculus(0.95, trials, given(noise, simulations));
        double[] t = new double[4 * samples];
        circuit.simulate(transposed(doubles(golden.get("z")), samples, 4), samples, 0, t);
        double[] p = doubles(golden.get("p"));
        double[] expected = new double[4 * samples];
        for (int n = 0; n < samples; n++) {
            expected[4 * n] = p[2 * n];
            expected[4 * n + 1] = p[2 * n + 1];
            expected[4 * n + 2] = Math.pow(p[2 * n] - 0.95, 2);
            expected[4 * n + 3] = Math.pow(p[2 * n + 1] - 0.05, 2);
        }
        assertClose("T", expected, transposed(t, 4, samples), 1e-9);
    }

    /** What flows into the units is stored as [step][task][unit]; the first step is given. */
    @Test
    void shouldDriveTheSuperiorColliculusAsStored() {
        double[] expected = doubles(map("circuits", "sc4").get("I"));
        SuperiorColliculus circuit = new SuperiorColliculus(0.95, 1);
        for (int k = 1; k < 75; k++) {
            for (int task = 0; task < 2; task++) {
                for (int unit = 0; unit < 4; unit++) {
                    assertEquals(
                            expected[(k * 2 + task) * 4 + unit],
                            circuit.input(task, k, unit),
                            1e-9,
                            "step " + k + ", task " + task + ", unit " + unit);
                }
            }
        }
    }

    /** Noise is stored as [step][sample][population]. */
    @Test
    void shouldGiveTheRatesOfTheSupralinearNetwork() {
        Map<?, ?> golden = map("circuits", "ssn");
        double[] weights = ((List<?>) golden.get("W"))
                .stream().flatMapToDouble(row -> Arrays.stream(numbers(row))).toArray();
        double[] stored = doubles(golden.get("noise"));
        for (int n = 0; n < 3; n++) {
            double[] noise = new double[151 * 4];
            System.arraycopy(doubles(golden.get("x0")), 4 * n, noise, 0, 4);
            for (int k = 0; k < 150; k++) {
                System.arraycopy(stored, (k * 3 + n) * 4, noise, (k + 1) * 4, 4);
            }
            double[] rates = SupralinearNetwork.rates(
                    weights, row(golden.get("h"), n), row(golden.get("sigma"), n), given(noise, 1));
            assertClose("rates of sample " + n, row(golden.get("x_end"), n), rates, 1e-9);
        }
    }

    private static double[] row(Object fileName, int n) {
        return Arrays.copyOfRange(doubles(fileName), 4 * n, 4 * n + 4);
    }
}
