package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything online against the stored reference numbers; see the README beside them. */
class OnlineGoldenTest {
    private static final Kernels KERNELS = ScalarKernels.INSTANCE;

    private static ArHmmParameters parameters(ArHmmGolden.Case c, String suffix) {
        NdArray pi = c.input("pi" + suffix);
        int states = pi.shape()[0];
        NdArray betas = new NdArray(new int[] {states}, OnlineFilter.uniform(states));
        return ArHmmParameters.of(betas, pi, c.input("Ab" + suffix), c.input("Q" + suffix));
    }

    private static OnlineFilter filter(OnlineModel model, MissingPolicy missing) {
        return new OnlineFilter(model, OnlineFilter.Options.of(missing), OnlineFilter.uniform(model.states()));
    }

    // ------------------------------------------------------------------------------------------------ chains

    static List<ArHmmGolden.Case> chains() {
        return ArHmmGolden.cases("o01");
    }

    /** A chain with given log likelihoods. */
    private static final class Chain {
        final int states;
        final int frames;
        final int lanes;
        final double[] l;
        final TransitionLanes transitions;

        Chain(ArHmmGolden.Case c) {
            frames = c.input("ll").shape()[0];
            states = c.input("ll").shape()[1];
            lanes = Kernels.stateLanes(states);
            l = new double[frames * lanes];
            Arrays.fill(l, Double.NEGATIVE_INFINITY);
            for (int t = 0; t < frames; t++) {
                System.arraycopy(c.input("ll").doubles(), t * states, l, t * lanes, states);
            }
            transitions = new TransitionLanes(states);
            transitions.set(c.input("pi").doubles());
        }

        double[] start() {
            return Arrays.copyOf(OnlineFilter.uniform(states), lanes);
        }
    }

    @ParameterizedTest
    @MethodSource("chains")
    void shouldFilterAndSmoothAsAllPathsSay(ArHmmGolden.Case c) {
        Chain chain = new Chain(c);
        int n = chain.frames;
        int states = chain.states;
        double[] filtered = new double[n * states];
        double[] predicted = new double[n * states];
        double[] evidence = new double[n];
        double[] change = new double[n];
        double[] fixedLag = new double[n * n * states];
        Arrays.fill(fixedLag, Double.NaN);
        double[] r = chain.start();
        double[] f = new double[chain.lanes];
        double marginal = 0;
        FixedLagSmoother now = new FixedLagSmoother(states, 0);
        FixedLagSmoother smoother = new FixedLagSmoother(states, n - 1);
        for (int t = 0; t < n; t++) {
            if (t > 0) {
                chain.transitions.propagate(KERNELS, f, 0, r, 0);
            }
            evidence[t] = KERNELS.filterStep(r, 0, chain.l, t * chain.lanes, f, 0, chain.lanes);
            marginal += evidence[t];
            System.arraycopy(f, 0, filtered, t * states, states);
            System.arraycopy(r, 0, predicted, t * states, states);
            now.push(f, r, chain.transitions);
            now.smooth(KERNELS);
            change[t] = t == 0 ? 0 : now.changeProbability(0);
            smoother.push(f, r, chain.transitions);
            smoother.smooth(KERNELS);
            for (int h = 0; h <= t; h++) {
                System.arraycopy(smoother.smoothed(), h * chain.lanes, fixedLag, (h * n + t) * states, states);
            }
        }
        double[] smoothed = new double[n * states];
        for (int t = 0; t < n; t++) {
            System.arraycopy(smoother.smoothed(), (n - 1 - t) * chain.lanes, smoothed, t * states, states);
        }

        c.check("filtered", filtered);
        c.check("predicted", predicted);
        c.check("log_evidence", evidence);
        c.check("marginal", marginal);
        c.check("p_change", change);
        c.check("fixed_lag", fixedLag);
        c.check("smoothed", smoothed);
    }

