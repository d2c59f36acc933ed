package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NpyReader;

/** The {@code name=value} pairs of {@code --set}. */
final class Assignments {
    private Assignments() {}

    /**
     * Splits the pairs. A value {@code @file.npy} is the array in that file.
     *
     * @throws IllegalArgumentException when a pair has no {@code =}
     */
    static Map<String, Object> parse(List<String> pairs) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--set needs name=value but was \"" + pair + "\"");
            }
            String value = pair.substring(equals + 1);
            Object given = value.startsWith("@") ? NpyReader.readAll(Path.of(value.substring(1))) : value;
            values.put(pair.substring(0, equals), given);
        }
        return values;
    }
}
