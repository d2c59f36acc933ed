package org.amacrine.operators.latent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.job.Job;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;

/**
 * The job of fitting a model to inputs and outputs by Adam on random batches. It changes the model that it is given. An iteration
 * is one step: rate, batch, gradients of {@code negLl / batchSize} summed over its chunks, penalties, Adam step, variance floor.
 * Where it stops is a function of data, first parameters and seed alone, across any number of restarts. An iteration allocates
 * nothing, but where the rate changes.
 *
 * <p>Objectives: {@code objective}, see {@link FitResult}, {@code learning_rate}, and {@code raised_variances}, how many were
 * lifted to {@code minVariance} in the last iteration: with the default floor of 1e-6 one step may throw a variance there, and the
 * objective up by orders of magnitude; 0.01 is a usual choice.
 *
 * <p>{@link WanderingModule}s within m and s whose parameters are fitted have their gradients perturbed before and their parameters
 * bounded after each Adam step; the numbers for that are functions of seed and iteration.
 *
 * <p>Differs from the reference: the objective is that of the whole batch, not of its last chunk; the elapsed time is that at the end
 * of an iteration; no iteration at all is allowed. Follows the reference: penalties are means of absolute values unless
 * {@link L1#SUM} is chosen; the floor holds for all variances, also those that are not fitted.
 */
public final class Fit implements Job<FitResult> {

    /** What a penalty weighs: {@code lambda} times the mean, or the sum, of the absolute values of a group's modes. */
    public enum L1 {
        /** The mean, as the reference computes it. */
        MEAN,
        /** The sum, as the reference documents it. */
        SUM
    }

    /** Rows that are worth a worker; and so many that what is computed for them stays in the nearer caches. */
    private static final int SHARE_ROWS = 50;

    private static final int ROWS_IN_CACHE = 16;
    /** Each share has gradients of its own. */
    private static final int MOST_SHARES = 16;

    private static final String DAMAGED = "; it is damaged, take another one or start anew";

    private final LatentRegressionModel model;
    private Groups x;
    private Groups y;
    private final int maxIterations;
    private final int sendSize;
    private final LearningRates rates;
    private final Adam.Settings adamSettings;
    private final double minVariance;
    private final double[] l1P;
    private final double[] l1U;
    private final L1 l1;
    /** Arrays, as iterators over lists would be made anew in each iteration. */
    private final Tensor[] parameters;

    private final WanderingModule[] wandering;
    private final Batches batches;
    private final FitSettings settings;
    private final RandomSequence normals = new RandomSequence();
    private final DoubleSupplier normal = normals::normal;
    private final long normalsKey;
    private final Bands bands;
    private final GradientPass pass;
    private final int[] rows;
    private final double[] objective;
    private final double[] elapsedSeconds;
    private Adam adam;
    private double rate = Double.NaN;
    private int iteration;
    private int raised;
    private double secondsBefore;
    private long startNanos;
    private boolean started;

    private Fit(Builder b, Batches batches, String kindOfBatches) {
        model = b.model;
        x = b.x;
        y = b.y;
        maxIterations = b.maxIterations;
        rates = b.rates;
        adamSettings = b.adam;
        minVariance = b.minVariance;
        l1P = b.l1P;
        l1U = b.l1U;
        l1 = b.l1;
        List<Tensor> fitted = b.parameters == null ? model.trainableParameters() : b.parameters;
        if (fitted.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no parameter to fit; assign one and make it trainable, or give parameters");
        }
        model.requireUsable();
        this.batches = batches;
        settings = new FitSettings(b.settings(kindOfBatches, fitted));
        parameters = fitted.toArray(Tensor[]::new);
        wandering = wandering(model, fitted);
        normalsKey = CounterRandom.key(b.seed, "latent.fit.wandering", 0);
        rows = new int[b.batchSize];
        sendSize = b.sendSize;
        boolean rowByRow = isRowByRow(model);
        int shareRows = rowByRow
                ? Math.min(sendSize, Math.max(SHARE_ROWS, (sendSize + MOST_SHARES - 1) / MOST_SHARES))
                : sendSize;
        int blockRows = rowByRow ? ROWS_IN_CACHE : sendSize;
        bands = b.bands;
        pass = new GradientPass(
                model, model.m(), model.s(), sendSize, shareRows, Math.min(blockRows, shareRows), b.kernels, bands);
        pass.begin(1);
        model.deviations();
        objective = new double[maxIterations];
        elapsedSeconds = new double[maxIterations];
    }

