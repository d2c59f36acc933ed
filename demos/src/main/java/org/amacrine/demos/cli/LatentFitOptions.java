package org.amacrine.demos.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.amacrine.core.layer.Names;
import org.amacrine.operators.latent.Adam;
import org.amacrine.operators.latent.Fit;
import org.amacrine.operators.latent.LatentRegressionModel;
import org.amacrine.operators.latent.LearningRates;
import org.amacrine.operators.latent.Tensor;
import picocli.CommandLine.Option;

/** How a latent regression model is fitted. */
final class LatentFitOptions {
    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Iterations in all, those before --resume included (${DEFAULT-VALUE}).")
    private int iterations;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "100",
            description = "Rows of a batch (${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--send",
            paramLabel = "N",
            description =
                    "Rows of a batch that are computed at once, whose gradients are then added up: fewer need less"
                            + " memory and change numbers by rounding alone (all).")
    private Integer send;

    @Option(
            names = "--rate",
            paramLabel = "R",
            split = ",",
            description = "Learning rate, or rates by the iteration from which on they hold, 0:0.01,500:0.001 (0.01)."
                    + " Adam begins anew where it changes.")
    private List<String> rates = new ArrayList<>(List.of("0.01"));

    @Option(
            names = "--beta1",
            paramLabel = "B",
            defaultValue = "0.9",
            description = "Adam: share of the mean gradient that is kept, in [0, 1) (${DEFAULT-VALUE}).")
    private double beta1;

    @Option(
            names = "--beta2",
            paramLabel = "B",
            defaultValue = "0.999",
            description = "Adam: share of the mean squared gradient that is kept, in [0, 1) (${DEFAULT-VALUE}).")
    private double beta2;

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            defaultValue = "1e-8",
            description = "Adam: added to the root of the mean squared gradient (${DEFAULT-VALUE}).")
    private double epsilon;

    @Option(
            names = "--weight-decay",
            paramLabel = "W",
            defaultValue = "0",
            description = "Adam: factor of each parameter in its own gradient (${DEFAULT-VALUE}).")
    private double weightDecay;

    @Option(names = "--amsgrad", description = "Adam: takes the largest mean squared gradient so far.")
    private boolean amsgrad;

    @Option(
            names = "--min-variance",
            paramLabel = "V",
            defaultValue = "0.01",
            description = "The least variance of the noise, in squared units of the outputs (${DEFAULT-VALUE}).")
    private double minVariance;

    @Option(
            names = "--l1-p",
            paramLabel = "L",
            split = ",",
            description =
                    "Weights of the absolute values of the input modes, by group; groups behind the last have none.")
    private double[] l1P = {};

    @Option(
            names = "--l1-u",
            paramLabel = "L",
            split = ",",
            description = "Weights of the absolute values of the output modes, by group; likewise.")
    private double[] l1U = {};

    @Option(
            names = "--l1",
            paramLabel = "mean|sum",
            defaultValue = "mean",
            description = "What of the absolute values of a group's modes is weighed (${DEFAULT-VALUE}).")
    private String l1;

    @Option(
            names = "--parameters",
            paramLabel = "NAME",
            split = ",",
            description =
                    "What is fitted, by the names that latent describe lists or by what they begin with: u0, all of"
                            + " u, m.nn, all of m (everything).")
    private List<String> parameters = new ArrayList<>();

    @Option(
            names = "--freeze",
            paramLabel = "NAME",
            split = ",",
            description = "What is left as it is, named likewise. --min-variance holds for variances all the same.")
    private List<String> frozen = new ArrayList<>();

    /** Tells a fit of the model. */
    Fit.Builder set(Fit.Builder fit, LatentRegressionModel model) {
        return fit.maxIterations(iterations)
                .batchSize(batch)
                .sendSize(send == null ? batch : send)
                .learningRates(learningRates())
                .adam(new Adam.Settings(beta1, beta2, epsilon, weightDecay, amsgrad))
                .minVariance(minVariance)
                .l1P(l1P)
                .l1U(l1U)
                .l1(l1())
                .parameters(fitted(model));
    }

    private LearningRates learningRates() {
        LearningRates.Entry[] entries = new LearningRates.Entry[rates.size()];
        for (int i = 0; i < entries.length; i++) {
            String text = rates.get(i);
            int colon = text.indexOf(':');
            try {
                entries[i] = new LearningRates.Entry(
                        colon < 0 ? 0 : Long.parseLong(text.substring(0, colon)),
                        Double.parseDouble(text.substring(colon + 1)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "--rate takes a number, or ITERATION:RATE several times, but was \"" + text + "\"", e);
            }
        }
        return LearningRates.of(entries);
    }

    private Fit.L1 l1() {
        return switch (l1.toLowerCase(Locale.ROOT)) {
            case "mean" -> Fit.L1.MEAN;
            case "sum" -> Fit.L1.SUM;
            default -> throw new IllegalArgumentException("--l1 takes mean or sum but was \"" + l1 + "\"");
        };
    }

    private List<Tensor> fitted(LatentRegressionModel model) {
        Map<String, Tensor> named = model.stateDict();
        Set<Tensor> wanted =
                parameters.isEmpty() ? Set.copyOf(named.values()) : choose("--parameters", parameters, named);
        Set<Tensor> left = choose("--freeze", frozen, named);
        List<Tensor> fitted = model.trainableParameters().stream()
                .filter(tensor -> wanted.contains(tensor) && !left.contains(tensor))
                .toList();
        if (fitted.isEmpty()) {
            throw new IllegalArgumentException("--parameters and --freeze leave nothing to fit of " + named.keySet());
        }
        return fitted;
    }

    private static Set<Tensor> choose(String option, List<String> words, Map<String, Tensor> named) {
        Set<Tensor> chosen = new HashSet<>();
        for (String word : words) {
            Pattern pattern =
                    Pattern.compile(Pattern.quote(word) + (word.matches(".*\\d") ? "" : "(\\d.*)?") + "(\\..*)?");
            List<Tensor> some = named.keySet().stream()
                    .filter(name -> pattern.matcher(name).matches())
                    .map(named::get)
                    .toList();
            if (some.isEmpty()) {
                throw new IllegalArgumentException("no parameter \"" + word + "\" for " + option
                        + Names.suggest(word, named.keySet()) + "; the model has " + named.keySet());
            }
            chosen.addAll(some);
        }
        return chosen;
    }
}
