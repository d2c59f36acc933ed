package org.amacrine.operators.arhmm;

import java.util.List;
import org.amacrine.core.layer.Parameter;

/**
 * States of animals as they behave: a forward filter of an autoregressive hidden Markov model for each of them, frame by frame
 * and without looking ahead. See {@link ArHmmLayer} for input, missing frames and the shape of outputs.
 *
 * <pre>
 *   predictive         p(z_t | x_1..t-1), [K]         filtered    p(z_t | x_1..t), [K]
 *   logEvidence        log p(x_t | x_1..t-1), nats; 0 for a frame that tells nothing
 *   surprise           minus log2 of the probability of a frame that the states explain worse, bits
 *   state              state of the highest filtered probability
 *   outlier            probability that no state explains the frame; with outlierWeight
 *   changeProbability  p(z_t != z_{t-1} | x_1..t)      change      1 at a frame where a change of state is reported
 *   prediction         mean of p(x_t | x_1..t-1), [D]  calibration its integral transform, uniform on [0, 1], [D]
 *   novelty            cumulative sum of surprising evidence; alarm: 1 where it exceeds its threshold
 * </pre>
 */
public final class ArHmmFilter extends ArHmmLayer {
    /** What is given out unless chosen otherwise. */
    public static final List<String> DEFAULT_OUTPUTS = List.of("filtered", "logEvidence", "state", "changeProbability");

    private final Parameter outlierWeight;
    private final Parameter outlierDensity;
    private final Parameter outlierLogDensity;
    private final Parameter noveltyS0Scale;
    private final Parameter noveltyK0Scale;
    private final Parameter replaceOutliers;
    private final Parameter changeThreshold;
    private final Parameter changeDwellFrames;
    private final Parameter evidenceMean;
    private final Parameter evidenceDeviation;
    private final Parameter noveltySlack;
    private final Parameter noveltyThreshold;
    private boolean givesChange;
    private boolean givesNovelty;
    private ChangeRule[] changes;
    private boolean[] isChange;
    private Cusum[] cusums;
    private boolean[] isAlarm;
    private double[] weights;
    private double[] residuals;

    /** A filter with the default outputs. */
    public ArHmmFilter(ArHmmParameters parameters) {
        this("arhmm.filter", parameters, DEFAULT_OUTPUTS);
    }

    /**
     * A filter with a choice of outputs.
     *
     * @param name what it is called in messages
     * @param parameters the model
     * @param outputs names of outputs
     */
    public ArHmmFilter(String name, ArHmmParameters parameters, List<String> outputs) {
        super(name, parameters);
        outlierWeight = add(Parameter.number("outlierWeight", 0)
                .atLeast(0)
                .atMost(0.5)
                .doc("Probability that a frame is an outlier, before it is seen; 0 for a filter without outliers"));
        outlierDensity = add(Parameter.text("outlierDensity", "constant")
                .choices("constant", "student-t")
                .doc("Density of outliers: outlierLogDensity, or what the prior says of a state never seen"));
        outlierLogDensity = add(Parameter.number("outlierLogDensity", -3.0 * parameters.dims())
                .unit("nats")
                .doc("Log density of outliers: minus the log of the volume that they are spread over"));
        noveltyS0Scale = add(Parameter.number("noveltyS0Scale", 0.01)
                .above(0)
                .doc("Variance of the innovations of a state never seen, in squared units of the features"));
        noveltyK0Scale = add(Parameter.number("noveltyK0Scale", 10)
                .above(0)
                .doc("Variance of the autoregression of a state never seen, in units of its innovations'"));
        replaceOutliers = add(Parameter.flag("replaceOutliers", false)
                .doc("Whether later frames read the prediction as the lag in the place of an outlier"));
        changeThreshold = add(Parameter.number("changeThreshold", 0.5)
                .atLeast(0)
                .atMost(1)
                .doc("Probability that a new state must exceed to be reported"));
        changeDwellFrames =
                add(Parameter.integer("changeDwellFrames", 1).atLeast(1).doc("Frames in a row for which it must"));
        evidenceMean = add(Parameter.number("evidenceMean", 0)
                .unit("nats")
                .doc("Mean log evidence of a frame of the training data"));
        evidenceDeviation = add(Parameter.number("evidenceDeviation", 1)
                .above(0)
                .unit("nats")
                .doc("Standard deviation of the log evidence in the training data"));
        noveltySlack = add(Parameter.number("noveltySlack", 0.5)
                .atLeast(0)
                .doc("Lack of evidence that is tolerated at each frame, in standard deviations"));
        noveltyThreshold = add(Parameter.number("noveltyThreshold", 8)
                .above(0)
                .doc("Sum of lacking evidence at which the alarm is given, in standard deviations"));
        int states = parameters.states();
        int dims = parameters.dims();
        output("predictive", "", states, 0, (a, back, v) -> copyStates(filters()[a].predictive(), v));
        output("logEvidence", "nats", 1, 0, (a, back, v) -> v[0] = filters()[a].logEvidence());
        output("surprise", "bits", 1, 0, (a, back, v) -> v[0] = bits(filters()[a].tailProbability()));
        output("state", "", 1, 0, (a, back, v) -> v[0] = filters()[a].state());
        output("outlier", "", 1, 0, (a, back, v) -> v[0] = filters()[a].outlier());
        output("changeProbability", "", 1, 0, (a, back, v) -> v[0] = filters()[a].changeProbability());
        output("change", "", 1, 0, (a, back, v) -> v[0] = isChange[a] ? 1 : 0);
        output("prediction", "", dims, 0, (a, back, v) -> filters()[a].predictiveMean(v));
        output("calibration", "", dims, 0, (a, back, v) -> filters()[a].calibration(v, weights, residuals));
        output("novelty", "", 1, 0, (a, back, v) -> v[0] = cusums[a].sum());
        output("alarm", "", 1, 0, (a, back, v) -> v[0] = isAlarm[a] ? 1 : 0);
        choose(outputs);
    }

