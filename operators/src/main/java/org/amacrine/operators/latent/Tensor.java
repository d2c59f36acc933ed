package org.amacrine.operators.latent;

import java.util.Arrays;

/**
 * A parameter of a model or module: an array of numbers with its shape, row-major, and the gradient of whatever is being
 * minimised with respect to it. Two parameters are the same only if they are the same object, so a module that several
 * models hold is learned by all of them. Owned by one thread at a time.
 */
public final class Tensor {
    private final int[] shape;
    private final double[] values;
    private double[] gradient;

    private Tensor(double[] values, int[] shape) {
        int count = 1;
        for (int size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("sizes must be >= 0 but the shape was " + Arrays.toString(shape));
            }
            count = Math.multiplyExact(count, size);
        }
        if (values.length != count) {
            throw new IllegalArgumentException("a shape of " + Arrays.toString(shape) + " has " + count + " values but "
                    + values.length + " were given");
        }
        this.shape = shape.clone();
        this.values = values;
    }

    /** A tensor with a copy of these values. */
    public static Tensor of(double[] values, int... shape) {
        return new Tensor(Given.require(values, "values").clone(), Given.require(shape, "shape"));
    }

    /** A vector with a copy of these values. */
    public static Tensor vector(double... values) {
        return of(values, Given.require(values, "values").length);
    }

    /** A tensor of zeros. */
    public static Tensor zeros(int... shape) {
        return new Tensor(
                new double[Arrays.stream(Given.require(shape, "shape")).reduce(1, Math::multiplyExact)], shape);
    }

    /** The sizes, outermost first. */
    public int[] shape() {
        return shape.clone();
    }

    /** The size of a dimension. */
    public int size(int dimension) {
        return shape[dimension];
    }

    /** Number of values. */
    public int count() {
        return values.length;
    }

    /** The values themselves: what is written to them is the parameter from then on. */
    public double[] values() {
        return values;
    }

    /** The gradient itself, made of zeros at the first call: adjoints add to it. */
    public double[] gradient() {
        if (gradient == null) {
            gradient = new double[values.length];
        }
        return gradient;
    }

    /** Whether an adjoint has ever asked for the gradient. */
    public boolean hasGradient() {
        return gradient != null;
    }

    /** Sets the gradient to zero, if there is one. */
    public void zeroGradient() {
        if (gradient != null) {
            Arrays.fill(gradient, 0);
        }
    }

    /**
     * Replaces the values.
     *
     * @throws IllegalArgumentException when the shape differs
     */
    public void set(Tensor other) {
        if (!Arrays.equals(shape, Given.require(other, "other").shape)) {
            throw new IllegalArgumentException("the parameter has the shape " + Arrays.toString(shape)
                    + " but was given " + Arrays.toString(other.shape));
        }
        System.arraycopy(other.values, 0, values, 0, values.length);
    }

    @Override
    public String toString() {
        return "tensor of " + Arrays.toString(shape);
    }
}
