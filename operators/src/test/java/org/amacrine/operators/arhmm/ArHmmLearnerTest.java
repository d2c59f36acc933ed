package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.ParameterTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layer that learns on while it watches. */
class ArHmmLearnerTest {
    private static final ArHmmParameters MODEL = Models.random(3, 2, 1, 6);
    private static final int LEAST_TICKS = 20;

    @Test
    void shouldTellOfAFrameWithTheModelThatItWasSeenWith() {
        Frames x = ArHmmFilterTest.stream(MODEL, 60);
        ArHmmLearner learner =
                new ArHmmLearner("learner", MODEL, ArHmmLearner.Weights.FILTER, 0, List.of("changeProbability"));
        learner.parameters().set("leastTicks", LEAST_TICKS);
        ArHmmFilter filter = new ArHmmFilter("filter", MODEL, List.of("changeProbability"));

        float[] learned = LayerRun.of("learner", learner)
                .apply(x)
                .get("changeProbability")
                .values();
        float[] fixed =
                LayerRun.of("filter", filter).apply(x).get("changeProbability").values();

        // After that many ticks the model is set for the frame that follows; one frame more was a lag only.
        int same = 1 + LEAST_TICKS;
        assertArrayEquals(Arrays.copyOf(fixed, same), Arrays.copyOf(learned, same));
        assertNotEquals(fixed[same], learned[same]);
    }

    /** A recording of 400 frames, half of it in state 0 and half in state 1; state 2 is never seen. */
    private static ArHmmLearner fitted(String... outputs) {
        double[] x = Models.stream(MODEL, 401, 3);
        int[] z = new int[400];
        Arrays.fill(z, 200, 400, 1);
        Hyperparameters prior = Hyperparameters.of(new Hyperparameters.Transitions(3, 5.7, 100, 1), 2, 1, 0.01, 10);
        ArHmmModel fit = new ArHmmModel(0, 1, prior, MODEL, new int[][] {z});
        return new ArHmmLearner("learner", fit, recording(x), ArHmmLearner.Weights.FILTER, 0, List.of(outputs));
    }

    private static Sequences recording(double[] x) {
        return new Sequences.Builder(2).add(x, null).build();
    }

    @Test
    void shouldWeighTheFirstFrameByTheWarmStart() {
        ArHmmLearner learner = fitted("stepSize");
        learner.parameters().set("warmStartTicks", 99);
        learner.parameters().set("stepExponent", 1.0);
        LayerRun run = LayerRun.of("learner", learner);
        Frames x = ArHmmFilterTest.stream(MODEL, 3);

        float[] steps = run.apply(x).get("stepSize").values();
        assertArrayEquals(new float[] {Float.NaN, 1 / 100f, 1 / 101f}, steps);

        learner.states().clear();
        assertArrayEquals(steps, run.apply(x).get("stepSize").values());
    }

    @Test
    void shouldHoldOnToTheFitOfAStateThatIsNotSeenAnyMore() {
        double[] anchored = intercepts(50);
        double[] free = intercepts(0);

        // All of the recording weighs as much as 50 frames of each state: what it says of the mean is still there,
        // where the prior alone says 0. Nothing at all is known of state 2.
        assertTrue(Math.abs(anchored[0]) > 0.01, () -> Arrays.toString(anchored));
        assertEquals(0, free[0], 1e-6);
        assertEquals(0, anchored[2], 1e-6);
    }

    /** Bias of each state's first dimension after a stream that forgets at once, and of which every frame but the first is missing. */
    private static double[] intercepts(double anchorFrames) {
        ArHmmLearner learner = fitted("filtered");
        learner.parameters().set("anchorFrames", anchorFrames);
        learner.parameters().set("warmStartTicks", 100);
        learner.parameters().set("stepMinimum", 0.9);
        learner.parameters().set("missing", "skip");
        Frames x = ArHmmFilterTest.stream(MODEL, 40);
        // The first frame is only a lag.
        Arrays.fill(x.values(), 2, x.values().length, Float.NaN);
        LayerRun.of("learner", learner).apply(x);
        double[] model = learner.states().values().get("model").doubles();
        return new double[] {model[2], model[6 + 2], model[12 + 2]};
    }

    @Test
    void shouldRejectARecordingThatItsModelWasNotFittedTo() {
        ArHmmModel fit = new ArHmmModel(
                0,
                1,
                Hyperparameters.of(new Hyperparameters.Transitions(3, 5.7, 100, 1), 2, 1, 0.01, 10),
                MODEL,
                new int[][] {new int[7]});

        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new ArHmmLearner(
                                "learner",
                                fit,
                                recording(new double[18]),
                                ArHmmLearner.Weights.FILTER,
                                0,
                                List.of("state")))
                .getMessage();

        assertTrue(message.contains("8 frames behind their lags but the fit has states for 1 with 7"), message);
    }

    @Test
    void shouldRejectAnAnchorWithoutARecording() {
        ArHmmLearner learner = new ArHmmLearner(MODEL);
        learner.parameters().set("anchorFrames", 50.0);

        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> LayerRun.of("learner", learner).apply(ArHmmFilterTest.stream(MODEL, 3)))
                .getMessage();

        assertTrue(message.contains("give it the recording"), message);
    }

    @Test
    void shouldKnowTheRecordingThatASettingNames(@TempDir Path folder) throws IOException {
        Hyperparameters prior = Hyperparameters.of(new Hyperparameters.Transitions(3, 5.7, 100, 1), 2, 1, 0.01, 10);
        ArHmmModelFile.of(new ArHmmModel(0, 1, prior, MODEL, new int[][] {new int[40]}))
                .write(folder.resolve("model.npz"));
        Frames x = ArHmmFilterTest.stream(MODEL, 41);
        try (NpyWriter writer = new NpyWriter(folder.resolve("x.npy"), 2)) {
            writer.append(x.values(), 0, 41);
        }
        Component<Layer> component = Catalog.load().layer("arhmm.learner");
        ParameterTree settings = component.settings();
        settings.set("model", folder.resolve("model.npz").toString());
        settings.set("recording", folder.resolve("x.npy").toString());
        settings.set("outputs", "stepSize");
        Layer learner = component.make(settings);
        learner.parameters().set("stepExponent", 1.0);
        learner.parameters().set("warmStartTicks", 199);

        Frames steps = LayerRun.of("learner", learner).apply(x).get("stepSize");

        assertEquals(1 / 200f, steps.values()[1]);
        assertEquals(50, learner.parameters().get("anchorFrames").number());
    }
}
