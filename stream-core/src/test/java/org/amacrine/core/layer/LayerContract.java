package org.amacrine.core.layer;

import static org.amacrine.core.layer.LayerTrial.assertSame;
import static org.amacrine.core.layer.LayerTrial.equal;
import static org.amacrine.core.layer.LayerTrial.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.amacrine.core.backend.Backend;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.kernel.WorkerPool;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/**
 * The laws that hold for every layer, as tests of one of them. A module enrols its layers:
 *
 * <pre>
 *   &#64;TestFactory
 *   Stream&lt;DynamicContainer&gt; layers(&#64;TempDir Path folder) {
 *       return Stream.of(LayerContract.of("opl", Opl::new, Shape.image(5, 7)).laws(folder));
 *   }
 * </pre>
 *
 * <p>Inputs are random with fixed seeds, which appear in messages. Every backend that is usable takes part.
 */
public final class LayerContract {
    private static final String PATH = "contract.layer";
    private static final int LONGEST = 20;
    private static final long SECONDS = 1_000_000_000L;

    private final String name;
    private final Supplier<? extends Layer> fresh;
    private final List<Shape> shapes;
    private final Map<String, Object> changes = new LinkedHashMap<>();
    private Resolution resolution = Resolution.DEFAULT;
    private double low = -1;
    private double high = 1;
    private int frames = 150;
    private long seed = 4711;
    private boolean restartsEachChunk;
    private boolean boundToExtent;
    private boolean takesMissing;
    private boolean givesMissing;
    private double gradientBound = 1e-3;
    private double gradientStep = 0.01;

    private LayerContract(String name, Supplier<? extends Layer> fresh, List<Shape> shapes) {
        this.name = name;
        this.fresh = fresh;
        this.shapes = shapes;
    }

    /**
     * A layer to be tested.
     *
     * @param name what it is, for reports
     * @param fresh makes one, with its parameters set
     * @param inputs extents of its inputs
     */
    public static LayerContract of(String name, Supplier<? extends Layer> fresh, Shape... inputs) {
        return new LayerContract(name, fresh, List.of(inputs));
    }

    /** Pixels per degree and steps per second; the default ones without this call. */
    public LayerContract resolution(Resolution value) {
        resolution = value;
        return this;
    }

    /** What input values lie between; -1 and 1 without this call. */
    public LayerContract range(double from, double to) {
        low = from;
        high = to;
        return this;
    }

    /** Number of frames of the input; 150 without this call. */
    public LayerContract frames(int count) {
        frames = count;
        return this;
    }

    /** Seed of inputs, chunk lengths and noise. */
    public LayerContract seed(long value) {
        seed = value;
        return this;
    }

    /** A parameter that is set to another value while frames flow. */
    public LayerContract changing(String parameter, Object value) {
        changes.put(parameter, value);
        return this;
    }

    /** The layer's output depends on where chunks begin, on purpose. */
    public LayerContract restartingEachChunk() {
        restartsEachChunk = true;
        return this;
    }

    /** Some parameters are maps of the input's extent, so the layer is prepared again with another resolution only. */
    public LayerContract boundToExtent() {
        boundToExtent = true;
        return this;
    }

    /** Some input values are missing: NaN that the layer deals with. Infinity stays an error. */
    public LayerContract takingMissing() {
        takesMissing = true;
        return this;
    }

    /** Output values may be missing: NaN. */
    public LayerContract givingMissing() {
        givesMissing = true;
        return this;
    }

    /**
     * How well gradients agree with differences, of a layer that is differentiable.
     *
     * @param bound error allowed, as a part of the norm of a gradient; 0.001 without this call
     * @param step of the differences, as a part of the greatest absolute value of what is varied; 0.01 without this call
     */
    public LayerContract gradients(double bound, double step) {
        gradientBound = bound;
        gradientStep = step;
        return this;
    }

    /** All laws as tests; those of gradients for a {@link DifferentiableLayer}. */
    public DynamicContainer laws(Path folder) {
        List<DynamicTest> laws = new ArrayList<>();
        laws.add(
                restartsEachChunk
                        ? dynamicTest("depends on the chunk length, on purpose", this::dependsOnChunks)
                        : dynamicTest("any chunking gives the same output", this::anyChunking));
        laws.add(dynamicTest("any number of workers gives the same output", this::anyWorkers));
        laws.add(dynamicTest("every backend gives the same output", this::everyBackend));
        laws.add(dynamicTest("push, run, pop, run again", this::pushAndPop));
        laws.add(dynamicTest("parameters survive files", () -> parametersInFiles(folder)));
        laws.add(dynamicTest("checkpoint and continue is a straight run", () -> checkpoint(folder)));
        laws.add(dynamicTest("allocates nothing in steady state", () -> allocatesNothing(60 * SECONDS)));
        laws.add(dynamicTest("errors name layer and frame", this::errors));
        laws.add(dynamicTest("clear goes back to the beginning", this::clear));
        laws.add(dynamicTest("can be prepared for something else", this::prepareAgain));
        laws.add(dynamicTest("what is held back comes at the end", () -> heldBack(folder)));
        if (isDifferentiable()) {
            gradientLaws(laws);
        }
        return DynamicContainer.dynamicContainer(name + " " + shapes, laws);
    }

