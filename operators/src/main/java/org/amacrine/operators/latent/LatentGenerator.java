package org.amacrine.operators.latent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.layer.Names;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;

/**
 * A generator driven by a stream: a latent regression model whose outputs are fed back to it one step later. At each step a value that
 * is given clamps its variable, and NaN frees it: the model's own output of the step before takes its place. So a frame that was lost
 * is a step of the model alone. See {@link Generator}.
 *
 * <p>Inputs: {@code x0, x1, …}, one for each driven input group, {@code [d_in][trajectories][1]}; of one row, it is the same
 * for all trajectories; with a single trajectory any frame of d_in values will do, an image too. Groups that are not driven are always
 * free. Only groups that something is fed back to may have free entries.
 *
 * <pre>
 *   y0, y1, …        outputs of each output group, [d_out][trajectories][1]
 *   mean0, …         their means, without the noise of this step
 *   proj0, …         projections of an input group on its modes      tran0, …  what m made of them
 *   freeSteps        for how many steps nothing that is fed back was given, [1][trajectories][1]
 *   given0, …        what clamped a driven group that is fed back, and NaN where it was free, [d_in][trajectories][1]
 *   negLl            negative log-likelihood of what was given, under the prediction of the step before; NaN when nothing was
 *   drift            its exponential average for each given variable, over driftSeconds: rises when model and measurements part
 *   version          how often the model's parameters were replaced since the start                   each [1][trajectories][1]
 * </pre>
 *
 * <p>What {@code given} records, with the frames' indices and times, replays a session to the bit when it is given again.
 *
 * <p>The layer owns the model: its parameters, by the names of {@link LatentRegressionModel#stateDict}, are parameters of the
 * layer, and setting them changes the model. One that has several names, such as {@code m.0.v0} and {@code specific_m.v0}, is one
 * parameter under the first of them; the others are aliases.
 */
public final class LatentGenerator extends BaseLayer {

    /** What an output holds after a step. */
    @FunctionalInterface
    private interface Source {
        /** The values, [trajectory][width]. */
        float[] values();
    }

    private record Output(String name, int width, Source source) {}

    /**
     * How a model generates.
     *
     * @param feedback which output supplies the free entries of which input, tried in order
     * @param driven indices of the input groups that have an input, in order; empty for all
     * @param trajectories how many independent ones there are
     * @param outputs names of outputs; empty for all y
     */
    public record Options(List<Feedback> feedback, List<Integer> driven, int trajectories, List<String> outputs) {
        /** Copies the lists. */
        public Options {
            feedback = Given.list(feedback, "feedback");
            driven = Given.list(driven, "driven");
            outputs = Given.list(outputs, "outputs");
        }

        /** One trajectory, all groups driven, all y given out. */
        public static Options of(List<Feedback> feedback) {
            return new Options(feedback, List.of(), 1, List.of());
        }
    }

    private static final int MOST_TRAJECTORIES = 1 << 20;

    private final LatentRegressionModel model;
    private final List<Feedback> feedback;
    private final boolean[] fed;
    private final int[] driven;
    private final List<String> inputNames;
    private final int trajectories;
    private final int[] dIn;
    private final int[] dOut;
    private final Map<String, Parameter> weights = new LinkedHashMap<>();
    private final Map<String, NdArray> first;
    private final Parameter teacherForcing;
    private final Parameter noise;
    private final Parameter start;
    private final Parameter divergence;
    private final Parameter maxGapFrames;
    private final Parameter feedbackLow;
    private final Parameter feedbackHigh;
    private final Parameter driftSeconds;
    /** What a missing value of a driven group is; null for others. */
    private final Parameter[] missing;

    private final Parameter[] startY;
    private final List<Output> outputs = new ArrayList<>();
    private List<Object> builtFrom = List.of();
    private Generator generator;
    private float[][] held;
    private float[] freeSteps;
    /** Of driven groups that are fed back and whose clamps are given out; null for others. */
    private final float[][] given;

