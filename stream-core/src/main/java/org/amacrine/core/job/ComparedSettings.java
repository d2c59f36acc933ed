package org.amacrine.core.job;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.io.NdArray;

/**
 * The settings of a fit by their names, which its checkpoint keeps exactly: tells which one differs from those of another fit.
 * Numbers alone are kept as text, which is exact too.
 */
public final class ComparedSettings {
    private static final String PREFIX = "settings_";

    /** Texts and {@code double[]}, in the order in which they are compared. */
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Adds numbers. */
    public ComparedSettings with(String name, double[] numbers) {
        values.put(name, numbers.clone());
        return this;
    }

    /** Adds anything else as its text. */
    public ComparedSettings with(String name, Object value) {
        values.put(name, String.valueOf(value));
        return this;
    }

    /** Adds all of others. */
    public ComparedSettings with(ComparedSettings others) {
        values.putAll(others.values);
        return this;
    }

    /** All by their names, in the order in which they were added: texts and {@code double[]}, not to be written to. */
    public Map<String, Object> values() {
        return Collections.unmodifiableMap(values);
    }

    /** Puts all under names that begin with {@code settings_}. */
    public void save(Map<String, NdArray> to) {
        values.forEach((name, value) -> to.put(
                PREFIX + name,
                value instanceof double[] numbers
                        ? new NdArray(new int[] {numbers.length}, numbers)
                        : ofText((String) value)));
    }

    /**
     * Compares with those of a checkpoint.
     *
     * @throws IllegalArgumentException with the first setting that differs, there and here
     */
    public void check(Map<String, NdArray> saved) {
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
    public static NdArray ofText(String text) {
        return new NdArray(
                new int[] {text.length()}, text.chars().asLongStream().toArray());
    }

    /** What {@link #ofText} was made of. */
    public static String text(NdArray characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters.size(); i++) {
            text.append((char) characters.at(i));
        }
        return text.toString();
    }
}
