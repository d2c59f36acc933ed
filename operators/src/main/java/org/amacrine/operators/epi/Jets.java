package org.amacrine.operators.epi;

import java.util.Arrays;

/**
 * Arithmetic on jets: a value together with its gradient and its Hessian in {@code dims} coordinates, for several points at
 * once. Linear functions act on each component alone; others by the chain rule. So a function that is written once, in jets,
 * gives its values, gradients and Hessians, exact up to rounding.
 *
 * <pre>
 *   a jet: [component][point]
 *   component   0        1 … dims        dims + 1 …
 *   is          value    d/dz_i          d²/dz_i dz_j for i <= j, row by row
 * </pre>
 *
 * Everything works in place on arrays that it is given.
 */
final class Jets {

    /** A function of one number. */
    @FunctionalInterface
    interface Function {
        double of(double x);
    }

    private final int dims;
    private final int order;
    private final int points;
    private final int components;

    /**
     * @param order 0 for values, 1 for gradients too, 2 for Hessians too
     * @param points how many points a jet holds
     */
    Jets(int dims, int order, int points) {
        this.dims = dims;
        this.order = order;
        this.points = points;
        components = components(dims, order);
    }

    /** Number of components of a jet. */
    static int components(int dims, int order) {
        return 1 + (order > 0 ? dims : 0) + (order > 1 ? dims * (dims + 1) / 2 : 0);
    }

    /** Index of the component d²/dz_i dz_j, i <= j. */
    static int second(int dims, int i, int j) {
        return 1 + dims + i * dims - i * (i - 1) / 2 + j - i;
    }

    int points() {
        return points;
    }

    int order() {
        return order;
    }

    /** Number of values of a jet. */
    int size() {
        return components * points;
    }

    /** Jets of single points, of the same coordinates and order. */
    Jets single() {
        return new Jets(dims, order, 1);
    }

    /** Copies the jet of one point out of those of all. */
    void extract(double[] x, int at, int point, double[] single, int singleAt) {
        for (int c = 0; c < components; c++) {
            single[singleAt + c] = x[at + c * points + point];
        }
    }

    /** Copies the jet of one point to those of all. */
    void insert(double[] single, int singleAt, double[] x, int at, int point) {
        for (int c = 0; c < components; c++) {
            x[at + c * points + point] = single[singleAt + c];
        }
    }

    /** Makes a jet the coordinate {@code dim} itself, with values that are there already. */
    void coordinate(double[] x, int at, int dim) {
        Arrays.fill(x, at + points, at + size(), 0);
        if (order > 0) {
            Arrays.fill(x, at + (1 + dim) * points, at + (2 + dim) * points, 1);
        }
    }

    /** Adds a number to the values. */
    void shift(double[] x, int at, double number) {
        for (int i = at; i < at + points; i++) {
            x[i] += number;
        }
    }

    /** {@code y += factor x}. */
    void add(double factor, double[] x, int xAt, double[] y, int yAt) {
        for (int i = 0; i < size(); i++) {
            y[yAt + i] = Math.fma(factor, x[xAt + i], y[yAt + i]);
        }
    }

    /** {@code x *= factor}. */
    void scale(double factor, double[] x, int at) {
        for (int i = at; i < at + size(); i++) {
            x[i] *= factor;
        }
    }

    /** {@code c = a b}; c may be a or b. */
    void multiply(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        for (int k = components - 1, i = dims - 1, j = dims - 1; order > 1 && k > dims; k--) {
            for (int p = 0; p < points; p++) {
                int second = k * points + p;
                int iAt = (1 + i) * points + p;
                int jAt = (1 + j) * points + p;
                c[cAt + second] = a[aAt + p] * b[bAt + second]
                        + a[aAt + second] * b[bAt + p]
                        + a[aAt + iAt] * b[bAt + jAt]
                        + a[aAt + jAt] * b[bAt + iAt];
            }
            if (j-- == i) {
                i--;
                j = dims - 1;
            }
        }
        for (int k = dims; order > 0 && k > 0; k--) {
            for (int p = 0; p < points; p++) {
                int first = k * points + p;
                c[cAt + first] = a[aAt + p] * b[bAt + first] + a[aAt + first] * b[bAt + p];
            }
        }
        for (int p = 0; p < points; p++) {
            c[cAt + p] = a[aAt + p] * b[bAt + p];
        }
    }

    /**
     * Puts f(x) in the place of x.
     *
     * @param first f'
     * @param second f''
     */
    void apply(double[] x, int at, Function f, Function first, Function second) {
        for (int p = 0; p < points; p++) {
            double value = x[at + p];
            if (order > 0) {
                double slope = first.of(value);
                if (order > 1) {
                    bend(x, at, p, slope, second.of(value));
                }
                for (int k = 1; k <= dims; k++) {
                    x[at + k * points + p] *= slope;
                }
            }
            x[at + p] = f.of(value);
        }
    }

    private void bend(double[] x, int at, int p, double slope, double curvature) {
        for (int i = 0, k = 1 + dims; i < dims; i++) {
            for (int j = i; j < dims; j++, k++) {
                x[at + k * points + p] = slope * x[at + k * points + p]
                        + curvature * x[at + (1 + i) * points + p] * x[at + (1 + j) * points + p];
            }
        }
    }

    /** Puts e^x in the place of x. */
    void exp(double[] x, int at) {
        apply(x, at, Numbers::exp, Numbers::exp, Numbers::exp);
    }

    /** Puts 1 / x in the place of x. */
    void reciprocal(double[] x, int at) {
        apply(x, at, v -> 1 / v, v -> -1 / (v * v), v -> 2 / (v * v * v));
    }

    /** Puts log x in the place of x. */
    void log(double[] x, int at) {
        apply(x, at, Math::log, v -> 1 / v, v -> -1 / (v * v));
    }

    /** Puts the square root of x in the place of x. */
    void sqrt(double[] x, int at) {
        apply(x, at, Math::sqrt, v -> 0.5 / Math.sqrt(v), v -> -0.25 / (v * Math.sqrt(v)));
    }
}