    @ParameterizedTest
    @MethodSource("chains")
    void shouldDecodeAsAllPathsSay(ArHmmGolden.Case c) {
        Chain chain = new Chain(c);
        int n = chain.frames;
        double[] labels = new double[n * n];
        double[] coalescence = new double[n];
        Arrays.fill(labels, -1);
        OnlineViterbi viterbi = new OnlineViterbi(chain.states, n - 1, OnlineFilter.uniform(chain.states));
        for (int t = 0; t < n; t++) {
            viterbi.push(
                    KERNELS, Arrays.copyOfRange(chain.l, t * chain.lanes, (t + 1) * chain.lanes), chain.transitions);
            for (int h = 0; h <= t; h++) {
                labels[h * n + t] = viterbi.label(h);
            }
            int back = viterbi.coalescence();
            coalescence[t] = back < 0 ? -1 : t - back;
        }
        double[] path = new double[n];
        for (int t = 0; t < n; t++) {
            path[t] = viterbi.label(n - 1 - t);
        }

        c.check("fixed_lag_viterbi", labels);
        c.check("viterbi_path", path);
        c.check("coalescence", coalescence);
    }

    @Test
    void shouldKeepTinySwitchesThatTheReferenceCutsOff() {
        ArHmmGolden.Case c = ArHmmGolden.theCase("b15_tiny_switch");
        Chain chain = new Chain(c);
        int n = chain.frames;
        double[] r = chain.start();
        double[] f = new double[chain.lanes];
        double[] filtered = new double[n * chain.states];
        double[] smoothed = new double[n * chain.states];
        FixedLagSmoother smoother = new FixedLagSmoother(chain.states, n - 1);
        for (int t = 0; t < n; t++) {
            KERNELS.filterStep(r, 0, chain.l, t * chain.lanes, f, 0, chain.lanes);
            smoother.push(f, r, chain.transitions);
            System.arraycopy(f, 0, filtered, t * chain.states, chain.states);
            chain.transitions.propagate(KERNELS, f, 0, r, 0);
        }
        smoother.smooth(KERNELS);
        for (int t = 0; t < n; t++) {
            System.arraycopy(smoother.smoothed(), (n - 1 - t) * chain.lanes, smoothed, t * chain.states, chain.states);
        }

        c.check("filtered", filtered);
        c.check("smoothed", smoothed);
    }

    // ------------------------------------------------------------------------------------------------ a stream

    @ParameterizedTest
    @ValueSource(strings = {"as_is", "skip", "predict"})
    void shouldFilterAStreamWithMissingFrames(String policy) {
        ArHmmGolden.Case c = ArHmmGolden.theCase("o02_stream");
        OnlineModel model = new OnlineModel(parameters(c, ""), KERNELS);
        OnlineFilter filter = filter(model, MissingPolicy.valueOf(policy.toUpperCase(java.util.Locale.ROOT)));
        double[] x = c.input("x").doubles();
        double[] ok = c.input("ok").doubles();
        int lags = model.lags();
        int n = ok.length - lags;
        int states = model.states();
        int dims = model.dims();
        double[] filtered = new double[n * states];
        double[] predicted = new double[n * states];
        double[] likelihoods = new double[n * states];
        double[] evidence = new double[n];
        double[] change = new double[n];
        double[] tail = new double[n];
        double[] mean = new double[n * dims];
        double[] covariance = new double[n * dims * dims];
        double[] pit = new double[n * dims];
        double[] vector = new double[dims];
        double[] square = new double[dims * dims];
        for (int t = 0; t < ok.length; t++) {
            boolean estimates = filter.step(x, t * dims, ok[t] == 1);
            assertEquals(t >= lags, estimates);
            if (!estimates) {
                continue;
            }
            int row = t - lags;
            System.arraycopy(filter.filtered(), 0, filtered, row * states, states);
            System.arraycopy(filter.predictive(), 0, predicted, row * states, states);
            System.arraycopy(
                    filter.isUsed() ? filter.logLikelihoods() : new double[states],
                    0,
                    likelihoods,
                    row * states,
                    states);
            evidence[row] = filter.logEvidence();
            change[row] = filter.changeProbability();
            tail[row] = filter.tailProbability();
            filter.predictiveCovariance(vector, square, new double[dims]);
            System.arraycopy(vector, 0, mean, row * dims, dims);
            System.arraycopy(square, 0, covariance, row * dims * dims, dims * dims);
            filter.calibration(vector, new double[states], new double[states * dims]);
            System.arraycopy(vector, 0, pit, row * dims, dims);
        }

        c.check(policy + "_filt", filtered);
        c.check(policy + "_logc", evidence);
        c.check(policy + "_p_change", change);
        c.check(policy + "_tailp", tail);
        c.check(policy + "_mean", mean);
        if (policy.equals("as_is")) {
            c.check("as_is_pred", predicted);
            c.check("as_is_ll", likelihoods);
            c.check("as_is_cov", covariance);
            c.check("as_is_pit", pit);
        }
    }

