package org.amacrine.operators.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.operators.Golden;
import org.amacrine.operators.analysis.SpikeTriggered.Window;
import org.junit.jupiter.api.Test;

class SpikeTriggeredTest {

    /** Frames of two pixels side by side. */
    private static Frames pairs(double... values) {
        float[] all = new float[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) values[i];
        }
        return new Frames(Shape.image(1, 2), values.length / 2, all);
    }

    private static Frames train(double... values) {
        Frames one = Frames.zeros(new Shape(1, 1, 1), values.length);
        for (int i = 0; i < values.length; i++) {
            one.values()[i] = (float) values[i];
        }
        return one;
    }

    @Test
    void shouldAverageWhatWasBeforeTheSpikesOfACell() {
        SpikeTriggered triggered = new SpikeTriggered(Window.before(2, Shape.image(1, 2)), true);

        // Spikes in frames 1 and 3, the latter two; that in frame 0 has nothing before it.
        triggered.add(pairs(1, 2, 3, 4, 5, 6, 7, 9, 0, 0), train(1, 1, 0, 2, 0));

        assertEquals(3, triggered.spikes());
        assertEquals(1, triggered.cut());
        assertArrayEquals(new int[] {2, 1, 2}, triggered.average().shape());
        // (1 2 3 4 + 2 (5 6 7 9)) / 3
        assertArrayEquals(
                new double[] {11 / 3., 14 / 3., 17 / 3., 22 / 3.},
                triggered.average().doubles(),
                1e-12);
        // From 1, 5 and 5: their variance is 16 / 3; from 4, 9 and 9 with them 20 / 3.
        assertArrayEquals(new int[] {4, 4}, triggered.covariance().shape());
        assertEquals(16 / 3., triggered.covariance().at(0), 1e-12);
        assertEquals(20 / 3., triggered.covariance().at(3), 1e-12);
        assertEquals(20 / 3., triggered.covariance().at(12), 1e-12);
    }

    @Test
    void shouldMoveItsWindowWithThePixelThatSpikes() {
        SpikeTriggered triggered = new SpikeTriggered(new Window(0, 1, 0, 1, -1, 2), false);

        // The left pixel has none to its left.
        triggered.add(pairs(1, 2, 3, 5), pairs(1, 1, 0, 1));

        assertEquals(1, triggered.cut());
        assertArrayEquals(new double[] {2, 3.5}, triggered.average().doubles());
    }

    @Test
    void shouldFindTheFilterThatMadeTheSpikes() {
        SplittableRandom random = new SplittableRandom(5);
        Frames stimulus = Frames.zeros(Shape.image(3, 3), 40_000);
        Frames spikes = Frames.zeros(new Shape(1, 1, 1), 40_000);
        for (int i = 0; i < stimulus.values().length; i++) {
            stimulus.values()[i] = random.nextBoolean() ? 1 : -1;
        }
        // A spike where the middle was bright two frames ago: of all values only this one is known at spikes.
        for (int t = 2; t < 40_000; t++) {
            spikes.values()[t] = stimulus.values()[(t - 2) * 9 + 4] > 0 ? 1 : 0;
        }
        SpikeTriggered triggered = new SpikeTriggered(Window.before(4, stimulus.shape()), true);
        triggered.add(stimulus, spikes);

        double[] average = triggered.average().doubles();
        NdArray covariance = triggered.covariance();
        for (int i = 0; i < average.length; i++) {
            // Standard errors are 0.007.
            assertEquals(i == 9 + 4 ? 1 : 0, average[i], 0.04, "value " + i);
            assertEquals(i == 9 + 4 ? 0 : 1, covariance.at(i * 36 + i), 0.04, "variance " + i);
        }
    }

    @Test
    void shouldAgreeWithTheReferenceWhereBothMeanTheSame() throws Exception {
        Map<String, NdArray> golden = Npz.read(Path.of(SpikeTriggeredTest.class
                .getResource("/golden/analysis/cases.npz")
                .toURI()));
        SpikeTriggered triggered = new SpikeTriggered(new Window(0, 5, 0, 2, 0, 3), true);
        triggered.add(Golden.frames(golden.get("stimulus")), Golden.frames(golden.get("spikes")));
        double n = triggered.spikes();
        double whole = n / (n + triggered.cut());

        double[] average = triggered.average().doubles();
        double[] covariance = triggered.covariance().doubles();
        float[] theirs = new float[30];
        float[] moments = new float[900];
        for (int a = 0; a < 30; a++) {
            theirs[a] = (float) (whole * average[a]);
            for (int b = 0; b < 30; b++) {
                moments[30 * a + b] =
                        (float) (whole * (covariance[30 * a + b] * (n - 1) / n + average[a] * average[b]));
            }
        }

        assertTrue(triggered.cut() > 50 && n > 100);
        assertTrue(Golden.error(theirs, golden.get("average").floats()) < 5e-6, "ana_sta");
        assertTrue(Golden.error(moments, golden.get("moment").floats()) < 5e-6, "ana_stc");
    }

    @Test
    void shouldAddRecordingsUp() {
        SpikeTriggered both = new SpikeTriggered(Window.before(1, Shape.image(1, 2)), false);
        both.add(pairs(1, 2), train(1));
        both.add(pairs(3, 6), train(1));

        assertArrayEquals(new double[] {2, 4}, both.average().doubles());
    }

    @Test
    void shouldSayWhatDoesNotGoTogether() {
        SpikeTriggered triggered = new SpikeTriggered(Window.before(3, 1, 1), false);
        assertMessage(
                "spikes must have the 2 frames of the stimulus, and 1x1x2 or one value in each,"
                        + " but have 1 frames of 1x1x1",
                () -> triggered.add(pairs(1, 2, 3, 4), train(1)));
        assertMessage(
                "a number of spikes must be at least 0 but was -65.0, in frame 1; give spikes, not potentials",
                () -> triggered.add(pairs(1, 2, 3, 4), train(0, -65)));
        assertMessage(
                "a number of spikes must be at least 0 but was NaN",
                () -> triggered.add(pairs(1, 2), train(Double.NaN)));
        assertMessage(
                "the stimulus must have one channel but has 3",
                () -> triggered.add(Frames.zeros(new Shape(3, 1, 1), 1), train(1)));
        assertMessage("there is no spike with a whole window, and 0.0", triggered::average);
        assertMessage("the covariance was not asked for", triggered::covariance);
        assertMessage("at least 1 frame, 1 row and 1 column but had 0", () -> Window.before(0, 1, 1));
        assertMessage(
                "a window of 40000 values is too large", () -> new SpikeTriggered(Window.before(4, 100, 100), true));
        SpikeTriggered alone = new SpikeTriggered(Window.before(1, 1, 2), true);
        assertMessage("a covariance needs two spikes", alone::covariance);
    }

    private static void assertMessage(String start, Runnable action) {
        String message = assertThrows(RuntimeException.class, action::run).getMessage();
        assertTrue(message.contains(start), message);
    }
}
