package org.amacrine.operators.arhmm;

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
     * How to learn.
     *
     * @param weights what states a frame counts for
     * @param lag delay of {@link Weights#FIXED_LAG}, in frames
     * @param step weight of the newest tick
     * @param leastTicks ticks before the parameters are set for the first time
     * @param every ticks from one setting of the parameters to the next
     */
    record Settings(Weights weights, int lag, StepSize step, long leastTicks, int every) {}

    private final OnlineModel model;
    private final Settings settings;
    private final Hyperparameters prior;
    private final double[] betas;
    private final OnlineFilter[] filters;
    private final FixedLagSmoother[] smoothers;
    private final ExactStatistics[] exact;
    /** Regressors of the last frames of each stream and whether they count, for fixed-lag weights. */
    private final double[][] pastRegressors;

    private final boolean[][] pastIsUsed;
    private final RunningStatistics statistics;
    private final RunningStatistics increment;
    private final PosteriorMean posterior;
    private final TransitionLanes[] transitionPool;
    private final double[] pi;
    private int poolAt;
    private long processed;
    private long ticks;

    /**
     * A learner that has seen nothing.
     *
     * @param filters one for each stream, of the same model
     * @param betas weights of the states in the transition prior, [K]; they stay as they are
     */
    OnlineLearner(OnlineModel model, OnlineFilter[] filters, double[] betas, Hyperparameters prior, Settings settings) {
        this.model = model;
        this.filters = filters;
        this.betas = betas.clone();
        this.prior = prior;
        this.settings = settings;
        int states = model.states();
        if (settings.weights() == Weights.EXACT && states > MOST_EXACT_STATES) {
            throw new IllegalArgumentException("exact weights are for at most " + MOST_EXACT_STATES
                    + " states but the model has " + states + "; choose fixed-lag or filter");
        }
        int lag = settings.weights() == Weights.FIXED_LAG ? settings.lag() : 0;
        smoothers = new FixedLagSmoother[filters.length];
        exact = new ExactStatistics[filters.length];
        pastRegressors = new double[filters.length][(lag + 1) * (model.columns() + model.dims())];
        pastIsUsed = new boolean[filters.length][lag + 1];
        for (int i = 0; i < filters.length; i++) {
            smoothers[i] = new FixedLagSmoother(states, lag);
            exact[i] = settings.weights() == Weights.EXACT
                    ? new ExactStatistics(states, model.dims(), model.lags())
                    : null;
        }
        statistics = new RunningStatistics(states, model.dims(), model.lags());
        increment = new RunningStatistics(states, model.dims(), model.lags());
        posterior = new PosteriorMean(states, prior.autoregression());
        pi = new double[states * states];
        transitionPool = new TransitionLanes[lag + 3];
        for (int i = 0; i < transitionPool.length; i++) {
            transitionPool[i] = new TransitionLanes(states);
        }
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
     * Absorbs a tick, after all filters have gone on by one frame. All or none of them must be estimating.
     *
     * @return whether the parameters were set
     */
    boolean tick() {
        return tick(settings.step().at(ticks + 1));
    }

    /** The same with a step size from elsewhere. */
    boolean tick(double gamma) {
        boolean absorbed = switch (settings.weights()) {
            case FILTER -> absorbFiltered(gamma);
            case FIXED_LAG -> absorbSmoothed(gamma);
            case EXACT -> absorbExactly(gamma);
        };
        processed++;
        if (!absorbed) {
            return false;
        }
        ticks++;
        boolean isDue = ticks >= settings.leastTicks() && ticks % settings.every() == 0;
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
        int slots = settings.lag() + 1;
        int newest = (int) (processed % slots);
        boolean isAbsorbing = processed >= settings.lag();
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
        int lagAt = settings.lag() * model.lanes();
        for (int j = 0; j < states; j++) {
            increment.addFrame(j, smoother.smoothed()[lagAt + j], regressors, at);
            for (int i = 0; smoother.hasFrameBefore() && i < states; i++) {
                increment.transitions()[i * states + j] += smoother.pair(i, j);
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
            exact[i].addTo(statistics, filters[i].filtered());
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

    /** How often a covariance needed something added to its diagonal to be positive definite. */
    long repairs() {
        return posterior.repairs();
    }
}
