package org.amacrine.demos.behaviour;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.job.JobProgress;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.operators.arhmm.ArHmmModel;
import org.amacrine.operators.arhmm.ArHmmParameters;
import org.amacrine.operators.arhmm.Fit;
import org.amacrine.operators.arhmm.Functions;
import org.amacrine.operators.arhmm.Hyperparameters;
import org.amacrine.operators.arhmm.Sequences;
import org.amacrine.operators.features.Pca;
import org.amacrine.operators.features.PrincipalComponents;

/**
 * A model of behaviour that was fitted to a stretch of features: components, parameters with the most used state first, and
 * how the fit went.
 *
 * @param components along which features go, each scaled to the variance 1
 * @param parameters of the model
 * @param logJoint after each sweep, nats
 * @param uses frames in each state, [K]
 * @param crossLikelihoods see {@link Functions#stateCrossLikelihoods}, (K, K), nats
 */
public record FittedBehaviour(
        PrincipalComponents components,
        ArHmmParameters parameters,
        double[] logJoint,
        long[] uses,
        NdArray crossLikelihoods) {
    private static final double INNOVATION_PART = 0.25;
    private static final double PRIOR_FRAMES = 20;
    private static final double K0_SCALE = 0.1;

    /**
     * Fits a model.
     *
     * @param features (T, D), NaN where missing
     * @param prior of the transitions
     * @param lags L
     */
    public static FittedBehaviour fit(
            NdArray features,
            Hyperparameters.Transitions prior,
            int lags,
            long sweeps,
            long seed,
            Kernels kernels,
            java.util.function.Consumer<JobProgress> progress)
            throws InterruptedException {
        PrincipalComponents components = PrincipalComponents.fit(features, null, 0);
        int dims = components.count();
        int frames = features.shape()[0];
        Pca pca = new Pca("features.pca", components);
        pca.parameters().set("whiten", true);
        NdArray x = new NdArray(
                new int[] {1, frames, dims},
                NdArray.of(
                                LayerRun.of("features.pca", pca)
                                        .apply(new Frames(Shape.vector(dims), frames, features.floats()))
                                        .get("output")
                                        .values(),
                                frames,
                                dims)
                        .doubles());
        double[] weights = new double[frames];
        for (int t = 0; t < frames; t++) {
            weights[t] = Double.isNaN(x.at(t * dims)) ? 0 : 1;
        }
        NdArray mask = new NdArray(new int[] {1, frames}, weights);
        List<Double> logJoint = new ArrayList<>();
        ArHmmModel model;
        try (WorkerPool pool = new WorkerPool(Runtime.getRuntime().availableProcessors())) {
            JobRun<ArHmmModel> run = JobRun.of(
                    "fit",
                    Fit.of(Sequences.of(x, mask), kernels, pool)
                            .sweeps(sweeps)
                            .seed(seed)
                            .fromStretches(prior(prior, x, mask, lags)));
            run.progress()
                    .doOnNext(progress)
                    .subscribe(p -> logJoint.add(p.objectives().get("log_joint")), e -> {});
            run.start();
            if (run.await() == JobRun.State.FAILED) {
                throw new IllegalStateException(run.failure().getMessage(), run.failure());
            }
            model = run.result();
        }
        return byUse(components, model, logJoint, x, mask);
    }

    /**
     * A prior by the data's own statistics: innovations are expected to have a quarter of the mean square of what features
     * change by from step to step. It counts as much as some frames, else a state of rest grows so narrow that the tracker's
     * rounding looks like a change of state; and the autoregression hardly leaves "as the step before", else states that have
     * few frames learn these by heart.
     */
    private static Hyperparameters prior(Hyperparameters.Transitions transitions, NdArray x, NdArray mask, int lags) {
        int dims = x.shape()[2];
        Hyperparameters.Autoregression usual =
                Hyperparameters.of(transitions, dims, lags, 1, K0_SCALE).autoregression();
        double[] s0 = new double[dims * dims];
        for (int d = 0; d < dims; d++) {
            s0[d * dims + d] = (PRIOR_FRAMES + 1) * INNOVATION_PART * meanSquareChange(x, mask, d);
        }
        return new Hyperparameters(
                transitions,
                new Hyperparameters.Autoregression(dims, lags, usual.nu0() + PRIOR_FRAMES, s0, usual.m0(), usual.k0()));
    }

    private static double meanSquareChange(NdArray x, NdArray mask, int dim) {
        int dims = x.shape()[2];
        double sum = 0;
        int count = 0;
        for (int t = 1; t < mask.size(); t++) {
            if (mask.at(t) > 0 && mask.at(t - 1) > 0) {
                double change = x.at(t * dims + dim) - x.at((t - 1) * dims + dim);
                sum += change * change;
                count++;
            }
        }
        return sum / Math.max(1, count);
    }

    /** Gives the states numbers by how many frames they have. */
    private static FittedBehaviour byUse(
            PrincipalComponents components, ArHmmModel model, List<Double> logJoint, NdArray x, NdArray mask) {
        ArHmmParameters p = model.parameters();
        int states = p.states();
        int[] z = model.states()[0];
        long[] uses = new long[states];
        for (int s = 0; s < z.length; s++) {
            uses[z[s]] += mask.at(s + p.lags()) > 0 ? 1 : 0;
        }
        int[] order = IntStream.range(0, states)
                .boxed()
                .sorted((a, b) -> Long.compare(uses[b], uses[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] place = new int[states];
        for (int i = 0; i < states; i++) {
            place[order[i]] = i;
        }
        ArHmmParameters sorted = p.reordered(order);
        long[] path = Arrays.stream(z).mapToLong(k -> place[k]).toArray();
        NdArray cross =
                new Functions().stateCrossLikelihoods(sorted, x, new NdArray(new int[] {1, path.length}, path), mask);
        return new FittedBehaviour(
                components,
                sorted,
                logJoint.stream().mapToDouble(Double::doubleValue).toArray(),
                Arrays.stream(order).mapToLong(k -> uses[k]).toArray(),
                cross);
    }

    /** How many states have at least one frame. */
    public int used() {
        return (int) Arrays.stream(uses).filter(n -> n > 0).count();
    }
}