    private boolean isDifferentiable() {
        if (!(fresh.get() instanceof DifferentiableLayer layer)) {
            return false;
        }
        try {
            layer.keepGradients(true);
            return true;
        } catch (IllegalArgumentException partHasNoGradients) {
            return false;
        }
    }

    private void gradientLaws(List<DynamicTest> laws) {
        Supplier<GradientLaws> gradients = () -> new GradientLaws(
                what(),
                fresh,
                context(ScalarKernels.INSTANCE, Bands.ALONE, frames),
                low,
                high,
                gradientBound,
                gradientStep);
        laws.add(dynamicTest(
                "gradients agree with differences", () -> gradients.get().gradientsAgreeWithDifferences()));
        laws.add(dynamicTest(
                "every backend gives the same gradients", () -> gradients.get().everyBackend()));
        laws.add(dynamicTest("gradients add up", () -> gradients.get().gradientsAddUp()));
        laws.add(dynamicTest("gradients change no output", () -> gradients.get().gradientsChangeNothing()));
        laws.add(dynamicTest(
                "frozen parameters have no gradient", () -> gradients.get().frozenParametersHaveNoGradient()));
        laws.add(dynamicTest(
                "gradients allocate nothing in steady state",
                () -> gradients.get().allocatesNothing(60 * SECONDS)));
    }

    // ------------------------------------------------------------------------------------------------ runs

    private String what() {
        return name + " " + shapes + ", seed " + seed;
    }

    private static List<Kernels> backends() {
        return Backends.all().stream()
                .filter(backend -> backend.availability().usable())
                .map(Backend::open)
                .toList();
    }

    private LayerContext context(Kernels kernels, Bands bands, int maxFrames) {
        return new LayerContext(PATH, shapes, resolution, kernels, bands, seed, maxFrames);
    }

    private Chunk[] inputs(List<Shape> of) {
        Chunk[] inputs = new Chunk[of.size()];
        Arrays.setAll(inputs, i -> LayerTrial.input(of.get(i), frames, low, high, seed + i));
        if (takesMissing) {
            for (int i = 0; i < inputs.length; i++) {
                LayerTrial.remove(inputs[i], seed + i);
            }
        }
        return inputs;
    }

    private LayerTrial trial(Layer layer, Kernels kernels, Bands bands, int maxFrames) {
        return newTrial(layer, context(kernels, bands, maxFrames), inputs(shapes));
    }

    private LayerTrial newTrial(Layer layer, LayerContext context, Chunk[] inputs) {
        return new LayerTrial(layer, context, inputs).givingMissing(givesMissing);
    }

    private LayerTrial trial(int maxFrames) {
        return trial(fresh.get(), ScalarKernels.INSTANCE, Bands.ALONE, maxFrames);
    }

    /** Runs all frames, with the changes of parameters in the middle. */
    private float[][] runWithChanges(Kernels kernels, Bands bands, int[] plan) {
        LayerTrial trial =
                trial(fresh.get(), kernels, bands, Arrays.stream(plan).max().orElseThrow());
        int middle = frames / 2;
        trial.run(part(plan, 0, middle));
        trial.layer.parameters().set(changes);
        trial.run(part(plan, middle, frames));
        return trial.outputs(0, frames);
    }

    /** The chunk lengths of a plan between two frames, cut there. */
    private static int[] part(int[] plan, int from, int to) {
        List<Integer> lengths = new ArrayList<>();
        int begin = 0;
        for (int length : plan) {
            int inside = Math.min(to, begin + length) - Math.max(from, begin);
            if (inside > 0) {
                lengths.add(inside);
            }
            begin += length;
        }
        return lengths.stream().mapToInt(Integer::intValue).toArray();
    }

    // ------------------------------------------------------------------------------------------------ laws

    void anyChunking() {
        for (Kernels kernels : backends()) {
            float[][] whole = runWithChanges(kernels, Bands.ALONE, equal(frames, frames));
            for (int[] plan : List.of(
                    equal(frames, 1), equal(frames, 7), plan(frames, LONGEST, seed), plan(frames, 3, seed + 1))) {
                assertSame(
                        what() + ", " + kernels.name() + ", chunks of " + Arrays.toString(plan),
                        whole,
                        runWithChanges(kernels, Bands.ALONE, plan));
            }
        }
    }

