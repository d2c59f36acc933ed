package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the lagged layers give out when a stream ends is what the whole sequence says of its last frames. */
class EndOfStreamTest {
    private static final int STATES = 5;
    private static final int DIMS = 3;
    private static final int LAGS = 2;
    private static final int FRAMES = 60;
    private static final int LAG = 9;
    private static final ArHmmParameters MODEL = Models.random(STATES, DIMS, LAGS, 4);

    private static float[] stream() {
        double[] x = Models.stream(MODEL, FRAMES, 9);
        float[] floats = new float[x.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) x[i];
        }
        return floats;
    }

    /** The same values, as a batch function takes them. */
    private static NdArray sequence() {
        float[] floats = stream();
        double[] x = new double[floats.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = floats[i];
        }
        return new NdArray(new int[] {1, FRAMES, DIMS}, x);
    }

    private static NdArray mask() {
        double[] ones = new double[FRAMES];
        java.util.Arrays.fill(ones, 1);
        return new NdArray(new int[] {1, FRAMES}, ones);
    }

    private static NdArray ab() {
        return new NdArray(new int[] {STATES, DIMS, MODEL.columns()}, MODEL.ab());
    }

    private static NdArray q() {
        return new NdArray(new int[] {STATES, DIMS, DIMS}, MODEL.q());
    }

    private static NdArray pi() {
        return new NdArray(new int[] {STATES, STATES}, MODEL.pi());
    }

    private static Map<String, Frames> rest(Layer layer, int dt) {
        LayerRun run = LayerRun.of("layer", layer).dt(dt);
        run.apply(new Frames(Shape.vector(DIMS), FRAMES, stream()));
        return run.finish();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 64})
    void shouldSmoothTheLastFramesAsTheWholeSequenceSays(int dt) {
        NdArray expected = new Functions().stateseqMarginals(sequence(), mask(), ab(), q(), pi());

        Map<String, Frames> rest = rest(new ArHmmSmoother(MODEL, LAG), dt);

        assertEquals(LAG, rest.get("smoothed").count());
        for (int i = 0; i < LAG; i++) {
            int position = FRAMES - LAGS - LAG + i;
            int best = 0;
            for (int k = 0; k < STATES; k++) {
                double wanted = expected.at(position * STATES + k);
                assertEquals(wanted, rest.get("smoothed").values()[i * STATES + k], 1e-6);
                best = wanted > expected.at(position * STATES + best) ? k : best;
            }
            assertEquals(best, rest.get("state").values()[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 64})
    void shouldDecodeTheLastFramesAsTheWholeSequenceSays(int dt) {
        NdArray expected =
                new Functions().viterbi(sequence(), mask(), ab(), q(), pi()).path();

        Map<String, Frames> rest = rest(new ArHmmViterbi(MODEL, LAG), dt);

        assertEquals(0, rest.get("coalescenceLag").count());
        assertEquals(LAG, rest.get("state").count());
        for (int i = 0; i < LAG; i++) {
            assertEquals(expected.at(FRAMES - LAGS - LAG + i), rest.get("state").values()[i], "frame " + i);
        }
    }

    /** At the lag 0 the probability of a change is the filter's own. */
    @Test
    void shouldEndWithTheFiltersOwnProbabilityOfAChange() {
        float[] changes = LayerRun.of("filter", new ArHmmFilter(MODEL))
                .apply(new Frames(Shape.vector(DIMS), FRAMES, stream()))
                .get("changeProbability")
                .values();

        float[] rest =
                rest(new ArHmmSmoother(MODEL, LAG), 4).get("changeProbability").values();

        assertEquals(changes[FRAMES - 1], rest[LAG - 1], 1e-6);
    }

    @Test
    void shouldHaveNothingToSayOfFramesThatAreOnlyLags() {
        LayerRun run = LayerRun.of("layer", new ArHmmSmoother(MODEL, LAG));
        run.apply(new Frames(Shape.vector(DIMS), 4, new float[4 * DIMS]));

        float[] states = run.finish().get("state").values();

        // The stream has the frames 0 to 3: five before it, two that are lags, two that have a state.
        for (int i = 0; i < LAG; i++) {
            assertEquals(i < LAG - 2, Float.isNaN(states[i]), "place " + i);
        }
        assertTrue(states[LAG - 1] >= 0);
    }
}
