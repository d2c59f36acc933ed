package org.amacrine.operators.latent;

/**
 * A differentiable map of a matrix to a matrix with as many rows: what a model's {@code s} is made of. Except where a module
 * says so, a row of the output depends on that row of the input alone, to the bit, whatever the other rows are.
 */
public interface TensorModule extends Differentiable {

    /**
     * Makes room for calls with up to that many rows.
     *
     * @param width columns of the input
     * @throws IllegalArgumentException when the module cannot take that width
     */
    Pass pass(int width, int maxRows);

    /** This module with each row on its own, as streams need it; itself unless it says that its rows depend on others. */
    default TensorModule rowByRow() {
        return this;
    }

    /**
     * Calls of one module with one width, at one place, and what they need: the module's workspace. Reads the parameters
     * as they are at the call; allocates nothing. Owned by one thread.
     */
    interface Pass {

        /** Columns of the output. */
        int outWidth();

        /**
         * Computes the output.
         *
         * @param x rows by width, row-major; what follows is not read. Must not change before {@link #adjoint}
         * @param rows 0 or more, at most those there is room for
         * @param y rows by out width, another array than x; must not change before {@link #adjoint}
         */
        void forward(double[] x, int rows, double[] y);

        /**
         * Takes a gradient back through the last {@link #forward}: adds to the gradients of parameters.
         *
         * @param dy derivative of the objective with respect to y; not changed
         * @param dx becomes that with respect to x; another array than dy, its former content does not matter
         */
        void adjoint(double[] dy, double[] dx);
    }
}
