package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.amacrine.core.io.NdArray;

/**
 * What decides how a fit goes on, apart from its data and parameters: settings by name, as text. The number of iterations is not among
 * them, so that a fit may go on for longer.
 *
 * @param values texts of a single line each
 */
record FitSettings(Map<String, String> values) {

    /** Of modules, and of which parameters are fitted. */
    static Map<String, String> of(LatentRegressionModel model, List<Tensor> fitted) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("m", text(model.m()));
        for (int h = 0; h < model.s().size(); h++) {
            values.put("s." + h, text(model.s().get(h)));
        }
        Map<Tensor, List<String>> names = StateDict.names(model.stateDict());
        values.put(
                "parameters",
                fitted.stream()
                        .map(tensor ->
                                names.getOrDefault(tensor, List.of("another")).get(0))
                        .collect(Collectors.joining(", ")));
        return values;
    }

    private static String text(Differentiable module) {
        try {
            return ModuleText.of(module.structure());
        } catch (IllegalStateException e) {
            // Made of a program's own functions: only its type is known.
            return module.getClass().getSimpleName();
        }
    }

    /** The code points of all of them, one in a line. */
    NdArray array() {
        long[] points = values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"))
                .codePoints()
                .asLongStream()
                .toArray();
        return new NdArray(new int[] {points.length}, points);
    }

    /**
     * Fails unless a fit that was saved had the same settings.
     *
     * @param saved from {@link #array}; null when there is none
     */
    void requireSame(NdArray saved) {
        if (saved == null) {
            throw new IllegalArgumentException(
                    "the checkpoint does not say with which settings it was made: it is from an"
                            + " older program; go on with that one, or start anew");
        }
        Map<String, String> there = parse(saved);
        values.forEach((name, here) -> {
            String kept = there.get(name);
            if (!here.equals(kept)) {
                throw new IllegalArgumentException("the checkpoint is of a fit with "
                        + (kept == null ? "no " + name : name + " " + kept) + " but here it is " + here
                        + "; give the same, or start anew");
            }
        });
        there.forEach((name, value) -> {
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException("the checkpoint is of a fit with " + name + " " + value
                        + " but here there is none; give the same, or start anew");
            }
        });
    }

    private static Map<String, String> parse(NdArray saved) {
        int[] points = Arrays.stream(saved.doubles())
                .mapToInt(value -> Character.isValidCodePoint((int) value) ? (int) value : '?')
                .toArray();
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : new String(points, 0, points.length).split("\n")) {
            int end = line.indexOf('=');
            values.put(end < 0 ? line : line.substring(0, end), line.substring(end + 1));
        }
        return values;
    }
}
