package org.amacrine.operators.arhmm;

import org.amacrine.core.random.RandomSequence;

/**
 * The posterior of one state's autoregression given its statistics: matrix-normal inverse-Wishart again. With
 * {@code P_0 = K_0^-1}, from one Cholesky factor,
 *
 * <pre>
 *   [ P_0 + Shh          .                            ]   [ R11  0  ] [ R11^T  R21^T ]
 *   [ M_0 P_0 + Sxh      S_0 + Sxx + M_0 P_0 M_0^T    ] = [ R21 R22 ] [ 0      R22^T ]
 *
 *   M_n = R21 R11^-1     S_n = R22 R22^T     K_n = R11^-T R11^-1     nu_n = nu_0 + n
 * </pre>
 *
 * which cannot lose positive definiteness by cancellation. A state without frames has its prior for a posterior.
 *
 * <p>Follows the reference where {@code boost} is 1e-6: it adds boost I to every matrix that it inverts, so that
 * {@code P_0 = (K_0 + boost I)^-1} and {@code K_n = (P_0 + Shh + boost I)^-1}, but not to P_n in S_n, which therefore gains
 * {@code boost M_n M_n^T}.
 *
 * <p>Owned by one thread; used for one state after the other; allocates nothing between.
 */
final class ArPosterior {
    /** What the reference adds to the diagonal of each matrix that it inverts. */
    static final double REFERENCE_BOOST = 1e-6;

    private static final System.Logger LOG = System.getLogger(ArPosterior.class.getName());

    private final int dims;
    private final int columns;
    private final int size;
    private final double boost;
    private final double nu0;
    private final double[] prior;
    private final double[] joint;
    private final double[] spare;
    private final double[] m;
    private final double[] s;
    private final double[] scale;
    private final double[] upper;
    private final double[] t;
    private final double[] normals;
    private final double[] noise;
    private double nu;
    private int jitters;

    /** For states with this prior. */
    ArPosterior(Hyperparameters.Autoregression hyper, double boost) {
        dims = hyper.dims();
        columns = hyper.columns();
        size = columns + dims;
        this.boost = boost;
        nu0 = hyper.nu0();
        prior = joint(hyper, boost);
        joint = new double[size * size];
        spare = new double[size * size];
        m = new double[dims * columns];
        s = new double[dims * dims];
        scale = new double[dims * dims];
        upper = new double[dims * dims];
        t = new double[dims * dims];
        normals = new double[dims * columns];
        noise = new double[dims * columns];
    }

    /** The matrix above for a state without frames, [p + D][p + D]. */
    static double[] joint(Hyperparameters.Autoregression hyper, double boost) {
        int dims = hyper.dims();
        int columns = hyper.columns();
        int size = columns + dims;
        double[] k0 = hyper.k0().clone();
        SmallMatrix.symmetrise(k0, 0, columns);
        for (int i = 0; i < columns; i++) {
            k0[i * columns + i] += boost;
        }
        double[] p0 = new double[columns * columns];
        SmallMatrix.invert(k0, 0, columns, p0, 0);
        double[] mp = new double[dims * columns];
        SmallMatrix.multiply(hyper.m0(), 0, p0, 0, mp, 0, dims, columns, columns);
        double[] mpm = new double[dims * dims];
        SmallMatrix.multiplyTransposed(mp, 0, hyper.m0(), 0, mpm, 0, dims, columns, dims);
        double[] whole = new double[size * size];
        for (int i = 0; i < columns; i++) {
            System.arraycopy(p0, i * columns, whole, i * size, columns);
            whole[i * size + i] += boost;
        }
        for (int d = 0; d < dims; d++) {
            int row = (columns + d) * size;
            System.arraycopy(mp, d * columns, whole, row, columns);
            for (int e = 0; e < dims; e++) {
                whole[row + columns + e] = hyper.s0()[d * dims + e] + mpm[d * dims + e];
            }
        }
        return whole;
    }

    /**
     * Takes the statistics of a state.
     *
     * @param state for messages
     * @param count sum of weights n
     * @param products sum of {@code w g g^T}, [p + D][p + D] from {@code at}, of which the lower triangle is read
     * @throws ArithmeticException when they are not finite, or no posterior comes of them
     */
    void update(int state, double count, double[] products, int at) {
        update(state, nu0 + count, prior, 0, 1, products, at);
    }

