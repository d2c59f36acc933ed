package org.amacrine.core.layer;

import java.util.Collection;
import java.util.Locale;

/** Finds what a misspelt name was probably meant to be. */
public final class Names {
    private Names() {}

    /** The half sentence {@code ; did you mean "…"?} when one of the known names is close, else an empty string. */
    public static String suggest(String unknown, Collection<String> known) {
        String best = closest(unknown, known);
        return best == null ? "" : "; did you mean \"" + best + "\"?";
    }

    /** The known name with the fewest edits from the unknown one, or null when none is near. */
    public static String closest(String unknown, Collection<String> known) {
        String best = null;
        double bestScore = Double.POSITIVE_INFINITY;
        for (String name : known) {
            double whole = distance(unknown, name);
            double score = Math.min(whole, 0.5 + distance(lastPart(unknown), lastPart(name)) + whole / 100);
            if (contains(name, lastPart(unknown))) {
                score = Math.min(score, 2);
            }
            if (score < bestScore) {
                bestScore = score;
                best = name;
            }
        }
        return bestScore <= Math.max(2, unknown.length() / 2.5) ? best : null;
    }

    private static boolean contains(String name, String part) {
        return part.length() >= 3 && name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Levenshtein distance; a difference in case counts a tenth. */
    private static double distance(String a, String b) {
        double[] row = new double[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            double diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                char p = a.charAt(i - 1);
                char q = b.charAt(j - 1);
                double change = p == q ? 0 : Character.toLowerCase(p) == Character.toLowerCase(q) ? 0.1 : 1;
                double next = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + change);
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[b.length()];
    }
}
