package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.io.NdArray;

/**
 * Matrices with as many rows each, one for each group of variables: what goes into a model, and what comes out.
 *
 * @param rows number of samples, or of time steps; 0 or more
 * @param values each {@code [rows][width]}, row-major; not copied
 */
public record Groups(int rows, double[][] values) {

    /** Checks that there are values. */
    public Groups {
        Given.require(values, "values");
        if (rows < 0) {
            throw new IllegalArgumentException("rows must be >= 0 but was " + rows);
        }
    }

    /** Groups of that many rows. */
    public static Groups of(int rows, double[]... values) {
        return new Groups(rows, values);
    }

    /**
     * Groups of two-dimensional arrays.
     *
     * @throws IllegalArgumentException when one is no matrix, or has another number of rows than the first
     */
    public static Groups of(NdArray... arrays) {
        List<NdArray> given = Given.list(Arrays.asList(Given.require(arrays, "arrays")), "arrays");
        double[][] values = new double[given.size()][];
        for (int g = 0; g < given.size(); g++) {
            int[] shape = given.get(g).shape();
            if (shape.length != 2) {
                throw new IllegalArgumentException("group " + g + " has the shape " + NdArray.text(shape)
                        + "; give a matrix, with a row for each sample");
            }
            if (shape[0] != given.get(0).shape()[0]) {
                throw new IllegalArgumentException("all groups must have as many rows but group " + g + " has "
                        + shape[0] + " and group 0 has " + given.get(0).shape()[0] + "; give the same samples of each");
            }
            values[g] = given.get(g).doubles();
        }
        return new Groups(given.isEmpty() ? 0 : given.get(0).shape()[0], values);
    }

    /** Number of groups. */
    public int count() {
        return values.length;
    }

    /** A group's values, {@code [rows][width]}. */
    public double[] group(int index) {
        return values[index];
    }

    /**
     * Checks the number of groups and of values.
     *
     * @param what the groups are, for messages, such as {@code input}
     */
    Groups require(String what, int[] widths) {
        if (values.length != widths.length) {
            throw new IllegalArgumentException("the model has " + widths.length + " " + what + " groups but was given "
                    + values.length + "; give one matrix for each");
        }
        for (int g = 0; g < widths.length; g++) {
            if (values[g] == null || values[g].length != (long) rows * widths[g]) {
                throw new IllegalArgumentException(what + " group " + g + " must have " + rows + " rows of " + widths[g]
                        + " values but has "
                        + (values[g] == null ? "none" : values[g].length + " values in all")
                        + "; give matrices of the same rows, each as wide as its group");
            }
        }
        return this;
    }
}