    void dependsOnChunks() {
        float[][] whole = runWithChanges(ScalarKernels.INSTANCE, Bands.ALONE, equal(frames, frames));
        float[][] cut = runWithChanges(ScalarKernels.INSTANCE, Bands.ALONE, equal(frames, 7));

        assertFalse(Arrays.deepEquals(whole, cut), what() + " should depend on the chunk length");
    }

    void anyWorkers() {
        int[] plan = plan(frames, LONGEST, seed + 2);
        for (Kernels kernels : backends()) {
            float[][] alone = runWithChanges(kernels, Bands.ALONE, plan);
            try (WorkerPool pool = new WorkerPool(3)) {
                assertSame(what() + ", " + kernels.name(), alone, runWithChanges(kernels, pool, plan));
            }
        }
    }

    void everyBackend() {
        int[] plan = plan(frames, LONGEST, seed + 3);
        float[][] scalar = runWithChanges(ScalarKernels.INSTANCE, Bands.ALONE, plan);
        for (Kernels kernels : backends()) {
            assertSame(what() + ", " + kernels.name(), scalar, runWithChanges(kernels, Bands.ALONE, plan));
        }
    }

    void pushAndPop() {
        int middle = frames / 3;
        int[] rest = plan(frames - middle, LONGEST, seed + 4);
        LayerTrial trial = trial(Math.max(middle, LONGEST)).run(middle);
        trial.layer.states().push();
        trial.layer.parameters().push();
        float[][] first = trial.run(rest).outputs(middle, frames);
        trial.layer.parameters().set(changes);
        trial.from(0).run(middle / 2);

        trial.layer.parameters().pop();
        trial.layer.states().pop();

        assertSame(what(), first, trial.from(middle).run(rest).outputs(middle, frames));
    }

    void parametersInFiles(Path folder) throws IOException {
        Layer saved = fresh.get();
        saved.parameters().set(changes);
        for (String file : List.of("parameters.npz", "parameters.yaml")) {
            saved.parameters().save(folder.resolve(file));
            Layer loaded = fresh.get();
            loaded.parameters().load(folder.resolve(file));

            assertEquals(saved.parameters().values(), loaded.parameters().values(), what() + ", " + file);
        }
    }

    /** States and parameters go through files into a layer that has not seen a frame. */
    void checkpoint(Path folder) throws IOException {
        int middle = 1 + new Random(seed).nextInt(frames - 1);
        int[] before = plan(middle, LONGEST, seed + 5);
        int[] after = plan(frames - middle, LONGEST, seed + 6);
        for (Kernels kernels : backends()) {
            LayerTrial straight = trial(fresh.get(), kernels, Bands.ALONE, LONGEST);
            straight.layer.parameters().set(changes);
            straight.run(before);
            Path states = folder.resolve("states.npz");
            Path parameters = folder.resolve("parameters.npz");
            straight.layer.states().save(states);
            straight.layer.parameters().save(parameters);

            Layer restored = fresh.get();
            restored.parameters().load(parameters);
            LayerTrial continued =
                    trial(restored, kernels, Bands.ALONE, LONGEST).from(middle);
            restored.states().load(states);

            assertEquals(straight.layer.states().values(), restored.states().values(), what());
            assertSame(
                    what() + ", " + kernels.name() + ", continued at frame " + middle,
                    straight.run(after).outputs(middle, frames),
                    continued.run(after).outputs(middle, frames));
            assertEquals(straight.layer.states().values(), restored.states().values(), what());
        }
    }

    void allocatesNothing(long limitNanos) {
        int length = Math.min(10, frames);
        for (Kernels kernels : backends()) {
            LayerTrial trial = trial(fresh.get(), kernels, Bands.ALONE, length);

            long bytes = Allocations.least(() -> trial.process(0, length), limitNanos);

            assertEquals(0, bytes, what() + ", " + kernels.name() + ": bytes allocated by 20 calls");
        }
    }

