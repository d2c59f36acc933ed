package org.amacrine.core.random;

import org.amacrine.core.kernel.DoubleMath;

/**
 * Random numbers in double precision, one after the other, for samplers that cannot say beforehand how many they need. The
 * n-th number is a function of (key, item, n) alone, so that work shared among threads, or taken up again after a
 * restart, draws the same numbers as long as each item has its own sequence. Owned by one thread; allocates nothing.
 */
public final class RandomSequence {
    /** Below this many trials, a binomial number is counted trial by trial. */
    private static final int FEW_TRIALS = 16;

    private long key;
    private int item;
    private int count;
    private double spareNormal;
    private boolean hasSpare;

    /**
     * Goes to the beginning of a sequence.
     *
     * @param newKey from {@link CounterRandom#key}
     * @param newItem which of the sequences of that key
     * @return this sequence
     */
    public RandomSequence start(long newKey, int newItem) {
        key = newKey;
        item = newItem;
        count = 0;
        hasSpare = false;
        return this;
    }

    /** The number at an index of a sequence, uniform on the open interval (0, 1), with 52 random bits. */
    public static double uniform(long key, int item, int index) {
        return ((CounterRandom.words(key, index, item) >>> 12) + 0.5) * 0x1p-52;
    }

    /** A number uniform on the open interval (0, 1). */
    public double uniform() {
        return uniform(key, item, count++);
    }

    /** A standard normal number, by the polar method (Marsaglia and Bray, SIAM Review 1964). */
    public double normal() {
        if (hasSpare) {
            hasSpare = false;
            return spareNormal;
        }
        while (true) {
            double x = 2 * uniform() - 1;
            double y = 2 * uniform() - 1;
            double square = x * x + y * y;
            if (square < 1 && square > 0) {
                double scale = Math.sqrt(-2 * DoubleMath.log(square) / square);
                spareNormal = y * scale;
                hasSpare = true;
                return x * scale;
            }
        }
    }

    /**
     * A gamma number of unit scale (Marsaglia and Tsang, ACM TOMS 2000; below a shape of 1 by
     * {@code Gamma(a) = Gamma(a + 1) U^(1/a)}); 0 where that underflows.
     *
     * @param shape larger than 0
     */
    public double gamma(double shape) {
        requireShape(shape);
        if (shape < 1) {
            double power = DoubleMath.exp(DoubleMath.log(uniform()) / shape);
            return power * gammaFromOne(shape + 1);
        }
        return gammaFromOne(shape);
    }

    /** The logarithm of a {@link #gamma} number, finite even where the number itself underflows. */
    public double logGamma(double shape) {
        requireShape(shape);
        if (shape < 1) {
            double log = DoubleMath.log(uniform()) / shape;
            return log + DoubleMath.log(gammaFromOne(shape + 1));
        }
        return DoubleMath.log(gammaFromOne(shape));
    }

    private static void requireShape(double shape) {
        if (!(shape > 0) || shape == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "the shape of a gamma distribution must be > 0 and finite but was " + shape);
        }
    }

    /** Of a shape of at least 1. */
    private double gammaFromOne(double shape) {
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = normal();
            double root = 1 + c * x;
            if (root > 0) {
                double v = root * root * root;
                if (DoubleMath.log(uniform()) < 0.5 * x * x + d - d * v + d * DoubleMath.log(v)) {
                    return d * v;
                }
            }
        }
    }

    /** A chi-square number with that many degrees of freedom, larger than 0. */
    public double chiSquare(double degrees) {
        return 2 * gamma(degrees / 2);
    }

    /** A beta number, on [0, 1]; both shapes larger than 0. */
    public double beta(double a, double b) {
        double x = logGamma(a);
        double y = logGamma(b);
        double ratio = DoubleMath.exp(-Math.abs(x - y));
        return (x > y ? 1 : ratio) / (1 + ratio);
    }

    /**
     * How many of {@code trials} succeed: many are halved by the beta-distributed middle one of their uniform numbers
     * (Relles, JASA 1972), few are counted.
     *
     * @param probability of success, 0 to 1
     */
    public int binomial(int trials, double probability) {
        if (trials < 0 || !(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a binomial number needs trials >= 0 and a probability within [0, 1] but"
                    + " was given " + trials + " and " + probability);
        }
        int left = trials;
        double p = probability;
        int successes = 0;
        while (left > FEW_TRIALS) {
            int middle = left / 2 + 1;
            double below = beta(middle, left + 1 - middle);
            if (below <= p) {
                successes += middle;
                left -= middle;
                p = below < 1 ? (p - below) / (1 - below) : 0;
            } else {
                left = middle - 1;
                p = p / below;
            }
        }
        for (int i = 0; i < left; i++) {
            if (uniform() < p) {
                successes++;
            }
        }
        return successes;
    }

    /**
     * Fills a range with a Dirichlet number. Drawn by logarithms, so that shapes far below one do not underflow together.
     *
     * @param shapes [count], each larger than 0
     * @param floor added to each value before they are brought to the sum 1 again, so that none is 0; 0 for none
     */
    public void dirichlet(double[] shapes, int shapesAt, double[] out, int outAt, int count, double floor) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            out[outAt + i] = logGamma(shapes[shapesAt + i]);
            largest = Math.max(largest, out[outAt + i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            out[outAt + i] = DoubleMath.exp(out[outAt + i] - largest);
            sum += out[outAt + i];
        }
        double floored = 0;
        for (int i = 0; i < count; i++) {
            out[outAt + i] = out[outAt + i] / sum + floor;
            floored += out[outAt + i];
        }
        for (int i = 0; i < count; i++) {
            out[outAt + i] /= floored;
        }
    }
}
