package org.amacrine.demos.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.job.JobProgress;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.operators.latent.Fit;
import org.amacrine.operators.latent.FitResult;
import org.amacrine.operators.latent.Groups;
import org.amacrine.operators.latent.Identity;
import org.amacrine.operators.latent.LatentRegressionModel;
import org.amacrine.operators.latent.LearningRates;
import org.amacrine.operators.latent.Modules;

/**
 * A generator that was fitted to an experiment: from stimuli and activity of one step to the activity of the next.
 *
 * @param model of two input groups, stimuli and activity, and one output group
 * @param objective negative log-likelihood per row at each iteration, nats
 * @param rows that it was fitted to
 */
public record FittedGenerator(LatentRegressionModel model, double[] objective, int rows) {
    private static final int BATCH = 100;
    private static final int HIDDEN = 24;
    private static final double MIN_VARIANCE = 1e-3;

    /**
     * Fits a model.
     *
     * @param recording [steps][stimuli, then units]
     * @param modes of the activity
     * @param iterations at least 1
     */
    public static FittedGenerator fit(
            float[][] recording, int modes, int iterations, long seed, Consumer<JobProgress> progress)
            throws InterruptedException {
        int stimuli = SimulatedNetwork.STIMULI;
        int units = SimulatedNetwork.UNITS;
        int rows = recording.length - 1;
        double[] stimulus = columns(recording, 0, rows, 0, stimuli);
        double[] now = columns(recording, 0, rows, stimuli, units);
        double[] next = columns(recording, 1, rows, stimuli, units);
        RandomSequence random = new RandomSequence().start(CounterRandom.key(seed, "latent.modules", 0), 0);
        LatentRegressionModel model = LatentRegressionModel.builder(
                        new int[] {stimuli, units}, new int[] {units}, new int[] {stimuli, modes}, new int[] {modes})
                .s(List.of(new Identity()))
                .useOffsets(true)
                .seed(seed)
                .build(Modules.map(
                        "NNMap(Chain(Linear(in=" + (stimuli + modes) + ", out=" + HIDDEN + "), Tanh, Linear(in="
                                + HIDDEN + ", out=" + modes + ")), d_out=[" + modes + "])",
                        random));
        Fit.Builder fit = Fit.of(model, Groups.of(rows, stimulus, now), Groups.of(rows, next))
                .kernels(Backends.choose("auto").backend().open())
                .maxIterations(iterations)
                .batchSize(Math.min(BATCH, rows))
                .sendSize(Math.min(BATCH, rows))
                .learningRates(LearningRates.of(
                        new LearningRates.Entry(0, 0.01),
                        new LearningRates.Entry(Math.max(1, 2L * iterations / 3), 0.002)))
                .minVariance(MIN_VARIANCE)
                .seed(seed);
        try (WorkerPool pool = new WorkerPool(Runtime.getRuntime().availableProcessors())) {
            JobRun<FitResult> run = JobRun.of("fit", fit.bands(pool).build());
            List<Throwable> failures = new ArrayList<>();
            run.progress().subscribe(progress, failures::add);
            run.start();
            if (run.await() == JobRun.State.FAILED) {
                throw new IllegalStateException(run.failure().getMessage(), run.failure());
            }
            return new FittedGenerator(model, run.result().objective(), rows);
        }
    }

    /** Columns of some rows, [rows][count]. */
    static double[] columns(float[][] recording, int fromRow, int rows, int fromColumn, int count) {
        double[] values = new double[rows * count];
        for (int n = 0, i = 0; n < rows; n++) {
            for (int j = 0; j < count; j++, i++) {
                values[i] = recording[fromRow + n][fromColumn + j];
            }
        }
        return values;
    }
}
