package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.layer.Allocations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The iterations of a fit allocate nothing, whatever is switched on. */
@Timeout(120)
class FitAllocationTest {
    private static final int ROWS = 200;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(40);

    private static void assertAllocatesNothing(Fit.Builder builder) {
        Fit fit = builder.batchSize(ROWS)
                .minVariance(0.01)
                .maxIterations(2_000_000)
                .learningRates(
                        LearningRates.of(new LearningRates.Entry(0, 1e-5), new LearningRates.Entry(3_000_000, 1e-6)))
                .build();

        long bytes = Allocations.least(fit::step, LIMIT_NANOS);

        assertFalse(fit.done());
        assertEquals(0, bytes, "bytes allocated by 20 iterations");
    }

    private static Fit.Builder fit(LatentRegressionModel model) {
        return Fit.of(model, LatentModels.random(ROWS, model.dIn(), 7), LatentModels.random(ROWS, model.dOut(), 8));
    }

    @Test
    void shouldAllocateNothingWithScalesOffsetsPairsModulesAndPenalties() {
        assertAllocatesNothing(fit(LatentModels.everything(1))
                .sendSize(70)
                .l1P(0.1, 0.2)
                .l1U(0.1)
                .adam(new Adam.Settings(0.9, 0.99, 1e-8, 0.01, true)));
    }

    @Test
    void shouldAllocateNothingWhereWorkersShareABatch() {
        try (WorkerPool pool = new WorkerPool(2)) {
            assertAllocatesNothing(fit(LatentModels.plain(300, 3).seed(1).build(new IdentityMap()))
                    .sendSize(ROWS)
                    .bands(pool));
        }
    }

    @Test
    void shouldAllocateNothingWhileModulesWander() {
        SlowSumOfBumpFcns bumps = new SlowSumOfBumpFcns(
                new double[][] {{0, 1}},
                new double[][] {{2, 2}},
                new double[] {1, 1},
                new BumpBounds(new double[] {-1}, new double[] {1}),
                null,
                new WanderingModule.Perturbation(0.1, 0.1, 0.1),
                0.01);
        LatentRegressionModel model =
                LatentModels.plain(1, 1).s(List.of(new Chain(bumps))).build(new IdentityMap());
        assertAllocatesNothing(fit(model).sendSize(ROWS).bands(Bands.ALONE));
    }
}
