package org.amacrine.core.kernel;

/**
 * The mathematics of a backend: what layers call, and what has never heard of a layer.
 *
 * <p>Arrays and offsets: value {@code p} of frame {@code t} of {@code x} is {@code x[xAt + t * stride + p]}; a state has one
 * value per {@code p} and no offset. A call works on {@code from <= p < to} only, so that several workers can share a
 * frame. A <em>field</em> holds one value for all p, or one for each. Nothing is allocated, and nothing is kept.
 *
 * <p>Every implementation does the same operations in the same order as {@link ScalarKernels}, which is the definition:
 * results are equal to the last bit on every backend, for any split into ranges and chunks. Only NaN payloads may differ.
 */
public interface Kernels {

    /** Name of the backend. */
    String name();

    // ------------------------------------------------------------------------------------------------ space

    /**
     * Separable convolution of one image, the edge pixel repeated beyond the edge:
     * {@code y[i][j] = sum_q sum_r v[q] h[r] x[i + cv - q][j + ch - r]}, the sum over r first, each in the order of rising
     * index of x.
     *
     * @param x image, [rows][columns]
     * @param y result, [..][outColumns]; rows {@code fromRow} to {@code toRow} are written
     * @param vertical kernel v along the rows' axis
     * @param horizontal kernel h along the columns' axis
     * @param scratch at least {@link #convolveScratch} values, for this worker alone
     */
    void convolve(
            float[] x,
            int xAt,
            int rows,
            int columns,
            float[] y,
            int yAt,
            int outColumns,
            int fromRow,
            int toRow,
            Taps vertical,
            Taps horizontal,
            float[] scratch);

    /** Size of the scratch that {@link #convolve} needs. */
    static int convolveScratch(int outColumns, Taps vertical, Taps horizontal) {
        return ConvolveRows.scratchSize(outColumns, vertical, horizontal);
    }

    /** Rows that {@link #convolve} computes from one filling of its scratch. */
    int CONVOLVE_ROWS = 16;

    /**
     * Dense convolution in time and space, only where the kernel fits:
     * {@code y[t][i][j] = sum_p sum_q sum_r w[p][q][r] x[t + kt - 1 - p][i + kh - 1 - q][j + kw - 1 - r]}, summed in the
     * order of rising index of x.
     *
     * @param x frames with their history and their borders, [frames + kt - 1][rows + kh - 1][columns + kw - 1]
     * @param y result, [frames][rows][columns], {@code yStride} values from frame to frame; rows {@code fromRow} to
     *     {@code toRow} are written
     * @param w kernel, [kt][kh][kw]
     */
    void convolveDense(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            int yStride,
            int frames,
            int rows,
            int columns,
            int fromRow,
            int toRow,
            float[] w,
            int kt,
            int kh,
            int kw);

    /** Columns of {@link #correlate} come in whole blocks of this many. */
    int CORRELATE_BLOCK = 16;

    /**
     * Correlation of one image with another at several displacements, which is added up:
     * {@code sums[sumsAt + k] += sum_i sum_j g[i][j] x[i][j + offsets[k]]} for {@code from <= k < to}. The sum of an image is made
     * by fused multiply-adds in 16 partial sums over j modulo 16, then pairs 8, 4, 2 and 1 apart, in single precision.
     *
     * @param g image, [rows][columns], rows {@code gWidth} values apart
     * @param x image in which row i begins at {@code xAt + i xWidth}, before displacement
     * @param columns a multiple of {@link #CORRELATE_BLOCK}
     * @param offsets displacements, in values of x
     */
    void correlate(
            float[] g,
            int gAt,
            int gWidth,
            float[] x,
            int xAt,
            int xWidth,
            int rows,
            int columns,
            int[] offsets,
            int from,
            int to,
            double[] sums,
            int sumsAt);

