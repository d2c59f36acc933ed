package org.amacrine.operators.latent;

import java.util.Map;

/**
 * Holds a map's adjoint against central differences: for adjoints that somebody wrote by hand. Of the weighted sum of all outputs,
 * every derivative with respect to inputs and parameters is compared. Kinks must be farther away than the step.
 */
public final class GradientCheck {
    private static final double STEP = 1e-5;

    private GradientCheck() {}

    /**
     * The largest difference between derivative and central difference, relative to the largest derivative of the same input
     * or parameter, or to 1 where all are smaller; about 1e-8 for a correct adjoint of a smooth function.
     *
     * @param x rows by width
     */
    public static double largestError(TensorModule module, double[] x, int width) {
        TensorModule.Pass pass = Given.require(module, "module").pass(width, Given.require(x, "x").length / width);
        GroupMap.Pass one = new EachGroup(pass);
        return largestError(one, module.parameters(), new double[][] {x}, new int[] {width});
    }

    /** See {@link #largestError(TensorModule, double[], int)}; of all groups. */
    public static double largestError(GroupMap map, double[][] x, int[] widths) {
        Given.require(x, "x");
        Given.require(widths, "widths");
        return largestError(
                Given.require(map, "map").pass(widths, x[0].length / widths[0]), map.parameters(), x, widths);
    }

    private static double largestError(
            GroupMap.Pass pass, Map<String, Tensor> parameters, double[][] given, int[] widths) {
        int rows = given[0].length / widths[0];
        double[][] x = Matrices.ofWidths(widths, rows);
        for (int g = 0; g < x.length; g++) {
            System.arraycopy(given[g], 0, x[g], 0, x[g].length);
        }
        double[][] y = Matrices.ofWidths(pass.outWidths(), rows);
        double[][] weights = Matrices.ofWidths(pass.outWidths(), rows);
        for (double[] some : weights) {
            for (int i = 0; i < some.length; i++) {
                some[i] = Math.sin(1 + 2.4 * i);
            }
        }
        double[][] dx = Matrices.ofWidths(widths, rows);
        parameters.values().forEach(Tensor::zeroGradient);
        pass.forward(x, rows, y);
        pass.adjoint(weights, dx);
        double worst = 0;
        for (int g = 0; g < x.length; g++) {
            worst = Math.max(worst, error(pass, x, rows, y, weights, x[g], dx[g]));
        }
        for (Tensor parameter : parameters.values()) {
            worst = Math.max(worst, error(pass, x, rows, y, weights, parameter.values(), parameter.gradient()));
        }
        return worst;
    }

    private static double error(
            GroupMap.Pass pass,
            double[][] x,
            int rows,
            double[][] y,
            double[][] weights,
            double[] values,
            double[] gradient) {
        double largest = 1;
        double worst = 0;
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            values[i] = value + STEP;
            double above = objective(pass, x, rows, y, weights);
            values[i] = value - STEP;
            double below = objective(pass, x, rows, y, weights);
            values[i] = value;
            double difference = Math.abs((above - below) / (2 * STEP) - gradient[i]);
            worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
            largest = Math.max(largest, Math.abs(gradient[i]));
        }
        return worst / largest;
    }

    private static double objective(GroupMap.Pass pass, double[][] x, int rows, double[][] y, double[][] weights) {
        pass.forward(x, rows, y);
        double sum = 0;
        for (int h = 0; h < y.length; h++) {
            for (int i = 0; i < weights[h].length; i++) {
                sum += weights[h][i] * y[h][i];
            }
        }
        return sum;
    }
}
