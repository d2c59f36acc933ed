package org.amacrine.operators.arhmm;

/**
 * Predictive density of a frame when the parameters of its state are only known up to a matrix-normal inverse-Wishart
 * distribution: a multivariate Student t with {@code nu - D + 1} degrees of freedom, location {@code M h} and scale
 * {@code S (1 + h^T K h) / (nu - D + 1)}. With the prior it is the density of a state never seen before.
 *
 * <p>Owned by the thread that computes the frames. Allocates nothing after construction.
 */
final class StudentT implements OnlineFilter.OutlierDensity {
    private final int dims;
    private final int columns;
    private final double degrees;
    private final double[] location;
    private final double[] spread;
    private final double[] cholesky;
    private final double[] residual;
    private final double constant;

    /**
     * A density.
     *
     * @param nu degrees of freedom of the inverse Wishart distribution, above D - 1
     * @param s its scale, [D][D], positive definite
     * @param m mean of the autoregression, [D][p]
     * @param k column covariance of the autoregression, [p][p]
     */
    StudentT(int dims, int columns, double nu, double[] s, double[] m, double[] k) {
        this.dims = dims;
        this.columns = columns;
        degrees = nu - dims + 1;
        location = m.clone();
        spread = k.clone();
        cholesky = s.clone();
        residual = new double[dims];
        if (!(degrees > 0) || !SmallMatrix.cholesky(cholesky, 0, dims)) {
            throw new IllegalArgumentException(
                    "a predictive density needs nu > " + (dims - 1) + " and S positive definite but nu was " + nu);
        }
        constant = logGammaRatio(degrees, dims)
                - 0.5 * dims * Math.log(Math.PI)
                - SmallMatrix.logDiagonal(cholesky, 0, dims);
    }

    /** log Gamma((v + D) / 2) - log Gamma(v / 2), in steps of one where D is even, else with Stirling's series. */
    private static double logGammaRatio(double v, int dims) {
        return logGamma(0.5 * (v + dims)) - logGamma(0.5 * v);
    }

    /** Stirling's series, for x moved above 10. */
    private static double logGamma(double x) {
        double shift = 0;
        double y = x;
        for (; y < 10; y++) {
            shift -= Math.log(y);
        }
        double z = 1 / (y * y);
        double series = 1.0 / 12
                - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * 691.0 / 360360))));
        return shift + (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series / y;
    }

    @Override
    public double log(double[] g) {
        double width = 1;
        for (int i = 0; i < columns; i++) {
            width += g[i] * SmallMatrix.dot(spread, i * columns, g, 0, columns);
        }
        for (int d = 0; d < dims; d++) {
            residual[d] = g[columns + d] - SmallMatrix.dot(location, d * columns, g, 0, columns);
        }
        SmallMatrix.solveLower(cholesky, 0, dims, residual, 0, 1);
        double square = SmallMatrix.dot(residual, 0, residual, 0, dims) / width;
        return constant - 0.5 * dims * Math.log(width) - 0.5 * (degrees + dims) * Math.log1p(square);
    }
}