    /** The wandering modules of a model that are fitted, each once, m before s. */
    private static WanderingModule[] wandering(LatentRegressionModel model, List<Tensor> fitted) {
        Set<WanderingModule> found = Collections.newSetFromMap(new IdentityHashMap<>());
        List<WanderingModule> inOrder = new ArrayList<>();
        Deque<Differentiable> left = new ArrayDeque<>(model.s());
        left.addFirst(model.m());
        while (!left.isEmpty()) {
            Differentiable next = left.removeFirst();
            if (next instanceof WanderingModule module
                    && module.parameters().values().stream().anyMatch(fitted::contains)
                    && found.add(module)) {
                inOrder.add(module);
            }
            next.parts().forEach(left::addLast);
        }
        return inOrder.toArray(WanderingModule[]::new);
    }

    /** Whether rows do not depend on each other, so that a chunk may be cut as is fastest. */
    private static boolean isRowByRow(LatentRegressionModel model) {
        return model.m().rowByRow() == model.m() && model.s().stream().allMatch(s -> s.rowByRow() == s);
    }

    /** What a fit needs to know, and what it may be told; at first the reference's defaults. */
    public static final class Builder {
        private final LatentRegressionModel model;
        private final Groups x;
        private final Groups y;
        private int batchSize = 100;
        private int sendSize = 100;
        private int maxIterations = 10;
        private LearningRates rates = LearningRates.constant(0.01);
        private Adam.Settings adam = Adam.Settings.DEFAULTS;
        private double minVariance = 1e-6;
        private List<Tensor> parameters;
        private double[] l1P = {};
        private double[] l1U = {};
        private L1 l1 = L1.MEAN;
        private Kernels kernels = ScalarKernels.INSTANCE;
        private Bands bands = Bands.ALONE;
        private long seed;

        private Builder(LatentRegressionModel model, Groups x, Groups y) {
            this.model = Given.require(model, "model");
            requireSamples(model, x, y);
            this.x = x;
            this.y = y;
        }

        private static void requireSamples(LatentRegressionModel model, Groups x, Groups y) {
            Given.require(x, "x").require("input", model.dIn());
            Given.require(y, "y").require("output", model.dOut());
            if (x.rows() != y.rows()) {
                throw new IllegalArgumentException("x has " + x.rows() + " rows but y has " + y.rows()
                        + "; give inputs and outputs of the same samples");
            }
            requireFinite("input", x);
            requireFinite("output", y);
        }

        private static void requireFinite(String what, Groups groups) {
            for (int g = 0; g < groups.count(); g++) {
                double[] values = groups.group(g);
                for (int i = 0; i < values.length; i++) {
                    if (!Double.isFinite(values[i])) {
                        int width = values.length / groups.rows();
                        throw new IllegalArgumentException("row " + i / width + ", variable " + i % width + " of "
                                + what + " group " + g + " is " + values[i] + "; leave such rows out before fitting");
                    }
                }
            }
        }

        /** Rows of a batch, at first 100; at most as many as there are. */
        public Builder batchSize(int count) {
            batchSize = positive("batchSize", count);
            return this;
        }

        /** Rows that are computed at once, at first 100; at most the batch. The result depends on it by rounding alone. */
        public Builder sendSize(int count) {
            sendSize = positive("sendSize", count);
            return this;
        }

        private static int positive(String name, int count) {
            if (count < 1) {
                throw new IllegalArgumentException(name + " must be >= 1 but was " + count);
            }
            return count;
        }

        /** Number of iterations, at first 10; 0 changes nothing. */
        public Builder maxIterations(int count) {
            if (count < 0) {
                throw new IllegalArgumentException("maxIterations must be >= 0 but was " + count);
            }
            maxIterations = count;
            return this;
        }

        /** Learning rates, at first 0.01 throughout. Adam begins anew whenever the value changes. */
        public Builder learningRates(LearningRates schedule) {
            rates = Given.require(schedule, "learningRates");
            return this;
        }

        /** Settings of Adam, at first its defaults. */
        public Builder adam(Adam.Settings settings) {
            adam = Given.require(settings, "adam");
            return this;
        }

