package org.amacrine.operators.epi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.job.ComparedSettings;
import org.amacrine.core.job.Job;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.random.CounterRandom;

/**
 * The job of emergent property inference: finds the distribution of largest entropy whose simulations have given mean
 * statistics, by the augmented Lagrangian (Bittner et al., eLife 2021).
 *
 * <pre>
 *   initialise ─▶ norms ─▶ ┌ epoch k: train ─▶ test of convergence ─▶ eta += c R ─▶ norms ─▶ perhaps c = beta c ┐ ─▶ …
 *                          └────────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * Each step is one batch, so that the fit can be paused and saved between any two. An iteration ends with each row of the table,
 * and with each epoch. The whole fit is a function of its settings and the seed, and stays the same, bit for bit, across
 * restarts. Differs from the reference: the result is the converged epoch of largest entropy, not the last one; and if not told
 * otherwise, gradients are clipped at a norm of 5, the learning rate falls within each epoch, and multipliers move by the violation
 * over the whole test.
 *
 * <p>Objectives: {@code epoch}, {@code iteration}, {@code H}, {@code cost}, {@code R_squared}, {@code c}, and {@code R1} to {@code
 * Rm}, and {@code p1} to {@code pm} of the last test of convergence; {@code window_p1} to {@code window_pm} of the same test over
 * the latest 200 batches of training, once there were so many; {@code loss} while the flow is initialised.
 *
 * <p>A fit that is done goes on when its checkpoint is restored into one with more epochs. To branch off elsewhere, begin another
 * fit with a checkpoint of the result as its {@link EpiFitBuilder#start}.
 */
public final class EpiFit implements Job<EpiResult> {
    private static final double COLLAPSE = 2;
    /** As many means as in the test of an epoch, if not told otherwise. */
    private static final int WINDOW = 200;
    /** Follows the reference: elements of gradients are cut here while the flow is initialised. */
    private static final double INITIAL_LIMIT = 1e5;

    private enum Phase {
        INITIALISE,
        NORMS,
        TRAIN,
        TEST,
        DONE
    }

    private final EpiFitBuilder settings;
    private final ComparedSettings compared;
    private final LagrangianSettings lagrangian;
    private final NormalizingFlow flow;
    private final double[] mu;
    private final FlowBatch batch;
    private final Violation violation;
    private final FlowBatch testBatch;
    /** What frames are seen through; null when none are kept. */
    private final FlowBatch frameBatch;

    private final Violation testViolation;
    private final double[] zGradient;
    private final double[] gradient;
    private final GradientClip clip;

    private final double[] theta;
    private final Adam adam;
    private final Adam initialAdam;
    private final double[] eta;
    private final double[] lastViolation;
    private final double[] norms;
    private final double[] newNorms;
    private final double[] testMeans;
    private final double[] testSum;
    /** Of the latest training batches. */
    private final SlidingTest window;
    // Wished from any thread, taken with the next training step.
    private volatile double learningRate;
    private volatile int logRate;
    private volatile int lastEpoch;

    private boolean initialises;
    private double c;
    private Phase phase;
    private int epoch;
    private int index;
    private double entropySum;
    private long iteration;
    private long excludedSamples;
    private double initialLoss;
    private String failure;
    private final FitStopwatch stopwatch;
    private final List<EpiInitialRecord> initialRecords = new ArrayList<>();
    private final List<EpiRecord> records = new ArrayList<>();
    private final List<EpiEpoch> epochs = new ArrayList<>();
    private final List<double[]> checkpoints = new ArrayList<>();
    private final List<EpiFrame> frames = new ArrayList<>();
    private double[] resultTheta;

    EpiFit(EpiFitBuilder builder) {
        settings = builder;
        compared = builder.compared();
        lagrangian = builder.lagrangian;
        flow = builder.flow;
        mu = builder.mu;
        int samples = lagrangian.samples();
        boolean exclude = builder.excludeNaN;
        batch = flow.batch(samples, builder.kernels, builder.bands);
        violation = new Violation(builder.model.property(), mu, samples, exclude);
        int testSamples = (int) (builder.nu * samples);
        testBatch = flow.batch(testSamples, builder.kernels, builder.bands);
        testViolation = new Violation(builder.model.property(), mu, testSamples, exclude);
        frameBatch = builder.keepFrames ? flow.batch(EpiFrame.SAMPLES, builder.kernels, builder.bands) : null;
        if (builder.keepFrames) {
            frameBatch.drawNoise(CounterRandom.key(builder.seed, "epi.frame", 0), 0);
        }
        zGradient = new double[flow.dims() * samples];
        gradient = new double[flow.layout().size()];
        clip = new GradientClip(flow.layout(), builder.clipNorm);
        theta = builder.start == null ? flow.initialTheta() : builder.start.clone();
        initialises = builder.start == null;
        learningRate = lagrangian.learningRate();
        logRate = builder.logRate;
        lastEpoch = builder.epochs;
        adam = new Adam(theta.length, learningRate, builder.bands);
        initialAdam = new Adam(theta.length, builder.initialLearningRate, builder.bands);
        eta = new double[mu.length];
        lastViolation = new double[mu.length];
        norms = new double[builder.normBatches];
        newNorms = new double[builder.normBatches];
        testMeans = new double[builder.testBatches * mu.length];
        testSum = new double[mu.length];
        window = new SlidingTest(mu, samples, WINDOW);
        c = lagrangian.c0();
        stopwatch = new FitStopwatch(builder.nanos);
        phase = Phase.INITIALISE;
        resultTheta = theta.clone();
    }

