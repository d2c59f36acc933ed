package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Numbers of columns: checks, sums, and lists for settings. */
final class Widths {
    private Widths() {}

    /** Fails unless the input has as many columns as a module was made for. */
    static void require(String type, int made, int given) {
        if (given != made) {
            throw new IllegalArgumentException(type + " was made for " + made + " columns but its input has " + given
                    + "; make it for " + given + ", or change what comes before it");
        }
    }

    /** Fails unless the inputs have as many columns as a map was made for. */
    static void require(String type, int[] made, int[] given) {
        if (!Arrays.equals(made, given)) {
            throw new IllegalArgumentException(
                    type + " was made for groups of " + Arrays.toString(made) + " columns but its inputs have "
                            + Arrays.toString(given) + "; make it for these, or change d_proj");
        }
    }

    /** Fails unless there is one of something for each group. */
    static void requireGroups(String type, int made, int[] given) {
        if (given.length != made) {
            throw new IllegalArgumentException(type + " was made for " + made + " groups but was given " + given.length
                    + ", of " + Arrays.toString(given) + " columns");
        }
    }

    static int sum(int[] widths) {
        int sum = 0;
        for (int width : widths) {
            sum = Math.addExact(sum, width);
        }
        return sum;
    }

    /** Integers as a setting of a module. */
    static List<Integer> list(int[] widths) {
        return IntStream.of(widths).boxed().collect(Collectors.toUnmodifiableList());
    }

    /** Numbers as a setting of a module. */
    static List<Double> list(double[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }
}