    @Test
    void shouldSmoothAndDecodeAStreamAtFixedLags() {
        ArHmmGolden.Case c = ArHmmGolden.theCase("o02_stream");
        OnlineModel model = new OnlineModel(parameters(c, ""), KERNELS);
        OnlineFilter filter = filter(model, MissingPolicy.AS_IS);
        double[] x = c.input("x").doubles();
        double[] ok = c.input("ok").doubles();
        int n = ok.length - model.lags();
        int states = model.states();
        int[] lags = {2, 5, 10};
        int[] decoderLags = {0, 5, 20};
        double[][] smoothed = new double[3][n * states];
        double[][] labels = new double[3][n];
        double[] coalescence = new double[n];
        double[] scores = new double[n * states];
        FixedLagSmoother[] smoothers = new FixedLagSmoother[3];
        for (int i = 0; i < 3; i++) {
            smoothers[i] = new FixedLagSmoother(states, lags[i]);
            Arrays.fill(smoothed[i], Double.NaN);
            Arrays.fill(labels[i], -1);
        }
        OnlineViterbi viterbi = new OnlineViterbi(states, n, OnlineFilter.uniform(states));
        for (int t = 0; t < ok.length; t++) {
            if (!filter.step(x, t * model.dims(), ok[t] == 1)) {
                continue;
            }
            int row = t - model.lags();
            viterbi.push(KERNELS, filter.isUsed() ? filter.logLikelihoods() : null, model.transitions());
            for (int i = 0; i < 3; i++) {
                smoothers[i].push(filter.filtered(), filter.predictive(), model.transitions());
                smoothers[i].smooth(KERNELS);
                if (row >= lags[i]) {
                    System.arraycopy(
                            smoothers[i].smoothed(), lags[i] * model.lanes(), smoothed[i], row * states, states);
                }
                if (row >= decoderLags[i]) {
                    labels[i][row] = viterbi.label(decoderLags[i]);
                }
            }
            int back = viterbi.coalescence();
            coalescence[row] = back < 0 ? -1 : row - back;
            System.arraycopy(viterbi.scores(), 0, scores, row * states, states);
        }

        for (int i = 0; i < 3; i++) {
            c.check("fixed_lag_" + lags[i], smoothed[i]);
            c.check("viterbi_lag_" + decoderLags[i], labels[i]);
        }
        c.check("coalescence", coalescence);
        c.check("viterbi_score_rel", scores);
    }

    @ParameterizedTest
    @CsvSource({"keep, false", "replace, true"})
    void shouldBearOutliers(String name, boolean replaces) {
        ArHmmGolden.Case c = ArHmmGolden.theCase("o03_outliers");
        OnlineModel model = new OnlineModel(parameters(c, ""), KERNELS);
        double density = c.number("outlier_log_density");
        OnlineFilter filter = new OnlineFilter(
                model,
                new OnlineFilter.Options(MissingPolicy.SKIP, c.number("rho"), g -> density, replaces),
                OnlineFilter.uniform(model.states()));
        double[] x = c.input("x").doubles();
        int states = model.states();
        int n = x.length / model.dims() - model.lags();
        double[] filtered = new double[n * states];
        double[] evidence = new double[n];
        double[] outlier = new double[n];
        double[] change = new double[n];
        double[] tail = new double[n];
        for (int t = 0, row = 0; t < n + model.lags(); t++) {
            if (filter.step(x, t * model.dims(), true)) {
                System.arraycopy(filter.filtered(), 0, filtered, row * states, states);
                evidence[row] = filter.logEvidence();
                outlier[row] = filter.outlier();
                change[row] = filter.changeProbability();
                tail[row++] = filter.tailProbability();
            }
        }

        c.check(name + "_filt", filtered);
        c.check(name + "_logc", evidence);
        c.check(name + "_outlier", outlier);
        c.check(name + "_p_change", change);
        c.check(name + "_tailp", tail);
    }

    static List<ArHmmGolden.Case> integrals() {
        return ArHmmGolden.cases("o04");
    }

