package org.amacrine.operators.arhmm;

/** No state is possible at a frame, because of zeros in the transition matrix. */
final class ImpossibleFrameException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int position;

    /** At a position of the sequence. */
    ImpossibleFrameException(int position) {
        super("no state is possible at position " + position);
        this.position = position;
    }

    /** Where in the sequence. */
    int position() {
        return position;
    }
}
