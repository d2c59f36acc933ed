package org.amacrine.operators.arhmm;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.layer.Parameter;

/**
 * A filter whose model learns from the animals that it watches: online expectation-maximisation, all animals together. See
 * {@link ArHmmLayer} for input, missing frames and the shape of outputs, {@link OnlineLearner} for how it learns.
 *
 * <pre>
 *   filtered [K]    logEvidence: nats    state    changeProbability    stepSize: weight of the newest frame
 * </pre>
 *
 * <p>A learner that is given the recording of its fit can begin with the statistics of that recording, as if it had watched
 * {@code warmStartTicks} frames of it, and hold on to it: {@code anchorFrames} frames of each state stay in the prior, so that
 * a state that is not seen for long does not fade.
 *
 * <p>What was learned is a state of the layer; setting betas, pi, Ab or Q puts the model back to what is set.
 */
public final class ArHmmLearner extends ArHmmLayer {

    /** What states a frame counts for. */
    public enum Weights {
        /** As filtered when it arrived: quick. */
        FILTER,
        /** As smoothed some frames later. */
        FIXED_LAG,
        /** As smoothed by all frames to come: exact, for at most 32 states. */
        EXACT
    }

    /** What is given out unless chosen otherwise. */
    public static final List<String> DEFAULT_OUTPUTS = List.of("filtered", "logEvidence", "state", "changeProbability");

    /** Enough to hold a state, few enough to be learned over. */
    private static final int USUAL_ANCHOR_FRAMES = 50;

    private final OnlineLearner.Weights weights;
    private final int lag;
    private final RunningStatistics fitted;
    private final RunningStatistics averages;
    private final Parameter warmStartTicks;
    private final Parameter anchorFrames;
    private final Parameter alpha;
    private final Parameter kappa;
    private final Parameter s0Scale;
    private final Parameter k0Scale;
    private final Parameter stepExponent;
    private final Parameter stepMinimum;
    private final Parameter leastTicks;
    private final Parameter everyTicks;
    private final Parameter followDrift;
    private final Parameter driftFastRate;
    private final Parameter driftSlowRate;
    private final Parameter driftThreshold;
    private final Parameter driftWarmUpFrames;
    private final Parameter stepMaximum;
    private final Parameter stepGrowth;
    private final Parameter stepDecay;
    private OnlineLearner learner;
    private EvidenceDrift drift;
    private double stepSize;

    /** A learner with fixed-lag weights and the default outputs: filtered, logEvidence, state, changeProbability. */
    public ArHmmLearner(ArHmmParameters parameters) {
        this("arhmm.learner", parameters, Weights.FIXED_LAG, 8, DEFAULT_OUTPUTS);
    }

    /**
     * A learner.
     *
     * @param name what it is called in messages
     * @param parameters the model that it begins with
     * @param weights what states a frame counts for
     * @param lag delay of {@link Weights#FIXED_LAG}, in frames, at least 0
     * @param outputs names of outputs
     */
    public ArHmmLearner(String name, ArHmmParameters parameters, Weights weights, int lag, List<String> outputs) {
        this(name, parameters, null, weights, lag, outputs);
    }

    /**
     * A learner that knows what its model was fitted to.
     *
     * @param name what it is called in messages
     * @param fit the model that it begins with, and the states of the recording
     * @param recording the sequences that it was fitted to, in their order
     * @param weights what states a frame counts for
     * @param lag delay of {@link Weights#FIXED_LAG}, in frames, at least 0
     * @param outputs names of outputs
     * @throws IllegalArgumentException when the recording is not as long as the states of the fit
     */
    public ArHmmLearner(
            String name, ArHmmModel fit, Sequences recording, Weights weights, int lag, List<String> outputs) {
        this(name, fit.parameters(), statistics(fit, recording), weights, lag, outputs);
    }

