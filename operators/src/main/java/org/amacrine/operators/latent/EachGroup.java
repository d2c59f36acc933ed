package org.amacrine.operators.latent;

import java.util.Arrays;

/** A pass that takes each group through a tensor module's pass of its own. */
final class EachGroup implements GroupMap.Pass {
    private final TensorModule.Pass[] passes;
    private final int[] out;

    EachGroup(TensorModule.Pass... passes) {
        this.passes = passes;
        out = Arrays.stream(passes).mapToInt(TensorModule.Pass::outWidth).toArray();
    }

    @Override
    public int[] outWidths() {
        return out.clone();
    }

    @Override
    public void forward(double[][] x, int rows, double[][] y) {
        for (int g = 0; g < passes.length; g++) {
            passes[g].forward(x[g], rows, y[g]);
        }
    }

    @Override
    public void adjoint(double[][] dy, double[][] dx) {
        for (int g = 0; g < passes.length; g++) {
            passes[g].adjoint(dy[g], dx[g]);
        }
    }
}
