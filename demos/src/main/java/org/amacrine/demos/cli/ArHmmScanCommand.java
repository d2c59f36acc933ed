package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.operators.arhmm.KappaScan;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine arhmm scan}. */
@Command(
        name = "scan",
        description = {
            "Which stickiness suits recordings: fits a model with each kappa to the first part of each sequence, and says how"
                    + " probable the rest is, which no fit has seen. Prints for each kappa:",
            "  nats/frame   log probability of a frame of the rest",
            "  states       how many are in use",
            "  visit        frames that states last, the median"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ArHmmScanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private FeatureFiles files;

    @Option(
            names = "--kappa",
            paramLabel = "X",
            required = true,
            arity = "1..*",
            description = "Stickinesses to try, for example 1e2 1e4 1e6.")
    private List<Double> kappas = new ArrayList<>();

    @Option(
            names = "--held-out",
            paramLabel = "PART",
            defaultValue = "0.25",
            description = "Part of each sequence, at its end, that no fit sees (${DEFAULT-VALUE}).")
    private double heldOut;

    @Mixin
    private ArHmmFitOptions options;

    @Option(
            names = "--sweeps",
            paramLabel = "N",
            defaultValue = "50",
            description = "Sweeps of each fit (${DEFAULT-VALUE}).")
    private long sweeps;

    @Mixin
    private ComputeOptions compute;

    @Override
    public Integer call() throws IOException {
        PrintWriter text = spec.commandLine().getOut();
        try (WorkerPool pool = compute.pool()) {
            KappaScan scan = new KappaScan(files.read().sequences(), heldOut, compute.kernels(), pool);
            List<KappaScan.Row> rows = new ArrayList<>();
            text.println("     kappa   nats/frame   states    visit");
            for (double kappa : kappas) {
                KappaScan.Row row = scan.row(options.fit(scan.first(), kappa, sweeps, compute.kernels(), pool));
                rows.add(row);
                text.printf(
                        Locale.ROOT,
                        "%10.4g %12.4f %8d %8.1f%n",
                        row.kappa(),
                        row.logEvidence(),
                        row.states(),
                        row.medianVisit());
                text.flush();
            }
            KappaScan.Row best = rows.stream()
                    .max(Comparator.comparingDouble(KappaScan.Row::logEvidence))
                    .orElseThrow();
            text.printf(Locale.ROOT, "most probable with --kappa %.4g%n", best.kappa());
            text.flush();
        }
        return CommandLine.ExitCode.OK;
    }
}