    /**
     * Recursive smoothing down each column (Deriche 1990, second order), out = F + G with
     * {@code F[i] = A1 x[i] + A2 x[i-1] + B1 F[i-1] + B2 F[i-2]} and
     * {@code G[i] = A3 x[i+1] + A4 x[i+2] + B1 G[i+1] + B2 G[i+2]}. Before the first row stands x[0] with F = 0; behind the
     * last row stand {@code edge}, then 0, with G = 0.
     *
     * @param x image, [rows][columns]
     * @param y result, [rows][columns]; not x. Columns {@code from} to {@code to} are written
     * @param c coefficients A1, A2, A3, A4, B1, B2
     * @param leak whether {@code edge} is x[0], as in the reference, or x[rows - 1]
     */
    void smoothColumns(
            float[] x, int xAt, float[] y, int yAt, int rows, int columns, int from, int to, float[] c, boolean leak);

    /** The same along each row; rows {@code from} to {@code to} are written. */
    void smoothRows(
            float[] x, int xAt, float[] y, int yAt, int rows, int columns, int from, int to, float[] c, boolean leak);

    /**
     * Sum of each row, in double precision, in one fixed tree: 16 partial sums over the columns modulo 16, then pairs.
     *
     * @param x image, [rows][columns]
     * @param sums receives the sums of rows {@code fromRow} to {@code toRow}
     */
    default void rowSums(float[] x, int xAt, int columns, int fromRow, int toRow, double[] sums) {
        for (int i = fromRow; i < toRow; i++) {
            sums[i] = RowSum.of(x, xAt + i * columns, columns);
        }
    }

    // ------------------------------------------------------------------------------------------------ time

