package org.amacrine.operators.latent;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.amacrine.core.random.RandomSequence;

/**
 * A tensor module of dense layers, each of which adds columns to what came before: {@code x <- [x, f(Linear(x))]}. Its output
 * has {@code d_in + n_layers growth} columns; parameters are at {@code dense_lnl_0.m.0.weight} and so on.
 */
public final class DenseLNLNet implements TensorModule {
    private final TensorModule f;
    private final int in;
    private final int growth;
    private final boolean bias;
    private final List<TensorModule> linears;

    /**
     * A dense net.
     *
     * @param f the function behind each linear map; keeps the width
     * @param in columns of the input
     * @param layers number of layers
     * @param growth columns that each layer adds
     * @param bias whether linear maps have one
     */
    public DenseLNLNet(TensorModule f, int in, int layers, int growth, boolean bias, RandomSequence random) {
        this.f = Given.require(f, "f");
        this.in = Initial.size("d_in", in);
        this.growth = Initial.size("growth", growth);
        this.bias = bias;
        linears = IntStream.range(0, Initial.size("n_layers", layers))
                .<TensorModule>mapToObj(i -> new Linear(in + i * growth, growth, bias, random))
                .toList();
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        for (int i = 0; i < linears.size(); i++) {
            String path = prefix + "dense_lnl_" + i + ".m.";
            linears.get(i).eachParameter(path + "0.", parameter);
            f.eachParameter(path + "1.", parameter);
        }
    }

    @Override
    public List<TensorModule> parts() {
        return List.of(f);
    }

    @Override
    public ModuleStructure structure() {
        return new ModuleStructure(
                "DenseLNLNet",
                Map.of("d_in", in, "n_layers", linears.size(), "growth", growth, "bias", bias),
                List.of(f.structure()));
    }

    private DenseLNLNet(DenseLNLNet net, TensorModule f) {
        this.f = f;
        in = net.in;
        growth = net.growth;
        bias = net.bias;
        linears = net.linears;
    }

    @Override
    public TensorModule rowByRow() {
        TensorModule each = f.rowByRow();
        return each == f ? this : new DenseLNLNet(this, each);
    }

    @Override
    public Pass pass(int width, int maxRows) {
        Widths.require("DenseLNLNet", in, width);
        List<TensorModule> layers = linears.stream()
                .<TensorModule>map(linear -> new DenseLayer(new Chain(linear, f)))
                .toList();
        return new Chain(layers).pass(width, maxRows);
    }

    /** {@code y = [x, added(x)]}. */
    private record DenseLayer(TensorModule added) implements TensorModule {
        @Override
        public ModuleStructure structure() {
            return new ModuleStructure("DenseLayer", Map.of(), List.of(added.structure()));
        }

        @Override
        public Pass pass(int width, int maxRows) {
            return new DensePass(added.pass(width, maxRows), width, maxRows);
        }
    }

    private static final class DensePass implements Pass {
        private final Pass added;
        private final int width;
        private final int more;
        /** What the layer adds; then the gradient with respect to it. */
        private final double[] addedY;

        private final double[] addedDy;
        private final double[] addedDx;
        private int lastRows;

        DensePass(Pass added, int width, int maxRows) {
            this.added = added;
            this.width = width;
            more = added.outWidth();
            addedY = new double[maxRows * more];
            addedDy = new double[maxRows * more];
            addedDx = new double[maxRows * width];
        }

        @Override
        public int outWidth() {
            return width + more;
        }

        @Override
        public void forward(double[] x, int rows, double[] y) {
            lastRows = rows;
            added.forward(x, rows, addedY);
            for (int n = 0; n < rows; n++) {
                System.arraycopy(x, n * width, y, n * (width + more), width);
                System.arraycopy(addedY, n * more, y, n * (width + more) + width, more);
            }
        }

        @Override
        public void adjoint(double[] dy, double[] dx) {
            for (int n = 0; n < lastRows; n++) {
                System.arraycopy(dy, n * (width + more), dx, n * width, width);
                System.arraycopy(dy, n * (width + more) + width, addedDy, n * more, more);
            }
            added.adjoint(addedDy, addedDx);
            for (int i = 0; i < lastRows * width; i++) {
                dx[i] += addedDx[i];
            }
        }
    }
}