    void errors() {
        float[][] expected = trial(frames).run(frames).outputs(0, frames);
        Layer asked = fresh.get();
        float[] refused = asked.takesMissing(asked.inputs().get(0))
                ? new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}
                : new float[] {Float.NaN, Float.POSITIVE_INFINITY};
        for (float bad : refused) {
            int frame = new Random(seed).nextInt(frames);
            Chunk[] broken = inputs(shapes);
            Chunk[] whole = inputs(shapes);
            broken[0].values()[broken[0].start(2 + frame)] = bad;
            Layer layer = fresh.get();
            LayerTrial trial = newTrial(layer, context(ScalarKernels.INSTANCE, Bands.ALONE, frames), broken);

            LayerException e = assertThrows(LayerException.class, () -> trial.run(equal(frames, LONGEST)), what());

            assertEquals(
                    "layer " + PATH + " at frame " + frame + ": channel 0, row 0, column 0 is " + bad
                            + "; replace it before it reaches the layer",
                    e.getMessage());
            broken[0].values()[broken[0].start(2 + frame)] = whole[0].values()[whole[0].start(2 + frame)];
            layer.states().clear();
            assertSame(
                    what() + ", cleared after an error",
                    expected,
                    trial.from(0).run(frames).outputs(0, frames));
        }
        wrongShape();
        unknownParameter();
    }

    private void wrongShape() {
        CheckedLayer layer = new CheckedLayer(PATH, fresh.get());
        layer.prepare(context(ScalarKernels.INSTANCE, Bands.ALONE, 4));
        Chunk[] in = shapes.stream().map(LayerContract::oneColumnMore).toArray(Chunk[]::new);
        Chunk[] out =
                layer.outputShapes().stream().map(s -> Chunk.unpooled(s, 4)).toArray(Chunk[]::new);

        LayerException e = assertThrows(LayerException.class, () -> layer.process(in, out), what());

        assertTrue(
                e.getMessage().startsWith("layer " + PATH + " at frame 0: it was prepared for " + shapes.get(0)),
                e.getMessage());
    }

    private static Chunk oneColumnMore(Shape shape) {
        Chunk chunk = Chunk.unpooled(new Shape(shape.channels(), shape.rows(), shape.columns() + 1), 4);
        chunk.frames(4);
        return chunk;
    }

    private void unknownParameter() {
        Layer layer = fresh.get();
        Map<String, Object> before = layer.parameters().values();

        var e = assertThrows(
                IllegalArgumentException.class, () -> layer.parameters().set("no.such_parameter", 1));

        assertTrue(e.getMessage().startsWith("no parameter \"no.such_parameter\""), e.getMessage());
        assertEquals(before, layer.parameters().values());
    }

    void clear() {
        LayerTrial trial = trial(frames);
        Map<String, ?> statesAtFirst = trial.layer.states().values();
        float[][] first = trial.run(frames).outputs(0, frames);

        trial.layer.states().clear();

        assertEquals(statesAtFirst, trial.layer.states().values(), what());
        assertSame(what(), first, trial.from(0).run(frames).outputs(0, frames));
        trial.layer.states().clear();
        assertSame(what() + ", cleared unread", first, trial.from(0).run(frames).outputs(0, frames));
    }

    /** Another extent and resolution, then the first ones again: each equals a fresh instance. */
    void prepareAgain() {
        List<Shape> others = shapes.stream()
                .map(s -> boundToExtent ? s : new Shape(s.channels(), s.rows() + 3, s.columns() + 2))
                .toList();
        Resolution other = Resolution.of(resolution.pixelsPerDegree() * 0.7, resolution.stepsPerSecond() * 0.5);
        LayerContext there =
                new LayerContext(PATH, others, other, ScalarKernels.INSTANCE, Bands.ALONE, seed + 1, frames);
        LayerContext back = context(ScalarKernels.INSTANCE, Bands.ALONE, frames);
        Layer used = fresh.get();
        float[][] first = newTrial(used, back, inputs(shapes)).run(frames).outputs(0, frames);

        float[][] second = newTrial(used, there, inputs(others)).run(frames).outputs(0, frames);
        float[][] third = newTrial(used, back, inputs(shapes)).run(frames).outputs(0, frames);

        assertSame(
                what() + ", prepared for " + others + " and " + other,
                newTrial(fresh.get(), there, inputs(others)).run(frames).outputs(0, frames),
                second);
        assertSame(what() + ", prepared as at first", first, third);
    }

    /** All outputs come as far as the input when the stream ends, the same for any chunks, and after a restore. */
    void heldBack(Path folder) throws IOException {
        LayerTrial trial = trial(frames).run(frames);
        Path states = folder.resolve("ended.npz");
        trial.layer.states().save(states);
        float[][] whole = trial.flush(frames);
        boolean holdsBack = Arrays.stream(whole).anyMatch(rest -> rest.length > 0);

        assertEquals(trial.layer.holdsBack(), holdsBack, what());
        for (int length : new int[] {1, 3, LONGEST}) {
            LayerTrial other = trial(LONGEST).run(plan(frames, LONGEST, seed + 7));
            assertSame(what() + ", at the end in chunks of " + length, whole, other.flush(Math.min(length, LONGEST)));
        }
        LayerTrial restored = trial(frames).run(frames / 2, frames - frames / 2);
        restored.layer.states().load(states);
        assertSame(what() + ", ended after a restore", whole, restored.flush(frames));
        int few = Math.min(2, frames);
        LayerTrial shortOne = trial(frames).run(few);
        shortOne.flush(1);
    }
}
