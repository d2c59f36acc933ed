package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Tensor modules one after the other, with the paths {@code 0.}, {@code 1.}, …; an empty one is not allowed. */
public final class Chain implements TensorModule {
    private final List<TensorModule> modules;

    public Chain(List<TensorModule> modules) {
        this.modules = Given.list(modules, "modules");
        if (modules.isEmpty()) {
            throw new IllegalArgumentException("a chain has no module; give at least one, Identity to change nothing");
        }
    }

    public Chain(TensorModule... modules) {
        this(Arrays.asList(Given.require(modules, "modules")));
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        for (int i = 0; i < modules.size(); i++) {
            modules.get(i).eachParameter(prefix + i + ".", parameter);
        }
    }

    @Override
    public List<TensorModule> parts() {
        return modules;
    }

    @Override
    public ModuleStructure structure() {
        return new ModuleStructure(
                "Chain",
                Map.of(),
                modules.stream().map(Differentiable::structure).toList());
    }

    @Override
    public TensorModule rowByRow() {
        List<TensorModule> each = modules.stream().map(TensorModule::rowByRow).toList();
        return each.equals(modules) ? this : new Chain(each);
    }

    @Override
    public Pass pass(int width, int maxRows) {
        return new ChainPass(modules, width, maxRows);
    }

    private static final class ChainPass implements Pass {
        private final Pass[] passes;
        /** Between two modules: values, and derivatives with respect to them. */
        private final double[][] values;

        private final double[][] gradients;

        ChainPass(List<TensorModule> modules, int width, int maxRows) {
            passes = new Pass[modules.size()];
            int next = width;
            for (int i = 0; i < passes.length; i++) {
                passes[i] = modules.get(i).pass(next, maxRows);
                next = passes[i].outWidth();
            }
            values = IntStream.range(0, passes.length - 1)
                    .mapToObj(i -> new double[maxRows * passes[i].outWidth()])
                    .toArray(double[][]::new);
            gradients = IntStream.range(0, passes.length - 1)
                    .mapToObj(i -> new double[values[i].length])
                    .toArray(double[][]::new);
        }

        @Override
        public int outWidth() {
            return passes[passes.length - 1].outWidth();
        }

        @Override
        public void forward(double[] x, int rows, double[] y) {
            int last = passes.length - 1;
            for (int i = 0; i <= last; i++) {
                passes[i].forward(i == 0 ? x : values[i - 1], rows, i == last ? y : values[i]);
            }
        }

        @Override
        public void adjoint(double[] dy, double[] dx) {
            int last = passes.length - 1;
            for (int i = last; i >= 0; i--) {
                passes[i].adjoint(i == last ? dy : gradients[i], i == 0 ? dx : gradients[i - 1]);
            }
        }
    }
}