    /**
     * Takes the statistics of a state that has a prior of its own.
     *
     * @param state for messages
     * @param degrees degrees of freedom nu_n
     * @param base the matrix above without any frames, [p + D][p + D] from {@code baseAt}
     * @param weight what products are multiplied with
     * @param products as above
     * @throws ArithmeticException as above
     */
    void update(int state, double degrees, double[] base, int baseAt, double weight, double[] products, int at) {
        nu = degrees;
        for (int i = 0; i < size * size; i++) {
            joint[i] = base[baseAt + i] + weight * products[at + i];
        }
        double jitter = SmallMatrix.choleskyWithJitter(joint, 0, size, spare);
        if (Double.isNaN(jitter)) {
            throw new ArithmeticException("the statistics of state " + state + " over " + (degrees - nu0)
                    + " frames are not finite, or too far out of scale for double precision; bring the"
                    + " features to a spread of about 1");
        }
        if (jitter > 0 && jitters++ == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the statistics of state " + state + " are hardly positive definite: " + jitter
                            + " times the mean was added to their diagonal, and may be again; bring the features to a spread"
                            + " of about 1");
        }
        for (int d = 0; d < dims; d++) {
            System.arraycopy(joint, (columns + d) * size, m, d * columns, columns);
            System.arraycopy(joint, (columns + d) * size + columns, scale, d * dims, dims);
        }
        SmallMatrix.divideByLower(joint, 0, size, columns, m, 0, columns, dims);
        SmallMatrix.multiplyTransposed(scale, 0, scale, 0, s, 0, dims, dims, dims);
        if (boost > 0) {
            addBoostedMean();
        }
    }

    /** S_n as the reference has it, and its factor. */
    private void addBoostedMean() {
        SmallMatrix.multiplyTransposed(m, 0, m, 0, t, 0, dims, columns, dims);
        for (int i = 0; i < dims * dims; i++) {
            s[i] = Math.fma(boost, t[i], s[i]);
        }
        System.arraycopy(s, 0, scale, 0, dims * dims);
        SmallMatrix.choleskyWithJitter(scale, 0, dims, spare);
    }

    /** Degrees of freedom. */
    double nu() {
        return nu;
    }

    /** Mean M_n of the autoregression, [D][p]; overwritten by the next update. */
    double[] m() {
        return m;
    }

    /** Scale S_n of the covariance, [D][D]; overwritten by the next update. */
    double[] s() {
        return s;
    }

    /** Column covariance K_n, [p][p], computed for the caller. */
    double[] k() {
        double[] root = new double[columns * columns];
        for (int i = 0; i < columns; i++) {
            root[i * columns + i] = 1;
        }
        SmallMatrix.divideByLower(joint, 0, size, columns, root, 0, columns, columns);
        double[] k = new double[columns * columns];
        double[] transposed = new double[columns * columns];
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j < columns; j++) {
                transposed[j * columns + i] = root[i * columns + j];
            }
        }
        SmallMatrix.multiplyTransposed(transposed, 0, transposed, 0, k, 0, columns, columns, columns);
        return k;
    }

    /** How many updates needed something added to a diagonal to be positive definite. */
    int jitters() {
        return jitters;
    }

    /**
     * Means of the parameters of the state: {@code A = M_n}, {@code Q = S_n / (nu_n - D - 1)}.
     *
     * @param ab receives A, [D][p] from {@code abAt}
     * @param q receives Q, [D][D] from {@code qAt}
     */
    void mean(double[] ab, int abAt, double[] q, int qAt) {
        System.arraycopy(m, 0, ab, abAt, m.length);
        for (int i = 0; i < s.length; i++) {
            q[qAt + i] = s[i] / (nu - dims - 1);
        }
    }

    /** Lower Cholesky factor of the mean of Q, [D][D] from {@code at}. */
    void meanCholesky(double[] factor, int at) {
        double root = Math.sqrt(1 / (nu - dims - 1));
        for (int d = 0; d < dims; d++) {
            for (int e = 0; e <= d; e++) {
                factor[at + d * dims + e] = root * scale[d * dims + e];
            }
        }
    }

    /**
     * Draws parameters of the state: {@code Q ~ InverseWishart(nu_n, S_n)}, {@code A = M_n + chol(Q) G R11^-1} with G standard
     * normal.
     *
     * @param ab receives A, [D][p] from {@code abAt}
     * @param q receives Q, [D][D] from {@code qAt}
     */
    void draw(RandomSequence random, double[] ab, int abAt, double[] q, int qAt) {
        for (int i = 0; i < dims; i++) {
            upper[i * dims + i] = Math.sqrt(random.chiSquare(nu - i));
            for (int j = i + 1; j < dims; j++) {
                upper[i * dims + j] = random.normal();
            }
        }
        inverseWishart(scale, upper, dims, t, q, qAt);
        for (int i = 0; i < dims * columns; i++) {
            normals[i] = random.normal();
        }
        autoregression(q, qAt, normals, ab, abAt);
    }

    /**
     * The autoregression that belongs to elementary draws: {@code A = M_n + chol(Q) G R11^-1}.
     *
     * @param q covariance Q, [D][D] from {@code qAt}
     * @param g standard normal numbers, [D][p]
     * @param ab receives A, [D][p] from {@code abAt}
     */
    void autoregression(double[] q, int qAt, double[] g, double[] ab, int abAt) {
        System.arraycopy(q, qAt, t, 0, dims * dims);
        SmallMatrix.choleskyWithJitter(t, 0, dims, spare);
        SmallMatrix.multiply(t, 0, g, 0, noise, 0, dims, dims, columns);
        SmallMatrix.divideByLower(joint, 0, size, columns, noise, 0, columns, dims);
        for (int i = 0; i < dims * columns; i++) {
            ab[abAt + i] = m[i] + noise[i];
        }
    }

    /**
     * The inverse-Wishart matrix that belongs to elementary draws (Bartlett): {@code Q = T T^T}, {@code T = chol(S) R^-1}.
     *
     * @param scale lower Cholesky factor of S, [n][n]
     * @param r upper triangular: roots of chi-square numbers with nu - i degrees of freedom on the diagonal, standard normal
     *     numbers above it
     * @param t scratch, [n][n]
     * @param q receives Q, [n][n] from {@code qAt}, exactly symmetric
     */
    static void inverseWishart(double[] scale, double[] r, int n, double[] t, double[] q, int qAt) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = scale[i * n + j];
                for (int k = 0; k < j; k++) {
                    sum = Math.fma(-t[i * n + k], r[k * n + j], sum);
                }
                t[i * n + j] = sum / r[j * n + j];
            }
        }
        SmallMatrix.multiplyTransposed(t, 0, t, 0, q, qAt, n, n, n);
    }
}
