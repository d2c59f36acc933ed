package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * A tensor module that splits columns, applies a module to each part and puts the outputs side by side: the reference's SCC.
 * Parameters are at {@code group_modules.0.} and so on.
 */
public final class SplitColumns implements TensorModule {
    private final int[][] columns;
    private final List<TensorModule> modules;

    /**
     * One module for each part.
     *
     * @param columns of the input, by part; one may be in several parts, or in none
     * @param modules as many as there are parts
     */
    public SplitColumns(int[][] columns, List<TensorModule> modules) {
        this.modules = Given.list(modules, "modules");
        if (modules.isEmpty() || Given.require(columns, "columns").length != modules.size()) {
            throw new IllegalArgumentException("SCC needs a list of columns for each of its modules, and at least one,"
                    + " but was given " + columns.length + " for " + modules.size() + " modules");
        }
        this.columns = Arrays.stream(columns).map(int[]::clone).toArray(int[][]::new);
        for (int[] part : this.columns) {
            if (part.length == 0 || Arrays.stream(part).anyMatch(c -> c < 0)) {
                throw new IllegalArgumentException(
                        "each part of SCC has at least one column, counted from 0, but one was "
                                + Arrays.toString(part));
            }
        }
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        for (int i = 0; i < modules.size(); i++) {
            modules.get(i).eachParameter(prefix + "group_modules." + i + ".", parameter);
        }
    }

    @Override
    public List<TensorModule> parts() {
        return modules;
    }

    @Override
    public ModuleStructure structure() {
        return new ModuleStructure(
                "SCC",
                Map.of("columns", Arrays.stream(columns).map(Widths::list).toList()),
                modules.stream().map(Differentiable::structure).toList());
    }

    @Override
    public TensorModule rowByRow() {
        List<TensorModule> each = modules.stream().map(TensorModule::rowByRow).toList();
        return each.equals(modules) ? this : new SplitColumns(columns, each);
    }

    @Override
    public Pass pass(int width, int maxRows) {
        for (int[] part : columns) {
            for (int column : part) {
                if (column >= width) {
                    throw new IllegalArgumentException(
                            "SCC takes column " + column + " but its input has " + width + ", counted from 0");
                }
            }
        }
        return new SplitPass(width, maxRows);
    }

    private final class SplitPass implements Pass {
        private final int width;
        private final Pass[] passes;
        private final int out;
        /** Of each part: its input and output, and derivatives with respect to them. */
        private final double[][] x;

        private final double[][] y;
        private final double[][] dx;
        private final double[][] dy;
        private int lastRows;

        SplitPass(int width, int maxRows) {
            this.width = width;
            passes = IntStream.range(0, columns.length)
                    .mapToObj(i -> modules.get(i).pass(columns[i].length, maxRows))
                    .toArray(Pass[]::new);
            int[] in = Arrays.stream(columns).mapToInt(part -> part.length).toArray();
            int[] outs = Arrays.stream(passes).mapToInt(Pass::outWidth).toArray();
            out = Widths.sum(outs);
            x = Matrices.ofWidths(in, maxRows);
            dx = Matrices.ofWidths(in, maxRows);
            y = Matrices.ofWidths(outs, maxRows);
            dy = Matrices.ofWidths(outs, maxRows);
        }

        @Override
        public int outWidth() {
            return out;
        }

        @Override
        public void forward(double[] whole, int rows, double[] result) {
            lastRows = rows;
            int at = 0;
            for (int i = 0; i < passes.length; i++) {
                int[] part = columns[i];
                for (int n = 0; n < rows; n++) {
                    for (int j = 0; j < part.length; j++) {
                        x[i][n * part.length + j] = whole[n * width + part[j]];
                    }
                }
                passes[i].forward(x[i], rows, y[i]);
                int outs = passes[i].outWidth();
                for (int n = 0; n < rows; n++) {
                    System.arraycopy(y[i], n * outs, result, n * out + at, outs);
                }
                at += outs;
            }
        }

        @Override
        public void adjoint(double[] dResult, double[] dWhole) {
            Arrays.fill(dWhole, 0, lastRows * width, 0);
            int at = 0;
            for (int i = 0; i < passes.length; i++) {
                int[] part = columns[i];
                int outs = passes[i].outWidth();
                for (int n = 0; n < lastRows; n++) {
                    System.arraycopy(dResult, n * out + at, dy[i], n * outs, outs);
                }
                passes[i].adjoint(dy[i], dx[i]);
                for (int n = 0; n < lastRows; n++) {
                    for (int j = 0; j < part.length; j++) {
                        dWhole[n * width + part[j]] += dx[i][n * part.length + j];
                    }
                }
                at += outs;
            }
        }
    }
}