    @ParameterizedTest
    @MethodSource("integrals")
    void shouldIntegrateMissingFramesOut(ArHmmGolden.Case c) {
        OnlineModel model = new OnlineModel(parameters(c, ""), KERNELS);
        OnlineFilter filter = filter(model, MissingPolicy.INTEGRATE);
        double[] x = c.input("x").doubles();
        double[] ok = c.input("ok").doubles();
        int states = model.states();
        int size = model.dims() * model.lags();
        int n = ok.length - model.lags();
        double[] filtered = new double[n * states];
        double[] evidence = new double[n];
        double[] lagMean = new double[n * size];
        double[] lagCovariance = new double[n * size * size];
        for (int t = 0, row = 0; t < ok.length; t++) {
            if (filter.step(x, t * model.dims(), ok[t] == 1)) {
                System.arraycopy(lagMeanAfter(filter, model), 0, lagMean, row * size, size);
                System.arraycopy(lagCovarianceAfter(filter, model), 0, lagCovariance, row * size * size, size * size);
                System.arraycopy(filter.filtered(), 0, filtered, row * states, states);
                evidence[row++] = filter.logEvidence();
            }
        }

        c.check("filt", filtered);
        c.check("logc", evidence);
        c.check("lag_mean", lagMean);
        c.check("lag_cov", lagCovariance);
    }

    /** Covariance of the lags of the frame to come, from what the filter keeps; 0 where they were all seen. */
    private static double[] lagCovarianceAfter(OnlineFilter filter, OnlineModel model) {
        int size = model.dims() * model.lags();
        double[] kept = filter.save();
        boolean isUncertain = ((int) kept[2] & 2) != 0;
        int from = 3 + 2 * size + model.dims();
        return isUncertain ? Arrays.copyOfRange(kept, from, from + size * size) : new double[size * size];
    }

    /** The lags of the frame to come, from what the filter keeps. */
    private static double[] lagMeanAfter(OnlineFilter filter, OnlineModel model) {
        int size = model.dims() * model.lags();
        double[] kept = filter.save();
        boolean isUncertain = ((int) kept[2] & 2) != 0;
        return isUncertain
                ? Arrays.copyOfRange(kept, 3 + size + model.dims(), 3 + 2 * size + model.dims())
                : Arrays.copyOfRange(kept, 3 + model.dims(), 3 + size + model.dims());
    }

    // ------------------------------------------------------------------------------------------------ learning

    static List<ArHmmGolden.Case> learners() {
        return ArHmmGolden.cases("o05");
    }

    private static OnlineLearner.Weights weights(ArHmmGolden.Case c) {
        return weights((String) ((java.util.Map<?, ?>) c.entry().get("params")).get("mode"));
    }

    private static OnlineLearner.Weights weights(String mode) {
        return switch (mode) {
            case "filter" -> OnlineLearner.Weights.FILTER;
            case "lag" -> OnlineLearner.Weights.FIXED_LAG;
            default -> OnlineLearner.Weights.EXACT;
        };
    }

    /** Several streams, one model, one learner. */
    private static final class Learning {
        final OnlineModel model;
        final OnlineFilter[] filters;
        final OnlineLearner learner;

        Learning(ArHmmGolden.Case c, int streams, OnlineLearner.Weights weights, StepSize step) {
            model = new OnlineModel(parameters(c, "0"), KERNELS);
            filters = new OnlineFilter[streams];
            Arrays.setAll(filters, i -> filter(model, MissingPolicy.AS_IS));
            Hyperparameters prior = Hyperparameters.of(
                    new Hyperparameters.Transitions(model.states(), c.number("alpha"), c.number("kappa"), 1),
                    model.dims(),
                    model.lags(),
                    c.number("S_0_scale"),
                    c.number("K_0_scale"));
            learner = new OnlineLearner(model, filters, weights, c.integer("lag"))
                    .learn(
                            c.input("betas").doubles(),
                            prior,
                            new PosteriorMean(model.states(), prior.autoregression()),
                            new OnlineLearner.Schedule(step, c.integer("t_min"), c.integer("every")));
        }

        /** Goes on by a frame of each stream; returns whether it was estimated. */
        boolean tick(double[] x, double[] ok, int t, int frames, double[] evidence) {
            boolean estimates = true;
            int dims = model.dims();
            for (int i = 0; i < filters.length; i++) {
                estimates &= filters[i].step(x, (i * frames + t) * dims, ok == null || ok[i * frames + t] == 1);
            }
            if (estimates) {
                learner.tick();
                for (int i = 0; i < filters.length; i++) {
                    evidence[(t - model.lags()) * filters.length + i] = filters[i].logEvidence();
                }
            }
            return estimates;
        }

