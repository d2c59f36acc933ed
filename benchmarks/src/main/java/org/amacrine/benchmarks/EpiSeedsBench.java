package org.amacrine.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.operators.epi.BatchFormula;
import org.amacrine.operators.epi.BatchFormula.Value;
import org.amacrine.operators.epi.BoundedParameter;
import org.amacrine.operators.epi.EpiEpoch;
import org.amacrine.operators.epi.EpiFit;
import org.amacrine.operators.epi.EpiModel;
import org.amacrine.operators.epi.EpiResult;
import org.amacrine.operators.epi.LagrangianSettings;
import org.amacrine.operators.epi.LinearSystem;
import org.amacrine.operators.epi.NormalizingFlow;

/**
 * {@code amacrine bench epi-seeds}: what fits of emergent properties reach from different seeds, held against the exact optima.
 *
 * <p>The density of largest entropy is {@code exp(eta* T(z)) / Z}, so that the divergence of a fit from it is {@code H* - H - eta*
 * R}. For the linear system within ± 10 the numbers come from quadrature; for the Gaussian they are worked out by hand.
 */
public final class EpiSeedsBench {
    private static final double LINEAR_ENTROPY = 7.734882434449811;
    private static final double[] LINEAR_ETA = {0, 0.26100324255806123, -1.9999912660720949, -1.19395100987671};
    private static final int LINEAR_SEEDS = 24;
    private static final int LINEAR_EPOCHS = 13;
    private static final int MODE_SAMPLES = 10_000;

    private static final double[] GAUSSIAN_MU = {1, -0.5, 1.5, 1.05, -0.2};
    /** log(2 pi e sqrt(0.31)). */
    private static final double GAUSSIAN_ENTROPY = Math.log(2 * Math.PI * Math.E * Math.sqrt(0.31));

    private static final double[] GAUSSIAN_ETA = {0.95 / 0.31, -0.55 / 0.31, -0.4 / 0.31, -0.25 / 0.31, 0.3 / 0.31};
    private static final int GAUSSIAN_SEEDS = 3;

    private final PrintWriter out;
    private final Bands bands;
    private final Kernels kernels = Backends.choose("auto").backend().open();

    private EpiSeedsBench(PrintWriter out, Bands bands) {
        this.out = out;
        this.bands = bands;
    }

    /**
     * Fits and prints a line for each seed.
     *
     * @param quick the Gaussian only
     */
    public static void run(boolean quick, PrintWriter out) {
        try (WorkerPool pool = new WorkerPool(Runtime.getRuntime().availableProcessors())) {
            EpiSeedsBench bench = new EpiSeedsBench(out, pool);
            bench.gaussian();
            if (!quick) {
                bench.linearSystem();
            }
        }
    }

    /** What a fit reached: its first converged epoch or -1, and the divergence of one epoch. */
    private record Reached(int first, double divergence, double squaredViolation, double share) {}

    /** @param k the epoch that is looked at, from 1; none below */
    private static Reached reached(EpiResult result, int k, double entropy, double[] eta, double share) {
        int first = -1;
        for (EpiEpoch epoch : result.epochs()) {
            first = first < 0 && epoch.converged() ? epoch.epoch() : first;
        }
        if (k < 1) {
            return new Reached(first, Double.NaN, Double.NaN, share);
        }
        EpiEpoch best = result.epochs().get(k - 1);
        double divergence = entropy - best.entropy();
        double square = 0;
        for (int i = 0; i < eta.length; i++) {
            divergence -= eta[i] * best.violation()[i];
            square += best.violation()[i] * best.violation()[i];
        }
        return new Reached(first, divergence, square, share);
    }

    private static EpiResult run(EpiFit fit) {
        while (!fit.done()) {
            fit.step();
        }
        return fit.result();
    }