    /** Minus log2 of a probability, at most what the least normal number gives. */
    private static double bits(double probability) {
        return -Math.log(Math.max(probability, Double.MIN_NORMAL)) / Math.log(2);
    }

    @Override
    OnlineFilter.Options options(MissingPolicy policy) {
        return new OnlineFilter.Options(policy, outlierWeight.number(), density(), replaceOutliers.isOn());
    }

    private OnlineFilter.OutlierDensity density() {
        if (outlierDensity.has("constant")) {
            double log = outlierLogDensity.number();
            return g -> log;
        }
        ArHmmParameters p = modelParameters();
        Hyperparameters.Autoregression prior = Hyperparameters.of(
                        new Hyperparameters.Transitions(p.states(), 1, 0, 1),
                        p.dims(),
                        p.lags(),
                        noveltyS0Scale.number(),
                        noveltyK0Scale.number())
                .autoregression();
        return new StudentT(p.dims(), p.columns(), prior.nu0(), prior.s0(), prior.m0(), prior.k0());
    }

    @Override
    protected void derive() {
        super.derive();
        for (int a = 0; !isPreparing() && a < cusums.length; a++) {
            double sum = cusums[a].sum();
            cusums[a] = cusum();
            cusums[a].sum(sum);
        }
    }

    private Cusum cusum() {
        return new Cusum(
                evidenceMean.number(), evidenceDeviation.number(), noveltySlack.number(), noveltyThreshold.number());
    }

    @Override
    void prepareAnimals(int animals) {
        givesChange = gives("change");
        givesNovelty = gives("novelty") || gives("alarm");
        changes = new ChangeRule[animals];
        isChange = new boolean[animals];
        cusums = new Cusum[animals];
        isAlarm = new boolean[animals];
        weights = new double[modelParameters().states()];
        residuals = new double[modelParameters().states() * modelParameters().dims()];
        for (int a = 0; a < animals; a++) {
            int animal = a;
            ChangeRule rule = new ChangeRule();
            changes[a] = rule;
            cusums[a] = cusum();
            states().add("animal" + a + ".change", rule::save, rule::restore, 3);
            states().add(
                            "animal" + a + ".novelty",
                            () -> new double[] {cusums[animal].sum()},
                            sum -> cusums[animal].sum(sum[0]),
                            1);
            states().onClear(() -> {
                rule.clear();
                cusums[animal].sum(0);
            });
        }
    }

    @Override
    void advance(int animal) {
        OnlineFilter filter = filters()[animal];
        if (givesChange) {
            int state = filter.state();
            isChange[animal] = changes[animal].next(
                    state, filter.filtered()[state], changeThreshold.number(), changeDwellFrames.integer());
        }
        if (givesNovelty) {
            isAlarm[animal] = filter.isUsed() && cusums[animal].next(filter.logEvidence());
        }
    }
}
