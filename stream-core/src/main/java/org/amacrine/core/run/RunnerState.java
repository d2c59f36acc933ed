package org.amacrine.core.run;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a {@link Runner} is.
 *
 * <pre>
 *   NEW ─start─▶ STARTING ─ready─▶ RUNNING ◀─resume/pause─▶ PAUSED
 *    ▲             │                 │                         │
 *    │             └──error──▶ FAILED│(cause kept)             │
 *    └── start again ── STOPPED ◀─drained─ STOPPING ◀─stop/end of stream─┘
 * </pre>
 */
public enum RunnerState {
    /** Never started. */
    NEW,
    /** Opening the source, preparing layers, opening sinks. */
    STARTING,
    /** Frames flow. */
    RUNNING,
    /** The source is held back; what was under way has gone on. */
    PAUSED,
    /** The source has ended or was told to; what is under way goes on to the sinks. */
    STOPPING,
    /** All that was under way has arrived, everything is closed. */
    STOPPED,
    /** Something went wrong; the cause is kept, everything is closed. */
    FAILED;

    /** Whether a run can begin. */
    public boolean canStart() {
        return this == NEW || this == STOPPED || this == FAILED;
    }

    /** Whether nothing runs any more. */
    public boolean isOver() {
        return this == STOPPED || this == FAILED;
    }

    Set<RunnerState> next() {
        return switch (this) {
            case NEW, STOPPED, FAILED -> EnumSet.of(STARTING);
            case STARTING -> EnumSet.of(RUNNING, STOPPING, FAILED);
            case RUNNING -> EnumSet.of(PAUSED, STOPPING);
            case PAUSED -> EnumSet.of(RUNNING, STOPPING);
            case STOPPING -> EnumSet.of(STOPPED, FAILED);
        };
    }
}
