package org.amacrine.demos.cli;

import java.util.Locale;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.operators.arhmm.Fit;
import org.amacrine.operators.arhmm.Hyperparameters;
import org.amacrine.operators.arhmm.Sequences;
import picocli.CommandLine.Option;

/** What fits of the AR-HMM have in common: size of the model, its prior but for the stickiness, and where they begin. */
final class ArHmmFitOptions {
    @Option(
            names = "--states",
            paramLabel = "K",
            defaultValue = "100",
            description = "The most states it may use (${DEFAULT-VALUE}).")
    private int states;

    @Option(
            names = "--lags",
            paramLabel = "L",
            defaultValue = "3",
            description = "Frames that the next one depends on (${DEFAULT-VALUE}).")
    private int lags;

    @Option(
            names = "--alpha",
            paramLabel = "X",
            defaultValue = "5.7",
            description = "How alike rows of transitions are (${DEFAULT-VALUE}).")
    private double alpha;

    @Option(
            names = "--gamma",
            paramLabel = "X",
            defaultValue = "1e3",
            description = "How evenly states are used (${DEFAULT-VALUE}).")
    private double gamma;

    @Option(
            names = "--s0-scale",
            paramLabel = "X",
            defaultValue = "0.01",
            description = "Expected variance of the innovations, in squared units of the features (${DEFAULT-VALUE}).")
    private double s0Scale;

    @Option(
            names = "--k0-scale",
            paramLabel = "X",
            defaultValue = "10",
            description = "Variance of the autoregression, in units of the innovations' (${DEFAULT-VALUE}).")
    private double k0Scale;

    @Option(
            names = "--init",
            paramLabel = "HOW",
            defaultValue = "prior",
            description =
                    "States to begin with: drawn from the prior, or clusters of stretches that are alike, which suits"
                            + " short recordings: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Init init;

    /** What {@code --init} can be. */
    enum Init {
        PRIOR,
        STRETCHES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all random numbers (${DEFAULT-VALUE}).")
    private long seed;

    /** The fit of a model to sequences. */
    Fit fit(Sequences data, double kappa, long sweeps, Kernels kernels, Bands bands) {
        Hyperparameters prior = Hyperparameters.of(
                new Hyperparameters.Transitions(states, alpha, kappa, gamma), data.dims(), lags, s0Scale, k0Scale);
        Fit.Builder fit = Fit.of(data, kernels, bands).sweeps(sweeps).seed(seed);
        return init == Init.PRIOR ? fit.from(prior) : fit.fromStretches(prior);
    }
}
