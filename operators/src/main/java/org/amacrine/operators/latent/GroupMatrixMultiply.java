package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.amacrine.core.random.RandomSequence;

/**
 * A group map that multiplies each group with a matrix: {@code x Wᵀ}. Parameters are {@code w_0}, {@code w_1}, …,
 * [d_out][d_in].
 *
 * <p>Differs from the reference: it keeps matrices as d_in by d_out and multiplies with their transpose all the same, so that
 * only square ones work; square ones are equal here.
 */
public final class GroupMatrixMultiply implements GroupMap {
    private final int[] in;
    private final int[] out;
    private final Tensor[] w;

    /**
     * Matrices with initial values drawn from {@code N(0, gain² 2 / (d_in + d_out))}.
     *
     * @param in columns of each input
     * @param out columns of each output, as many
     */
    public GroupMatrixMultiply(int[] in, int[] out, double gain, RandomSequence random) {
        this.in = Initial.sizes("d_in", in);
        this.out = Initial.sizes("d_out", out);
        if (in.length != out.length) {
            throw new IllegalArgumentException("d_in has " + in.length + " groups but d_out has " + out.length
                    + "; GroupMatrixMultiply has one matrix for each");
        }
        w = IntStream.range(0, in.length)
                .mapToObj(g -> Initial.normal(random, 0, gain * Math.sqrt(2.0 / (in[g] + out[g])), out[g], in[g]))
                .toArray(Tensor[]::new);
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        for (int g = 0; g < w.length; g++) {
            parameter.accept(prefix + "w_" + g, w[g]);
        }
    }

    @Override
    public ModuleStructure structure() {
        return ModuleStructure.of("GroupMatrixMultiply", Map.of("d_in", Widths.list(in), "d_out", Widths.list(out)));
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        Widths.require("GroupMatrixMultiply", in, widths);
        return new EachGroup(Arrays.stream(w).map(MatrixPass::new).toArray(TensorModule.Pass[]::new));
    }

    private static final class MatrixPass implements TensorModule.Pass {
        private final Tensor w;
        private double[] lastX;
        private int lastRows;

        MatrixPass(Tensor w) {
            this.w = w;
        }

        @Override
        public int outWidth() {
            return w.size(0);
        }

        @Override
        public void forward(double[] x, int rows, double[] y) {
            lastX = x;
            lastRows = rows;
            Matrices.multiplyTransposed(x, w.values(), y, rows, w.size(1), w.size(0));
        }

        @Override
        public void adjoint(double[] dy, double[] dx) {
            Matrices.addProduct(dy, lastX, w.gradient(), lastRows, w.size(0), w.size(1));
            Matrices.multiply(dy, w.values(), dx, lastRows, w.size(0), w.size(1));
        }
    }
}