        double[] pi() {
            int states = model.states();
            double[] pi = new double[states * states];
            for (int i = 0; i < pi.length; i++) {
                pi[i] = model.transitions().at(i / states, i % states);
            }
            return pi;
        }
    }

    private static double[] moments(RunningStatistics s, String which, int dims, int columns) {
        int size = columns + dims;
        int rowsFrom = which.equals("Shh") ? 0 : columns;
        int columnsFrom = which.equals("Sxx") ? columns : 0;
        int rows = which.equals("Shh") ? columns : dims;
        int width = which.equals("Sxx") ? dims : columns;
        double[] values = new double[s.states() * (which.equals("n") ? 1 : rows * width)];
        for (int i = 0; i < values.length; i++) {
            if (which.equals("n")) {
                values[i] = s.count(i);
            } else {
                int row = rowsFrom + i / width % rows;
                int column = columnsFrom + i % width;
                // The lower triangle is kept.
                int at = Math.max(row, column) * size + Math.min(row, column);
                values[i] = s.moments()[s.productsAt(i / (rows * width)) + at];
            }
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("learners")
    void shouldAdaptWhileFiltering(ArHmmGolden.Case c) {
        int streams = c.integer("N");
        int frames = c.integer("T");
        boolean isPower = c.id().endsWith("pow");
        Learning learning =
                new Learning(c, streams, weights(c), isPower ? new StepSize(0.6, 0) : new StepSize(1, 0.02));
        OnlineModel model = learning.model;
        int every = c.integer("checkpoint_every_frames");
        int checkpoints = c.output("ckpt_pi").shape()[0];
        int abSize = model.ab().length;
        int qSize = model.q().length;
        int piSize = model.states() * model.states();
        double[] evidence = new double[(frames - model.lags()) * streams];
        double[] ab = new double[checkpoints * abSize];
        double[] q = new double[checkpoints * qSize];
        double[] pi = new double[checkpoints * piSize];
        int processed = 0;
        for (int t = 0; t < frames; t++) {
            if (learning.tick(c.input("x").doubles(), c.input("ok").doubles(), t, frames, evidence)
                    && ++processed % every == 0) {
                int i = processed / every - 1;
                System.arraycopy(model.ab(), 0, ab, i * abSize, abSize);
                System.arraycopy(model.q(), 0, q, i * qSize, qSize);
                System.arraycopy(learning.pi(), 0, pi, i * piSize, piSize);
            }
        }

        c.check("logc", evidence);
        c.check("ckpt_Ab", ab);
        c.check("ckpt_Q", q);
        c.check("ckpt_pi", pi);
        RunningStatistics statistics = learning.learner.statistics();
        c.check("stat_C", statistics.transitions());
        for (String which : List.of("n", "Sxx", "Sxh", "Shh")) {
            c.check("stat_" + which, moments(statistics, which, model.dims(), model.columns()));
        }
    }

    @Test
    void shouldEqualBatchStatisticsWithExactWeights() {
        ArHmmGolden.Case c = ArHmmGolden.theCase("o06_em_identity");
        OnlineModel model = new OnlineModel(parameters(c, ""), KERNELS);
        OnlineFilter[] filters = {filter(model, MissingPolicy.SKIP), filter(model, MissingPolicy.SKIP)};
        Hyperparameters prior = Hyperparameters.of(
                new Hyperparameters.Transitions(model.states(), 1, 0, 1), model.dims(), model.lags(), 1, 1);
        OnlineLearner learner = new OnlineLearner(model, filters, OnlineLearner.Weights.EXACT, 0)
                .learn(
                        OnlineFilter.uniform(model.states()),
                        prior,
                        new PosteriorMean(model.states(), prior.autoregression()),
                        new OnlineLearner.Schedule(new StepSize(1, 0), Long.MAX_VALUE, 1));
        int frames = c.integer("T");
        double[] x = c.input("x").doubles();
        for (int t = 0; t < frames; t++) {
            boolean estimates = filters[0].step(x, t * model.dims(), true);
            filters[1].step(x, (frames + t) * model.dims(), true);
            if (estimates) {
                learner.tick();
            }
        }
        RunningStatistics statistics = learner.statistics();
        statistics.scale(learner.ticks());

        assertEquals(frames - model.lags(), learner.ticks());
        c.check("batch_C", statistics.transitions());
        for (String which : List.of("n", "Sxx", "Sxh", "Shh")) {
            c.check("batch_" + which, moments(statistics, which, model.dims(), model.columns()));
        }
    }

    @Test
    void shouldLearnOnFromALabelledRecording() {
        ArHmmGolden.Case c = ArHmmGolden.theCase("o07_em_warmstart");
        Learning learning = new Learning(c, 1, OnlineLearner.Weights.FIXED_LAG, new StepSize(1, 0.01));
        OnlineModel model = learning.model;
        learning.learner.warmStart(labelled(model, c.input("train_x"), c.input("train_z")), c.integer("u0"));
        int frames = c.integer("T");
        double[] evidence = new double[frames - model.lags()];
        for (int t = 0; t < frames; t++) {
            learning.tick(c.input("x").doubles(), null, t, frames, evidence);
        }

        c.check("logc", evidence);
        c.check("final_Ab", model.ab());
        c.check("final_Q", model.q());
        c.check("final_pi", learning.pi());
    }

    private static RunningStatistics labelled(OnlineModel model, NdArray x, NdArray z) {
        int[] states = Arrays.stream(z.doubles()).mapToInt(k -> (int) k).toArray();
        return RunningStatistics.sums(new Observations(Sequences.of(x, null), model.lags()), states, model.states())
                .averages();
    }

    /** Of each state 1, x x^T, x h^T, h h^T, into the lower triangles of products of [h; x]. */
    private static void putMoments(double[] from, RunningStatistics to, int dims, int columns) {
        int size = columns + dims;
        int each = 1 + dims * dims + dims * columns + columns * columns;
        for (int k = 0; k < to.states(); k++) {
            int at = k * each;
            to.moments()[to.productsAt(k) - 1] = from[at];
            for (int i = 0; i < size; i++) {
                for (int j = 0; j <= i; j++) {
                    int d = i - columns;
                    int source = i < columns
                            ? 1 + dims * dims + dims * columns + i * columns + j
                            : j < columns ? 1 + dims * dims + d * columns + j : 1 + d * dims + j - columns;
                    to.moments()[to.productsAt(k) + i * size + j] = from[at + source];
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"filter, -2.0296276516825540", "lag, -2.0260470580148278", "cappe, -2.029336452679063"})
    void shouldFollowAModelThatChanges(String mode, double lastThousand) {
        ArHmmGolden.Case c = ArHmmGolden.theCase("o10_adaptation");
        Learning learning = new Learning(c, 1, weights(mode), new StepSize(1, 0.005));
        OnlineModel model = learning.model;
        RunningStatistics averages = new RunningStatistics(model.states(), model.dims(), model.lags());
        System.arraycopy(c.input("s0_C").doubles(), 0, averages.transitions(), 0, averages.transitions().length);
        putMoments(c.input("s0_G").doubles(), averages, model.dims(), model.columns());
        learning.learner.warmStart(averages, c.integer("u0"));
        int frames = c.integer("T");
        double[] evidence = new double[frames - model.lags()];
        for (int t = 0; t < frames; t++) {
            learning.tick(c.input("x").doubles(), null, t, frames, evidence);
        }

        c.check("logc_" + mode, evidence);
        c.check("final_Ab_" + mode, model.ab());
        double mean = Arrays.stream(evidence, evidence.length - 1000, evidence.length)
                .average()
                .orElseThrow();
        assertEquals(lastThousand, mean, 1e-5);
    }

    @Test
    void shouldFilterAStreamWhoseModelChangesWithoutLearning() {
        ArHmmGolden.Case c = ArHmmGolden.theCase("o10_adaptation");
        c.check("logc_static", evidence(c, parameters(c, "0")));
    }

    /**
     * The model that the stream changes to. It is not stored; the first 300 of its 2999 evidences determine it, and a least-squares
     * program that is independent of this project found it there: autoregressions of its own, the noise covariances 1.3 times those
     * at first, the same transitions.
     */
    @Test
    void shouldFilterAStreamByTheModelItChangesTo() {
        ArHmmGolden.Case c = ArHmmGolden.theCase("o10_adaptation");
        double[] ab = {
            -0.03830588820686062,
            -0.4217851020318547,
            0.17533644701106915,
            -0.4234153627643923,
            -0.6077571616363474,
            0.3142362940063399,
            0.2742132738562411,
            0.4877553975258545,
            -0.7467445308756997,
            0.21443515979530497,
            0.07644412956958421,
            0.3265217447268892,
            0.3700553156308181,
            0.2061041178486393,
            -0.0812934878177327,
            0.20253618416258815,
            -0.5990490716269369,
            -0.00353273007914395
        };
        ArHmmParameters first = parameters(c, "0");
        double[] q = Arrays.stream(first.q()).map(v -> 1.3 * v).toArray();
        ArHmmParameters then = new ArHmmParameters(3, 2, 1, first.betas(), first.pi(), ab, q);

        double[] evidence = evidence(c, then);

        c.check("logc_oracle", evidence);
        double mean = Arrays.stream(evidence, evidence.length - 1000, evidence.length)
                .average()
                .orElseThrow();
        assertEquals(-1.9729540017155949, mean, 1e-9);
    }

    /** Log evidence of each frame behind the lags. */
    private static double[] evidence(ArHmmGolden.Case c, ArHmmParameters parameters) {
        OnlineFilter filter = filter(new OnlineModel(parameters, KERNELS), MissingPolicy.SKIP);
        double[] x = c.input("x").doubles();
        double[] evidence = new double[x.length / 2 - 1];
        for (int t = 0; t < x.length / 2; t++) {
            if (filter.step(x, 2 * t, true)) {
                evidence[t - 1] = filter.logEvidence();
            }
        }
        return evidence;
    }

    // ------------------------------------------------------------------------------------------------ monitors

    @Test
    void shouldWatchTheEvidence() {
        ArHmmGolden.Case c = ArHmmGolden.theCase("o08_monitors");
        double[] evidence = c.input("logc").doubles();
        EvidenceDrift drift = new EvidenceDrift(new EvidenceDrift.Settings(0.1, 0.01, 3, 0.005, 0.1, 1.3, 0.97, 50));
        Cusum cusum = new Cusum(3, 2, 0.5, 8);
        double[] steps = new double[evidence.length];
        double[] drifts = new double[evidence.length];
        double[] sums = new double[evidence.length];
        double[] alarms = new double[evidence.length];
        int count = 0;
        for (int t = 0; t < evidence.length; t++) {
            steps[t] = drift.next(evidence[t]);
            drifts[t] = drift.drift();
            if (cusum.next(evidence[t])) {
                alarms[count++] = t;
            }
            sums[t] = cusum.sum();
        }

        c.check("drift", drifts);
        c.check("step", steps);
        c.check("alarms", Arrays.copyOf(alarms, count));
        c.check("cusum", sums);
        assertTrue(count > 0);
    }

    @Test
    void shouldPredictWithUncertainParameters() {
        ArHmmGolden.Case c = ArHmmGolden.theCase("o09_student_t");
        int dims = c.integer("D");
        int lags = c.integer("L");
        int states = c.integer("K");
        int columns = dims * lags + 1;
        double[] x = c.input("x").doubles();
        StudentT[] posterior = new StudentT[states];
        for (int k = 0; k < states; k++) {
            posterior[k] = new StudentT(
                    dims,
                    columns,
                    c.input("nu").at(k),
                    part(c.input("S"), k, dims * dims),
                    part(c.input("M"), k, dims * columns),
                    part(c.input("Kn"), k, columns * columns));
        }
        StudentT prior = new StudentT(
                dims,
                columns,
                dims + 2,
                c.input("prior_S").doubles(),
                c.input("prior_M").doubles(),
                c.input("prior_K").doubles());
        int n = x.length / dims - lags;
        double[] densities = new double[n * states];
        double[] priors = new double[n];
        double[] g = new double[columns + dims];
        g[columns - 1] = 1;
        for (int t = 0; t < n; t++) {
            System.arraycopy(x, t * dims, g, 0, lags * dims);
            System.arraycopy(x, (t + lags) * dims, g, columns, dims);
            for (int k = 0; k < states; k++) {
                densities[t * states + k] = posterior[k].log(g);
            }
            priors[t] = prior.log(g);
        }

        c.check("log_density", densities);
        c.check("prior_log_density", priors);
    }

    private static double[] part(NdArray array, int index, int size) {
        return Arrays.copyOfRange(array.doubles(), index * size, (index + 1) * size);
    }
}
