package org.amacrine.core.ring;

/** What happens to a frame for which the ring has no room. */
public enum Overflow {
    /** The source waits: nothing is lost. For files and generators. */
    BLOCK,
    /** The oldest waiting frame is dropped and counted. For cameras that are watched live. */
    DROP_OLDEST,
    /** The new frame is dropped and counted. */
    DROP_NEWEST,
    /** The stream breaks off with an error. For tests, and where a loss must not go on unnoticed. */
    FAIL
}
