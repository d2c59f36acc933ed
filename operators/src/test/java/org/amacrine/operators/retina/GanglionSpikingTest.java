package org.amacrine.operators.retina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.retina.GanglionSpiking.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GanglionSpikingTest {
    private static final long SEED = 99;
    private static final Shape POINT = Shape.image(1, 1);

    private static GanglionSpiking cells(Clock clock, Object... namesAndValues) {
        GanglionSpiking cells = new GanglionSpiking("cells", 0, clock);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            cells.parameters().set((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return cells;
    }

    private static GanglionSpiking noiseless(Clock clock, Object... namesAndValues) {
        GanglionSpiking cells = cells(clock, namesAndValues);
        cells.parameters().set("noiseSigma", 0);
        return cells;
    }

    private static Frames constant(Shape shape, int frames, float current) {
        float[] x = new float[frames * shape.values()];
        Arrays.fill(x, current);
        return new Frames(shape, frames, x);
    }

    /** A run whose cells begin at potential 0, not refractory. */
    private static LayerRun atRest(GanglionSpiking cells, double stepsPerSecond) {
        LayerRun run = LayerRun.of("test", cells).resolution(Resolution.of(10, stepsPerSecond));
        run.prepare(POINT);
        cells.states().set("potential", NdArray.of(0.0));
        cells.states().set("refractory", NdArray.of(0.0));
        return run;
    }

    private static List<Integer> spikeFrames(Frames spikes) {
        List<Integer> frames = new ArrayList<>();
        for (int t = 0; t < spikes.count(); t++) {
            if (spikes.values()[t] != 0) {
                assertEquals(1, spikes.values()[t]);
                frames.add(t);
            }
        }
        return frames;
    }

    // ------------------------------------------------------------------------------------------------ membrane

    /** V = 0.1, then 0.1 + (100 - 5) / 1000, then 0.195 + (100 - 9.75) / 1000. */
    @Test
    void shouldIntegrateItsCurrentWithALeak() {
        GanglionSpiking cells = noiseless(Clock.REFERENCE);
        LayerRun run = atRest(cells, 1000).dt(1);

        for (float expected : new float[] {0.1f, 0.195f, 0.28525f}) {
            run.apply(constant(POINT, 1, 100));
            assertEquals(expected, cells.states().get("potential").at(0), 1e-6);
        }
    }

    /**
     * V = 2 (1 - 0.95^n) passes 1 in step 14, frame 13. Refractory for 3 counts, the cell is held at 0 in the two frames
     * that follow and then needs 14 steps again.
     */
    @Test
    void shouldSpikeAboveOneAndRest() {
        Frames spikes = atRest(noiseless(Clock.REFERENCE), 1000)
                .apply(constant(POINT, 60, 100))
                .get("output");

        assertEquals(List.of(13, 29, 45), spikeFrames(spikes));
    }

    /** At a current of 50 the potential comes near 1 but never passes it. */
    @Test
    void shouldNotSpikeAtItsThreshold() {
        GanglionSpiking cells = noiseless(Clock.REFERENCE);

        Frames spikes = atRest(cells, 1000).apply(constant(POINT, 2000, 50)).get("output");

        assertEquals(List.of(), spikeFrames(spikes));
        assertEquals(1, cells.states().get("potential").at(0), 1e-5);
    }

    /** A step is 1 ms whatever the rate, or that of the resolution: V = I step. */
    @ParameterizedTest
    @CsvSource({"REFERENCE, 500, 0.1", "RESOLUTION, 500, 0.2", "RESOLUTION, 2000, 0.05"})
    void shouldTakeTheLengthOfAStepFromItsClock(Clock clock, double stepsPerSecond, double expected) {
        GanglionSpiking cells = noiseless(clock);

        atRest(cells, stepsPerSecond).apply(constant(POINT, 1, 100));

        assertEquals(expected, cells.states().get("potential").at(0), 1e-6);
    }

    @Test
    void shouldTakeTheLengthOfAStepFromItsParameterOnTheReferencesClock() {
        GanglionSpiking cells = noiseless(Clock.REFERENCE, "tauSeconds", 0.004);

        atRest(cells, 1000).apply(constant(POINT, 1, 100));

        assertEquals(0.4, cells.states().get("potential").at(0), 1e-6);
    }

    // ------------------------------------------------------------------------------------------------ refractory time

    /** A current that spikes in every free step: the interval is floor(r - 0.5) + 1 for r counts, at least 1. */
    @ParameterizedTest
    @CsvSource({
        "REFERENCE, 1000, 0, 1", "REFERENCE, 1000, 0.001, 1", "REFERENCE, 1000, 0.0016, 2",
        "REFERENCE, 1000, 0.0024, 2", "REFERENCE, 1000, 0.0026, 3", "REFERENCE, 1000, 0.003, 3",
        "REFERENCE, 1000, 0.0082, 8", "REFERENCE, 1000, 0.0088, 9", "REFERENCE, 2000, 0.003, 3",
        "RESOLUTION, 1000, 0.003, 3", "RESOLUTION, 2000, 0.003, 6", "RESOLUTION, 500, 0.008, 4"
    })
    void shouldRestForItsRefractoryTime(Clock clock, double stepsPerSecond, double seconds, int interval) {
        GanglionSpiking cells = noiseless(clock, "refractoryMeanSeconds", seconds);

        List<Integer> spikes = spikeFrames(atRest(cells, stepsPerSecond)
                .apply(constant(POINT, 100, 30_000))
                .get("output"));

        for (int i = 0; i < spikes.size(); i++) {
            assertEquals(i * interval, spikes.get(i));
        }
        assertEquals((99 / interval) + 1, spikes.size());
    }

    /** Counters that a spread makes negative count as 0; all others last floor(r - 0.5) + 1 steps, 2.5 on average at r = 3. */
    @Test
    void shouldSpreadItsRefractoryTimes() {
        GanglionSpiking cells = noiseless(Clock.REFERENCE, "refractorySigmaSeconds", 0.001);

        List<Integer> spikes = spikeFrames(LayerRun.of("test", cells)
                .seed(SEED)
                .apply(constant(POINT, 30_000, 30_000))
                .get("output"));

        int[] counts = new int[12];
        for (int i = 1; i < spikes.size(); i++) {
            counts[spikes.get(i) - spikes.get(i - 1)]++;
        }
        // P(interval = k) = P(k - 1/2 <= r < k + 1/2), normal with mean 3 and deviation 1; below 1.5 it is 1
        double[] expected = {0, 0.0668, 0.2417, 0.3829, 0.2417, 0.0606, 0.0060};
        double n = spikes.size() - 1;
        for (int k = 0; k < expected.length; k++) {
            double bound = 4 * Math.sqrt(expected[k] * (1 - expected[k]) / n) + 1e-4;
            assertEquals(expected[k], counts[k] / n, bound, "intervals of " + k + ", seed " + SEED);
        }
    }

    // ------------------------------------------------------------------------------------------------ beginning

    @ParameterizedTest
    @EnumSource(Clock.class)
    void shouldBeginBetweenHalfAndSevenTenthsAndRefractory(Clock clock) {
        GanglionSpiking cells = cells(clock, "refractorySigmaSeconds", 0.002);
        Shape shape = Shape.image(64, 64);
        LayerRun.of("test", cells)
                .seed(SEED)
                .resolution(Resolution.of(10, 2000))
                .prepare(shape);

        double[] v = cells.states().get("potential").doubles();
        double[] r = cells.states().get("refractory").doubles();

        double counts = clock == Clock.REFERENCE ? 1 : 2;
        assertTrue(Arrays.stream(v).min().orElseThrow() >= 0.5f);
        assertTrue(Arrays.stream(v).max().orElseThrow() < 0.7f);
        // standard errors: 0.2 / sqrt(12 · 4096) = 0.0009 and 2 / 64 = 0.03
        assertEquals(0.6, Arrays.stream(v).average().orElseThrow(), 0.0036, "seed " + SEED);
        assertEquals(3 * counts, Arrays.stream(r).average().orElseThrow(), 0.125 * counts, "seed " + SEED);
        double variance = Arrays.stream(r)
                .map(x -> (x - 3 * counts) * (x - 3 * counts))
                .average()
                .orElseThrow();
        assertEquals(2 * counts, Math.sqrt(variance), 0.09 * counts, "seed " + SEED);
    }

    @Test
    void shouldDrawOtherNumbersForAnotherSeed() {
        Shape shape = Shape.image(8, 8);

        float[] one = LayerRun.of("test", new GanglionSpiking())
                .seed(1)
                .apply(constant(shape, 50, 80))
                .get("output")
                .values();
        float[] two = LayerRun.of("test", new GanglionSpiking())
                .seed(2)
                .apply(constant(shape, 50, 80))
                .get("output")
                .values();

        assertFalse(Arrays.equals(one, two));
    }

    // ------------------------------------------------------------------------------------------------ parameters

    /** Noise is counted by pixel, so that a pixel of a map hears the noise that it hears in a uniform run. */
    @ParameterizedTest
    @CsvSource({
        "leakHertz, 20, 50, 90",
        "noiseSigma, 0.05, 0.1, 0.4",
        "noiseSigma, 0, 0.2, 0.4",
        "refractoryMeanSeconds, 0.001, 0.003, 0.01",
        "refractorySigmaSeconds, 0.0005, 0.001, 0.003",
        "tauSeconds, 0.0005, 0.001, 0.002"
    })
    void shouldTreatEachPixelOfAMapAsIfItWereAlone(String name, float a, float b, float c) {
        float[] values = {a, b, c};
        Shape three = Shape.image(1, 3);
        Frames x = constant(three, 500, 100);

        float[] y = LayerRun.of("test", cells(Clock.REFERENCE, name, NdArray.of(values, 1, 3)))
                .seed(SEED)
                .apply(x)
                .get("output")
                .values();

        for (int p = 0; p < 3; p++) {
            float[] alone = LayerRun.of("test", cells(Clock.REFERENCE, name, values[p]))
                    .seed(SEED)
                    .apply(x)
                    .get("output")
                    .values();
            for (int i = p; i < y.length; i += 3) {
                assertEquals(alone[i], y[i], name + ", pixel " + p + ", frame " + i / 3 + ", seed " + SEED);
            }
        }
    }

    @Test
    void shouldFollowAParameterThatChangesBetweenChunks() {
        GanglionSpiking cells = noiseless(Clock.REFERENCE);
        LayerRun run = atRest(cells, 1000);
        run.apply(constant(POINT, 1, 100));

        cells.parameters().set("leakHertz", 500);
        run.apply(constant(POINT, 1, 100));

        assertEquals(
                0.1 + (100 - 500 * 0.1) / 1000, cells.states().get("potential").at(0), 1e-6);
    }

    @Test
    void shouldSayWhenAPotentialIsNoNumber() {
        GanglionSpiking cells = noiseless(Clock.REFERENCE);
        LayerRun run = atRest(cells, 1000);
        cells.states().set("potential", NdArray.of(new float[] {Float.NaN}, 1));

        LayerException e = assertThrows(LayerException.class, () -> run.apply(constant(POINT, 1, 100)));

        assertEquals(
                "layer test at frame 0: the current of a cell became infinite or NaN; check luminance and parameters",
                e.getMessage());
    }

    @Test
    void shouldSayWhenACurrentIsInfinite() {
        Retina retina = new Retina();
        retina.parameters().set("opl.amplification", 1e38);
        LayerRun run = LayerRun.of("retina", retina).dt(50);
        float[] flash = new float[200 * 9];
        Arrays.fill(flash, 100 * 9, flash.length, 1f);

        LayerException e =
                assertThrows(LayerException.class, () -> run.apply(new Frames(Shape.image(3, 3), 200, flash)));

        assertTrue(
                e.getMessage()
                        .endsWith(": the current of a cell became infinite or NaN; check luminance and parameters"),
                e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "leakHertz, 0, > 0, 0",
        "leakHertz, NaN, > 0, NaN",
        "tauSeconds, -0.001, > 0, -0.001",
        "noiseSigma, -1, >= 0, -1",
        "refractoryMeanSeconds, -0.25, >= 0, -0.25",
        "refractorySigmaSeconds, Infinity, >= 0, Infinity"
    })
    void shouldNameAParameterItsValueAndItsBounds(String name, double value, String bound, String text) {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new GanglionSpiking().parameters().set(name, value));

        assertTrue(
                e.getMessage().startsWith(name + " must be a finite number " + bound + " but was " + text),
                e.getMessage());
    }
}
