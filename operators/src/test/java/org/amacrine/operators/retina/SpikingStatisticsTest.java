package org.amacrine.operators.retina;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.operators.Golden;
import org.amacrine.operators.spiking.LeakyIntegrateAndFire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Noisy spikes against the statistics of the reference, whose random numbers are others: rates, intervals, first spikes and
 * membranes, with the protocols and limits of golden/retina/manifest.json.
 */
class SpikingStatisticsTest {
    private static final long SEED = 20240;
    private static final int CELLS = 2048;
    private static final int STEPS = 2500;
    /** Steps before rates and intervals count. */
    private static final int SETTLING = 500;
    /** Steps in a chunk; divides {@link #STEPS} and {@link #SETTLING}. */
    private static final int DT = 50;
    /** The last bin of intervals counts those of 300 steps and more. */
    private static final int INTERVAL_BINS = 301;
    /** The last bin of first spikes counts those at step 99 and later. */
    private static final int FIRST_BINS = 100;

    // ------------------------------------------------------------------------------------------------ tally

    /** What cells of one constant current do. */
    private static final class Tally {
        private final int[] lastSpike = new int[CELLS];
        private final int[] spikes = new int[CELLS];
        private final double[] intervals = new double[INTERVAL_BINS];
        private final double[] first = new double[FIRST_BINS];
        private final boolean[] hasSpiked = new boolean[CELLS];
        private double sum;
        private double sumOfSquares;
        private int count;

        Tally() {
            Arrays.fill(lastSpike, -1);
        }

        void spike(int cell, int step) {
            if (!hasSpiked[cell]) {
                hasSpiked[cell] = true;
                first[Math.min(step, FIRST_BINS - 1)]++;
            }
            if (step < SETTLING) {
                return;
            }
            spikes[cell]++;
            if (lastSpike[cell] >= 0) {
                int interval = step - lastSpike[cell];
                intervals[Math.min(interval, INTERVAL_BINS - 1)]++;
                sum += interval;
                sumOfSquares += (double) interval * interval;
                count++;
            }
            lastSpike[cell] = step;
        }

        /** Spikes of a cell in 1000 steps. */
        double rate() {
            return Arrays.stream(spikes).average().orElseThrow() * 1000 / (STEPS - SETTLING);
        }

        double standardError() {
            double mean = Arrays.stream(spikes).average().orElseThrow();
            double squares = Arrays.stream(spikes)
                    .mapToDouble(n -> (n - mean) * (n - mean))
                    .sum();
            return Math.sqrt(squares / (CELLS - 1) / CELLS) * 1000 / (STEPS - SETTLING);
        }

        double intervalMean() {
            return sum / count;
        }

        double intervalDeviation() {
            return Math.sqrt(sumOfSquares / count - intervalMean() * intervalMean());
        }
    }

    /** One tally for each current, of fresh cells that it drives. */
    private static Tally[] observe(Layer cells, double... currents) {
        Shape shape = Shape.image(currents.length, CELLS);
        LayerRun run = LayerRun.of("statistics", cells).dt(DT).seed(SEED);
        run.prepare(shape);
        fill(run.input(0), currents);
        Tally[] tallies = Stream.generate(Tally::new).limit(currents.length).toArray(Tally[]::new);
        for (int begin = 0; begin < STEPS; begin += DT) {
            run.step(DT);
            float[] spikes = run.output(0).values();
            for (int i = 0; i < spikes.length; i++) {
                if (spikes[i] != 0) {
                    tallies[i / CELLS % currents.length].spike(i % CELLS, begin + i / shape.values());
                }
            }
        }
        return tallies;
    }

    private static void fill(Chunk chunk, double[] currents) {
        for (int i = 0; i < chunk.values().length; i++) {
            chunk.values()[i] = (float) currents[i / CELLS % currents.length];
        }
    }

    /** The largest distance between the cumulated counts, as fractions, and cumulated probabilities. */
    private static double kolmogorovSmirnov(double[] counts, double total, NdArray probabilities, int row) {
        double distance = 0;
        double ours = 0;
        double theirs = 0;
        for (int k = 0; k < counts.length; k++) {
            ours += counts[k] / total;
            theirs += probabilities.at(row * counts.length + k);
            distance = Math.max(distance, Math.abs(ours - theirs));
        }
        return distance;
    }

