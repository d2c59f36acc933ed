package org.amacrine.operators.epi;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.amacrine.core.io.NdArray;

/**
 * The settings of a fit by their names, which its checkpoint keeps exactly: tells which one differs from those of another fit.
 * Numbers alone are kept as text, which is exact too.
 */
final class ComparedSettings {
    private static final String PREFIX = "settings_";

    /** Texts and {@code double[]}, in the order in which they are compared. */
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Adds numbers. */
    ComparedSettings with(String name, double[] numbers) {
        values.put(name, numbers.clone());
        return this;
    }

    /** Adds anything else as its text. */
    ComparedSettings with(String name, Object value) {
        values.put(name, String.valueOf(value));
        return this;
    }

    /** Adds all of others. */
    ComparedSettings with(ComparedSettings others) {
        values.putAll(others.values);
        return this;
    }

    /** The hash of all names and values. */
    String hash() {
        return RunNames.hash(values.entrySet().stream()
                .flatMap(each -> Stream.of(each.getKey(), "=", each.getValue(), ";"))
                .toArray());
    }

    /** Puts all under names that begin with {@code settings_}. */
    void save(Map<String, NdArray> to) {
        values.forEach((name, value) -> to.put(
                PREFIX + name,
                value instanceof double[] numbers
                        ? new NdArray(new int[] {numbers.length}, numbers)
                        : ofText((String) value)));
    }

    /** Throws {@link IllegalArgumentException} with the first setting that differs, there and here. */
    void check(Map<String, NdArray> saved) {
        values.forEach((name, value) -> {
            NdArray there = saved.get(PREFIX + name);
            if (there == null) {
                throw new IllegalArgumentException("the checkpoint does not tell its " + name
                        + "; it was written by another version, begin another fit");
            }
            if (value instanceof double[] numbers) {
                check(name, there.doubles(), numbers);
            } else if (!text(there).equals(value)) {
                throw different(name, text(there), value);
            }
        });
    }

    private static void check(String name, double[] there, double[] here) {
        if (there.length != here.length) {
            throw different("number of values of " + name, there.length, here.length);
        }
        int at = Arrays.mismatch(there, here);
        if (at >= 0) {
            throw different(name + "[" + at + "]", there[at], here[at]);
        }
    }

    private static IllegalArgumentException different(String name, Object there, Object here) {
        return new IllegalArgumentException("the checkpoint is of a fit with " + name + " = " + there
                + " but this one has " + here + "; give the same to go on, or begin another fit");
    }

    /** A text as its characters. */
    static NdArray ofText(String text) {
        return new NdArray(
                new int[] {text.length()}, text.chars().asLongStream().toArray());
    }

    /** What {@link #ofText} was made of. */
    static String text(NdArray characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters.size(); i++) {
            text.append((char) characters.at(i));
        }
        return text.toString();
    }
}