    private boolean measures;
    private float[] negLl;
    private float[] drift;
    private float[] versions;
    private long version;
    private double driftGain;
    private boolean isForced;
    private boolean startsFromZero;
    private boolean startsFromValues;
    private boolean failsWhenDiverged;
    private boolean resetsWhenDiverged;
    private long longestGap;
    /** Whether missing values of a group are those before. */
    private final boolean[] holds;

    /**
     * A layer for a model.
     *
     * @param name what it is called in messages
     * @param model with all its parameters assigned; the layer changes it when parameters are set
     * @throws IllegalArgumentException when the options do not fit the model
     */
    public LatentGenerator(String name, LatentRegressionModel model, Options options) {
        super(name);
        this.model = Given.require(model, "model");
        feedback = Given.require(options, "options").feedback();
        trajectories = options.trajectories();
        dIn = model.dIn();
        dOut = model.dOut();
        Recursion.requireFits(feedback, dIn, dOut);
        fed = Recursion.fed(feedback, dIn.length);
        holds = new boolean[dIn.length];
        driven = driven(options.driven());
        inputNames = Arrays.stream(driven).mapToObj(g -> "x" + g).toList();
        requireFed();
        if (trajectories < 1 || trajectories > MOST_TRAJECTORIES) {
            throw new IllegalArgumentException(
                    "trajectories must be within [1, " + MOST_TRAJECTORIES + "] but was " + trajectories);
        }
        first = StateDict.arrays(model.stateDict());
        StateDict.names(model.stateDict()).values().forEach(names -> weights.put(names.get(0), add(weight(names))));
        teacherForcing = add(
                Parameter.flag("teacherForcing", true)
                        .doc(
                                "Whether given values clamp what is fed back; else the model runs freely, whatever is given after its start"));
        noise = add(Parameter.flag("noise", true).doc("Whether outputs are noisy; else they are their means"));
        start = add(Parameter.text("start", "given")
                .choices("given", "zero", "values")
                .doc("What is fed back at the first step: nothing, so that it must be given whole, zeros, or startY"));
        startY = new Parameter[dOut.length];
        for (int h = 0; h < dOut.length; h++) {
            startY[h] = add(Parameter.array("startY" + h)
                    .doc("What output group " + h
                            + " feeds back at the first step when start is values: one number for each variable, or"
                            + " a row of them for each trajectory"));
        }
        feedbackLow = add(Parameter.number("feedbackLow", -Float.MAX_VALUE)
                .atLeast(-Float.MAX_VALUE)
                .atMost(Float.MAX_VALUE)
                .doc("What lower values become when they are fed back; outputs stay as they are"));
        feedbackHigh = add(Parameter.number("feedbackHigh", Float.MAX_VALUE)
                .atLeast(-Float.MAX_VALUE)
                .atMost(Float.MAX_VALUE)
                .doc("What higher values become when they are fed back; outputs stay as they are"));
        driftSeconds = add(Parameter.number("driftSeconds", 1)
                .above(0)
                .unit("s")
                .doc("Time constant of the average that the output drift is"));
        divergence = add(Parameter.text("divergence", "error")
                .choices("error", "propagate", "reset")
                .doc("What happens when an output is no finite number: an error, nothing, or a new start from zeros"));
        maxGapFrames = add(Parameter.integer("maxGapFrames", 1000)
                .atLeast(0)
                .doc("Lost frames that are stepped over freely, one by one; after more, the generator starts anew,"
                        + " but inputs that nothing is fed back to keep what they hold"));
        missing = new Parameter[dIn.length];
        for (int g : driven) {
            missing[g] = add(Parameter.text("missing" + g, fed[g] ? "free" : "error")
                    .choices(fed[g] ? "free" : "error", "hold")
                    .doc("What a missing value of group " + g + " is: " + (fed[g] ? "free" : "an error")
                            + ", or the one before, for an input that is slower than the model"));
        }
        showFirst();
        given = new float[dIn.length][];
        choose(options.outputs());
    }

