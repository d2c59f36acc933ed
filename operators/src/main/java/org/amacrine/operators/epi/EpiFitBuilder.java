package org.amacrine.operators.epi;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.amacrine.core.job.ComparedSettings;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;

/** What a fit needs to know, and what it may be told. */
public final class EpiFitBuilder implements Cloneable {
    final EpiModel model;
    final NormalizingFlow flow;
    final double[] mu;
    final Kernels kernels;
    LagrangianSettings lagrangian = LagrangianSettings.standard();
    Gaussian initial;
    double[] start;
    int initialIterations = 10_000;
    double initialLearningRate = 1e-3;
    int epochs = 10;
    int iterations = 1000;
    int logRate = 50;
    double alpha = 0.05;
    double nu = 1;
    boolean stopEarly;
    boolean steadyMultipliers = true;
    double settlingPart = 0.5;
    double settlingFloor = 0.05;
    double clipNorm = 5;
    boolean excludeNaN;
    boolean keepFrames;
    int normBatches = 200;
    int testBatches = 200;
    Bands bands = Bands.ALONE;
    EpiNoise noise = EpiNoise.of(1);
    long seed = 1;
    LongSupplier nanos = System::nanoTime;

    EpiFitBuilder(EpiModel model, NormalizingFlow flow, double[] mu, Kernels kernels) {
        if (flow.dims() != model.dims()) {
            throw new IllegalArgumentException("the flow " + flow + " has " + flow.dims()
                    + " elements but the parameters of " + model.name() + " have " + model.dims());
        }
        if (!Arrays.stream(mu).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("the wished means, mu, must be finite numbers but were "
                    + Arrays.toString(mu) + "; give a mean for each statistic");
        }
        this.model = model;
        this.flow = flow;
        this.mu = mu.clone();
        this.kernels = kernels;
        initial = Gaussian.within(model.lower(), model.upper());
    }

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1 but was " + value);
        }
        return value;
    }

    static double positive(String name, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " must be > 0 and finite but was " + value);
        }
        return value;
    }

    /** Settings of the augmented Lagrangian, at first {@link LagrangianSettings#standard}. */
    public EpiFitBuilder lagrangian(LagrangianSettings some) {
        lagrangian = some;
        return this;
    }

    /** What the flow is brought to before the first epoch, at first {@link Gaussian#within} the bounds. */
    public EpiFitBuilder initial(Gaussian gaussian) {
        initial = gaussian;
        return this;
    }

    /** Parameters of a flow that was initialised before, so that it is not done again. */
    public EpiFitBuilder start(double[] initialised) {
        if (initialised.length != flow.layout().size()) {
            throw new IllegalArgumentException("the flow " + flow + " has "
                    + flow.layout().size() + " parameters but " + initialised.length + " were given to start with");
        }
        start = initialised.clone();
        return this;
    }

    /** Steps that bring the flow to the Gaussian, at first 10000. */
    public EpiFitBuilder initialIterations(int count) {
        initialIterations = positive("initialIterations", count);
        return this;
    }

    /** Learning rate of these steps, at first 1e-3. */
    public EpiFitBuilder initialLearningRate(double rate) {
        initialLearningRate = positive("initialLearningRate", rate);
        return this;
    }

    /** Epochs, K, at first 10. */
    public EpiFitBuilder epochs(int count) {
        epochs = positive("epochs", count);
        return this;
    }

    /** Training steps of each epoch, at first 1000. */
    public EpiFitBuilder iterations(int count) {
        iterations = positive("iterations", count);
        return this;
    }

    /** A row of the table is written every so many training steps, at first 50. */
    public EpiFitBuilder logRate(int steps) {
        logRate = positive("logRate", steps);
        return this;
    }

    /** Significance of the test of convergence, at first 0.05. */
    public EpiFitBuilder alpha(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("alpha must be within (0, 1) but was " + level);
        }
        alpha = level;
        return this;
    }

    /** Fraction of the batch size that each mean of the test is taken over, at first 1. */
    public EpiFitBuilder nu(double fraction) {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException("nu must be within (0, 1] but was " + fraction);
        }
        nu = fraction;
        return this;
    }

    /** Whether the first epoch that converges is the last; at first not. */
    public EpiFitBuilder stopEarly(boolean on) {
        stopEarly = on;
        return this;
    }

    /**
     * Whether the multipliers move by the violation over all samples of the test, at first so; otherwise by that of the
     * epoch's last batch alone, as in the reference, whose chance is multiplied by c.
     */
    public EpiFitBuilder steadyMultipliers(boolean on) {
        steadyMultipliers = on;
        return this;
    }

    /**
     * Lets each epoch settle: over its last part, at first half of it, the learning rate falls in a straight line, at first to a
     * twentieth. With a part of 0 it stays, as in the reference.
     *
     * @param part of an epoch's steps, 0 to 1
     * @param floor what is left of the rate in the end, over 0 to 1
     */
    public EpiFitBuilder settling(double part, double floor) {
        if (!(part >= 0 && part <= 1 && floor > 0 && floor <= 1)) {
            throw new IllegalArgumentException(
                    "settling needs a part within [0, 1] and a floor within (0, 1] but was given " + part + " and "
                            + floor);
        }
        settlingPart = part;
        settlingFloor = floor;
        return this;
    }

    /** Gradients are scaled down to this norm, at first 5; infinity as in the reference, for no limit. */
    public EpiFitBuilder clipNorm(double norm) {
        if (!(norm > 0)) {
            throw new IllegalArgumentException(
                    "clipNorm must be > 0 but was " + norm + "; give infinity to leave gradients as they are");
        }
        clipNorm = norm;
        return this;
    }

    /**
     * Whether simulations with a statistic that is NaN are left out and counted, in training, norms and tests alike; at first
     * they fail the fit. It fails all the same where none is left: in a batch, or in a half of a batch of training.
     */
    public EpiFitBuilder excludeNaN(boolean on) {
        excludeNaN = on;
        return this;
    }

    /** Whether the result has samples at each row of the table, for a video of the fit; at first not. */
    public EpiFitBuilder keepFrames(boolean on) {
        keepFrames = on;
        return this;
    }

    /** Batches that the violation is measured on between epochs, and in the test of convergence; at first 200 each. */
    public EpiFitBuilder batches(int forNorms, int forTest) {
        normBatches = Math.max(2, positive("forNorms", forNorms));
        testBatches = positive("forTest", forTest);
        return this;
    }

    /** Workers that share each batch, at first the caller alone; they change no number. */
    public EpiFitBuilder bands(Bands workers) {
        bands = workers;
        return this;
    }

    /** Seed of all noise, at first 1. */
    public EpiFitBuilder seed(long number) {
        seed = number;
        noise = EpiNoise.of(number);
        return this;
    }

    EpiFitBuilder noise(EpiNoise given) {
        noise = given;
        return this;
    }

    EpiFitBuilder nanos(LongSupplier clock) {
        nanos = clock;
        return this;
    }

    /** Where {@link InitialCache} keeps the initialised flow: named by all that decides what comes of it. */
    Path initialFile() {
        Object[] namesAndValues = initialSettings().values().entrySet().stream()
                .flatMap(each -> Stream.of(each.getKey(), "=", each.getValue(), ";"))
                .toArray();
        return RunNames.initial(model, initial, flow).resolve("ckpt-" + RunNames.hash(namesAndValues) + ".npz");
    }

    NormalizingFlow flow() {
        return flow;
    }

    /** All that decides what an initialised flow is. */
    ComparedSettings initialSettings() {
        ComparedSettings compared = new ComparedSettings()
                .with("seed", seed)
                .with("samples", lagrangian.samples())
                .with("initialIterations", initialIterations)
                .with("initialLearningRate", initialLearningRate)
                .with("initialMu", initial.mu())
                .with("initialSigma", initial.sigma())
                .with("flow", flow)
                .with("batchNormMomentum", flow.batchNormMomentum())
                .with("activation", flow.activation())
                .with("flowLower", flow.lower())
                .with("flowUpper", flow.upper());
        flow.permutations().forEach((name, to) -> compared.with(name, Arrays.toString(to)));
        return compared;
    }

    /** All that decides what a fit does in each step; how far it goes, by epochs and stopEarly, may change. */
    ComparedSettings compared() {
        return new ComparedSettings()
                .with("model", model.name())
                .with("property", model.propertyName())
                .with(
                        "parameters",
                        model.parameters().stream().map(BoundedParameter::name).toList())
                .with("lower", model.lower())
                .with("upper", model.upper())
                .with("mu", mu)
                .with(initialSettings())
                .with("learningRate", lagrangian.learningRate())
                .with("c0", lagrangian.c0())
                .with("gamma", lagrangian.gamma())
                .with("beta", lagrangian.beta())
                .with("iterations", iterations)
                .with("logRate", logRate)
                .with("alpha", alpha)
                .with("nu", nu)
                .with("steadyMultipliers", steadyMultipliers)
                .with("settlingPart", settlingPart)
                .with("settlingFloor", settlingFloor)
                .with("clipNorm", clipNorm)
                .with("excludeNaN", excludeNaN)
                .with("normBatches", normBatches)
                .with("testBatches", testBatches)
                .with("keepFrames", keepFrames);
    }

    /** @param initialises whether the flow is brought to the Gaussian by this fit */
    EpiPlan plan(boolean initialises) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("epochs", epochs);
        options.put("iterations", iterations);
        options.put("log_rate", logRate);
        options.put("alpha", alpha);
        options.put("nu", nu);
        options.put("stop_early", stopEarly);
        options.put("steady_multipliers", steadyMultipliers);
        options.put("settling_part", settlingPart);
        options.put("settling_floor", settlingFloor);
        options.put("clip_norm", clipNorm);
        options.put("exclude_nan", excludeNaN);
        options.put("norm_batches", normBatches);
        options.put("test_batches", testBatches);
        options.put("given_start", !initialises);
        options.put("init_iterations", initialIterations);
        options.put("init_lr", initialLearningRate);
        options.put("seed", seed);
        return new EpiPlan(model.name(), model.propertyName(), initial, mu, lagrangian, logRate, options);
    }

    /** So that what is set later reaches no fit that was built before; arrays in it are never changed. */
    EpiFitBuilder copy() {
        try {
            return (EpiFitBuilder) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** The fit. */
    public EpiFit build() {
        if ((int) (nu * lagrangian.samples()) < 2) {
            throw new IllegalArgumentException("the test of convergence needs 2 or more samples but nu = " + nu + " of "
                    + lagrangian.samples() + " are fewer");
        }
        return new EpiFit(copy());
    }
}
