package org.amacrine.demos.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|min|m|h)?");

    private Durations() {}

    /** {@code 10s}, {@code 500ms}, {@code 2min}, {@code 1h} or plain seconds, in seconds. */
    public static double seconds(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches() || Double.parseDouble(matcher.group(1)) == 0) {
            throw new IllegalArgumentException("a length of time must be a number > 0 and ms, s, min or h but was \""
                    + text + "\"; for example 10s");
        }
        double number = Double.parseDouble(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return switch (unit) {
            case "ms" -> number / 1000;
            case "s" -> number;
            case "h" -> number * 3600;
            default -> number * 60;
        };
    }
}
