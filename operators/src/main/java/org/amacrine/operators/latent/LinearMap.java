package org.amacrine.operators.latent;

import java.util.Map;
import java.util.function.BiConsumer;
import org.amacrine.core.random.RandomSequence;

/**
 * A linear group map that mixes groups: the columns of all inputs side by side, through one {@link Linear}, cut into consecutive
 * outputs. Parameters are {@code nn.weight} [sum of d_out][sum of d_in] and {@code nn.bias}.
 */
public final class LinearMap implements GroupMap {
    private final int[] in;
    private final int[] out;
    private final Linear linear;
    private final NNMap map;

    /**
     * A linear map with the initial values of {@link Linear}.
     *
     * @param in columns of each input
     * @param out columns of each output
     */
    public LinearMap(int[] in, int[] out, boolean bias, RandomSequence random) {
        this.in = Initial.sizes("d_in", in);
        this.out = Initial.sizes("d_out", out);
        linear = new Linear(Widths.sum(in), Widths.sum(out), bias, random);
        map = new NNMap(out, linear);
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        map.eachParameter(prefix, parameter);
    }

    @Override
    public ModuleStructure structure() {
        return ModuleStructure.of(
                "LinearMap", Map.of("d_in", Widths.list(in), "d_out", Widths.list(out), "bias", linear.hasBias()));
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        Widths.require("LinearMap", in, widths);
        return map.pass(widths, maxRows);
    }
}