    private static void assertNear(double expected, double actual, double within, String what) {
        assertEquals(expected, actual, within, what + ", seed " + SEED);
    }

    private static void assertAtMost(double bound, double actual, String what) {
        assertTrue(actual <= bound, what + " is " + actual + ", above " + bound + ", seed " + SEED);
    }

    // ------------------------------------------------------------------------------------------------ constant
    // currents

    static List<Golden.Case> constantCurrents() {
        return Golden.cases("stat_gang_", "stat_lif", "stat_rlif");
    }

    @ParameterizedTest
    @MethodSource("constantCurrents")
    void shouldSpikeWithTheStatisticsOfTheReference(Golden.Case golden) {
        Layer cells = cells(golden);
        NdArray table = golden.output("table");
        int columns = table.shape()[1];
        double[] currents = IntStream.range(0, table.shape()[0])
                .mapToDouble(row -> table.at(row * columns))
                .toArray();

        Tally[] tallies = observe(cells, currents);

        assertAll(IntStream.range(0, currents.length)
                .mapToObj(row -> (Executable) () -> assertRow(golden, row, tallies[row])));
    }

    private static Layer cells(Golden.Case golden) {
        return switch ((String) golden.entry().get("model")) {
            case "LeakyIntegrateAndFireNeuron" -> new LeakyIntegrateAndFire("cells", false);
            case "RefractoryLeakyIntegrateAndFireNeuron" -> new LeakyIntegrateAndFire("cells", true);
            default -> {
                Layer cells = new GanglionSpiking();
                golden.map("params").forEach((name, value) -> cells.parameters().set((String) name, value));
                yield cells;
            }
        };
    }

    private static void assertRow(Golden.Case golden, int row, Tally ours) {
        NdArray table = golden.output("table");
        int at = row * table.shape()[1];
        double rate = table.at(at + 1);
        double error = Math.hypot(table.at(at + 2), ours.standardError());
        double intervals = table.at(at + 3);
        double mean = table.at(at + 4);
        double deviation = table.at(at + 5);
        String what = golden.id() + ", I = " + table.at(at) + ": ";

        assertNear(rate, ours.rate(), 4 * error + 0.003 * rate, what + "rate");
        if (intervals >= 1000) {
            double meanBound = 0.01 * mean + 4 * deviation / Math.sqrt(intervals);
            assertNear(mean, ours.intervalMean(), meanBound, what + "mean interval");
            assertNear(deviation, ours.intervalDeviation(), 0.05 * deviation, what + "deviation of intervals");
        }
        if (intervals > 0) {
            double distance = kolmogorovSmirnov(ours.intervals, ours.count, golden.output("isi_hist"), row);
            assertAtMost(
                    0.01 + 2 * Math.sqrt(1.0 / ours.count + 1 / intervals), distance, what + "distance of intervals");
        }
        if (golden.map("outputs").containsKey("first_spike_hist")) {
            double distance = kolmogorovSmirnov(ours.first, CELLS, golden.output("first_spike_hist"), row);
            assertAtMost(0.01 + 2 * Math.sqrt(2.0 / CELLS), distance, what + "distance of first spikes");
        }
    }

    /** Rates published with the reference for the cells of a retina: noise 0.1, refractory time 3 ms without spread. */
    @Test
    void shouldFireAtThePublishedRates() {
        double[] currents = {42, 46, 50, 60, 80, 100, 150, 250, 500, 1000, 3000};
        double[] rates = {1.97, 7.6, 14.07, 26.8, 46.0, 62.2, 96.0, 143.7, 208.7, 285.7, 333.3};

        Tally[] tallies = observe(new GanglionSpiking("cells", 0, GanglionSpiking.Clock.REFERENCE), currents);

        assertAll(IntStream.range(0, currents.length).mapToObj(i -> (Executable) () -> assertNear(
                rates[i],
                tallies[i].rate(),
                4 * tallies[i].standardError() + 0.003 * rates[i],
                "rate at I = " + currents[i])));
    }

    // ------------------------------------------------------------------------------------------------ membrane

