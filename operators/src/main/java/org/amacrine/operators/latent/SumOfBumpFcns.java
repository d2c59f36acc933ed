package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;

/**
 * A sum of bumps as a module with one output, {@code f(x) = sum_b m_b exp(-sum_j ((x_j - c_jb) / w_jb)²)}, over all rows: no
 * support that ends, NaN in gives NaN out. Parameters, in this order: {@code c} [d][bumps], {@code m} [bumps], {@code w}
 * [d][bumps].
 */
public final class SumOfBumpFcns implements WanderingModule {
    private final int dims;
    private final int bumps;
    private final BumpMath math;
    private final BumpBounds centreBounds;
    private final BumpBounds widthBounds;
    private final Tensor c;
    private final Tensor m;
    private final Tensor w;

    /**
     * Bumps with copies of these values.
     *
     * @param c centres, [d][bumps]
     * @param w widths, [d][bumps]
     * @param m magnitudes, [bumps]
     * @param centreBounds of all centres; null for none
     * @param widthBounds of all widths; null for none
     */
    public SumOfBumpFcns(double[][] c, double[][] w, double[] m, BumpBounds centreBounds, BumpBounds widthBounds) {
        dims = requireShapes(c, w, m);
        bumps = m.length;
        math = new BumpMath(dims, bumps);
        this.c = Tensor.of(flat(c), dims, bumps);
        this.w = Tensor.of(flat(w), dims, bumps);
        this.m = Tensor.vector(m);
        this.centreBounds = BumpBounds.requireFor("bounds of c", centreBounds, dims);
        this.widthBounds = BumpBounds.requireFor("bounds of w", widthBounds, dims);
    }

    /** Fails unless c and w have a column for each of m; the number of their rows. */
    static int requireShapes(double[][] c, double[][] w, double[] m) {
        Initial.size("the number of bumps", Given.require(m, "m").length);
        Initial.size("d", Given.require(c, "c").length);
        Given.require(w, "w");
        for (double[][] matrix : new double[][][] {c, w}) {
            if (matrix.length != c.length || Arrays.stream(matrix).anyMatch(row -> row.length != m.length)) {
                throw new IllegalArgumentException("c and w are matrices of d by " + m.length
                        + ", a column for each magnitude, but were " + shape(c) + " and " + shape(w));
            }
        }
        return c.length;
    }

    private static String shape(double[][] matrix) {
        return matrix.length + " by "
                + Arrays.toString(Arrays.stream(matrix)
                        .mapToInt(row -> row.length)
                        .distinct()
                        .toArray());
    }

    private static double[] flat(double[][] matrix) {
        return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameter.accept(prefix + "c", c);
        parameter.accept(prefix + "m", m);
        parameter.accept(prefix + "w", w);
    }

    @Override
    public ModuleStructure structure() {
        Map<String, Object> settings = new TreeMap<>();
        settings.put("d", dims);
        settings.put("bumps", bumps);
        BumpBounds.describe("c", centreBounds, settings);
        BumpBounds.describe("w", widthBounds, settings);
        return ModuleStructure.of("SumOfBumpFcns", settings);
    }

    @Override
    public void bound() {
        if (centreBounds != null) {
            centreBounds.apply(c.values());
        }
        if (widthBounds != null) {
            widthBounds.apply(w.values());
        }
    }

    /** Does nothing. */
    @Override
    public void perturbGradients(DoubleSupplier normals) {}

    @Override
    public Pass pass(int width, int maxRows) {
        Widths.require("SumOfBumpFcns", dims, width);
        return new Pass() {
            private final double[] heights = new double[maxRows * bumps];
            private double[] lastX;
            private int lastRows;

            @Override
            public int outWidth() {
                return 1;
            }

            @Override
            public void forward(double[] x, int rows, double[] y) {
                lastX = x;
                lastRows = rows;
                for (int n = 0, i = 0; n < rows; n++) {
                    double sum = 0;
                    for (int b = 0; b < bumps; b++, i++) {
                        heights[i] = math.height(x, n * dims, c.values(), w.values(), b);
                        sum = Math.fma(m.values()[b], heights[i], sum);
                    }
                    y[n] = sum;
                }
            }

            @Override
            public void adjoint(double[] dy, double[] dx) {
                Arrays.fill(dx, 0, lastRows * dims, 0);
                double[] dc = c.gradient();
                double[] dw = w.gradient();
                double[] dm = m.gradient();
                for (int n = 0, i = 0; n < lastRows; n++) {
                    for (int b = 0; b < bumps; b++, i++) {
                        dm[b] += dy[n] * heights[i];
                        double outer = dy[n] * m.values()[b] * heights[i];
                        math.addGradients(outer, lastX, n * dims, c.values(), w.values(), b, dc, dw, dx);
                    }
                }
            }
        };
    }
}
