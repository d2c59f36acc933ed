package org.amacrine.demos.cli;

import java.util.List;
import org.amacrine.operators.latent.DirectPair;
import org.amacrine.operators.latent.Feedback;

/** Pairs of group numbers on the command line, such as {@code 0:1}. */
final class GroupPairs {
    private GroupPairs() {}

    /** Pairs INPUT:OUTPUT. */
    static List<DirectPair> direct(List<String> texts) {
        return texts.stream()
                .map(text -> numbers("--direct", "INPUT:OUTPUT", text))
                .map(pair -> new DirectPair(pair[0], pair[1]))
                .toList();
    }

    /** Pairs OUTPUT:INPUT. */
    static List<Feedback> feedback(List<String> texts) {
        return texts.stream()
                .map(text -> numbers("--feedback", "OUTPUT:INPUT", text))
                .map(pair -> new Feedback(pair[0], pair[1]))
                .toList();
    }

    private static int[] numbers(String option, String words, String text) {
        if (!text.matches("\\d{1,6}:\\d{1,6}")) {
            throw new IllegalArgumentException(option + " takes " + words
                    + ", two group numbers from 0 on, such as 0:1, but was \"" + text + "\"");
        }
        String[] numbers = text.split(":");
        return new int[] {Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])};
    }
}
