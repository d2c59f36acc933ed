package org.amacrine.operators.autodiff;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.amacrine.operators.latent.ModuleStructure;
import org.amacrine.operators.latent.Tensor;
import org.amacrine.operators.latent.TensorModule;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A tensor module that somebody writes as a function in ND4J's {@code SameDiff}, which finds the adjoint by itself. For example a
 * hyperbolic tangent of a linear map:
 *
 * <pre>
 *   TensorModule module = new SameDiffModule(
 *       Map.of("w", Tensor.zeros(3, 2)), (graph, x, p) -&gt; graph.math().tanh(x.mmul(p.get("w"))));
 * </pre>
 *
 * <p>Calls cost a millisecond or more each and make garbage: for fitting, and for models that nobody has written by hand yet, not
 * for streams. How sums are ordered is the library's choice, so that a row may differ in its last bits among others;
 * {@link #rowByRow} computes each alone. ND4J prints a line for each operation when it finds an adjoint.
 */
public final class SameDiffModule implements TensorModule {
    private static final String X = "x";
    private static final String UPSTREAM = "upstream";
    private static final String PARAMETER = "p_";

    private final Map<String, Tensor> parameters;
    private final Definition definition;
    private final boolean rowByRow;

    /** Writes the function into a graph. */
    @FunctionalInterface
    public interface Definition {
        /**
         * Adds the function to a graph.
         *
         * @param x the input, [rows][width], {@code double}
         * @param parameters by name, with the shapes of their tensors
         * @return the output, [rows][out width]; depends on x and on each parameter
         */
        SDVariable define(SameDiff graph, SDVariable x, Map<String, SDVariable> parameters);
    }

    /**
     * A module of a function.
     *
     * @param parameters by name, in order of registration; empty for none
     * @throws IllegalStateException when ND4J's native library is not there
     */
    public SameDiffModule(Map<String, Tensor> parameters, Definition definition) {
        this(Collections.unmodifiableMap(new LinkedHashMap<>(parameters)), definition, false);
        Nd4jNatives.require();
    }

    private SameDiffModule(Map<String, Tensor> parameters, Definition definition, boolean rowByRow) {
        this.parameters = parameters;
        this.definition = definition;
        this.rowByRow = rowByRow;
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameters.forEach((name, tensor) -> parameter.accept(prefix + name, tensor));
    }

    @Override
    public ModuleStructure structure() {
        throw new IllegalStateException(
                "a module made of a function cannot be written to a file; write its parameters, and"
                        + " make the module again in the program");
    }

    /** This module, with the same parameters, one row after the other. */
    @Override
    public TensorModule rowByRow() {
        return new SameDiffModule(parameters, definition, true);
    }

    @Override
    public Pass pass(int width, int maxRows) {
        return new GraphPass(width);
    }

    private final class GraphPass implements Pass {
        private final SameDiff graph = SameDiff.create();
        private final int width;
        private final String output;
        private final int out;
        /** What gradients are asked for: x, then the parameters. */
        private final String[] sources;

        private double[] lastX;
        private int lastRows;

        GraphPass(int width) {
            this.width = width;
            SDVariable x = graph.placeHolder(X, DataType.DOUBLE, -1, width);
            Map<String, SDVariable> inGraph = new LinkedHashMap<>();
            parameters.forEach((name, tensor) ->
                    inGraph.put(name, graph.placeHolder(PARAMETER + name, DataType.DOUBLE, longs(tensor.shape()))));
            SDVariable y = definition.define(graph, x, inGraph);
            output = y.name();
            sources = new String[1 + inGraph.size()];
            sources[0] = X;
            int at = 1;
            for (String name : inGraph.keySet()) {
                sources[at++] = PARAMETER + name;
            }
            out = outWidth(new double[width]);
            SDVariable upstream = graph.placeHolder(UPSTREAM, DataType.DOUBLE, -1, out);
            SDVariable objective = y.mul(upstream).sum();
            graph.setLossVariables(objective.name());
            requireGradients();
        }

        private int outWidth(double[] row) {
            INDArray y = graph.output(inputs(row, 1), output).get(output);
            if (y.rank() != 2 || y.size(0) != 1) {
                throw new IllegalArgumentException("the function must give a row for each row of x but gave the shape "
                        + Arrays.toString(y.shape()) + " for 1 row of " + width);
            }
            if (y.dataType() != DataType.DOUBLE) {
                throw new IllegalArgumentException("the function must give double numbers but gave " + y.dataType());
            }
            return Math.toIntExact(y.size(1));
        }

        private void requireGradients() {
            graph.createGradFunction(sources);
            for (String source : sources) {
                if (graph.getVariable(source).getGradient() == null) {
                    throw new IllegalArgumentException("the function does not depend on "
                            + (source.equals(X) ? X : "the parameter " + source.substring(PARAMETER.length()))
                            + "; use it, or leave it out");
                }
            }
        }

        private Map<String, INDArray> inputs(double[] x, int rows) {
            Map<String, INDArray> inputs = new HashMap<>();
            inputs.put(X, matrix(x, 0, rows, width));
            parameters.forEach((name, tensor) ->
                    inputs.put(PARAMETER + name, Nd4j.create(tensor.values(), longs(tensor.shape()), 'c')));
            return inputs;
        }

        @Override
        public int outWidth() {
            return out;
        }

        @Override
        public void forward(double[] x, int rows, double[] y) {
            lastX = x;
            lastRows = rows;
            int block = rowByRow ? 1 : rows;
            for (int from = 0; from < rows; from += block) {
                double[] some = Arrays.copyOfRange(x, from * width, (from + block) * width);
                INDArray result = graph.output(inputs(some, block), output).get(output);
                copy(result, y, from * out);
            }
        }

        @Override
        public void adjoint(double[] dy, double[] dx) {
            int block = rowByRow ? 1 : lastRows;
            for (int from = 0; from < lastRows; from += block) {
                double[] some = Arrays.copyOfRange(lastX, from * width, (from + block) * width);
                Map<String, INDArray> inputs = inputs(some, block);
                inputs.put(UPSTREAM, matrix(dy, from, block, out));
                Map<String, INDArray> gradients = graph.calculateGradients(inputs, List.of(sources));
                copy(gradients.get(X), dx, from * width);
                parameters.forEach((name, tensor) -> add(gradients.get(PARAMETER + name), tensor.gradient()));
            }
        }
    }

    private static INDArray matrix(double[] values, int fromRow, int rows, int columns) {
        double[] some = Arrays.copyOfRange(values, fromRow * columns, (fromRow + rows) * columns);
        return Nd4j.create(some, new long[] {rows, columns}, 'c');
    }

    private static void copy(INDArray from, double[] to, int at) {
        double[] values = from.dup('c').data().asDouble();
        System.arraycopy(values, 0, to, at, values.length);
    }

    private static void add(INDArray from, double[] to) {
        double[] values = from.dup('c').data().asDouble();
        for (int i = 0; i < values.length; i++) {
            to[i] += values[i];
        }
    }

    private static long[] longs(int[] shape) {
        return Arrays.stream(shape).asLongStream().toArray();
    }
}
