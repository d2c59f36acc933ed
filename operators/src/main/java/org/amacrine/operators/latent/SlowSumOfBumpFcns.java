package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * A sum of {@link BumpFcn}s as a module with one output. Each has a support of its own, and its own fallback to row 0; rows outside
 * of a support cost nothing, so that this sum is the faster one despite the name that the reference gives it. Parameters
 * are at {@code bump_fcns.0.c}, {@code .m}, {@code .w} and so on.
 */
public final class SlowSumOfBumpFcns implements WanderingModule {
    private final int dims;
    private final List<BumpFcn> bumps;

    /**
     * Bumps with copies of these values.
     *
     * @param c centres, [d][bumps]
     * @param w widths, [d][bumps]
     * @param m magnitudes, [bumps]
     * @param centreBounds of all centres; null for none
     * @param widthBounds of all widths; null for none
     * @param support see {@link BumpFcn}
     */
    public SlowSumOfBumpFcns(
            double[][] c,
            double[][] w,
            double[] m,
            BumpBounds centreBounds,
            BumpBounds widthBounds,
            Perturbation perturbation,
            double support) {
        dims = SumOfBumpFcns.requireShapes(c, w, m);
        bumps = IntStream.range(0, m.length)
                .mapToObj(b ->
                        new BumpFcn(column(c, b), column(w, b), m[b], centreBounds, widthBounds, perturbation, support))
                .toList();
    }

    private SlowSumOfBumpFcns(int dims, List<BumpFcn> bumps) {
        this.dims = dims;
        this.bumps = bumps;
    }

    private static double[] column(double[][] matrix, int b) {
        return Arrays.stream(matrix).mapToDouble(row -> row[b]).toArray();
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        for (int b = 0; b < bumps.size(); b++) {
            bumps.get(b).eachParameter(prefix + "bump_fcns." + b + ".", parameter);
        }
    }

    @Override
    public ModuleStructure structure() {
        Map<String, Object> settings = new TreeMap<>();
        settings.put("d", dims);
        settings.put("bumps", bumps.size());
        bumps.get(0).describe(settings);
        return ModuleStructure.of("SlowSumOfBumpFcns", settings);
    }

    /** This sum, with the same parameters, without any fallback to row 0. */
    @Override
    public SlowSumOfBumpFcns rowByRow() {
        return new SlowSumOfBumpFcns(dims, bumps.stream().map(BumpFcn::rowByRow).toList());
    }

    @Override
    public void bound() {
        for (int b = 0; b < bumps.size(); b++) {
            bumps.get(b).bound();
        }
    }

    /** Bump after bump. */
    @Override
    public void perturbGradients(DoubleSupplier normals) {
        for (int b = 0; b < bumps.size(); b++) {
            bumps.get(b).perturbGradients(normals);
        }
    }

    @Override
    public Pass pass(int width, int maxRows) {
        Widths.require("SlowSumOfBumpFcns", dims, width);
        BumpFcn.BumpPass[] passes =
                bumps.stream().map(bump -> bump.pass(width, maxRows)).toArray(BumpFcn.BumpPass[]::new);
        return new Pass() {
            private int lastRows;

            @Override
            public int outWidth() {
                return 1;
            }

            @Override
            public void forward(double[] x, int rows, double[] y) {
                lastRows = rows;
                Arrays.fill(y, 0, rows, 0);
                for (BumpFcn.BumpPass pass : passes) {
                    pass.addTo(x, rows, y);
                }
            }

            @Override
            public void adjoint(double[] dy, double[] dx) {
                Arrays.fill(dx, 0, lastRows * dims, 0);
                for (BumpFcn.BumpPass pass : passes) {
                    pass.addAdjoint(dy, dx);
                }
            }
        };
    }
}
