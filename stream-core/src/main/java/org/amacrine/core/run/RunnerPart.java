package org.amacrine.core.run;

/**
 * A source, layer or sink that serves its {@link Runner} for as long as that exists, from before the first run until after
 * the last: a dashboard on which the runner is started.
 */
public interface RunnerPart {

    /** Called once, when the runner is made. */
    void attached(Runner runner);

    /** One line for the person who started the program: where it can be found. */
    String notice();

    /** Called when the runner is closed, after the last run. */
    void detached();
}
