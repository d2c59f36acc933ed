package org.amacrine.operators.arhmm;

import java.nio.DoubleBuffer;
import java.util.Arrays;

/**
 * Learns a model while its streams run: expectation-maximisation on running averages (Cappé, Journal of Computational and
 * Graphical Statistics 2011), with the prior in full weight at each maximisation, so that no state can become singular.
 *
 * <p>A tick is one frame of each stream, filtered with the present model. Then {@link #tick} adds the frames to the averages,
 * {@code S = (1 - gamma) S + gamma dS}, and now and then sets the parameters to posterior means under
 * {@code 1 / gamma} such frames. They hold from the next frame on, its prediction included.
 *
 * <p>Owned by the thread that computes the frames. Allocates nothing after construction.
 */
final class OnlineLearner {

    /** What states a frame counts for. */
    enum Weights {
        /** As filtered when it arrived. */
        FILTER,
        /** As smoothed some frames later. */
        FIXED_LAG,
        /** As smoothed by all frames to come, through averages for each present state: for few states. */
        EXACT
    }

    /** The most states that exact weights are offered for: time and room grow with the fourth power. */
    static final int MOST_EXACT_STATES = 32;

    /**
     * When to learn.
     *
     * @param step weight of the newest tick
     * @param leastTicks ticks before the parameters are set for the first time
     * @param every ticks from one setting of the parameters to the next
     */
    record Schedule(StepSize step, long leastTicks, int every) {}

    private final OnlineModel model;
    private final Weights weights;
    private final int lag;
    private final OnlineFilter[] filters;
    private final FixedLagSmoother[] smoothers;
    private final ExactStatistics[] exact;
    /** Regressors of the last frames of each stream and whether they count, for fixed-lag weights. */
    private final double[][] pastRegressors;

    private final boolean[][] pastIsUsed;
    private final RunningStatistics statistics;
    private final RunningStatistics increment;
    private double[] betas;
    private Hyperparameters prior;
    private PosteriorMean posterior;
    private Schedule schedule;
    private final TransitionLanes[] transitionPool;
    private final double[] pi;
    private int poolAt;
    private long processed;
    private long ticks;

    /**
     * A learner that has seen nothing.
     *
     * @param filters one for each stream, of the same model
     * @param weights what states a frame counts for
     * @param lag delay of {@link Weights#FIXED_LAG}, in frames
     */
    OnlineLearner(OnlineModel model, OnlineFilter[] filters, Weights weights, int lag) {
        this.model = model;
        this.filters = filters;
        this.weights = weights;
        this.lag = weights == Weights.FIXED_LAG ? lag : 0;
        int states = model.states();
        if (weights == Weights.EXACT && states > MOST_EXACT_STATES) {
            throw new IllegalArgumentException("exact weights are for at most " + MOST_EXACT_STATES
                    + " states but the model has " + states + "; choose fixed-lag or filter");
        }
        smoothers = new FixedLagSmoother[filters.length];
        exact = new ExactStatistics[filters.length];
        pastRegressors = new double[filters.length][(this.lag + 1) * (model.columns() + model.dims())];
        pastIsUsed = new boolean[filters.length][this.lag + 1];
        for (int i = 0; i < filters.length; i++) {
            smoothers[i] = new FixedLagSmoother(states, this.lag);
            exact[i] = weights == Weights.EXACT ? new ExactStatistics(states, model.dims(), model.lags()) : null;
        }
        statistics = new RunningStatistics(states, model.dims(), model.lags());
        increment = new RunningStatistics(states, model.dims(), model.lags());
        pi = new double[states * states];
        transitionPool = new TransitionLanes[this.lag + 3];
        for (int i = 0; i < transitionPool.length; i++) {
            transitionPool[i] = new TransitionLanes(states);
        }
    }

