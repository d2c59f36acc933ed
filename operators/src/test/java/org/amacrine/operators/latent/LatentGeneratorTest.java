package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.CheckedLayer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.Test;

class LatentGeneratorTest {
    private static final float NAN = Float.NaN;
    private static final List<Feedback> BACK = List.of(new Feedback(0, 0));

    /** Two variables through one mode, {@code y = (x0 + 2 x1) (u0, u1)}, no noise to speak of. */
    private static LatentRegressionModel model(double u0, double u1) {
        LatentRegressionModel model = LatentModels.plain(2, 1).build(new IdentityMap());
        model.tensor(Kind.P, 0).set(Tensor.of(new double[] {1, 2}, 2, 1));
        model.tensor(Kind.U, 0).set(Tensor.of(new double[] {u0, u1}, 2, 1));
        model.tensor(Kind.PSI, 0).set(Tensor.vector(0, 0));
        return model;
    }

    private static LatentGenerator layer(LatentRegressionModel model, int trajectories, String... outputs) {
        return new LatentGenerator(
                "latent.generator",
                model,
                new LatentGenerator.Options(BACK, List.of(), trajectories, List.of(outputs)));
    }

    private static float[] run(LatentGenerator layer, Shape shape, String output, float... values) {
        Frames in = new Frames(shape, values.length / shape.values(), values);
        return layer.run(in, 2).get(output).values();
    }

    private static final Shape ONE = new Shape(2, 1, 1);

    @Test
    void shouldClampWhatIsGivenAndFreeWhatIsMissing() {
        float[] y = run(layer(model(1, 10), 1), ONE, "y0", 1, 1, 7, NAN, NAN, 0, NAN, NAN);

        assertArrayEquals(new float[] {3, 30, 67, 670, 67, 670, 67 + 1340, 14070}, y);
    }

    @Test
    void shouldRunFreelyWhenItIsNoLongerForced() {
        LatentGenerator layer = layer(model(1, 0), 1);
        layer.parameters().set("teacherForcing", false);
        layer.parameters().set("start", "zero");

        assertArrayEquals(new float[4], run(layer, ONE, "y0", 5, 5, 7, 7));
    }

    @Test
    void shouldTakeOneRowForAllTrajectoriesOrOneForEach() {
        float[] shared = run(layer(model(1, 10), 2), ONE, "y0", 1, 1, NAN, NAN);
        float[] each = run(layer(model(1, 10), 2), new Shape(2, 2, 1), "y0", 1, 2, 1, 0, NAN, 0, 0, NAN);

        assertArrayEquals(new float[] {3, 3, 30, 30, 63, 63, 630, 630}, shared);
        assertArrayEquals(new float[] {3, 2, 30, 20, 3, 40, 30, 400}, each);
    }

    @Test
    void shouldCountStepsOfFreeRunning() {
        float[] free =
                run(layer(model(1, 0), 1, "freeSteps", "tran0"), ONE, "freeSteps", 1, 1, NAN, NAN, NAN, NAN, 0, NAN);

        assertArrayEquals(new float[] {0, 1, 2, 0}, free);
    }

    @Test
    void shouldGiveOutLatents() {
        float[] latent = run(layer(model(1, 10), 1, "proj0", "mean0"), ONE, "proj0", 1, 1, NAN, 0);

        assertArrayEquals(new float[] {3, 3}, latent);
    }

    @Test
    void shouldStepFreelyOverLostFrames() {
        LatentGenerator layer = layer(model(1, 1), 1);
        CheckedLayer checked = prepared(layer);
        float[] first = step(checked, 0, 0, 1, 0);
        float[] afterTwoLost = step(checked, 1, 2, NAN, NAN);

        assertArrayEquals(new float[] {1, 1}, first);
        assertArrayEquals(new float[] {27, 27}, afterTwoLost);
        assertEquals(4, layer.states().get("step").integer());

        layer.parameters().set("maxGapFrames", 1);
        LayerException e = assertThrows(LayerException.class, () -> step(checked, 2, 2, NAN, NAN));
        assertTrue(e.getMessage().contains("step 6 has no value"), e.getMessage());
    }

    private static CheckedLayer prepared(LatentGenerator layer) {
        CheckedLayer checked = new CheckedLayer("loop", layer);
        checked.prepare(
                new LayerContext("loop", List.of(ONE), Resolution.DEFAULT, ScalarKernels.INSTANCE, Bands.ALONE, 0, 1));
        return checked;
    }

    private static float[] step(CheckedLayer layer, long frame, long lost, float... row) {
        Chunk in = Chunk.unpooled(ONE, 1);
        in.begin(frame, lost);
        in.frames(1);
        System.arraycopy(row, 0, in.values(), in.start(0), row.length);
        Chunk out = Chunk.unpooled(layer.outputShapes().get(0), 1);
        layer.process(new Chunk[] {in}, new Chunk[] {out});
        return Arrays.copyOfRange(out.values(), out.start(0), out.start(1));
    }

    @Test
    void shouldSayAtWhichStepItLeftTheFiniteRange() {
        CheckedLayer checked = prepared(layer(model(1e13, 1e13), 1));
        step(checked, 0, 0, 1, 0);
        step(checked, 1, 0, NAN, NAN);

        LayerException e = assertThrows(LayerException.class, () -> step(checked, 2, 0, NAN, NAN));

        assertEquals(
                "layer loop at frame 2: trajectory 0 left the finite range at step 2; set divergence to reset, clamp more"
                        + " of it, or fit a model that stays bounded",
                e.getMessage());
    }

    @Test
    void shouldStartAgainFromZerosWhenToldSo() {
        LatentGenerator layer = layer(model(1e13, 1e13), 1);
        layer.parameters().set("divergence", "reset");

        float[] y = run(layer, ONE, "y0", 1, 0, NAN, NAN, NAN, NAN, NAN, 1);

        assertArrayEquals(new float[] {0, 0, 2e13f, 2e13f}, Arrays.copyOfRange(y, 4, 8));
    }

    @Test
    void shouldTakeNewParametersOfTheModelLive() {
        LatentGenerator layer = layer(model(1, 1), 1);
        CheckedLayer checked = prepared(layer);
        step(checked, 0, 0, 1, 0);

        layer.parameters().set("u0", new NdArray(new int[] {2, 1}, new double[] {0.5, 0}));

        assertArrayEquals(new float[] {1.5f, 0}, step(checked, 1, 0, NAN, NAN));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> layer.parameters().set("psi0", new NdArray(new int[] {3}, new double[3])));
        assertTrue(e.getMessage().contains("parameter \"psi0\" has the shape (2,) but was given (3,)"), e.getMessage());
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        LatentRegressionModel model = model(1, 1);

        assertRefuses(
                "input group 0 is neither driven nor fed",
                () -> new LatentGenerator(
                        "g",
                        LatentModels.everything(1),
                        new LatentGenerator.Options(List.of(), List.of(1), 1, List.of())));
        assertRefuses(
                "driven must name each input group once, from 0 to 0, but was [1]",
                () -> new LatentGenerator("g", model, new LatentGenerator.Options(BACK, List.of(1), 1, List.of())));
        assertRefuses("trajectories must be within", () -> layer(model, 0));
        assertRefuses("no output \"y\"; did you mean \"y0\"?", () -> layer(model, 1, "y"));
        assertRefuses("input x0 takes frames of 2x1x1", () -> run(layer(model, 1), new Shape(3, 1, 1), "y0", 1, 2, 3));
    }

    private static void assertRefuses(String expected, Runnable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }
}