    /**
     * A fit.
     *
     * @param mu what the mean of each statistic should be
     */
    public static EpiFitBuilder of(EpiModel model, NormalizingFlow flow, double[] mu, Kernels kernels) {
        return new EpiFitBuilder(model, flow, mu, kernels);
    }

    /**
     * Lets training go on at another rate, from the next training step on; may be called from any thread. A checkpoint keeps it.
     *
     * @param rate larger than 0
     */
    public void learningRate(double rate) {
        learningRate = EpiFitBuilder.positive("learningRate", rate);
    }

    /**
     * Writes a row of the table every so many training steps, from the next one on; may be called from any thread. A checkpoint
     * keeps it.
     */
    public void logRate(int steps) {
        logRate = EpiFitBuilder.positive("logRate", steps);
    }

    /**
     * Changes the number of epochs, K, of a fit that is not done; may be called from any thread. An epoch that has begun is always
     * brought to its end.
     */
    public void epochs(int count) {
        lastEpoch = EpiFitBuilder.positive("epochs", count);
    }

    /** Whether this fit brings its flow to the Gaussian, and is not given {@link EpiFitBuilder#start}; a checkpoint keeps it. */
    public boolean initialises() {
        return initialises;
    }

    @Override
    public boolean done() {
        return phase == Phase.DONE;
    }

    @Override
    public boolean step() {
        Phase during = phase;
        stopwatch.begin();
        boolean ended = switch (phase) {
            case INITIALISE -> initialise();
            case NORMS -> measureNorm();
            case TRAIN -> train();
            case TEST -> test();
            case DONE -> throw new IllegalStateException("this fit is done; make a new one to go on");
        };
        switch (during) {
            case INITIALISE -> stopwatch.endInitialStep();
            case TRAIN -> stopwatch.endTrainingStep();
            default -> stopwatch.endOtherStep();
        }
        if (during == Phase.TEST && phase != Phase.TEST && failure == null) {
            stopwatch.endEpoch();
        }
        if (ended) {
            iteration++;
        }
        return ended;
    }

    // ------------------------------------------------------------------------------------------------ initialise

