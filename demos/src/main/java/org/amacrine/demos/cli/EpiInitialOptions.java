package org.amacrine.demos.cli;

import java.io.IOException;
import java.util.List;
import org.amacrine.core.layer.Names;
import org.amacrine.operators.epi.EpiModel;
import org.amacrine.operators.epi.Gaussian;
import org.amacrine.operators.epi.InitialCache;
import org.amacrine.operators.epi.RejectionStart;
import picocli.CommandLine.Option;

/** The options of where a fit of emergent properties begins: a Gaussian that is given, or found by rejection. */
final class EpiInitialOptions {
    @Option(
            names = "--init",
            paramLabel = "HOW",
            description =
                    "Where the flow begins: gaussian, in the middle of the bounds, or abc, by rejection (${DEFAULT-VALUE}).")
    private String init = "gaussian";

    @Option(names = "--init-mu", paramLabel = "X", split = ",", description = "Mean of the Gaussian (the middle).")
    private double[] mu;

    @Option(
            names = "--init-sigma",
            paramLabel = "X",
            split = ",",
            description = "Its variances, or its whole covariance row by row (a quarter of the bounds, squared).")
    private double[] sigma;

    @Option(names = "--abc-keep", paramLabel = "N", description = "Parameters that a search by rejection finds (200).")
    private Integer keep;

    @Option(
            names = "--abc-means",
            paramLabel = "X",
            split = ",",
            description = "What the first statistics should be there (the first half of --mu).")
    private double[] means;

    @Option(
            names = "--abc-stds",
            paramLabel = "X",
            split = ",",
            description = "By half of what they may differ (the square roots of the second half of --mu).")
    private double[] stds;

    @Option(
            names = "--init-iterations",
            paramLabel = "N",
            description = "Steps that bring the flow there (${DEFAULT-VALUE}); kept in --out for later fits.")
    int iterations = 10_000;

    @Option(names = "--init-rate", paramLabel = "R", description = "Learning rate of these steps (${DEFAULT-VALUE}).")
    double rate = 1e-3;

    /** The Gaussian to begin with. */
    Gaussian gaussian(EpiModel model, double[] wished, InitialCache cache) throws IOException {
        switch (init) {
            case "gaussian" -> {
                refuse("abc", "--abc-keep", keep, "--abc-means", means, "--abc-stds", stds);
                return given(Gaussian.within(model.lower(), model.upper()), model.dims());
            }
            case "abc" -> {
                refuse("gaussian", "--init-mu", mu, "--init-sigma", sigma);
                return cache.rejection(model, rejection(wished));
            }
            default ->
                throw new IllegalArgumentException("--init must be gaussian or abc but was \"" + init + "\""
                        + Names.suggest(init, List.of("gaussian", "abc")));
        }
    }

    private void refuse(String other, Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                throw new IllegalArgumentException(
                        namesAndValues[i] + " is of --init " + other + " but --init is " + init);
            }
        }
    }

    private Gaussian given(Gaussian standard, int dims) {
        double[] mean = mu == null ? standard.mu() : mu;
        if (mean.length != dims) {
            throw new IllegalArgumentException(
                    "--init-mu must have a value for each of the " + dims + " parameters but has " + mean.length);
        }
        if (sigma == null) {
            return new Gaussian(mean, standard.sigma());
        }
        if (sigma.length != dims && sigma.length != dims * dims) {
            throw new IllegalArgumentException("--init-sigma must have " + dims + " variances or " + dims * dims
                    + " covariances but has " + sigma.length + " values");
        }
        return sigma.length == dims * dims ? new Gaussian(mean, sigma) : Gaussian.diagonal(mean, sigma);
    }

    private RejectionStart rejection(double[] wished) {
        if ((means == null) != (stds == null)) {
            throw new IllegalArgumentException("--abc-means and --abc-stds come together but only "
                    + (means == null ? "--abc-stds" : "--abc-means") + " was given");
        }
        RejectionStart start = means == null ? RejectionStart.of(wished) : RejectionStart.of(means, stds);
        return keep == null
                ? start
                : new RejectionStart(keep, start.means(), start.stds(), start.maxDraws(), start.seed());
    }
}
