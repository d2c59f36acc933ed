package org.amacrine.operators.fit;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.zip.CRC32;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.job.ComparedSettings;
import org.amacrine.core.job.Job;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.DifferentiableLayer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.layer.TrainableParameters;
import org.amacrine.core.random.CounterRandom;

/**
 * The job of fitting a layer's trainable parameters so that its first output comes near a goal. It changes the layer that it is given.
 * An iteration goes once through the frames: as one chunk, or chunk by chunk with one step of the optimiser for each.
 *
 * <pre>
 *   frames  │ skipped: only evaluated │ chunk: step │ chunk: step │ …      states are cleared before each iteration
 * </pre>
 *
 * <p>However often the optimiser evaluates a chunk, each evaluation begins with the states from before it, histories of
 * convolutions included; the next chunk begins with those after the last evaluation. What comes before the chunk is a constant,
 * unless gradients go back through {@link Builder#gradientChunks several chunks}: then those before are processed again with each
 * evaluation, from the states of the time, and their outputs have no loss.
 *
 * <p>Differs from the reference: histories are restored for each evaluation, and chunks go on from each other, where the reference
 * has each chunk begin with the states from before the first one.
 *
 * <p>Objectives: {@code loss}, the sum of the losses of an iteration's chunks, each before its step. Owned by one thread.
 */
public final class LayerFit implements Job<FittedLayer> {
    private static final String OPTIMISER = "optimiser.";

    private final DifferentiableLayer layer;
    private final Frames input;
    private final Frames goal;
    private final LossFunction loss;
    private final long iterations;
    private final int chunkFrames;
    private final int skipFrames;
    private final int gradientChunks;
    private final TrainableParameters parameters;
    private final Optimiser optimiser;
    private final ComparedSettings settings;
    private final Chunk[] in;
    private final Chunk[] out;
    private final Chunk[] gradients;
    private final Chunk[] noGradients;
    /** What the layer holds, rounded to its precision only there. */
    private final double[] theta;

    private double[] lastTheta;
    private double lastLoss = Double.NaN;
    private Map<String, NdArray> lastSave;
    private long iteration;
    /** The frame that comes next; 0 between iterations. */
    private int frame;

    private double sum;
    /** Loss of the chunks of this iteration that were trained on, and whether any gradient of theirs was not zero. */
    private double trainedLoss;

    private boolean hasGradient;

    /** The beginnings of the last chunks that gradients go back through, that of the present one last. */
    private final Deque<Beginning> beginnings = new ArrayDeque<>();

    private final List<Double> chunkLosses = new ArrayList<>();

    /** The states from before a frame, and the parameters that they belong to: of some, states are as long as a kernel. */
    private record Beginning(int frame, Map<String, NdArray> states, double[] theta) {}

    private LayerFit(Builder b) {
        layer = b.layer;
        input = b.input;
        goal = b.goal;
        loss = b.loss;
        iterations = b.iterations;
        chunkFrames = b.chunkFrames == 0 ? input.count() : Math.min(b.chunkFrames, input.count());
        skipFrames = b.skipFrames;
        gradientChunks = b.gradientChunks;
        int mostFrames = (int) Math.min((long) chunkFrames * gradientChunks, input.count());
        layer.keepGradients(true);
        List<Shape> shapes = layer.prepare(new LayerContext(
                b.layer.parameters().owner(),
                List.of(input.shape()),
                b.resolution,
                b.kernels,
                b.bands,
                b.seed,
                mostFrames));
        if (!shapes.get(0).equals(goal.shape())) {
            throw new IllegalArgumentException("the goal has frames of " + goal.shape() + " but the layer gives "
                    + shapes.get(0) + "; take a goal of that extent, or another layer");
        }
        parameters = TrainableParameters.of(layer);
        if (parameters.size() == 0) {
            throw new IllegalArgumentException(
                    layer.parameters().owner() + " has no parameters to fit; let some of them not be frozen");
        }
        optimiser = b.optimiser.apply(parameters.size());
        settings = settings(b);
        in = new Chunk[] {Chunk.unpooled(input.shape(), mostFrames)};
        out = chunks(shapes, mostFrames);
        gradients = chunks(shapes, mostFrames);
        noGradients = new Chunk[1];
        theta = new double[parameters.size()];
        parameters.get(theta);
        if (b.startNoise > 0) {
            addNoise(b.seed, b.startNoise);
        }
        lastTheta = theta.clone();
        lastSave = snapshot();
    }

