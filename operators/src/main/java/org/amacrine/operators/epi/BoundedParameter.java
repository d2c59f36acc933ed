package org.amacrine.operators.epi;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A parameter of a model: a name, a number of elements, and bounds for each.
 *
 * @param name tells it apart from the model's other parameters
 * @param dims number of elements, at least 1
 * @param lower lower bound of each element, minus infinity for none
 * @param upper upper bound of each element, infinity for none
 */
public record BoundedParameter(String name, int dims, double[] lower, double[] upper) {

    /** Checks that each lower bound lies below its upper one. */
    public BoundedParameter {
        if (dims < 1) {
            throw new IllegalArgumentException("Dimension of parameter must be positive.");
        }
        lower = lower == null ? filled(dims, Double.NEGATIVE_INFINITY) : lower.clone();
        upper = upper == null ? filled(dims, Double.POSITIVE_INFINITY) : upper.clone();
        if (lower.length != dims) {
            throw new IllegalArgumentException("Lower bound lb does not have dimension D = " + dims + ".");
        }
        if (upper.length != dims) {
            throw new IllegalArgumentException("Upper bound ub does not have dimension D = " + dims + ".");
        }
        for (int d = 0; d < dims; d++) {
            if (lower[d] == upper[d]) {
                throw new IllegalArgumentException("Parameter " + name + " lower bound is equal to upper bound.");
            }
            if (!(lower[d] < upper[d])) {
                throw new IllegalArgumentException("Parameter " + name + " lower bound is greater than upper bound.");
            }
        }
    }

    /** One element without bounds. */
    public BoundedParameter(String name) {
        this(name, 1, null, null);
    }

    /** One element within bounds. */
    public BoundedParameter(String name, double lower, double upper) {
        this(name, 1, new double[] {lower}, new double[] {upper});
    }

    /** Names of all elements: the parameter's, with an index from 1 where it has several. */
    static List<String> elements(List<BoundedParameter> parameters) {
        return parameters.stream()
                .flatMap(p -> IntStream.rangeClosed(1, p.dims).mapToObj(i -> p.dims == 1 ? p.name : p.name + i))
                .toList();
    }

    private static double[] filled(int count, double value) {
        double[] values = new double[count];
        Arrays.fill(values, value);
        return values;
    }

    @Override
    public double[] lower() {
        return lower.clone();
    }

    @Override
    public double[] upper() {
        return upper.clone();
    }

    /** Same name and bounds. */
    @Override
    public boolean equals(Object other) {
        return other instanceof BoundedParameter that
                && name.equals(that.name)
                && Arrays.equals(lower, that.lower)
                && Arrays.equals(upper, that.upper);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + Arrays.hashCode(lower)) + Arrays.hashCode(upper);
    }

    /** For example {@code a11 [-10.0] to [10.0]}. */
    @Override
    public String toString() {
        return name + " " + Arrays.toString(lower) + " to " + Arrays.toString(upper);
    }
}
