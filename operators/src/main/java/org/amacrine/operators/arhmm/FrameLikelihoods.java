package org.amacrine.operators.arhmm;

/** Where a recursion along time gets its log likelihoods from, a tile of frames at a time, any number of times. */
@FunctionalInterface
interface FrameLikelihoods {
    /** Largest number of frames of a tile: its regressors and likelihoods stay in the processor's nearest cache. */
    int TILE = 64;

    /**
     * Computes a tile.
     *
     * @param from position of its first frame
     * @param frames at most {@link #TILE}
     * @param l receives log p(x_s | z_s = k), [frames][lanes]; minus infinity in padding
     */
    void tile(int from, int frames, double[] l);
}
