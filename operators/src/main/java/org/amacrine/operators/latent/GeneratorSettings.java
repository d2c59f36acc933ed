package org.amacrine.operators.latent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;

/** Settings that source and layer of a generator have in common. */
final class GeneratorSettings {
    private static final int MOST_TRAJECTORIES = 1 << 20;

    private GeneratorSettings() {}

    static Parameter model() {
        return Parameter.text("model", null).required().doc("The fitted model, .npz");
    }

    static Parameter feedback() {
        return Parameter.text("feedback", "")
                .doc(
                        "Which output goes back to which input, as output:input pairs, such as 0:0,1:1; empty for the file's");
    }

    static Parameter trajectories() {
        return Parameter.integer("trajectories", 1)
                .atLeast(1)
                .atMost(MOST_TRAJECTORIES)
                .doc("Number of independent trajectories");
    }

    /** The model in the file that the settings name. */
    static LatentModelFile read(ParameterTree settings) {
        try {
            return LatentModelFile.read(Path.of(settings.get("model").text()));
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The feedback as set, or that of the file, or of the only output to the only input.
     *
     * @throws IllegalArgumentException when there is none
     */
    static List<Feedback> feedback(ParameterTree settings, LatentModelFile file) {
        String text = settings.get("feedback").text();
        if (!text.isBlank()) {
            return parse(text);
        }
        if (!file.feedback().isEmpty()) {
            return file.feedback();
        }
        int[] dIn = file.model().dIn();
        if (dIn.length == 1 && Arrays.equals(dIn, file.model().dOut())) {
            return List.of(new Feedback(0, 0));
        }
        throw new IllegalArgumentException(
                "the model's file does not say which outputs go back to which inputs; set feedback, for example to 0:0");
    }

    private static List<Feedback> parse(String text) {
        List<Feedback> pairs = new ArrayList<>();
        for (String pair : words(text)) {
            if (!pair.matches("\\d{1,6}:\\d{1,6}")) {
                throw new IllegalArgumentException(
                        "feedback must hold pairs output:input, such as 0:0,1:1, but holds \"" + pair + "\"");
            }
            String[] ends = pair.split(":");
            pairs.add(new Feedback(Integer.parseInt(ends[0]), Integer.parseInt(ends[1])));
        }
        return pairs;
    }

    /** Words between commas. */
    static List<String> words(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
