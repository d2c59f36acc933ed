package org.amacrine.operators.arhmm;

/** What later frames read as the lags of a frame that is missing. The missing frame itself tells nothing about its state. */
public enum MissingPolicy {
    /** The value that was supplied in its place, such as the last one seen; the frames after it count as usual. */
    AS_IS,
    /** Nothing: frames tell nothing until as many frames in a row as there are lags were there. */
    SKIP,
    /** The mean of the predictive density; the frames after it count as usual. For short gaps. */
    PREDICT,
    /** A Gaussian belief about the lags: exact for one state, else moments are matched at each frame (GPB1). */
    INTEGRATE
}
