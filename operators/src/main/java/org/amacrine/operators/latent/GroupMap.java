package org.amacrine.operators.latent;

/**
 * A differentiable map of a list of matrices to a list of matrices, all with as many rows: what a model's {@code m} is. Except
 * where a map says so, a row of the outputs depends on that row of the inputs alone, to the bit.
 */
public interface GroupMap extends Differentiable {

    /**
     * Makes room for calls with up to that many rows.
     *
     * @param widths columns of each input
     * @throws IllegalArgumentException when the map cannot take these groups
     */
    Pass pass(int[] widths, int maxRows);

    /** This map with each row on its own, as streams need it; itself unless it says that its rows depend on others. */
    default GroupMap rowByRow() {
        return this;
    }

    /**
     * Calls of one map with groups of the same widths, at one place, and what they need: the map's workspace. Reads the
     * parameters as they are at the call; allocates nothing. Owned by one thread.
     */
    interface Pass {

        /** Columns of each output. */
        int[] outWidths();

        /**
         * Computes the outputs.
         *
         * @param x each rows by width, row-major; what follows is not read. Must not change before {@link #adjoint}
         * @param rows 0 or more, at most those there is room for
         * @param y each rows by out width, other arrays than those of x; must not change before {@link #adjoint}
         */
        void forward(double[][] x, int rows, double[][] y);

        /**
         * Takes gradients back through the last {@link #forward}: adds to the gradients of parameters.
         *
         * @param dy derivative of the objective with respect to y; not changed
         * @param dx becomes that with respect to x; other arrays than those of dy, their former content does not matter
         */
        void adjoint(double[][] dy, double[][] dx);
    }
}