    /**
     * Says how to learn from now on; needed before the first tick.
     *
     * @param newBetas weights of the states in the transition prior, [K]
     * @param newPrior prior of the parameters
     * @param posteriorMean posterior means under it, which may be anchored
     */
    OnlineLearner learn(
            double[] newBetas, Hyperparameters newPrior, PosteriorMean posteriorMean, Schedule newSchedule) {
        betas = newBetas;
        prior = newPrior;
        posterior = posteriorMean;
        schedule = newSchedule;
        return this;
    }

    /** Running averages. */
    RunningStatistics statistics() {
        return statistics;
    }

    /** Number of ticks absorbed. */
    long ticks() {
        return ticks;
    }

    /** Back to having seen nothing. */
    void clear() {
        statistics.clear();
        processed = 0;
        ticks = 0;
        for (double[] past : pastRegressors) {
            Arrays.fill(past, 0);
        }
        for (boolean[] past : pastIsUsed) {
            Arrays.fill(past, false);
        }
        for (int i = 0; i < filters.length; i++) {
            smoothers[i].clear();
            if (exact[i] != null) {
                exact[i].clear();
            }
        }
    }

    /**
     * Begins with the averages of a recording.
     *
     * @param averages per frame of the recording
     * @param weight how many ticks they count as
     */
    void warmStart(RunningStatistics averages, long weight) {
        clear();
        statistics.add(averages, 1);
        ticks = weight;
        for (ExactStatistics each : exact) {
            if (each != null) {
                each.warmStart(averages, 1.0 / filters.length);
            }
        }
    }

    /**
     * Absorbs a tick, after all filters that have begun have gone on by one frame. At least one must be estimating.
     *
     * @return whether the parameters were set
     */
    boolean tick() {
        return tick(stepSize());
    }

    /** Weight of the tick to come, by the schedule. */
    double stepSize() {
        return schedule.step().at(ticks + 1);
    }

    /** The same with a step size from elsewhere. */
    boolean tick(double gamma) {
        boolean absorbed = switch (weights) {
            case FILTER -> absorbFiltered(gamma);
            case FIXED_LAG -> absorbSmoothed(gamma);
            case EXACT -> absorbExactly(gamma);
        };
        processed++;
        if (!absorbed) {
            return false;
        }
        ticks++;
        boolean isDue = ticks >= schedule.leastTicks() && ticks % schedule.every() == 0;
        if (isDue) {
            maximise(1 / gamma);
        }
        return isDue;
    }

    // ------------------------------------------------------------------------------------------------ expectation

    private boolean absorbFiltered(double gamma) {
        increment.clear();
        int states = model.states();
        for (OnlineFilter filter : filters) {
            if (!filter.isUsed()) {
                continue;
            }
            double[] f = filter.filtered();
            double[] r = filter.predictive();
            double[] before = filter.filteredBefore();
            for (int j = 0; j < states; j++) {
                increment.addFrame(j, f[j], filter.regressors(), 0);
                double ratio = r[j] == 0 ? 0 : f[j] / r[j];
                for (int i = 0; processed > 0 && i < states; i++) {
                    increment.transitions()[i * states + j] +=
                            before[i] * model.transitions().at(i, j) * ratio;
                }
            }
        }
        average(gamma);
        return true;
    }

    private boolean absorbSmoothed(double gamma) {
        int size = model.columns() + model.dims();
        int slots = lag + 1;
        int newest = (int) (processed % slots);
        boolean isAbsorbing = processed >= lag;
        int oldest = (int) ((processed + 1) % slots);
        increment.clear();
        for (int i = 0; i < filters.length; i++) {
            OnlineFilter filter = filters[i];
            smoothers[i].push(filter.filtered(), filter.predictive(), model.transitions());
            System.arraycopy(filter.regressors(), 0, pastRegressors[i], newest * size, size);
            pastIsUsed[i][newest] = filter.isUsed();
            if (isAbsorbing && pastIsUsed[i][oldest]) {
                addSmoothed(smoothers[i], pastRegressors[i], oldest * size);
            }
        }
        if (isAbsorbing) {
            average(gamma);
        }
        return isAbsorbing;
    }