    /**
     * First-order recursion along time: {@code y[t] = b x[t] + a y[t-1]}. With {@code a = exp(-dt / tau)} and
     * {@code b = 1 - a} this is a low pass of unit gain.
     *
     * @param x input
     * @param y output; may be x itself
     * @param last state: y of the frame before; left holding the last frame of y
     */
    void firstOrder(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] last,
            int frames,
            int stride,
            int from,
            int to,
            float b,
            float a);

    /**
     * Low pass, then high pass of the result with one step of delay, along time: {@code h[t] = bHigh low[t-1] + aHigh h[t-1]},
     * {@code low[t] = bLow x[t] + aLow low[t-1]}, {@code y[t] = low[t] - k h[t]}.
     *
     * @param x input
     * @param y output; may be x itself
     * @param low state: low of the frame before
     * @param high state: h of the frame before
     */
    void bandPass(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] low,
            float[] high,
            int frames,
            int stride,
            int from,
            int to,
            float bLow,
            float aLow,
            float bHigh,
            float aHigh,
            float k);

    /**
     * Input minus its truncated exponential past: {@code y[t] = x[t] - sum_{p=1..n} c a^(p-1) x[t-p]}, as a recursion with a
     * delayed correction: {@code s[t] = a s[t-1] + c x[t-1] - d x[t-1-n]}, {@code d = c a^n}, {@code y = x - s}.
     *
     * @param x input
     * @param y output; may be x itself
     * @param sum state s
     * @param history state: the last n + 1 frames of x as a ring, [n + 1][stride]; frame t replaces the one that goes
     * @param position where in the ring the first frame of this call goes
     */
    void transientDecay(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] sum,
            float[] history,
            int position,
            int frames,
            int stride,
            int from,
            int to,
            float a,
            float c,
            float d);

    /** {@code y = x + scale z}; y may be x or z. */
    void addScaled(
            float[] x,
            int xAt,
            float[] z,
            int zAt,
            float[] y,
            int yAt,
            int frames,
            int stride,
            int from,
            int to,
            float scale);

    /** {@code y = scale x + offset} for one frame; y may be x. */
    void scale(float[] x, int xAt, float[] y, int yAt, int from, int to, float scale, float offset);

    // ------------------------------------------------------------------------------------------------ membranes

    /**
     * Exponential Euler step of a leaky membrane whose conductance is the same everywhere (Wohrer and Kornprobst 2009,
     * eq. 10): {@code e = x (gain / rate[t])}, {@code v = (v - e) decay[t] + e}, {@code y = v}.
     *
     * @param x input current
     * @param y output, may be x itself
     * @param v state: membrane potential
     * @param rate conductance of each frame, per second
     * @param decay {@code exp(-step rate[t])}
     */
    void relax(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] v,
            int frames,
            int stride,
            int from,
            int to,
            float gain,
            float[] rate,
            float[] decay);

    /**
     * The same step for one frame with a conductance for each pixel, {@code g = leak + inhibition}.
     *
     * @param gain field
     * @param leak field
     * @param inhibition one value for each pixel
     * @param step length of the step, in seconds
     */
    void relaxEach(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] v,
            int from,
            int to,
            float[] gain,
            float[] leak,
            float[] inhibition,
            float step);

    /**
     * What drives the inhibition of a frame: {@code q = lambda v² + keep inhibition}.
     *
     * @param q result, one value for each pixel
     * @param lambda field
     */
    void feedback(float[] v, float[] inhibition, float[] q, int from, int to, float[] lambda, float keep);

    /**
     * Static nonlinearity that is linear above a threshold and never falls below zero under it, with
     * {@code u = sign (x + bias)} and {@code w = lambda (u - v0)}: {@code y = i0 + w} where u > v0, else
     * {@code y = i0 / (1 - w r)} with {@code r = 1 / i0}.
     *
     * @param sign field
     * @param i0 field
     * @param r field, 1 / i0
     * @param v0 field
     * @param lambda field
     */
    void compress(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            int frames,
            int stride,
            int from,
            int to,
            float[] sign,
            float bias,
            float[] i0,
            float[] r,
            float[] v0,
            float[] lambda);

    /**
     * Leaky integrate-and-fire neurons with noise and a refractory time, one per pixel. Each step, without fused
     * operations: v += (x - g v + s xi) tau; r -= 1; where r >= 0.5: v = 0; spike = v > 1; where spike: r = counts (mean +
     * sigma zeta); where r < 0: r = 0; where spike: v = 0.
     *
     * @param x input current
     * @param y output: 1 for a spike, else 0; not x
     * @param v state: membrane potential
     * @param r state: refractory counter
     * @param firstFrame index of the first frame: it counts the random numbers
     * @return whether every current, leak and noise included, was a finite number
     */
    boolean integrateAndFire(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] v,
            float[] r,
            int frames,
            int stride,
            int from,
            int to,
            long firstFrame,
            Neuron neuron);

    /**
     * Pixels that tell changes of brightness, as event cameras do. Each step, with {@code d = gain x} and
     * {@code i = (d + 20) / 275}:
     *
     * <pre>
     *   l = log d, a line below linearBelow;  level = (level - l) exp(bandwidth i) + l;  base -= leak + owed
     *   n = (level - base) / threshold, towards 0, at most as many events as the rest allows;  base += n threshold
     *   where n = 0 and the pixel does not rest, at random:  n = ±1, base = level
     * </pre>
     *
     * @param x input, at least 0
     * @param y output: the events of the step, rises above 0 and falls below; not x
     * @param level state: logarithm of the brightness behind the low pass
     * @param base state: the level that changes are measured from
     * @param owed state: what rounding has kept from base of its leak
     * @param silence state: steps that the pixel still rests
     * @param firstFrame index of the first frame: it counts the random numbers
     * @return whether every input was a finite number of at least 0
     */
    boolean detectChanges(
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] level,
            float[] base,
            float[] owed,
            float[] silence,
            int frames,
            int stride,
            int from,
            int to,
            long firstFrame,
            ChangeDetector detector);

    // ------------------------------------------------------------------------------------------------ random

    /** Uniform numbers of a frame, on [0, 1): {@code y = offset + scale u}. See {@link org.amacrine.core.random.CounterRandom}. */
    void uniform(float[] y, int yAt, int from, int to, long key, long frame, float scale, float offset);

    /** Normal numbers of a frame: {@code y = offset + scale n}. */
    void normal(float[] y, int yAt, int from, int to, long key, long frame, float scale, float offset);

    // ------------------------------------------------------------------------------------------------ chains of states

    /** States lie side by side in lanes, which come in whole blocks of this many; the lanes beyond the last state are padding. */
    int STATE_BLOCK = 8;

    /** Rows of a whitening matrix that lie together, see {@link #whitenedLogDensities}. */
    int WHITENED_ROWS = 4;

    /** Number of lanes of so many states: whole blocks. */
    static int stateLanes(int states) {
        return (states + STATE_BLOCK - 1) / STATE_BLOCK * STATE_BLOCK;
    }

    /**
     * Log densities of Gaussians, one per lane k, through whitened residuals: {@code y = B_k g}, {@code l_k = c_k - y·y / 2}.
     * The last {@code dims} columns of B form a lower triangle. Sums run over rising column, then over rising row.
     *
     * <pre>
     *   b: for each block of lanes, for each group of (at most) 4 rows up to row n: the columns 0 .. regressors - dims + n
     *      of these rows, [column][row of the group][lane of the block]; zero where the triangle is
     * </pre>
     *
     * @param b the matrices B, {@link #whitenedSize} values
     * @param c constants, [lanes]
     * @param dims rows of each matrix
     * @param regressors columns of each matrix, at least dims
     * @param g regressors, {@code gStride} values from frame to frame
     * @param l result, [frames][lanes]
     */
    void whitenedLogDensities(
            KernelMatrix b,
            double[] c,
            int dims,
            int regressors,
            int lanes,
            double[] g,
            int gAt,
            int gStride,
            int frames,
            double[] l,
            int lAt);

    /** Number of values of b in {@link #whitenedLogDensities}. */
    static int whitenedSize(int dims, int regressors, int lanes) {
        int columns = 0;
        for (int row = 0; row < dims; row += WHITENED_ROWS) {
            int rows = Math.min(WHITENED_ROWS, dims - row);
            columns += rows * (regressors - dims + row + rows);
        }
        return columns * lanes;
    }

    /**
     * One step of a forward filter, prior and likelihood put together before they leave the logarithm: {@code a = log r + l},
     * {@code m = max a}, {@code s = sum exp(a - m)}, {@code f = exp(a - m) / s}.
     *
     * @param r predictive probabilities, [lanes]
     * @param l log likelihoods, [lanes]; minus infinity in padding
     * @param f filtered probabilities, [lanes]; without meaning when no state is possible
     * @return log evidence {@code m + log s}; minus infinity when no state is possible
     */
    double filterStep(double[] r, int rAt, double[] l, int lAt, double[] f, int fAt, int lanes);

    /**
     * Weighted sum of the rows of a matrix: {@code y = sum_i w[i] m[i]}, in the order of rising i, from 0.
     *
     * @param m matrix, [rows][lanes]
     * @param w weights, [rows]
     * @param y result, [lanes]; not w
     */
    void mixRows(KernelMatrix m, double[] w, int wAt, int rows, double[] y, int yAt, int lanes);

    /**
     * One step of a backward smoother: {@code g = f o (P (next / r))}, divided by its sum; the quotient is 0 where r is 0.
     *
     * @param f filtered probabilities of the frame, [lanes]
     * @param r predictive probabilities of the frame after it, [lanes]
     * @param transposed transition matrix P as [to][lanes from]
     * @param states number of states
     * @param next smoothed probabilities of the frame after it, [lanes]
     * @param g smoothed probabilities of the frame, [lanes]; may be next
     * @param scratch at least {@code lanes} values
     */
    void smoothStep(
            double[] f,
            int fAt,
            double[] r,
            int rAt,
            KernelMatrix transposed,
            int states,
            double[] next,
            int nextAt,
            double[] g,
            int gAt,
            int lanes,
            double[] scratch);

    /**
     * Best way to each lane: {@code best[j] = max_i (d[i] + m[i][j])}, and the lowest i that attains it.
     *
     * @param m matrix, [rows][lanes]
     * @param d scores, [rows]
     * @param best result, [lanes]; not d
     * @param from the lowest best i of each lane, as a number, [lanes]
     */
    void maxPlus(
            KernelMatrix m,
            double[] d,
            int dAt,
            int rows,
            double[] best,
            int bestAt,
            double[] from,
            int fromAt,
            int lanes);

    // ------------------------------------------------------------------------------------------------ modes

    /**
     * Dot products of vectors with the rows of a matrix: {@code y[n][k] = sum_j x[n][j] m[k][j]}, by fused multiply-adds in 16
     * partial sums over j modulo 16, then pairs 8, 4, 2 and 1 apart; what is left beyond a multiple of 16 follows in order.
     *
     * @param m matrix, [rows][columns]
     * @param x vectors, [vectors][columns]
     * @param y result, [vectors][rows]; not x
     */
    void dotRows(float[] m, int rows, int columns, float[] x, float[] y, int vectors);

    /**
     * Weighted sums of the rows of a matrix: {@code y[n][j] = sum_k w[n][k] m[k][j]}, by fused multiply-adds in the order of
     * rising k, from 0.
     *
     * @param m matrix, [rows][columns]
     * @param w weights, [vectors][rows]
     * @param y result, [vectors][columns]; not w
     */
    void combineRows(float[] m, int rows, int columns, float[] w, float[] y, int vectors);

    /** {@code y = a o b + c}, each by one fused multiply-add; y may be b or c in the same place. */
    void multiplyAdd(float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, float[] y, int yAt, int count);

    // ------------------------------------------------------------------------------------------------ matrices

    /**
     * Product {@code y = x wᵀ}, by fused multiply-adds in 8 partial sums over the inner index modulo 8, then pairs 4, 2 and 1
     * apart; what is left beyond a multiple of 8 follows in order.
     *
     * @param x [rows][inner], from {@code xAt} on
     * @param w [columns][inner]
     * @param y [rows][columns], from {@code yAt} on; neither of them
     */
    void multiplyTransposed(double[] x, int xAt, double[] w, double[] y, int yAt, int rows, int inner, int columns);

    /**
     * Adds a product of matrices: {@code c[i][j] += sum_k a[i][k] b[k][j]}, one fused multiply-add after the other in the order
     * of rising k.
     *
     * @param a element (i, k) lies at {@code aAt + i aRow + k aColumn}, so that either this matrix or its transpose is taken
     * @param b [inner][columns], rows {@code bRow} values apart
     * @param c [rows][columns], rows {@code cRow} values apart; neither a nor b
     */
    void addProduct(
            double[] a,
            int aAt,
            int aRow,
            int aColumn,
            double[] b,
            int bAt,
            int bRow,
            double[] c,
            int cAt,
            int cRow,
            int rows,
            int inner,
            int columns);

    /**
     * Weighs differences and adds up their squares: with {@code r = a - b}, {@code c = r w} and {@code squares += r r}, the latter by
     * a fused multiply-add.
     *
     * @param w weights, [count]
     * @param c weighed differences; may be a or b in the same place
     * @param squares sums so far, [count]
     */
    void weighDifferences(
            double[] a, int aAt, double[] b, int bAt, double[] w, double[] c, int cAt, double[] squares, int count);

    /** Rectifies: {@code x = max(x, 0)}; NaN stays. */
    void rectify(double[] x, int at, int count);

    /**
     * The adjoint of {@link #rectify}: {@code g = 0} where the result f is 0.
     *
     * @param f what was rectified
     * @param g gradients, in place
     */
    void rectifyBack(double[] f, int fAt, double[] g, int gAt, int count);

    // ------------------------------------------------------------------------------------------------ checks

    /** Index from {@code at} of the first of {@code count} values that is infinite or NaN, or -1. */
    int firstNotFinite(float[] x, int at, int count);
}
