package org.amacrine.core.run;

/**
 * A source, layer or sink that serves its {@link Runner} for as long as that exists, from before the first run until after
 * the last: a dashboard on which the runner is started.
 */
public interface RunnerPart {

    /** Called once, when the runner is made. */
    void attached(Runner runner);

    /** One line for the person who started the program: where it can be found, or what it does. */
    String notice();

    /** Whether runs may be started through it: a program then waits for the next one when a run is over. */
    default boolean startsRuns() {
        return true;
    }

    /** Called when the runner is closed, after the last run. */
    void detached();
}