    private ArHmmLearner(
            String name,
            ArHmmParameters parameters,
            RunningStatistics fitted,
            Weights weights,
            int lag,
            List<String> outputs) {
        super(name, parameters);
        this.fitted = fitted;
        averages = fitted == null ? null : fitted.averages();
        this.weights = OnlineLearner.Weights.valueOf(weights.name());
        this.lag = lag;
        if (lag < 0) {
            throw new IllegalArgumentException("lag must be >= 0 frames but was " + lag + "; for example 8");
        }
        alpha = add(positive("alpha", 5.7, "Weight of betas in the prior of the transitions"));
        kappa = add(Parameter.number("kappa", 100).atLeast(0).doc("Weight of staying in the prior of the transitions"));
        s0Scale = add(positive(
                "s0Scale", 0.01, "Variance of the innovations in the prior, in squared units of the features"));
        k0Scale = add(
                positive("k0Scale", 10, "Variance of the autoregression in the prior, in units of the innovations'"));
        stepExponent = add(Parameter.number("stepExponent", 0.6)
                .above(0.5)
                .atMost(1)
                .doc("Weight of the u-th frame: u to minus this, but at least stepMinimum"));
        stepMinimum = add(Parameter.number("stepMinimum", 0.001)
                .atLeast(0)
                .atMost(1)
                .doc("Least weight of the newest frame: one over the frames that are remembered"));
        leastTicks = add(Parameter.integer("leastTicks", 100)
                .atLeast(1)
                .doc("Frames before the model changes for the first time"));
        everyTicks = add(
                Parameter.integer("everyTicks", 1).atLeast(1).doc("Frames from one change of the model to the next"));
        followDrift = add(Parameter.flag("followDrift", false)
                .doc("Forgets faster while the evidence falls, between stepMinimum and stepMaximum"));
        driftFastRate = add(rate("driftFastRate", 0.1, "Rate of the fast mean of the evidence"));
        driftSlowRate = add(rate("driftSlowRate", 0.01, "Rate of the slow mean of the evidence"));
        driftThreshold = add(positive(
                "driftThreshold", 3, "Fall of the evidence, in standard deviations, from which it forgets faster"));
        driftWarmUpFrames =
                add(Parameter.integer("driftWarmUpFrames", 50).atLeast(0).doc("Frames without any drift at first"));
        stepMaximum = add(rate("stepMaximum", 0.1, "Greatest weight of the newest frame while the evidence falls"));
        stepGrowth = add(Parameter.number("stepGrowth", 1.3)
                .atLeast(1)
                .doc("Factor by which the weight grows at each frame while the evidence falls"));
        stepDecay = add(Parameter.number("stepDecay", 0.97)
                .atLeast(0)
                .atMost(1)
                .doc("Factor by which its excess over the minimum falls at each other frame"));
        warmStartTicks = add(Parameter.integer("warmStartTicks", 0)
                .atLeast(0)
                .doc("Frames that the recording of the fit counts as at first; read when the layer is prepared"));
        anchorFrames = add(Parameter.number("anchorFrames", fitted == null ? 0 : USUAL_ANCHOR_FRAMES)
                .atLeast(0)
                .doc("Frames of the recording of the fit, at most, that stay in the prior of each state"));
        output("logEvidence", "nats", 1, 0, (a, back, v) -> v[0] = filters()[a].logEvidence());
        output("state", "", 1, 0, (a, back, v) -> v[0] = filters()[a].state());
        output("changeProbability", "", 1, 0, (a, back, v) -> v[0] = filters()[a].changeProbability());
        output("stepSize", "", 1, 0, (a, back, v) -> v[0] = stepSize);
        choose(outputs);
    }

