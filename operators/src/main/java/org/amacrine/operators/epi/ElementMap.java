package org.amacrine.operators.epi;

/**
 * A monotone function of one number, whose parameters a conditioner gives. They come in fields, each a run of rows of the
 * conditioner's outputs: {@code rows[f]} is where field f of an element begins. Immutable.
 */
interface ElementMap {

    /** Number of rows of each field. */
    int[] fields();

    /** Its work on one batch, for one element at a time; owned by one thread. */
    Work work();

    /** Work of one thread. */
    interface Work {
        /**
         * From x to y for a row of a slice; adds to the log determinants. May leave what {@link #reverse} needs in the place of
         * the parameters.
         *
         * @param p parameters of the slice, rows {@code width} values apart
         */
        void forward(
                double[] x,
                double[] y,
                int at,
                double[] p,
                int pAt,
                int[] rows,
                int width,
                double[] logDet,
                int logDetAt);

        /**
         * From gradients for y to gradients for x, in place, and for the parameters.
         *
         * @param logDetGradient the objective's derivative by each log determinant
         */
        void reverse(
                double[] x,
                double[] y,
                int at,
                double[] p,
                int pAt,
                int[] rows,
                int width,
                double logDetGradient,
                double[] gradient,
                int gradientAt,
                double[] pGradient,
                int pGradientAt);
    }

    /**
     * From y to x, in jets.
     *
     * @param y receives x, one jet
     * @param p parameters as jets, [rows][jet]; may be changed
     * @param logDet a jet, to which the log determinant of the inverse is added
     */
    void invert(Jets jets, double[] y, int at, double[] p, int[] rows, double[] logDet);
}