        /** The least variance of the noise, at first 1e-6: lower ones are raised to it after each step. */
        public Builder minVariance(double variance) {
            if (!(variance >= 0 && variance < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("minVariance must be >= 0 and finite but was " + variance);
            }
            minVariance = variance;
            return this;
        }

        /** What is fitted, at first {@link LatentRegressionModel#trainableParameters}. */
        public Builder parameters(List<Tensor> some) {
            parameters = Given.list(some, "parameters");
            if (parameters.isEmpty()) {
                throw new IllegalArgumentException("there is no parameter to fit; give at least one");
            }
            return this;
        }

        /** Penalties of the modes p, one for each input group; groups behind the last one have none. */
        public Builder l1P(double... lambdas) {
            l1P = lambdas(lambdas, model.dIn().length, "l1P");
            return this;
        }

        /** Penalties of the modes u, one for each output group; groups behind the last one have none. */
        public Builder l1U(double... lambdas) {
            l1U = lambdas(lambdas, model.dOut().length, "l1U");
            return this;
        }

        private static double[] lambdas(double[] lambdas, int groups, String name) {
            if (Given.require(lambdas, name).length > groups) {
                throw new IllegalArgumentException(
                        name + " has " + lambdas.length + " penalties but there are " + groups + " groups");
            }
            for (double lambda : lambdas) {
                if (!Double.isFinite(lambda)) {
                    throw new IllegalArgumentException(name + " must hold finite numbers but holds " + lambda);
                }
            }
            return lambdas.clone();
        }

        /** What penalties weigh, at first means. */
        public Builder l1(L1 of) {
            l1 = Given.require(of, "l1");
            return this;
        }

        /** The backend that computes, at first the scalar one; the result is the same on all. */
        public Builder kernels(Kernels backend) {
            kernels = Given.require(backend, "kernels");
            return this;
        }

        /** The workers that share a batch, at first the caller alone; the result is the same for any number. */
        public Builder bands(Bands workers) {
            bands = Given.require(workers, "bands");
            return this;
        }

        /** Seed of the batches, at first 0. */
        public Builder seed(long number) {
            seed = number;
            return this;
        }

        /**
         * The job, on random batches.
         *
         * @throws IllegalArgumentException when sizes do not fit, there is nothing to fit, or a parameter is no finite number
         * @throws IllegalStateException when a parameter that the model needs is not assigned
         */
        public Fit build() {
            return build(Batches.random(seed, x.rows()), "random");
        }

        /** The job, on given batches. */
        public Fit build(Batches batches) {
            return build(Given.require(batches, "batches"), "given");
        }

        private Fit build(Batches batches, String kindOfBatches) {
            if (sendSize > batchSize) {
                throw new IllegalArgumentException(
                        "sendSize must be at most batchSize but was " + sendSize + " with a batchSize of " + batchSize);
            }
            if (batchSize > x.rows()) {
                throw new IllegalArgumentException("batchSize is " + batchSize + " but there are only " + x.rows()
                        + " rows; set batchSize, and with it sendSize, to at most that");
            }
            return new Fit(this, batches, kindOfBatches);
        }

        private Map<String, String> settings(String kindOfBatches, List<Tensor> fitted) {
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put("seed", String.valueOf(seed));
            settings.put("batches", kindOfBatches);
            settings.put("batchSize", String.valueOf(batchSize));
            settings.put("sendSize", String.valueOf(sendSize));
            settings.put(
                    "learningRates",
                    rates.entries().stream()
                            .map(entry -> entry.iteration() + ":" + entry.rate())
                            .collect(Collectors.joining(",")));
            settings.put("adam", adam.toString());
            settings.put("minVariance", String.valueOf(minVariance));
            settings.put("l1P", Arrays.toString(l1P));
            settings.put("l1U", Arrays.toString(l1U));
            settings.put("l1", l1.toString());
            settings.putAll(FitSettings.of(model, fitted));
            return settings;
        }
    }

    /**
     * A fit of a model to outputs y given inputs x.
     *
     * @throws IllegalArgumentException when groups or rows do not fit, or a value is not finite
     */
    public static Builder of(LatentRegressionModel model, Groups x, Groups y) {
        return new Builder(model, x, y);
    }

    /**
     * Goes on with other samples, as many as before, from the next step on: those of the last minutes of a stream, for example.
     * Moments, learning rates and the log stay; a checkpoint is one of a fit to the samples of its time.
     *
     * @throws IllegalArgumentException when groups or rows do not fit, or a value is not finite; the samples stay those before then
     */
    public void samples(Groups inputs, Groups outputs) {
        Builder.requireSamples(model, inputs, outputs);
        if (inputs.rows() != x.rows()) {
            throw new IllegalArgumentException("the fit is to " + x.rows() + " rows but was given " + inputs.rows()
                    + "; give as many, or begin another fit");
        }
        x = inputs;
        y = outputs;
    }

