package org.amacrine.core.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a job is: what it tells at the end of each iteration.
 *
 * @param iteration iterations that have ended, those before a restore included
 * @param iterations after which the work is done, or -1 when that is not known
 * @param objectives what the work judges itself by, by name
 * @param seconds time spent working since the start of this run, pauses left out
 */
public record JobProgress(long iteration, long iterations, Map<String, Double> objectives, double seconds) {

    /** Keeps a copy of the objectives, in their order. */
    public JobProgress {
        objectives = Collections.unmodifiableMap(new LinkedHashMap<>(objectives));
    }
}