    private boolean initialise() {
        if (!initialises || index >= settings.initialIterations) {
            return beginEpochs();
        }
        settings.noise.fill(batch, EpiNoise.Purpose.INITIALISE, 0, index);
        batch.forward(theta, true);
        initialLoss = settings.initial.loss(batch.z(), batch.logDensity(), zGradient);
        if (!Double.isFinite(initialLoss)) {
            throw new IllegalStateException(
                    "Initialization loss is " + (Double.isNaN(initialLoss) ? "nan" : "inf") + ".");
        }
        Arrays.fill(gradient, 0);
        batch.reverse(zGradient, 1.0 / batch.samples(), gradient);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = Math.max(-INITIAL_LIMIT, Math.min(INITIAL_LIMIT, gradient[i]));
        }
        initialAdam.step(theta, gradient);
        batch.updateAverages(theta);
        index++;
        boolean log = index % settings.logRate == 0;
        if (log) {
            initialRecords.add(new EpiInitialRecord(
                    index, initialLoss, entropy(batch.logDensity()), settings.initial.divergence(initialLoss)));
        }
        return log;
    }

    private static double entropy(double[] logDensity) {
        return -Arrays.stream(logDensity).sum() / logDensity.length;
    }

    /** Looks at the initialised flow: the row of epoch 0. */
    private boolean beginEpochs() {
        checkpoints.add(theta.clone());
        measure(batch, violation, EpiNoise.Purpose.TRAIN, 0, 0, true);
        if (violation.fault() != null) {
            resultTheta = theta.clone();
            return fail(violation, violation.fault() + " behind the initialisation");
        }
        record();
        go(Phase.NORMS);
        return true;
    }

    private void go(Phase next) {
        phase = next;
        index = 0;
    }

    // ------------------------------------------------------------------------------------------------ norms

    private boolean measureNorm() {
        measure(batch, violation, EpiNoise.Purpose.NORMS, epoch, index, false);
        if (violation.fault() != null) {
            return fail(violation, violation.fault() + " in batch " + index + " of the norms behind epoch " + epoch);
        }
        newNorms[index++] = violation.square();
        if (index == newNorms.length) {
            if (epoch > 0) {
                ConvergenceTests.Welch welch = ConvergenceTests.welch(newNorms, norms, lagrangian.gamma());
                c = grown(c, welch, settings.noise.uniform(epoch), lagrangian.beta());
            }
            System.arraycopy(newNorms, 0, norms, 0, norms.length);
            epoch++;
            go(Phase.TRAIN);
        }
        return false;
    }

    /** The next coefficient of the penalty: grown with a probability of {@code 1 - p/2} where the violation shrank too little. */
    static double grown(double c, ConvergenceTests.Welch welch, double uniform, double beta) {
        return uniform < 1 - welch.p() / 2 && welch.t() > 0 ? beta * c : c;
    }

    // ------------------------------------------------------------------------------------------------ train

    private void measure(FlowBatch of, Violation by, EpiNoise.Purpose purpose, int k, int i, boolean training) {
        settings.noise.fill(of, purpose, k, i);
        of.forward(theta, training);
        by.measure(of.z(), of.logDensity(), settings.noise.simulation(purpose, k, i));
        excludedSamples += by.excludedSamples();
    }

    private boolean train() {
        measure(batch, violation, EpiNoise.Purpose.TRAIN, epoch, index, true);
        System.arraycopy(violation.mean(), 0, lastViolation, 0, mu.length);
        window.addMean(violation.mean());
        String fault = violation.faultOfHalves();
        if (fault == null && Double.isNaN(violation.cost(eta, c))) {
            fault = "the cost is NaN";
        }
        if (fault != null) {
            return fail(violation, fault + inTraining());
        }
        Arrays.fill(gradient, 0);
        violation.pull(batch, eta, c, settings.noise.simulation(EpiNoise.Purpose.TRAIN, epoch, index), gradient);
        if (!clip.apply(gradient)) {
            return fail(violation, "the norm of the gradient is not finite" + inTraining());
        }
        adam.learningRate(learningRate * settled());
        adam.step(theta, gradient);
        batch.updateAverages(theta);
        index++;
        boolean log = index % logRate == 0;
        if (log) {
            record();
        }
        if (index == settings.iterations) {
            Arrays.fill(testSum, 0);
            entropySum = 0;
            go(Phase.TEST);
        }
        return log;
    }

    /** What is left of the learning rate in the step at hand. */
    private double settled() {
        double begin = (1 - settings.settlingPart) * settings.iterations;
        return index <= begin ? 1 : 1 - (1 - settings.settlingFloor) * (index - begin) / (settings.iterations - begin);
    }

    private String inTraining() {
        return " in epoch " + epoch + " at iteration " + index;
    }

    /** Ends the fit, with the measured batch as its last row; its result is as of the row before. */
    private boolean fail(Violation of, String why) {
        records.add(new EpiRecord(epoch, trainingSteps(), of.entropy(), of.cost(eta, c), false, of.mean()));
        keepFrame();
        failure = why + "; try a smaller learning rate, a smaller c0 or another seed"
                + (settings.excludeNaN ? "" : ", or leave out simulations that are NaN");
        phase = Phase.DONE;
        return true;
    }

    /** Training steps since the first epoch began. */
    private int trainingSteps() {
        return phase == Phase.TRAIN ? (epoch - 1) * settings.iterations + index : epoch * settings.iterations;
    }

    private void record() {
        records.add(new EpiRecord(
                epoch, trainingSteps(), violation.entropy(), violation.cost(eta, c), null, violation.mean()));
        resultTheta = theta.clone();
        keepFrame();
    }

    /** Samples as of the row that was just written. */
    private void keepFrame() {
        if (frameBatch == null) {
            return;
        }
        frameBatch.forward(theta, false);
        int dims = flow.dims();
        double[] z = new double[dims * EpiFrame.SAMPLES];
        for (int n = 0; n < EpiFrame.SAMPLES; n++) {
            for (int d = 0; d < dims; d++) {
                z[n * dims + d] = frameBatch.z()[d * EpiFrame.SAMPLES + n];
            }
        }
        frames.add(new EpiFrame(trainingSteps(), z, frameBatch.logDensity().clone()));
    }

    // ------------------------------------------------------------------------------------------------ test

    private boolean test() {
        measure(testBatch, testViolation, EpiNoise.Purpose.TEST, epoch, index, false);
        if (testViolation.fault() != null) {
            return fail(
                    testViolation,
                    testViolation.fault() + " in batch " + index + " of the test of convergence of epoch " + epoch);
        }
        System.arraycopy(testViolation.mean(), 0, testMeans, index * mu.length, mu.length);
        for (int i = 0; i < mu.length; i++) {
            testSum[i] += testViolation.mean()[i];
        }
        entropySum += testViolation.entropy();
        index++;
        if (index < settings.testBatches) {
            return false;
        }
        endEpoch();
        return true;
    }

    private void endEpoch() {
        double[] p = ConvergenceTests.signs(testMeans, mu.length);
        boolean converged = ConvergenceTests.converged(p, settings.alpha);
        double entropy = entropySum / settings.testBatches;
        double[] mean = new double[mu.length];
        for (int i = 0; i < mu.length; i++) {
            mean[i] = testSum[i] / settings.testBatches;
        }
        double before =
                epochs.isEmpty() ? Double.NaN : epochs.get(epochs.size() - 1).entropy();
        int best = bestEpoch();
        double bestEntropy = best < 0 ? Double.NaN : epochs.get(best - 1).entropy();
        boolean collapsed = collapsed(entropy, before, bestEntropy);
        epochs.add(new EpiEpoch(epoch, entropy, mean, p, converged, collapsed, c, eta));
        checkpoints.add(theta.clone());
        int last = records.size() - 1;
        if (records.get(last).iteration() == epoch * settings.iterations) {
            records.set(last, records.get(last).with(converged));
        }
        resultTheta = theta.clone();
        phase = Phase.DONE;
        goOn();
    }

    /**
     * Whether the entropy fell apart.
     *
     * @param before of the epoch before; NaN when there is none
     * @param best of the best converged epoch so far; NaN when there is none
     */
    static boolean collapsed(double entropy, double before, double best) {
        return entropy < before - COLLAPSE || entropy < best - COLLAPSE;
    }

    /** Begins another epoch when there is one to come. */
    private void goOn() {
        boolean early = settings.stopEarly && epochs.get(epochs.size() - 1).converged();
        if (epoch >= lastEpoch || early) {
            return;
        }
        for (int i = 0; i < mu.length; i++) {
            eta[i] += c * (settings.steadyMultipliers ? testSum[i] / settings.testBatches : lastViolation[i]);
        }
        go(Phase.NORMS);
    }

    /** The converged epoch of largest entropy, or -1. */
    private int bestEpoch() {
        int best = -1;
        for (EpiEpoch each : epochs) {
            if (each.converged()
                    && (best < 0 || each.entropy() > epochs.get(best - 1).entropy())) {
                best = each.epoch();
            }
        }
        return best;
    }

    // ------------------------------------------------------------------------------------------------ what it tells

    /** Parameters of the flow as of the last step, a copy; the result's are those of the best epoch. */
    public double[] theta() {
        return theta.clone();
    }

    @Override
    public long iteration() {
        return iteration;
    }

    @Override
    public long iterations() {
        long initial = initialises ? settings.initialIterations / settings.logRate : 0;
        return settings.stopEarly || logRate != settings.logRate
                ? -1
                : initial + 1 + (long) lastEpoch * (settings.iterations / settings.logRate + 1);
    }

    @Override
    public Map<String, Double> objectives() {
        Map<String, Double> objectives = new LinkedHashMap<>();
        if (records.isEmpty()) {
            if (index > 0) {
                objectives.put("epoch", 0.0);
                objectives.put("iteration", (double) index);
                objectives.put("loss", initialLoss);
            }
            return objectives;
        }
        EpiRecord last = records.get(records.size() - 1);
        objectives.put("epoch", (double) last.epoch());
        objectives.put("iteration", (double) last.iteration());
        objectives.put("H", last.entropy());
        objectives.put("cost", last.cost());
        objectives.put("R_squared", last.squaredViolation());
        objectives.put("c", c);
        if (last.converged() != null) {
            objectives.put("converged", last.converged() ? 1.0 : 0.0);
        }
        if (!epochs.isEmpty()) {
            double[] p = epochs.get(epochs.size() - 1).p();
            for (int i = 0; i < mu.length; i++) {
                objectives.put("p" + (i + 1), p[i]);
            }
        }
        for (int i = 0; i < mu.length; i++) {
            objectives.put("R" + (i + 1), last.violation()[i]);
        }
        for (int i = 0; window.full() && i < mu.length; i++) {
            objectives.put("window_p" + (i + 1), window.p()[i]);
        }
        return objectives;
    }

    @Override
    public EpiResult result() {
        int best = bestEpoch();
        double[] of = best < 0 ? resultTheta : checkpoints.get(best);
        return new EpiResult(
                settings.plan(initialises),
                new Distribution(flow, of, settings.model.parameters(), settings.kernels),
                best,
                initialRecords,
                records,
                epochs,
                checkpoints,
                frames,
                stopwatch.timing(),
                failure,
                excludedSamples);
    }

    // ------------------------------------------------------------------------------------------------ save and restore

    @Override
    public Map<String, NdArray> save() {
        Map<String, NdArray> saved = new LinkedHashMap<>();
        compared.save(saved);
        saved.put("position", new NdArray(new int[] {6}, new long[] {
            phase.ordinal(), epoch, index, iteration, excludedSamples, initialises ? 1 : 0
        }));
        if (failure != null) {
            saved.put("failure", ComparedSettings.ofText(failure));
        }
        saved.put("scalars", vector(c, entropySum, initialLoss, learningRate, logRate));
        saved.put("theta", vector(theta.clone()));
        saved.put("result_theta", vector(resultTheta.clone()));
        (phase == Phase.INITIALISE ? initialAdam : adam).save(saved);
        saved.put("eta", vector(eta.clone()));
        saved.put("last_violation", vector(lastViolation.clone()));
        saved.put("norms", vector(norms.clone()));
        saved.put("new_norms", vector(newNorms.clone()));
        saved.put("test_means", vector(testMeans.clone()));
        saved.put("test_sum", vector(testSum.clone()));
        saved.put("window", vector(window.saved()));
        saved.put("timing", vector(stopwatch.saved()));
        saved.put("initial_records", EpiTables.ofInitialRecords(initialRecords));
        saved.put("records", EpiTables.ofRecords(records, mu.length));
        saved.put("epochs", EpiTables.ofEpochs(epochs, mu.length));
        saved.put("checkpoints", EpiTables.ofRows(checkpoints, theta.length));
        EpiTables.ofFrames(frames, flow.dims()).forEach(saved::put);
        return saved;
    }

    private static NdArray vector(double... values) {
        return new NdArray(new int[] {values.length}, values);
    }

    @Override
    public void restore(Map<String, NdArray> saved) {
        if (!saved.containsKey("position") || !saved.containsKey("timing")) {
            throw new IllegalArgumentException(
                    "this is no checkpoint of emergent property inference, or of an older version: it holds "
                            + saved.keySet() + "; give the file that a fit wrote");
        }
        compared.check(saved);
        NdArray position = saved.get("position");
        phase = Phase.values()[(int) position.at(0)];
        epoch = (int) position.at(1);
        index = (int) position.at(2);
        iteration = (long) position.at(3);
        excludedSamples = (long) position.at(4);
        initialises = position.at(5) != 0;
        failure = saved.containsKey("failure") ? ComparedSettings.text(saved.get("failure")) : null;
        c = saved.get("scalars").at(0);
        entropySum = saved.get("scalars").at(1);
        initialLoss = saved.get("scalars").at(2);
        learningRate = saved.get("scalars").at(3);
        logRate = (int) saved.get("scalars").at(4);
        take(saved, "theta", theta);
        resultTheta = saved.get("result_theta").doubles().clone();
        (phase == Phase.INITIALISE ? initialAdam : adam).restore(saved);
        take(saved, "eta", eta);
        take(saved, "last_violation", lastViolation);
        take(saved, "norms", norms);
        take(saved, "new_norms", newNorms);
        take(saved, "test_means", testMeans);
        take(saved, "test_sum", testSum);
        window.restore(saved.get("window").doubles());
        stopwatch.restore(saved.get("timing").doubles());
        initialRecords.clear();
        initialRecords.addAll(EpiTables.initialRecords(saved.get("initial_records")));
        records.clear();
        records.addAll(EpiTables.records(saved.get("records"), mu.length));
        epochs.clear();
        epochs.addAll(EpiTables.epochs(saved.get("epochs"), mu.length));
        checkpoints.clear();
        checkpoints.addAll(EpiTables.rows(saved.get("checkpoints"), theta.length));
        frames.clear();
        frames.addAll(EpiTables.frames(saved, flow.dims()));
        if (phase == Phase.DONE && failure == null) {
            goOn();
        }
    }

    private static void take(Map<String, NdArray> saved, String name, double[] to) {
        System.arraycopy(saved.get(name).doubles(), 0, to, 0, to.length);
    }
}