    @Override
    public boolean done() {
        return iteration >= maxIterations;
    }

    @Override
    public boolean step() {
        if (!started) {
            startNanos = System.nanoTime();
            started = true;
        }
        double newRate = rates.at(iteration);
        if (newRate != rate) {
            rate = newRate;
            adam = new Adam(List.of(parameters), adamSettings, bands);
        }
        batches.draw(iteration, rows);
        for (Tensor parameter : parameters) {
            parameter.zeroGradient();
        }
        double value = addGradients() + penalties(Kind.P, l1P) + penalties(Kind.U, l1U);
        requireFinite(value);
        normals.start(CounterRandom.frameKey(normalsKey, iteration), iteration);
        for (WanderingModule module : wandering) {
            module.perturbGradients(normal);
        }
        adam.step(rate);
        for (WanderingModule module : wandering) {
            module.bound();
        }
        raiseVariances();
        objective[iteration] = value;
        elapsedSeconds[iteration] = secondsBefore + (System.nanoTime() - startNanos) * 1e-9;
        iteration++;
        return true;
    }

    /** Adds the gradients of the batch, chunk by chunk; returns the mean negative log-likelihood of a row. */
    private double addGradients() {
        pass.begin(1.0 / rows.length);
        for (int from = 0; from < rows.length; from += sendSize) {
            int count = Math.min(sendSize, rows.length - from);
            pass.add(x.values(), y.values(), rows, from, count);
        }
        return pass.end() / rows.length;
    }

    private double penalties(Kind kind, double[] lambdas) {
        double sum = 0;
        for (int i = 0; i < lambdas.length; i++) {
            if (lambdas[i] != 0) {
                Tensor modes = model.tensor(kind, i);
                double factor = l1 == L1.MEAN ? lambdas[i] / modes.count() : lambdas[i];
                double[] gradient = modes.gradient();
                double absolute = 0;
                for (int j = 0; j < gradient.length; j++) {
                    double value = modes.values()[j];
                    absolute += Math.abs(value);
                    gradient[j] += factor * Math.signum(value);
                }
                sum += factor * absolute;
            }
        }
        return sum;
    }

    /** Before the step, so that the parameters stay those of the last iteration. */
    private void requireFinite(double value) {
        boolean finite = Double.isFinite(value);
        for (Tensor parameter : parameters) {
            finite &= !parameter.hasGradient() || isFinite(parameter.gradient());
        }
        if (!finite) {
            throw new IllegalStateException("the objective of iteration " + iteration + " is " + value
                    + ", or its gradient is not finite; the parameters before it are kept. Take a lower learning rate, or"
                    + " a larger minVariance than " + minVariance);
        }
    }

    private static boolean isFinite(double[] values) {
        // Sums of zeros, or NaN; four of them, so that none waits for another.
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int whole = values.length / 4 * 4;
        for (int i = 0; i < whole; i += 4) {
            s0 += values[i] * 0;
            s1 += values[i + 1] * 0;
            s2 += values[i + 2] * 0;
            s3 += values[i + 3] * 0;
        }
        for (int i = whole; i < values.length; i++) {
            s0 += values[i] * 0;
        }
        return s0 + s1 + s2 + s3 == 0;
    }

    private void raiseVariances() {
        raised = 0;
        for (int h = 0; h < model.count(Kind.PSI); h++) {
            double[] psi = model.tensor(Kind.PSI, h).values();
            for (int j = 0; j < psi.length; j++) {
                if (psi[j] < minVariance) {
                    psi[j] = minVariance;
                    raised++;
                }
            }
        }
    }

    @Override
    public long iteration() {
        return iteration;
    }

    @Override
    public long iterations() {
        return maxIterations;
    }

    @Override
    public Map<String, Double> objectives() {
        Map<String, Double> objectives = new LinkedHashMap<>();
        if (iteration > 0) {
            objectives.put("objective", objective[iteration - 1]);
            objectives.put("learning_rate", rate);
            objectives.put("raised_variances", (double) raised);
        }
        return objectives;
    }

