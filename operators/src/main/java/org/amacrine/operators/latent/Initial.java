package org.amacrine.operators.latent;

import org.amacrine.core.random.RandomSequence;

/** Initial values of parameters, and the checks of what they are made from. */
final class Initial {
    private Initial() {}

    /** Normal numbers. */
    static Tensor normal(RandomSequence random, double mean, double std, int... shape) {
        Given.require(random, "random");
        if (!(std >= 0) || Double.isInfinite(std) || !Double.isFinite(mean)) {
            throw new IllegalArgumentException("initial values have a finite mean and a finite standard deviation >= 0"
                    + " but were given the mean " + mean + " and the standard deviation " + std);
        }
        Tensor tensor = Tensor.zeros(shape);
        double[] values = tensor.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = mean + std * random.normal();
        }
        return tensor;
    }

    /** Numbers uniform on (low, high). */
    static Tensor uniform(RandomSequence random, double low, double high, int... shape) {
        Given.require(random, "random");
        Tensor tensor = Tensor.zeros(shape);
        double[] values = tensor.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = low + (high - low) * random.uniform();
        }
        return tensor;
    }

    /** The same number everywhere. */
    static Tensor constant(double value, int... shape) {
        Tensor tensor = Tensor.zeros(shape);
        java.util.Arrays.fill(tensor.values(), value);
        return tensor;
    }

    /** A size, checked. */
    static int size(String name, int size) {
        if (size < 1) {
            throw new IllegalArgumentException(name + " must be >= 1 but was " + size);
        }
        return size;
    }

    /** A copy of sizes, checked. */
    static int[] sizes(String name, int[] sizes) {
        if (Given.require(sizes, name).length == 0) {
            throw new IllegalArgumentException(name + " is empty; give the size of each group");
        }
        for (int g = 0; g < sizes.length; g++) {
            size(name + "[" + g + "]", sizes[g]);
        }
        return sizes.clone();
    }

    /** A number, checked. */
    static double finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " must be finite but was " + value);
        }
        return value;
    }
}