    private void addSmoothed(FixedLagSmoother smoother, double[] regressors, int at) {
        int states = model.states();
        smoother.smooth(model.kernels());
        int lagAt = lag * model.lanes();
        for (int j = 0; j < states; j++) {
            increment.addFrame(j, smoother.smoothed()[lagAt + j], regressors, at);
            for (int i = 0; smoother.hasFrameBefore(lag) && i < states; i++) {
                increment.transitions()[i * states + j] += smoother.pair(lag, i, j);
            }
        }
    }

    private void average(double gamma) {
        statistics.scale(1 - gamma);
        statistics.add(increment, gamma);
    }

    private boolean absorbExactly(double gamma) {
        statistics.clear();
        for (int i = 0; i < filters.length; i++) {
            exact[i].absorb(filters[i], model.transitions(), processed == 0, gamma);
            exact[i].addTo(statistics, filters[i].present());
        }
        return true;
    }

    // ------------------------------------------------------------------------------------------------ maximisation

    private void maximise(double frames) {
        posterior.compute(statistics, frames);
        int states = model.states();
        double alpha = prior.transitions().alpha();
        double kappa = prior.transitions().kappa();
        for (int i = 0; i < states; i++) {
            double sum = 0;
            for (int j = 0; j < states; j++) {
                double weight =
                        frames * statistics.transitions()[i * states + j] + alpha * betas[j] + (i == j ? kappa : 0);
                pi[i * states + j] = weight;
                sum += weight;
            }
            for (int j = 0; j < states; j++) {
                pi[i * states + j] /= sum;
            }
        }
        poolAt = (poolAt + 1) % transitionPool.length;
        transitionPool[poolAt].set(pi);
        model.set(posterior.ab(), posterior.q(), posterior.cholesky(), transitionPool[poolAt]);
    }

    /** The streams are lost for too long to bridge: what was held back for smoothing is dropped. */
    void loseTrack() {
        processed = 0;
        for (FixedLagSmoother smoother : smoothers) {
            smoother.clear();
        }
    }

    // ------------------------------------------------------------------------------------------------ states

    /** Number of values of {@link #save}. */
    int savedSize() {
        int size = 2 + statistics.transitions().length + statistics.moments().length;
        for (int i = 0; i < filters.length; i++) {
            size += smoothers[i].savedSize() + pastRegressors[i].length + pastIsUsed[i].length;
            size += exact[i] == null ? 0 : exact[i].values().length;
        }
        return size;
    }

    /** What lives between ticks, but for the model itself. */
    double[] save() {
        double[] kept = new double[savedSize()];
        DoubleBuffer to = DoubleBuffer.wrap(kept)
                .put(processed)
                .put(ticks)
                .put(statistics.transitions())
                .put(statistics.moments());
        for (int i = 0; i < filters.length; i++) {
            to.put(smoothers[i].save()).put(pastRegressors[i]);
            for (boolean isUsed : pastIsUsed[i]) {
                to.put(isUsed ? 1 : 0);
            }
            if (exact[i] != null) {
                to.put(exact[i].values());
            }
        }
        return kept;
    }

    /** Takes over what {@link #save} gave. */
    void restore(double[] kept) {
        DoubleBuffer from = DoubleBuffer.wrap(kept);
        processed = (long) from.get();
        ticks = (long) from.get();
        from.get(statistics.transitions()).get(statistics.moments());
        for (int i = 0; i < filters.length; i++) {
            double[] ring = new double[smoothers[i].savedSize()];
            from.get(ring).get(pastRegressors[i]);
            smoothers[i].restore(ring);
            for (int s = 0; s < pastIsUsed[i].length; s++) {
                pastIsUsed[i][s] = from.get() != 0;
            }
            if (exact[i] != null) {
                from.get(exact[i].values());
            }
        }
    }
}
