package org.amacrine.operators.fit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Names;

/**
 * Optimisers by name, with the rules and defaults of the reference's library. Arguments that are shares, such as beta1, lie in
 * [0, 1); switches are 0 or 1.
 *
 * <pre>
 *   sgd       lr, momentum, dampening, weightDecay, nesterov      adagrad   lr, lrDecay, eps, weightDecay, initial
 *   adam      lr, beta1, beta2, eps, weightDecay, amsgrad         adadelta  lr, rho, eps, weightDecay
 *   adamw     the same                                            rmsprop   lr, alpha, eps, weightDecay, momentum, centered
 *   adamax    lr, beta1, beta2, eps, weightDecay                  rprop     lr, etaMinus, etaPlus, leastStep, mostStep
 *   nadam     the same, momentumDecay                             asgd      lr, lambd, alpha, weightDecay
 *   radam     lr, beta1, beta2, eps, weightDecay                  lbfgs     lr, maxIterations, maxEvaluations, toleranceGradient,
 *                                                                           toleranceChange, history
 * </pre>
 */
public final class Optimisers {
    private static final Map<String, BiFunction<Integer, Arguments, Optimiser>> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("sgd", Rules.Sgd::new);
        BY_NAME.put("adam", (size, a) -> new Rules.Adam(size, a, false));
        BY_NAME.put("adamw", (size, a) -> new Rules.Adam(size, a, true));
        BY_NAME.put("adamax", Rules.Adamax::new);
        BY_NAME.put("nadam", Rules.Nadam::new);
        BY_NAME.put("radam", Rules.Radam::new);
        BY_NAME.put("adagrad", Rules.Adagrad::new);
        BY_NAME.put("adadelta", Rules.Adadelta::new);
        BY_NAME.put("rmsprop", Rules.RmsProp::new);
        BY_NAME.put("rprop", Rules.Rprop::new);
        BY_NAME.put("asgd", Rules.Asgd::new);
        BY_NAME.put("lbfgs", Lbfgs::new);
    }

    private Optimisers() {}

    /** All names. */
    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    /**
     * An optimiser for vectors of so many parameters.
     *
     * @param name one of {@link #names()}, in any case
     * @param arguments by name; those not given have their defaults
     * @throws IllegalArgumentException that says what is allowed
     */
    public static Optimiser of(String name, Map<String, Double> arguments, int size) {
        String known = name.toLowerCase(Locale.ROOT);
        BiFunction<Integer, Arguments, Optimiser> maker = BY_NAME.get(known);
        if (maker == null) {
            throw new IllegalArgumentException("no optimiser \"" + name + "\"" + Names.suggest(known, BY_NAME.keySet())
                    + "; there are " + String.join(", ", BY_NAME.keySet()));
        }
        Arguments asked = new Arguments(known, arguments);
        Optimiser optimiser = maker.apply(size, asked);
        asked.requireAllKnown();
        return new Named(known, asked.all(), optimiser);
    }

    /** Saves what it is too, with its arguments: two rules may remember as many numbers, which mean different things. */
    private record Named(String name, Map<String, Double> arguments, Optimiser rule) implements Optimiser {
        private static final String KEY = "name";
        private static final String ARGUMENT = "argument.";

        @Override
        public double step(double[] theta, Objective objective) {
            return rule.step(theta, objective);
        }

        @Override
        public Map<String, NdArray> save() {
            Map<String, NdArray> saved = rule.save();
            saved.put(KEY, NdArray.of((long) name.hashCode()));
            arguments.forEach((argument, value) -> saved.put(ARGUMENT + argument, NdArray.of(value)));
            return saved;
        }

        @Override
        public void restore(Map<String, NdArray> saved) {
            long hash = Saved.require(saved, KEY, 1).integer();
            if (hash != name.hashCode()) {
                throw new IllegalArgumentException("the optimiser is " + name + " but "
                        + names().stream()
                                .filter(each -> each.hashCode() == hash)
                                .findFirst()
                                .orElse("another one")
                        + " was saved; take the same, or start without what was saved");
            }
            arguments.forEach((argument, value) -> {
                double there = Saved.require(saved, ARGUMENT + argument, 1).at(0);
                if (there != value) {
                    throw new IllegalArgumentException(argument + " of " + name + " is " + value + " but " + there
                            + " was saved; give the same, or start without what was saved");
                }
            });
            rule.restore(saved);
        }
    }

    /**
     * The same from a line of text: {@code adam} or {@code adam:lr=0.01,beta1=0.8}.
     *
     * @throws IllegalArgumentException that says what is allowed
     */
    public static Optimiser parse(String text, int size) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        Map<String, Double> arguments = new LinkedHashMap<>();
        for (String each : colon < 0 ? new String[0] : text.substring(colon + 1).split(",")) {
            int equals = each.indexOf('=');
            try {
                if (arguments.put(
                                each.substring(0, Math.max(0, equals)).strip(),
                                Double.parseDouble(each.substring(equals + 1)))
                        != null) {
                    throw new IllegalArgumentException("\"" + text + "\" gives an argument twice; remove one");
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        equals < 1
                                ? "an optimiser is written as sgd:lr=0.01,momentum=0.9 but was \"" + text + "\""
                                : each.substring(0, equals).strip() + " of " + name
                                        + " must be a finite number >= 0 but was \"" + each.substring(equals + 1)
                                        + "\"",
                        e);
            }
        }
        return of(name, arguments, size);
    }
}
