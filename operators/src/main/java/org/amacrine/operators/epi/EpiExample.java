package org.amacrine.operators.epi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.amacrine.core.layer.Names;

/**
 * A built-in model with the means that its simulations should have, and with settings that suit it (Bittner et al., eLife 2021).
 *
 * @param model its parameters and statistics
 * @param mu wished means
 * @param c0 first coefficient of the penalty
 * @param stages of the flow
 * @param units of the flow's hidden layers
 */
public record EpiExample(EpiModel model, double[] mu, double c0, int stages, int units) {
    private static final List<String> NAMES = List.of("linear", "stomatogastric", "low-rank", "colliculus");
    private static final int NETWORK_UNITS = 25;
    private static final int NETWORK_DRAWS = 5;
    private static final int COLLICULUS_TRIALS = 50;

    /** Keeps a copy of mu. */
    public EpiExample {
        mu = mu.clone();
    }

    /** The names of all. */
    public static List<String> names() {
        return NAMES;
    }

    /** The one of a name; throws {@link IllegalArgumentException} with a suggestion when there is none. */
    public static EpiExample of(String name) {
        return switch (name) {
            case "linear" -> linear();
            case "stomatogastric" -> stomatogastric();
            case "low-rank" -> lowRank();
            case "colliculus" -> colliculus();
            default ->
                throw new IllegalArgumentException("no built-in model \"" + name + "\"" + Names.suggest(name, NAMES)
                        + "; there are " + String.join(", ", NAMES));
        };
    }

    /** The one with a model of that name, as saved runs tell it; empty when there is none. */
    public static Optional<EpiExample> ofModel(String model) {
        return NAMES.stream()
                .map(EpiExample::of)
                .filter(example -> example.model.name().equals(model))
                .findFirst();
    }

    /** A linear system in two dimensions that oscillates once per unit of time, and neither grows nor decays. */
    private static EpiExample linear() {
        LinearSystem property = LinearSystem.eigenvalue();
        List<BoundedParameter> parameters = Stream.of("a11", "a12", "a21", "a22")
                .map(name -> new BoundedParameter(name, -10, 10))
                .toList();
        double[] mu = {0, 2 * Math.PI, 0.25, 0.04 * Math.PI * Math.PI};
        return new EpiExample(new EpiModel("lds_2D", parameters, property.name(), property), mu, 1e-3, 3, 50);
    }

    /** A stomatogastric circuit whose hub is at 0.55 Hz, between the fast and the slow rhythm. */
    private static EpiExample stomatogastric() {
        List<BoundedParameter> parameters =
                List.of(new BoundedParameter("g_el", 4, 8), new BoundedParameter("g_synA", 0.01, 4));
        EpiModel model = new EpiModel("STG", parameters, "hubfreq", new StomatogastricCircuit(0.55, 1e-12));
        return new EpiExample(model, new double[] {0.55, 0.025 * 0.025}, 1, 2, 25);
    }

    /** A network of rank two, of 25 units, that amplifies but does not run away. */
    private static EpiExample lowRank() {
        List<BoundedParameter> parameters = new ArrayList<>();
        int dims = 2 * NETWORK_UNITS;
        double[] lower = new double[dims];
        double[] upper = new double[dims];
        for (int d = 0; d < dims; d++) {
            lower[d] = -1;
            upper[d] = 1;
        }
        parameters.add(new BoundedParameter("U", dims, lower, upper));
        parameters.add(new BoundedParameter("V", dims, lower, upper));
        LowRankNetwork network = new LowRankNetwork(NETWORK_UNITS, NETWORK_DRAWS, 0.01);
        EpiModel model = new EpiModel("Rank2Net", parameters, "stable_amp", network);
        return new EpiExample(model, new double[] {0.5, 1.5, 0.0625, 0.0625}, 1e3, 3, 100);
    }

    /** A superior colliculus that is right in three of four trials of either task. */
    private static EpiExample colliculus() {
        List<BoundedParameter> parameters = Stream.of("sW", "vW", "dW", "hW")
                .map(name -> new BoundedParameter(name, -5, 5))
                .toList();
        SuperiorColliculus circuit = new SuperiorColliculus(0.75, COLLICULUS_TRIALS);
        EpiModel model = new EpiModel("SC_Circuit_4", parameters, "SC_acc_var", circuit);
        return new EpiExample(model, new double[] {0.75, 0.25, 0.075 * 0.075, 0.075 * 0.075}, 1, 3, 50);
    }
}
