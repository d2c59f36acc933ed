package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A group map by one tensor module: the columns of all inputs side by side, through the module, cut into consecutive outputs.
 * Parameters are at {@code nn.}.
 */
public final class NNMap implements GroupMap {
    private final int[] out;
    private final TensorModule nn;

    /**
     * A map through a module.
     *
     * @param out columns of each output; their sum is what the module gives out
     * @param nn takes the columns of all inputs
     */
    public NNMap(int[] out, TensorModule nn) {
        this.out = Initial.sizes("d_out", out);
        this.nn = Given.require(nn, "nn");
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        nn.eachParameter(prefix + "nn.", parameter);
    }

    @Override
    public List<TensorModule> parts() {
        return List.of(nn);
    }

    @Override
    public ModuleStructure structure() {
        return new ModuleStructure("NNMap", Map.of("d_out", Widths.list(out)), List.of(nn.structure()));
    }

    @Override
    public GroupMap rowByRow() {
        TensorModule each = nn.rowByRow();
        return each == nn ? this : new NNMap(out, each);
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        TensorModule.Pass pass = nn.pass(Widths.sum(widths), maxRows);
        if (pass.outWidth() != Widths.sum(out)) {
            throw new IllegalArgumentException("NNMap cuts d_out " + Arrays.toString(out) + ", " + Widths.sum(out)
                    + " columns, but its module gives " + pass.outWidth() + "; make these the same");
        }
        return new NNPass(pass, widths, maxRows);
    }

    private final class NNPass implements Pass {
        private final TensorModule.Pass pass;
        private final int[] in;
        private final double[] x;
        private final double[] y;
        private final double[] dx;
        private final double[] dy;
        private int lastRows;

        NNPass(TensorModule.Pass pass, int[] widths, int maxRows) {
            this.pass = pass;
            in = widths.clone();
            x = new double[maxRows * Widths.sum(in)];
            dx = new double[x.length];
            y = new double[maxRows * pass.outWidth()];
            dy = new double[y.length];
        }

        @Override
        public int[] outWidths() {
            return out.clone();
        }

        @Override
        public void forward(double[][] groups, int rows, double[][] outputs) {
            lastRows = rows;
            Matrices.join(groups, in, rows, x);
            pass.forward(x, rows, y);
            Matrices.cut(y, out, rows, outputs);
        }

        @Override
        public void adjoint(double[][] dOutputs, double[][] dGroups) {
            Matrices.join(dOutputs, out, lastRows, dy);
            pass.adjoint(dy, dx);
            Matrices.cut(dx, in, lastRows, dGroups);
        }
    }
}