    private static Parameter weight(List<String> names) {
        return Parameter.array(names.get(0))
                .doublePrecision()
                .alias(names.subList(1, names.size()).toArray(String[]::new))
                .doc("Parameter of the model, by its name in a state dictionary");
    }

    /** Layer {@code latent.generator}. */
    public static Component<Layer> component() {
        return Component.of(
                "latent.generator",
                "Activity that a latent regression model generates, driven and clamped by streams",
                LatentGenerator::of,
                GeneratorSettings::model,
                GeneratorSettings::feedback,
                () -> Parameter.text("driven", "").doc("Input groups that have an input, such as 0,2; empty for all"),
                GeneratorSettings::trajectories,
                () -> Parameter.text("outputs", "")
                        .doc("What is given out, separated by commas; empty for y of all output groups"));
    }

    private static Layer of(ParameterTree settings) {
        LatentModelFile file = GeneratorSettings.read(settings);
        List<Integer> driven = new ArrayList<>();
        for (String group : GeneratorSettings.words(settings.get("driven").text())) {
            if (!group.matches("\\d{1,6}")) {
                throw new IllegalArgumentException(
                        "driven must hold indices of input groups, such as 0,2, but holds \"" + group + "\"");
            }
            driven.add(Integer.parseInt(group));
        }
        return new LatentGenerator(
                "latent.generator",
                file.model(),
                new Options(
                        GeneratorSettings.feedback(settings, file),
                        driven,
                        settings.get("trajectories").integer(),
                        GeneratorSettings.words(settings.get("outputs").text())));
    }