    private static RunningStatistics statistics(ArHmmModel fit, Sequences recording) {
        ArHmmParameters p = fit.parameters();
        if (recording.dims() != p.dims()) {
            throw new IllegalArgumentException("the model was fitted to " + p.dims() + " dims but the recording has "
                    + recording.dims() + "; give the features that it was fitted to");
        }
        Observations observations = new Observations(recording, p.lags());
        boolean fits = observations.count() == fit.states().length;
        for (int n = 0; fits && n < observations.count(); n++) {
            fits = observations.length(n) == fit.states()[n].length;
        }
        if (!fits) {
            throw new IllegalArgumentException("the recording has " + observations.count() + " sequences with "
                    + observations.total() + " frames behind their lags but the fit has states for "
                    + fit.states().length + " with "
                    + Arrays.stream(fit.states()).mapToInt(z -> z.length).sum()
                    + "; give all that the model was fitted to, in the same order");
        }
        int[] z = Arrays.stream(fit.states()).flatMapToInt(Arrays::stream).toArray();
        return RunningStatistics.sums(observations, z, p.states());
    }

    private static Parameter positive(String name, double value, String doc) {
        return Parameter.number(name, value).above(0).doc(doc);
    }

    private static Parameter rate(String name, double value, String doc) {
        return Parameter.number(name, value).above(0).atMost(1).doc(doc);
    }

    @Override
    protected void derive() {
        super.derive();
        if (fitted == null && (anchorFrames.number() > 0 || warmStartTicks.integer() > 0)) {
            throw new IllegalArgumentException("anchorFrames and warmStartTicks must be 0 but were "
                    + anchorFrames.number() + " and " + warmStartTicks.integer()
                    + ": the learner does not know what its model was fitted to; give it the recording");
        }
        if (!isPreparing()) {
            learn();
        }
    }

    private void learn() {
        ArHmmParameters p = modelParameters();
        Hyperparameters prior = Hyperparameters.of(
                new Hyperparameters.Transitions(p.states(), alpha.number(), kappa.number(), 1),
                p.dims(),
                p.lags(),
                s0Scale.number(),
                k0Scale.number());
        PosteriorMean posterior = new PosteriorMean(p.states(), prior.autoregression());
        if (anchorFrames.number() > 0) {
            posterior.anchor(fitted, anchorFrames.number());
        }
        learner.learn(
                p.betas(),
                prior,
                posterior,
                new OnlineLearner.Schedule(
                        new StepSize(stepExponent.number(), stepMinimum.number()),
                        leastTicks.integer(),
                        everyTicks.integer()));
        drift.settings(driftSettings());
    }

    private EvidenceDrift.Settings driftSettings() {
        return new EvidenceDrift.Settings(
                driftFastRate.number(),
                driftSlowRate.number(),
                driftThreshold.number(),
                stepMinimum.number(),
                stepMaximum.number(),
                stepGrowth.number(),
                stepDecay.number(),
                driftWarmUpFrames.integer());
    }

    @Override
    void prepareAnimals(int animals) {
        learner = new OnlineLearner(model(), filters(), weights, lag);
        drift = new EvidenceDrift(driftSettings());
        learn();
        warmStart();
        states().add("model", model()::save, model()::restore, model().savedSize());
        states().add("learner", learner::save, learner::restore, learner.savedSize());
        states().add("drift", drift::save, drift::restore, 6);
        states().onClear(() -> {
            model().set(modelParameters());
            learner.clear();
            warmStart();
            drift.clear();
        });
    }

    /** Begins with the averages of the recording. */
    private void warmStart() {
        if (warmStartTicks.integer() > 0) {
            learner.warmStart(averages, warmStartTicks.integer());
        }
    }

    @Override
    void tick() {
        double evidence = 0;
        int used = 0;
        boolean isEstimating = false;
        for (OnlineFilter filter : filters()) {
            isEstimating |= filter.isEstimating();
            if (filter.isUsed()) {
                evidence += filter.logEvidence();
                used++;
            }
        }
        if (!isEstimating) {
            return;
        }
        stepSize = learner.stepSize();
        if (followDrift.isOn() && used > 0) {
            stepSize = Math.max(stepSize, drift.next(evidence / used));
        }
        learner.tick(stepSize);
    }

    @Override
    void loseTrack(int animal) {
        learner.loseTrack();
    }
}
