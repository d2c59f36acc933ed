package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Group maps one after the other, with the paths {@code 0.}, {@code 1.}, …; an empty one is not allowed. */
public final class MapChain implements GroupMap {
    private final List<GroupMap> maps;

    public MapChain(List<GroupMap> maps) {
        this.maps = Given.list(maps, "maps");
        if (maps.isEmpty()) {
            throw new IllegalArgumentException("a chain has no map; give at least one, IdentityMap to change nothing");
        }
    }

    public MapChain(GroupMap... maps) {
        this(Arrays.asList(Given.require(maps, "maps")));
    }

    /** The maps, in order. */
    public List<GroupMap> maps() {
        return maps;
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        for (int i = 0; i < maps.size(); i++) {
            maps.get(i).eachParameter(prefix + i + ".", parameter);
        }
    }

    @Override
    public List<GroupMap> parts() {
        return maps;
    }

    @Override
    public ModuleStructure structure() {
        return new ModuleStructure(
                "MapChain",
                Map.of(),
                maps.stream().map(Differentiable::structure).toList());
    }

    @Override
    public GroupMap rowByRow() {
        List<GroupMap> each = maps.stream().map(GroupMap::rowByRow).toList();
        return each.equals(maps) ? this : new MapChain(each);
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        return new ChainPass(maps, widths, maxRows);
    }

    private static final class ChainPass implements Pass {
        private final Pass[] passes;
        /** Between two maps: values of each group, and derivatives with respect to them. */
        private final double[][][] values;

        private final double[][][] gradients;

        ChainPass(List<GroupMap> maps, int[] widths, int maxRows) {
            passes = new Pass[maps.size()];
            int[] next = widths;
            for (int i = 0; i < passes.length; i++) {
                passes[i] = maps.get(i).pass(next, maxRows);
                next = passes[i].outWidths();
            }
            values = between(maxRows);
            gradients = between(maxRows);
        }

        private double[][][] between(int maxRows) {
            return IntStream.range(0, passes.length - 1)
                    .mapToObj(i -> Matrices.ofWidths(passes[i].outWidths(), maxRows))
                    .toArray(double[][][]::new);
        }

        @Override
        public int[] outWidths() {
            return passes[passes.length - 1].outWidths();
        }

        @Override
        public void forward(double[][] x, int rows, double[][] y) {
            int last = passes.length - 1;
            for (int i = 0; i <= last; i++) {
                passes[i].forward(i == 0 ? x : values[i - 1], rows, i == last ? y : values[i]);
            }
        }

        @Override
        public void adjoint(double[][] dy, double[][] dx) {
            int last = passes.length - 1;
            for (int i = last; i >= 0; i--) {
                passes[i].adjoint(i == last ? dy : gradients[i], i == 0 ? dx : gradients[i - 1]);
            }
        }
    }
}