    private int[] driven(List<Integer> given) {
        List<Integer> chosen = given;
        if (given.isEmpty()) {
            chosen = new ArrayList<>();
            for (int g = 0; g < dIn.length; g++) {
                chosen.add(g);
            }
        }
        for (int g : chosen) {
            if (g < 0 || g >= dIn.length || chosen.indexOf(g) != chosen.lastIndexOf(g)) {
                throw new IllegalArgumentException(
                        "driven must name each input group once, from 0 to " + (dIn.length - 1) + ", but was " + given);
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    private void requireFed() {
        for (int g = 0; g < dIn.length; g++) {
            int group = g;
            if (!fed[g] && Arrays.stream(driven).noneMatch(d -> d == group)) {
                throw new IllegalArgumentException("input group " + g
                        + " is neither driven nor fed by an output; drive it," + " or add an output to the feedback");
            }
        }
    }

    /** Gives the arrays that nobody set the values of the model that the layer was made for. */
    private void showFirst() {
        weights.forEach((name, parameter) -> parameter.derive(first.get(name)));
        for (int h = 0; h < dOut.length; h++) {
            startY[h].derive(NdArray.of(new float[dOut[h]], dOut[h]));
        }
    }

    // ------------------------------------------------------------------------------------------------ outputs

    private void choose(List<String> names) {
        Map<String, Output> available = new LinkedHashMap<>();
        offer(available, "y", dOut, h -> generator.y(h));
        offer(available, "mean", dOut, h -> generator.mean(h));
        offer(available, "proj", model.dProj(), g -> generator.proj(g));
        offer(available, "tran", model.dTrans(), h -> generator.tran(h));
        available.put("freeSteps", new Output("freeSteps", 1, () -> freeSteps));
        for (int g : driven) {
            if (fed[g]) {
                available.put("given" + g, new Output("given" + g, dIn[g], () -> given[g]));
            }
        }
        available.put("negLl", new Output("negLl", 1, () -> negLl));
        available.put("drift", new Output("drift", 1, () -> drift));
        available.put("version", new Output("version", 1, () -> versions));
        List<String> chosen = new ArrayList<>(names);
        for (int h = 0; names.isEmpty() && h < dOut.length; h++) {
            chosen.add("y" + h);
        }
        for (String name : chosen) {
            if (!available.containsKey(name)) {
                throw new IllegalArgumentException("no output \"" + name + "\""
                        + Names.suggest(name, available.keySet()) + "; "
                        + parameters().owner() + " has " + String.join(", ", available.keySet()));
            }
            outputs.add(available.get(name));
        }
        measures = gives("negLl") || gives("drift");
        for (int g : driven) {
            if (gives("given" + g)) {
                given[g] = new float[trajectories * dIn[g]];
            }
        }
    }

    private boolean gives(String output) {
        return outputs.stream().anyMatch(each -> each.name().equals(output));
    }

    private static void offer(Map<String, Output> available, String name, int[] widths, IntFunction<float[]> values) {
        for (int i = 0; i < widths.length; i++) {
            int group = i;
            available.put(name + i, new Output(name + i, widths[i], () -> values.apply(group)));
        }
    }

    @Override
    public List<String> inputs() {
        return inputNames;
    }

    @Override
    public List<String> outputs() {
        return outputs.stream().map(Output::name).toList();
    }

    @Override
    public boolean takesMissing(String input) {
        int index = inputNames.indexOf(input);
        return index >= 0 && (fed[driven[index]] || holds[driven[index]]);
    }

    // ------------------------------------------------------------------------------------------------ preparation

    @Override
    protected void derive() {
        for (int i = 0; i < driven.length; i++) {
            requireShape(context().inputs().get(i), driven[i]);
        }
        showFirst();
        List<Object> sources = weights.values().stream().map(Parameter::value).toList();
        if (!sources.equals(builtFrom)) {
            Map<String, NdArray> arrays = new LinkedHashMap<>();
            weights.forEach((name, parameter) -> arrays.put(name, (NdArray) parameter.value()));
            model.load(arrays);
            builtFrom = sources;
            if (!isPreparing()) {
                generator.readModel();
                showVersion(version + 1);
            }
        }
        isForced = teacherForcing.isOn();
        startsFromZero = start.has("zero");
        startsFromValues = start.has("values");
        requireStart();
        if (feedbackLow.number() > feedbackHigh.number()) {
            throw new IllegalArgumentException("feedbackLow must be at most feedbackHigh but they were "
                    + feedbackLow.number() + " and " + feedbackHigh.number());
        }
        driftGain =
                -Math.expm1(-1 / (driftSeconds.number() * context().resolution().stepsPerSecond()));
        failsWhenDiverged = divergence.has("error");
        resetsWhenDiverged = divergence.has("reset");
        longestGap = maxGapFrames.integer();
        for (int g : driven) {
            holds[g] = missing[g].has("hold");
        }
        if (!isPreparing()) {
            tune();
        }
    }

    /** Passes what can be set while it runs on to the generator. */
    private void tune() {
        generator.noise(noise.isOn());
        generator.limitFeedback(
                limit(feedbackLow, Float.NEGATIVE_INFINITY), limit(feedbackHigh, Float.POSITIVE_INFINITY));
    }

    private static float limit(Parameter parameter, float none) {
        return parameter.isDefault() ? none : (float) parameter.number();
    }

    private void requireStart() {
        for (int h = 0; h < dOut.length; h++) {
            int count = ((NdArray) startY[h].value()).size();
            if (count != dOut[h] && count != trajectories * dOut[h]) {
                throw new IllegalArgumentException("startY" + h + " must hold " + dOut[h] + " numbers"
                        + (trajectories == 1 ? "" : ", or " + trajectories + " rows of them,") + " but holds " + count);
            }
        }
    }

    private void requireShape(Shape shape, int g) {
        boolean anyShape = trajectories == 1 && shape.values() == dIn[g];
        boolean perTrajectory = shape.channels() == dIn[g]
                && shape.columns() == 1
                && (shape.rows() == 1 || shape.rows() == trajectories);
        if (!anyShape && !perTrajectory) {
            throw new IllegalArgumentException("input x" + g + " takes frames of " + dIn[g] + "x1x1"
                    + (trajectories == 1
                            ? ", or others of " + dIn[g] + " values,"
                            : ", or " + dIn[g] + "x" + trajectories + "x1,")
                    + " but was given " + shape + "; give one value for each variable of the group");
        }
    }

    @Override
    protected List<Shape> allocate() {
        generator = new Generator(
                model,
                feedback,
                context().kernels(),
                trajectories,
                context().seed(),
                context().path());
        tune();
        held = Arrays.stream(dIn)
                .mapToObj(width -> new float[trajectories * width])
                .toArray(float[][]::new);
        freeSteps = new float[trajectories];
        negLl = new float[trajectories];
        drift = new float[trajectories];
        versions = new float[trajectories];
        for (int h = 0; h < dOut.length; h++) {
            states().add("y" + h, generator.y(h), trajectories, dOut[h]);
        }
        for (int g : driven) {
            states().add("held" + g, held[g], trajectories, dIn[g]);
        }
        states().add("freeSteps", freeSteps, trajectories);
        states().add("step", () -> NdArray.of(generator.step()), kept -> generator.step(kept.integer()));
        states().add(
                        "hasLast",
                        () -> NdArray.of(generator.hasLast() ? 1L : 0L),
                        kept -> generator.hasLast(kept.integer() != 0));
        if (gives("version")) {
            states().add("version", () -> NdArray.of(version), kept -> showVersion(kept.integer()));
        }
        if (measures) {
            for (int h = 0; h < dOut.length; h++) {
                states().add("mean" + h, generator.mean(h), trajectories, dOut[h]);
            }
            states().add("drift", drift, trajectories);
        }
        states().onClear(() -> {
            begin();
            showVersion(0);
        });
        return outputs.stream()
                .map(output -> new Shape(output.width(), trajectories, 1))
                .toList();
    }

    private void begin() {
        beginAnew();
        for (int g = 0; g < held.length; g++) {
            if (!fed[g]) {
                Arrays.fill(held[g], holds[g] ? Float.NaN : 0);
            }
        }
    }

    /** Forgets all but what inputs that nothing is fed back to had last: a slow one may not come again for long. */
    private void beginAnew() {
        generator.restore(0, null);
        Arrays.fill(freeSteps, 0);
        Arrays.fill(drift, Float.NaN);
        for (int g = 0; g < held.length; g++) {
            if (fed[g]) {
                Arrays.fill(held[g], Float.NaN);
            }
        }
    }

    private void showVersion(long count) {
        version = count;
        Arrays.fill(versions, count);
    }

    // ------------------------------------------------------------------------------------------------ steps

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        stepOverGap(in[0]);
        for (int t = 0; t < in[0].frames(); t++) {
            startWithoutGiven();
            generator.freeAll();
            for (int i = 0; i < driven.length; i++) {
                give(driven[i], in[i], t);
            }
            countFree();
            keepGiven();
            measure();
            advance(in[0].firstFrame() + t, t);
            for (int i = 0; i < out.length; i++) {
                write(outputs.get(i), out[i].values(), out[i].start(t));
            }
        }
    }

    private void stepOverGap(Chunk chunk) {
        long lost = chunk.framesLostBefore();
        if (lost > longestGap) {
            long done = generator.step() + lost;
            beginAnew();
            generator.step(done);
            return;
        }
        if (lost == 0 || !isHeldWhole()) {
            return;
        }
        startWithoutGiven();
        for (long i = 0; i < lost && generator.hasLast(); i++) {
            generator.freeAll();
            for (int g : driven) {
                if (!fed[g]) {
                    System.arraycopy(held[g], 0, generator.x(g), 0, held[g].length);
                }
            }
            countFree();
            advance(chunk.firstFrame(), 0);
        }
    }

    /** Whether there is something to hold for all of each driven group that nothing is fed back to. */
    private boolean isHeldWhole() {
        for (int g : driven) {
            for (int i = 0; !fed[g] && i < held[g].length; i++) {
                if (Float.isNaN(held[g][i])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Before the first step, puts in the place of last outputs what it is to start from, if anything. */
    private void startWithoutGiven() {
        if (generator.hasLast() || !startsFromZero && !startsFromValues) {
            return;
        }
        for (int h = 0; h < dOut.length && startsFromValues; h++) {
            NdArray values = (NdArray) startY[h].value();
            float[] y = generator.y(h);
            for (int i = 0; i < y.length; i++) {
                y[i] = (float) values.at(i % values.size());
            }
        }
        generator.hasLast(true);
    }

    /** Keeps what clamps, before the generator puts its own outputs in the place of what is free. */
    private void keepGiven() {
        for (int g = 0; g < dIn.length; g++) {
            if (given[g] != null && generator.isFree(g)) {
                Arrays.fill(given[g], Float.NaN);
            } else if (given[g] != null) {
                System.arraycopy(generator.x(g), 0, given[g], 0, given[g].length);
            }
        }
    }

    /** Holds what is given against what the last step predicted. */
    private void measure() {
        for (int b = 0; measures && b < trajectories; b++) {
            int count = generator.given(b);
            double surprise = count == 0 ? Double.NaN : generator.negLl(b);
            negLl[b] = Double.isFinite(surprise) ? (float) surprise : Float.NaN;
            if (!Float.isNaN(negLl[b])) {
                double each = surprise / count;
                drift[b] = (float) (Float.isNaN(drift[b]) ? each : drift[b] + driftGain * (each - drift[b]));
            }
        }
    }

    /** Takes over a frame of an input group, which clamps the first step also when it is not forced. */
    private void give(int g, Chunk chunk, int frame) {
        hold(g, chunk, frame);
        if (!fed[g] || isForced || !generator.hasLast()) {
            System.arraycopy(held[g], 0, generator.x(g), 0, held[g].length);
        }
    }

    /** Keeps a frame of an input group, where it holds but for what is missing; one row is for all trajectories. */
    private void hold(int g, Chunk chunk, int frame) {
        float[] to = held[g];
        float[] from = chunk.values();
        int at = chunk.start(frame);
        int width = dIn[g];
        boolean oneForAll = chunk.shape().values() == width;
        for (int b = 0; b < trajectories; b++) {
            if (oneForAll && !holds[g]) {
                System.arraycopy(from, at, to, b * width, width);
                continue;
            }
            for (int j = 0; j < width; j++) {
                float value = from[oneForAll ? at + j : at + j * trajectories + b];
                if (!holds[g] || !Float.isNaN(value)) {
                    to[b * width + j] = value;
                }
            }
        }
    }

    private void countFree() {
        for (int b = 0; b < trajectories; b++) {
            freeSteps[b] = isFree(b) ? freeSteps[b] + 1 : 0;
        }
    }

    private boolean isFree(int trajectory) {
        for (int g = 0; g < dIn.length; g++) {
            if (!fed[g] || generator.isFree(g)) {
                continue;
            }
            float[] x = generator.x(g);
            for (int i = trajectory * dIn[g]; i < (trajectory + 1) * dIn[g]; i++) {
                if (!Float.isNaN(x[i])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Does a step, behind so many of the chunk that are done. */
    private void advance(long frame, int framesDone) {
        try {
            generator.advance();
        } catch (IllegalArgumentException e) {
            throw new LayerException(context().path(), frame, framesDone, e.getMessage(), e);
        }
        for (int b = 0; b < trajectories && (failsWhenDiverged || resetsWhenDiverged); b++) {
            if (!generator.isFinite(b)) {
                diverged(b, frame, framesDone);
            }
        }
    }

    private void diverged(int trajectory, long frame, int framesDone) {
        if (failsWhenDiverged) {
            throw new LayerException(
                    context().path(),
                    frame,
                    framesDone,
                    "trajectory " + trajectory + " left the finite range at step " + (generator.step() - 1)
                            + "; set divergence to reset, clamp more of it, or fit a model that stays bounded",
                    null);
        }
        generator.reset(trajectory);
    }

    private void write(Output output, float[] to, int at) {
        float[] from = output.source().values();
        int width = output.width();
        if (trajectories == 1) {
            System.arraycopy(from, 0, to, at, width);
            return;
        }
        for (int b = 0; b < trajectories; b++) {
            for (int j = 0; j < width; j++) {
                to[at + j * trajectories + b] = from[b * width + j];
            }
        }
    }
}