    /**
     * Far below threshold the membrane is a first-order recursion of noise: mean I / g, variance
     * {@code (sigma sqrt(g tau))² / (1 - (1 - g tau)²)}.
     */
    @Test
    void shouldFluctuateLikeTheReferenceBelowThreshold() {
        NdArray table = Golden.theCase("stat_membrane").output("table");

        assertAll(IntStream.range(0, table.shape()[0]).mapToObj(row -> (Executable) () -> assertMembrane(
                Arrays.copyOfRange(table.doubles(), row * table.shape()[1], (row + 1) * table.shape()[1]))));
    }

    private static void assertMembrane(double[] row) {
        double current = row[0];
        double noise = row[1];
        double leak = row[2];
        GanglionSpiking cells = new GanglionSpiking();
        cells.parameters().set(Map.of("noiseSigma", noise, "leakHertz", leak));
        Frames x = Frames.zeros(Shape.image(64, 64), 600);
        Arrays.fill(x.values(), (float) current);

        LayerRun.of("membrane", cells).seed(SEED).apply(x);

        double[] potentials = cells.states().get("potential").doubles();
        double mean = Arrays.stream(potentials).average().orElseThrow();
        double variance = Arrays.stream(potentials)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow();
        double deviation = Math.sqrt(variance);
        double step = leak * 0.001;
        double theory = noise * Math.sqrt(step / (1 - (1 - step) * (1 - step)));
        String what = " of the membrane at I = " + current + ", noise " + noise + ", leak " + leak;
        assertNear(row[3], mean, 0.005, "mean" + what);
        assertNear(current / leak, mean, 0.005, "mean in theory" + what);
        assertNear(row[4], deviation, 0.04 * row[4], "deviation" + what);
        assertNear(theory, deviation, 0.04 * theory, "deviation in theory" + what);
    }

    // ------------------------------------------------------------------------------------------------ whole

    @Test
    void shouldSpikeLikeTheReferenceAsAWholeRetina() {
        Golden.Case golden = Golden.theCase("stat_retina");
        Retina retina = Retina.builder().restartsEachChunk(true).build();
        golden.map("params").forEach((name, value) -> retina.parameters().set((String) name, value));
        Frames x = tiled(Golden.frames(golden.input("x")), 6);

        Map<String, Frames> outputs =
                LayerRun.of("retina", retina).dt(golden.dt()).seed(SEED).apply(x);

        assertRate(golden.output("rate_ON").doubles(), rates(outputs.get("ganglion_spikes_ON")), "rate of ON cells");
        assertRate(golden.output("rate_OFF").doubles(), rates(outputs.get("ganglion_spikes_OFF")), "rate of OFF cells");
    }

    private static Frames tiled(Frames x, int times) {
        int rows = x.shape().rows();
        int columns = x.shape().columns();
        Frames tiled = Frames.zeros(Shape.image(times * rows, times * columns), x.count());
        for (int i = 0; i < tiled.values().length; i++) {
            int column = i % (times * columns);
            int row = i / (times * columns) % (times * rows);
            tiled.values()[i] = x.at(i / tiled.shape().values(), row % rows, column % columns);
        }
        return tiled;
    }

    /** The part of the cells that spikes at each step. */
    private static double[] rates(Frames spikes) {
        double[] rates = new double[spikes.count()];
        for (int i = 0; i < spikes.values().length; i++) {
            rates[i / spikes.shape().values()] +=
                    spikes.values()[i] / spikes.shape().values();
        }
        return rates;
    }

    private static void assertRate(double[] expected, double[] actual, String what) {
        double meanExpected = Arrays.stream(expected).average().orElseThrow();
        double meanActual = Arrays.stream(actual).average().orElseThrow();
        double covariance = 0;
        double varianceExpected = 0;
        double varianceActual = 0;
        for (int t = 0; t < expected.length; t++) {
            double a = expected[t] - meanExpected;
            double b = actual[t] - meanActual;
            covariance += a * b;
            varianceExpected += a * a;
            varianceActual += b * b;
        }
        double correlation = covariance / Math.sqrt(varianceExpected * varianceActual);
        assertNear(meanExpected, meanActual, 0.03 * meanExpected, what + ", mean over time");
        assertTrue(correlation > 0.98, what + ": correlation is " + correlation + ", seed " + SEED);
    }
}