    private void gaussian() {
        out.println("two-dimensional Gaussian from its moments, as of epoch 8");
        out.println("  seed  converged at  divergence   |R|^2");
        for (int seed = 1; seed <= GAUSSIAN_SEEDS; seed++) {
            BatchFormula formula = new BatchFormula(2);
            Value z1 = formula.parameter(0);
            Value z2 = formula.parameter(1);
            EpiModel model = new EpiModel(
                    "gaussian",
                    List.of(new BoundedParameter("z", 2, null, null)),
                    "moments",
                    formula.property(z1, z2, z1.square(), z2.square(), z1.times(z2)));
            NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                    .stages(2)
                    .units(15)
                    .seed(seed)
                    .build();
            EpiResult result = run(EpiFit.of(model, flow, GAUSSIAN_MU, kernels)
                    .lagrangian(new LagrangianSettings(300, 1e-3, 1, 0.25, 4))
                    .initialIterations(2000)
                    .epochs(8)
                    .iterations(500)
                    .bands(bands)
                    .seed(seed)
                    .build());
            Reached reached = reached(result, result.epochs().size(), GAUSSIAN_ENTROPY, GAUSSIAN_ETA, Double.NaN);
            out.printf(
                    Locale.ROOT,
                    "  %4d  %12d  %10.3f  %6.4f%n",
                    seed,
                    reached.first,
                    reached.divergence,
                    reached.squaredViolation);
            out.flush();
        }
    }

    private void linearSystem() {
        out.println("linear system within +- 10, 3 coupling stages of 2 x 50 units, c0 0.001, " + LINEAR_EPOCHS
                + " epochs of 1000 steps of 500 samples");
        out.println("  seed  converged at  best epoch       H  divergence   |R|^2  share of a12 > 0 > a21");
        List<Reached> all = new ArrayList<>();
        for (int seed = 1; seed <= LINEAR_SEEDS; seed++) {
            EpiResult result = linearFit(seed);
            Reached reached = reached(result, result.bestEpoch(), LINEAR_ENTROPY, LINEAR_ETA, share(result));
            all.add(reached);
            out.printf(
                    Locale.ROOT,
                    "  %4d  %12d  %10d  %6.3f  %10.3f  %6.4f  %8.2f%s%n",
                    seed,
                    reached.first,
                    result.bestEpoch(),
                    result.converged()
                            ? result.epochs().get(result.bestEpoch() - 1).entropy()
                            : Double.NaN,
                    reached.divergence,
                    reached.squaredViolation,
                    reached.share,
                    result.failed() ? "  " + result.failure() : "");
            out.flush();
        }
        summarise(all);
    }

    private void summarise(List<Reached> all) {
        double[] divergences = all.stream()
                .mapToDouble(Reached::divergence)
                .filter(v -> !Double.isNaN(v))
                .sorted()
                .toArray();
        if (divergences.length == 0) {
            out.println("  none converged");
            return;
        }
        int middle = divergences.length / 2;
        out.printf(
                Locale.ROOT,
                "  %d of %d converged; divergence: median %.3f, least %.3f, %d at most 0.6; largest |R|^2 %.4f; both modes in"
                        + " %d%n",
                divergences.length,
                LINEAR_SEEDS,
                divergences.length % 2 == 1
                        ? divergences[middle]
                        : 0.5 * (divergences[middle - 1] + divergences[middle]),
                divergences[0],
                Arrays.stream(divergences).filter(v -> v <= 0.6).count(),
                all.stream()
                        .mapToDouble(Reached::squaredViolation)
                        .filter(v -> !Double.isNaN(v))
                        .max()
                        .orElse(Double.NaN),
                all.stream().filter(r -> r.share >= 0.2 && r.share <= 0.8).count());
    }

    private EpiResult linearFit(int seed) {
        LinearSystem property = LinearSystem.eigenvalue();
        List<BoundedParameter> parameters = Stream.of("a11", "a12", "a21", "a22")
                .map(name -> new BoundedParameter(name, -10, 10))
                .toList();
        EpiModel model = new EpiModel("lds_2D", parameters, property.name(), property);
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 4)
                .bounds(model.lower(), model.upper())
                .seed(seed)
                .build();
        double[] mu = {0, 2 * Math.PI, 0.25, 0.04 * Math.PI * Math.PI};
        return run(EpiFit.of(model, flow, mu, kernels)
                .lagrangian(new LagrangianSettings(500, 1e-3, 1e-3, 0.25, 4))
                .epochs(LINEAR_EPOCHS)
                .bands(bands)
                .seed(seed)
                .build());
    }

    /** How many samples lie in one of the two modes that mirror each other, of those that lie in either. */
    private static double share(EpiResult result) {
        double[] z = result.distribution().sample(MODE_SAMPLES, 1);
        int one = 0;
        int other = 0;
        for (int n = 0; n < MODE_SAMPLES; n++) {
            one += z[4 * n + 1] > 0 && z[4 * n + 2] < 0 ? 1 : 0;
            other += z[4 * n + 1] < 0 && z[4 * n + 2] > 0 ? 1 : 0;
        }
        return one / (double) (one + other);
    }
}