    /** All that decides what a step does, but for the optimiser's own; how many iterations there are may change. */
    private ComparedSettings settings(Builder b) {
        ComparedSettings all = new ComparedSettings()
                .with("layer", layer.parameters().owner())
                .with("fitted", parameters.names())
                .with("input", text(input))
                .with("goal", text(goal))
                .with("loss", loss.word())
                .with("dt", chunkFrames)
                .with("skip", skipFrames)
                .with("gradient-chunks", gradientChunks)
                .with("start-noise", b.startNoise)
                .with("seed", b.seed)
                .with("steps-per-second", b.resolution.stepsPerSecond())
                .with("pixels-per-degree", b.resolution.pixelsPerDegree());
        for (Map.Entry<String, Parameter> entry : layer.parameters().all().entrySet()) {
            if (!parameters.names().contains(entry.getKey())) {
                if (entry.getValue().value() instanceof NdArray array) {
                    all.with(entry.getKey(), array.doubles());
                } else {
                    all.with(entry.getKey(), entry.getValue().value());
                }
            }
        }
        return all;
    }

    /** Number, extent and a checksum of frames. */
    private static String text(Frames frames) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * 1024);
        CRC32 checksum = new CRC32();
        for (float value : frames.values()) {
            bytes.putFloat(value);
            if (!bytes.hasRemaining()) {
                checksum.update(bytes.flip());
                bytes.clear();
            }
        }
        checksum.update(bytes.flip());
        return frames + " of checksum " + Long.toHexString(checksum.getValue());
    }

    private void addNoise(long seed, double deviation) {
        long key = CounterRandom.key(seed, "fit.start", 0);
        for (int i = 0; i < theta.length; i++) {
            theta[i] += deviation * CounterRandom.normal(key, 0, i);
        }
        parameters.set(theta);
    }

    private static Chunk[] chunks(List<Shape> shapes, int frames) {
        return shapes.stream().map(shape -> Chunk.unpooled(shape, frames)).toArray(Chunk[]::new);
    }

    /**
     * A fit of a layer with one input, with these data and otherwise the defaults.
     *
     * @param layer changed by the fit; its parameters as they are now are where it begins
     * @param input frames
     * @param goal what its first output should be, frame by frame
     */
    public static Builder of(DifferentiableLayer layer, Frames input, Frames goal) {
        return new Builder(layer, input, goal);
    }

    /** What a fit may be told. */
    public static final class Builder {
        private final DifferentiableLayer layer;
        private final Frames input;
        private final Frames goal;
        private IntFunction<Optimiser> optimiser = size -> Optimisers.of("adam", Map.of(), size);
        private LossFunction loss = Loss.SUM_SQUARES;
        private long iterations = 100;
        private int chunkFrames;
        private int skipFrames;
        private int gradientChunks = 1;
        private Resolution resolution = Resolution.DEFAULT;
        private Kernels kernels = ScalarKernels.INSTANCE;
        private Bands bands = Bands.ALONE;
        private long seed;
        private double startNoise;

        private Builder(DifferentiableLayer layer, Frames input, Frames goal) {
            this.layer = layer;
            this.input = input;
            this.goal = goal;
            if (input.count() == 0 || input.count() != goal.count()) {
                throw new IllegalArgumentException(
                        "a fit needs as many frames of the goal as of the input, at least one, but was given "
                                + goal.count() + " and " + input.count() + "; cut the longer one");
            }
            requireFinite("input", input);
            requireFinite("goal", goal);
            if (layer.inputs().size() != 1) {
                throw new IllegalArgumentException("a fit takes a layer with one input but "
                        + layer.parameters().owner() + " has " + layer.inputs());
            }
        }

        private static void requireFinite(String what, Frames frames) {
            int bad = ScalarKernels.INSTANCE.firstNotFinite(frames.values(), 0, frames.values().length);
            if (bad >= 0) {
                throw new IllegalArgumentException("the " + what + " is " + frames.values()[bad] + " at frame "
                        + bad / frames.shape().values() + "; a fit needs finite numbers, so cut or replace them");
            }
        }

        /** Makes the optimiser for so many parameters; Adam with its defaults without this call. */
        public Builder optimiser(IntFunction<Optimiser> maker) {
            optimiser = maker;
            return this;
        }

        /** The loss, one of {@link Loss} or one's own; the sum of squares without this call. */
        public Builder loss(LossFunction value) {
            loss = Objects.requireNonNull(value, "a fit needs a loss, for example Loss.SUM_SQUARES");
            return this;
        }

        /** Times through the frames; 100 without this call. */
        public Builder iterations(long count) {
            if (count < 0) {
                throw new IllegalArgumentException("iterations must be >= 0 but was " + count + "; for example 100");
            }
            iterations = count;
            return this;
        }

        /** Frames of a chunk, each of which is a step; 0, as without this call, for all frames as one. */
        public Builder chunkFrames(int frames) {
            if (frames < 0) {
                throw new IllegalArgumentException(
                        "dt must be >= 0 frames but was " + frames + "; 0 for all as one chunk");
            }
            chunkFrames = frames;
            return this;
        }

        /** Frames at the beginning that are only evaluated, so that states are those of a stream; 0 without this call. */
        public Builder skipFrames(int frames) {
            if (frames < 0 || frames >= input.count()) {
                throw new IllegalArgumentException("the frames to skip must be >= 0 and fewer than the " + input.count()
                        + " there are but were " + frames);
            }
            skipFrames = frames;
            return this;
        }

        /**
         * Chunks that gradients go back through, the one of the step included; 1 without this call: the past of a chunk is a
         * constant.
         */
        public Builder gradientChunks(int chunks) {
            if (chunks < 1) {
                throw new IllegalArgumentException(
                        "gradients go back through at least 1 chunk but were to go through " + chunks);
            }
            gradientChunks = chunks;
            return this;
        }

        DifferentiableLayer layer() {
            return layer;
        }

        int skipFrames() {
            return skipFrames;
        }

        /** Pixels per degree and steps per second; the default ones without this call. */
        public Builder resolution(Resolution value) {
            resolution = value;
            return this;
        }

        /** The backend's kernels; scalar without this call. Changes no number. */
        public Builder kernels(Kernels value) {
            kernels = value;
            return this;
        }

        /** Workers that share each frame; the caller alone without this call. Changes no number. */
        public Builder bands(Bands value) {
            bands = value;
            return this;
        }

        /**
         * Adds a normal random number to each parameter before the first step: cascades of kernels that are all zero have no
         * gradient to begin with.
         *
         * @param deviation standard deviation, >= 0; 0 without this call
         */
        public Builder startNoise(double deviation) {
            if (!(deviation >= 0) || Double.isInfinite(deviation)) {
                throw new IllegalArgumentException("the noise to begin with must be a finite number >= 0 but was "
                        + deviation + "; for example 0.01");
            }
            startNoise = deviation;
            return this;
        }

        /** Seed of random numbers; 0 without this call. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * The fit; prepares the layer.
         *
         * @throws IllegalArgumentException when layer and data do not go together, or there is nothing to fit
         */
        public LayerFit build() {
            return new LayerFit(this);
        }
    }

    // ------------------------------------------------------------------------------------------------ the work

    @Override
    public boolean done() {
        return iteration >= iterations;
    }

    @Override
    public boolean step() {
        if (frame == 0) {
            layer.states().clear();
            beginnings.clear();
            chunkLosses.clear();
            sum = 0;
            trainedLoss = 0;
            hasGradient = false;
        }
        begin();
        int count = count();
        double chunkLoss;
        try {
            chunkLoss = frame < skipFrames ? forward(frame) : optimise();
        } catch (RuntimeException e) {
            parameters.set(lastTheta);
            throw e;
        }
        sum += chunkLoss;
        chunkLosses.add(chunkLoss);
        frame += count;
        if (frame < input.count()) {
            return false;
        }
        frame = 0;
        if (iteration == 0 && trainedLoss != 0 && !hasGradient) {
            parameters.set(lastTheta);
            throw new IllegalStateException(
                    "no parameter changes the loss where the fit begins: all gradients are zero;"
                            + " begin elsewhere, for example with --start-noise 0.01 (startNoise in Java), or set parameters");
        }
        iteration++;
        lastLoss = sum;
        lastTheta = theta.clone();
        lastSave = snapshot();
        return true;
    }

    /** Keeps the states from before the chunk that comes next, and those of as many chunks before it as gradients reach. */
    private void begin() {
        if (beginnings.size() == gradientChunks) {
            beginnings.removeFirst();
        }
        beginnings.addLast(new Beginning(frame, layer.states().values(), theta.clone()));
    }

    private double optimise() {
        try {
            double first = optimiser.step(theta, this::evaluate);
            parameters.set(theta);
            trainedLoss += first;
            return first;
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "in iteration " + (iteration + 1) + " " + e.getMessage()
                            + "; use a smaller rate (lr), or freeze the parameter",
                    e);
        }
    }

    private double evaluate(double[] values, double[] gradient) {
        Beginning beginning = beginnings.getFirst();
        parameters.set(beginning.theta);
        layer.states().set(beginning.states);
        parameters.set(values);
        parameters.clearGradients();
        double value = forward(beginning.frame);
        layer.backward(gradients, noGradients);
        parameters.gradients(gradient);
        for (int i = 0; i < gradient.length && !hasGradient; i++) {
            hasGradient = gradient[i] != 0;
        }
        return value;
    }

    /** Processes the frames from {@code first} to the end of the chunk; leaves its loss and the gradient of it. */
    private double forward(int first) {
        int past = frame - first;
        int count = count();
        load(first, past + count);
        for (int i = 0; i < out.length; i++) {
            out[i].headerFrom(in[0]);
            gradients[i].headerFrom(in[0]);
        }
        layer.process(in, out);
        int values = goal.shape().values();
        int at = past * values;
        int bad = loss.firstNotAllowed(out[0].values(), at, count * values);
        if (bad >= 0) {
            throw new IllegalStateException("in iteration " + (iteration + 1) + " a rate must be >= 0 but was "
                    + out[0].values()[at + bad] + " at frame " + (frame + bad / values)
                    + "; let the layer end with a nonlinearity, as model.ln does, or take another loss");
        }
        Arrays.fill(gradients[0].values(), 0, at, 0);
        double value =
                loss.of(out[0].values(), at, goal.values(), frame * values, count * values, gradients[0].values(), at);
        if (!Double.isFinite(value)) {
            throw new IllegalStateException("the loss became " + value + " in iteration " + (iteration + 1)
                    + ", frames " + frame + " to " + (frame + count) + "; use a smaller rate (lr), or scale the data");
        }
        return value;
    }

    /** Number of frames of the chunk that comes next, which ends where training begins. */
    private int count() {
        int end = frame < skipFrames ? skipFrames : input.count();
        return Math.min(chunkFrames, end - frame);
    }

    private void load(int first, int count) {
        int values = input.shape().values();
        System.arraycopy(input.values(), first * values, in[0].values(), 0, count * values);
        in[0].begin(first, 0);
        in[0].frames(count);
    }

    /**
     * The losses of the chunks of an iteration with the parameters as they are, from cleared states. To be asked for between iterations.
     */
    public double[] losses() {
        if (frame != 0) {
            throw new IllegalStateException(
                    "the losses can be asked for between iterations only, not at frame " + frame);
        }
        layer.states().clear();
        List<Double> all = new ArrayList<>();
        try {
            while (frame < input.count()) {
                all.add(forward(frame));
                frame += count();
            }
        } finally {
            frame = 0;
            layer.states().clear();
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The losses of the chunks of the iteration under way, or of the last one, each before its step. */
    public double[] chunkLosses() {
        return chunkLosses.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public long iteration() {
        return iteration;
    }

    @Override
    public long iterations() {
        return iterations;
    }

    @Override
    public Map<String, Double> objectives() {
        return Double.isNaN(lastLoss) ? Map.of() : Map.of("loss", lastLoss);
    }

    /** As of the last iteration that ended, so that a fit goes on at the beginning of the next. */
    @Override
    public Map<String, NdArray> save() {
        return new LinkedHashMap<>(lastSave);
    }

    private Map<String, NdArray> snapshot() {
        Map<String, NdArray> saved = new LinkedHashMap<>();
        saved.put("iteration", NdArray.of(iteration));
        saved.put("loss", NdArray.of(lastLoss));
        saved.put("theta", new NdArray(new int[] {theta.length}, theta.clone()));
        optimiser.save().forEach((name, value) -> saved.put(OPTIMISER + name, value));
        settings.save(saved);
        return saved;
    }

    @Override
    public void restore(Map<String, NdArray> saved) {
        settings.check(saved);
        double[] values = Saved.require(saved, "theta", theta.length).doubles();
        Map<String, NdArray> ofOptimiser = new LinkedHashMap<>();
        saved.forEach((name, value) -> {
            if (name.startsWith(OPTIMISER)) {
                ofOptimiser.put(name.substring(OPTIMISER.length()), value);
            }
        });
        optimiser.restore(ofOptimiser);
        parameters.set(values);
        System.arraycopy(values, 0, theta, 0, theta.length);
        iteration = Saved.require(saved, "iteration", 1).integer();
        lastLoss = Saved.require(saved, "loss", 1).at(0);
        frame = 0;
        lastTheta = theta.clone();
        lastSave = snapshot();
    }

    @Override
    public FittedLayer result() {
        Map<String, NdArray> fitted = new LinkedHashMap<>();
        for (int i = 0; i < parameters.names().size(); i++) {
            String name = parameters.names().get(i);
            Object value = layer.parameters().get(name).value();
            double[] part = Arrays.copyOfRange(lastTheta, parameters.start(i), parameters.start(i + 1));
            int[] shape = value instanceof NdArray array ? array.shape().clone() : new int[0];
            fitted.put(name, new NdArray(shape, part));
        }
        return new FittedLayer(fitted, lastLoss);
    }
}