    /** All parameters, Adam's moments, and the log so far. */
    @Override
    public Map<String, NdArray> save() {
        Map<String, NdArray> saved = new LinkedHashMap<>();
        saved.put("data_checksum", NdArray.of(checksum()));
        saved.put("settings", settings.array());
        saved.put("iteration", NdArray.of((long) iteration));
        saved.put("rate", NdArray.of(rate));
        saved.put("raised", NdArray.of((long) raised));
        saved.put("objective", log(objective));
        saved.put("elapsed_seconds", log(elapsedSeconds));
        StateDict.arrays(model.stateDict()).forEach((name, array) -> saved.put("model." + name, array));
        if (adam != null) {
            adam.save().forEach((name, array) -> saved.put("adam." + name, array));
        }
        return saved;
    }

    private NdArray log(double[] values) {
        return new NdArray(new int[] {iteration}, Arrays.copyOf(values, iteration));
    }

    /**
     * Goes to where a fit of the same data with the same settings was saved; unchanged when it cannot.
     *
     * @throws IllegalArgumentException when the checkpoint is of another fit, saying which setting differs, or damaged
     */
    @Override
    public void restore(Map<String, NdArray> saved) {
        if (!Given.require(saved, "saved").containsKey("data_checksum") || !saved.containsKey("iteration")) {
            throw new IllegalArgumentException(
                    "this is no checkpoint of a fit, it holds " + saved.keySet() + "; give the file that a fit wrote");
        }
        if (entry(saved, "data_checksum", 1).integer() != checksum()) {
            throw new IllegalArgumentException("the checkpoint is of a fit to other data; give it the same data,"
                    + " or start from its model instead");
        }
        settings.requireSame(saved.get("settings"));
        long done = entry(saved, "iteration", 1).integer();
        if (done < 0) {
            throw new IllegalArgumentException(
                    "the checkpoint is of iteration " + done + ", which must be >= 0" + DAMAGED);
        }
        if (done > maxIterations) {
            throw new IllegalArgumentException("the checkpoint is of iteration " + done + " but this fit has "
                    + maxIterations + " iterations; set maxIterations to more");
        }
        double lastRate = entry(saved, "rate", 1).scalar();
        if (done > 0 && lastRate != rates.at(done - 1)) {
            throw new IllegalArgumentException("the checkpoint has a rate of " + lastRate + " but that of iteration "
                    + (done - 1) + " is " + rates.at(done - 1) + DAMAGED);
        }
        double[] objectives = entry(saved, "objective", done).doubles();
        double[] seconds = entry(saved, "elapsed_seconds", done).doubles();
        int lastRaised = (int) entry(saved, "raised", 1).integer();
        Adam moments = null;
        if (done > 0) {
            moments = new Adam(List.of(parameters), adamSettings, bands);
            moments.restore(under(saved, "adam."));
        }
        model.load(under(saved, "model."));
        adam = moments;
        rate = lastRate;
        iteration = (int) done;
        raised = lastRaised;
        System.arraycopy(objectives, 0, objective, 0, iteration);
        System.arraycopy(seconds, 0, elapsedSeconds, 0, iteration);
        secondsBefore = iteration == 0 ? 0 : elapsedSeconds[iteration - 1];
        started = false;
    }

    private static NdArray entry(Map<String, NdArray> saved, String name, long count) {
        NdArray array = saved.get(name);
        if (array == null || array.size() != count) {
            throw new IllegalArgumentException("the checkpoint must have " + count + " values of \"" + name
                    + "\" but has " + (array == null ? "none" : array.size()) + DAMAGED);
        }
        return array;
    }

    private static Map<String, NdArray> under(Map<String, NdArray> saved, String prefix) {
        Map<String, NdArray> part = new LinkedHashMap<>();
        saved.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), array);
            }
        });
        return part;
    }

    @Override
    public FitResult result() {
        return new FitResult(
                Arrays.copyOf(objective, iteration),
                Arrays.copyOf(elapsedSeconds, iteration),
                StateDict.arrays(model.stateDict()));
    }

    /** Of all data. */
    private long checksum() {
        CRC32 crc = new CRC32();
        byte[] bytes = new byte[Double.BYTES];
        for (Groups data : List.of(x, y)) {
            for (double[] group : data.values()) {
                for (double value : group) {
                    long bits = Double.doubleToLongBits(value);
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = (byte) (bits >>> 8 * i);
                    }
                    crc.update(bytes);
                }
            }
        }
        return crc.getValue();
    }
}
