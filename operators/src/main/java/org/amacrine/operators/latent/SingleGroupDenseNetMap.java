package org.amacrine.operators.latent;

import java.util.Map;
import java.util.function.BiConsumer;
import org.amacrine.core.random.RandomSequence;

/**
 * A group map of one group by a dense net: {@code n_layers} times {@code x <- [x, tanh(Linear(x))]}, then a linear map of the
 * {@code d_in + n_layers growth} columns to d_out. Parameters are at {@code nn.0.dense_lnl_0.m.0.weight} and so on, and
 * {@code nn.1.weight}, {@code nn.1.bias}.
 */
public final class SingleGroupDenseNetMap implements GroupMap {
    private final ModuleStructure structure;
    private final NNMap map;

    /**
     * A dense net with the initial values of {@link Linear}.
     *
     * @param in columns of the input
     * @param out columns of the output
     * @param layers number of layers
     * @param growth columns that each layer adds
     * @param bias whether the linear maps have one
     */
    public SingleGroupDenseNetMap(int in, int out, int layers, int growth, boolean bias, RandomSequence random) {
        structure = ModuleStructure.of(
                "SingleGroupDenseNetMap",
                Map.of("d_in", in, "d_out", out, "n_layers", layers, "growth", growth, "bias", bias));
        map = new NNMap(
                new int[] {out},
                new Chain(
                        new DenseLNLNet(ElementWise.tanh(), in, layers, growth, bias, random),
                        new Linear(in + layers * growth, out, bias, random)));
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        map.eachParameter(prefix, parameter);
    }

    @Override
    public ModuleStructure structure() {
        return structure;
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        Widths.requireGroups("SingleGroupDenseNetMap", 1, widths);
        return map.pass(widths, maxRows);
    }
}
