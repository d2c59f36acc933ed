package org.amacrine.operators.latent;

/** The negative log-likelihood of a group of outputs under independent normal noise. */
final class Likelihood {
    private static final double LOG_2_PI = Math.log(2 * Math.PI);

    private Likelihood() {}

    /** {@code 1/2 sum of (ln(2 pi) + ln psi_j + (y - mean)^2 / psi_j)} over rows and variables. */
    static double negative(double[] y, double[] mean, double[] psi, int rows) {
        int columns = psi.length;
        double sum = constant(psi, rows);
        for (int j = 0; j < columns; j++) {
            double squares = 0;
            for (int n = 0; n < rows; n++) {
                double residual = y[n * columns + j] - mean[n * columns + j];
                squares = Math.fma(residual, residual, squares);
            }
            sum += 0.5 * (squares / psi[j]);
        }
        return sum;
    }

    /** What does not depend on the outputs: {@code rows / 2 sum of (ln(2 pi) + ln psi_j)}. */
    static double constant(double[] psi, int rows) {
        double logs = 0;
        for (double variance : psi) {
            logs += Math.log(variance);
        }
        return 0.5 * rows * (psi.length * LOG_2_PI + logs);
    }
}
