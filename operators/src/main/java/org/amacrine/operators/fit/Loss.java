package org.amacrine.operators.fit;

import java.util.Locale;

/** How far an output is from what it should be. Sums are made in double precision, in the order of the values. */
public enum Loss implements LossFunction {
    /** {@code sum (y - goal)²}. */
    SUM_SQUARES,
    /** {@code mean (y - goal)²}. */
    MEAN_SQUARES,
    /** {@code sum |y - goal|}; no gradient where they are equal. */
    SUM_ABSOLUTE,
    /**
     * {@code sum (y - goal log(y + 1e-8))}: the negative log likelihood of counts with Poisson rates y, without what does not
     * depend on y. For y >= 0 only: below, the loss would be the lower the further away y is.
     */
    POISSON;

    private static final double LEAST_RATE = 1e-8;

    /** Its name on the command line too: {@code sum-squares}. */
    @Override
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public int firstNotAllowed(float[] y, int yAt, int count) {
        if (this == POISSON) {
            for (int i = 0; i < count; i++) {
                if (y[yAt + i] < 0) {
                    return i;
                }
            }
        }
        return -1;
    }

    @Override
    public double of(float[] y, int yAt, float[] goal, int goalAt, int count, float[] gradient, int gradientAt) {
        double sum = 0;
        double scale = this == MEAN_SQUARES ? 1.0 / count : 1;
        for (int i = 0; i < count; i++) {
            double value = y[yAt + i];
            double wanted = goal[goalAt + i];
            double difference = value - wanted;
            double slope;
            switch (this) {
                case SUM_ABSOLUTE -> {
                    sum += Math.abs(difference);
                    slope = Math.signum(difference);
                }
                case POISSON -> {
                    double rate = value + LEAST_RATE;
                    sum += value - wanted * Math.log(rate);
                    slope = 1 - wanted / rate;
                }
                default -> {
                    sum += difference * difference;
                    slope = 2 * scale * difference;
                }
            }
            gradient[gradientAt + i] = (float) slope;
        }
        return sum * scale;
    }
}
