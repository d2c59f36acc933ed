package org.amacrine.operators.epi;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The directions in which a distribution falls off around a point, by the eigenvectors of its Hessian: where the curvature is most
 * negative, the model tolerates least (Bittner et al., eLife 2021). Found by Jacobi's rotations (Crelle's Journal 1846).
 *
 * @param curvatures eigenvalues of the Hessian of the log density, from the most negative on, [D]
 * @param directions eigenvector of each, of length 1, [D][D]
 */
public record Sensitivity(double[] curvatures, double[][] directions) {
    private static final int MOST_SWEEPS = 60;

    /**
     * The directions of a distribution at a point.
     *
     * @param z the point, [D]
     * @throws IllegalArgumentException when there is no density there
     */
    public static Sensitivity of(Distribution distribution, double[] z) {
        if (z.length != distribution.dims()) {
            throw new IllegalArgumentException(
                    "a point has D = " + distribution.dims() + " elements but was given " + z.length);
        }
        double[] hessian = distribution.hessian(z);
        if (!Arrays.stream(hessian).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "there is no density at " + Arrays.toString(z) + "; give a point within the bounds");
        }
        return of(hessian, z.length);
    }

    /** Of a symmetric matrix, [dims][dims]. */
    static Sensitivity of(double[] symmetric, int dims) {
        double[] a = symmetric.clone();
        double[] vectors = new double[dims * dims];
        for (int d = 0; d < dims; d++) {
            vectors[d * dims + d] = 1;
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && largestBeside(a, dims) > 0; sweep++) {
            for (int p = 0; p < dims; p++) {
                for (int q = p + 1; q < dims; q++) {
                    rotate(a, vectors, dims, p, q);
                }
            }
        }
        int[] order = IntStream.range(0, dims)
                .boxed()
                .sorted(Comparator.comparingDouble(d -> a[d * dims + d]))
                .mapToInt(d -> d)
                .toArray();
        double[] curvatures =
                Arrays.stream(order).mapToDouble(d -> a[d * dims + d]).toArray();
        double[][] directions = Arrays.stream(order)
                .mapToObj(d -> IntStream.range(0, dims)
                        .mapToDouble(i -> vectors[i * dims + d])
                        .toArray())
                .toArray(double[][]::new);
        return new Sensitivity(curvatures, directions);
    }

    /** The largest entry beside the diagonal that still counts beside it. */
    private static double largestBeside(double[] a, int dims) {
        double largest = 0;
        double scale = 0;
        for (int i = 0; i < dims; i++) {
            for (int j = 0; j < dims; j++) {
                double value = Math.abs(a[i * dims + j]);
                scale = Math.max(scale, value);
                largest = i == j ? largest : Math.max(largest, value);
            }
        }
        return largest > 1e-15 * scale ? largest : 0;
    }

    /** Makes the entries (p, q) and (q, p) zero. */
    private static void rotate(double[] a, double[] vectors, int dims, int p, int q) {
        double beside = a[p * dims + q];
        if (beside == 0) {
            return;
        }
        double theta = (a[q * dims + q] - a[p * dims + p]) / (2 * beside);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
        double cosine = 1 / Math.hypot(t, 1);
        double sine = t * cosine;
        for (int k = 0; k < dims; k++) {
            turn(a, k * dims + p, k * dims + q, cosine, sine);
            turn(vectors, k * dims + p, k * dims + q, cosine, sine);
        }
        for (int k = 0; k < dims; k++) {
            turn(a, p * dims + k, q * dims + k, cosine, sine);
        }
    }

    private static void turn(double[] a, int at, int other, double cosine, double sine) {
        double first = a[at];
        double second = a[other];
        a[at] = cosine * first - sine * second;
        a[other] = sine * first + cosine * second;
    }
}
