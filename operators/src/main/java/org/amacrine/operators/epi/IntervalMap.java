package org.amacrine.operators.epi;

import java.util.Locale;
import org.amacrine.core.kernel.DoubleMath;
import org.amacrine.core.random.RandomSequence;

/**
 * From all numbers into the bounds of each element, stable in both tails.
 *
 * <pre>
 *   bounds       y                          log dy/dx
 *   none         x                          0
 *   lower only   lb + softplus(x)           log sigmoid(x)
 *   upper only   ub - softplus(x)           log sigmoid(x)
 *   both         lb + (ub - lb) sigmoid(x)  log(ub - lb) + log sigmoid(x) + log sigmoid(-x)
 * </pre>
 *
 * Intervals are open: what rounds to a bound, far out, becomes the number beside it, which has a way back.
 *
 * <p>Differs from the reference: its inverse is exact, where theirs adds 1e-6 to what it takes logarithms of.
 */
final class IntervalMap implements Bijector {
    private final double[] lower;
    private final double[] upper;

    /** Bounds are infinite where there is none. */
    IntervalMap(double[] lower, double[] upper) {
        if (lower.length != upper.length) {
            throw new IllegalArgumentException("lb and ub have different lengths.");
        }
        for (int d = 0; d < lower.length; d++) {
            if (!(lower[d] < upper[d])) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "Lower bound %.2E > upper bound %.2E.", lower[d], upper[d]));
            }
        }
        this.lower = lower.clone();
        this.upper = upper.clone();
    }

    @Override
    public String name() {
        return "interval";
    }

    @Override
    public void initialise(double[] theta, RandomSequence random) {
        // Its only parameters are the bounds, which are fixed.
    }

    private boolean hasLower(int d) {
        return lower[d] > Double.NEGATIVE_INFINITY;
    }

    private boolean hasUpper(int d) {
        return upper[d] < Double.POSITIVE_INFINITY;
    }

    @Override
    public Step step(Pass pass, double[] x) {
        return new Step(pass, lower.length, x) {
            /** e^-|x|, kept for the way back. */
            private final double[] small = new double[lower.length * pass.samples];

            @Override
            void forward() {
                for (int d = 0; d < lower.length; d++) {
                    for (int s = 0; s < pass.slices; s++) {
                        int at = lower.length * pass.start(s) + d * pass.width(s);
                        squash(d, this.x, y, small, at, pass.width(s), pass.logDet, pass.start(s));
                    }
                }
            }

            @Override
            void reverse(double[] gradient) {
                for (int d = 0; d < lower.length; d++) {
                    for (int s = 0; s < pass.slices; s++) {
                        int at = lower.length * pass.start(s) + d * pass.width(s);
                        pull(d, this.x, small, gradient, at, pass.width(s), pass.logDetGradient);
                    }
                }
            }
        };
    }

    private void squash(
            int d, double[] x, double[] y, double[] small, int at, int count, double[] logDet, int logDetAt) {
        for (int j = at; j < at + count; j++) {
            small[j] = DoubleMath.exp(-Math.abs(x[j]));
        }
        double least = Math.nextUp(lower[d]);
        double most = Math.nextDown(upper[d]);
        if (hasLower(d) && hasUpper(d)) {
            double range = upper[d] - lower[d];
            double logRange = Math.log(range);
            for (int j = 0; j < count; j++) {
                double value = x[at + j];
                double e = small[at + j];
                double rounded = lower[d] + range * ((value >= 0 ? 1 : e) / (1 + e));
                y[at + j] = Math.max(least, Math.min(most, rounded));
                logDet[logDetAt + j] += logRange - Math.abs(value) - 2 * DoubleMath.log(1 + e);
            }
        } else if (hasLower(d) || hasUpper(d)) {
            double bound = hasLower(d) ? lower[d] : upper[d];
            double sign = hasLower(d) ? 1 : -1;
            for (int j = 0; j < count; j++) {
                double rounded = bound + sign * Numbers.softplus(x[at + j]);
                y[at + j] = Math.max(least, Math.min(most, rounded));
                logDet[logDetAt + j] -= Numbers.softplus(-x[at + j]);
            }
        } else {
            System.arraycopy(x, at, y, at, count);
        }
    }

    private void pull(int d, double[] x, double[] small, double[] gradient, int at, int count, double logDetGradient) {
        boolean both = hasLower(d) && hasUpper(d);
        if (!hasLower(d) && !hasUpper(d)) {
            return;
        }
        double scale = both ? upper[d] - lower[d] : hasLower(d) ? 1 : -1;
        for (int j = at; j < at + count; j++) {
            double large = 1 / (1 + small[j]);
            double up = x[j] >= 0 ? large : small[j] * large;
            double down = x[j] >= 0 ? small[j] * large : large;
            gradient[j] = both
                    ? gradient[j] * scale * up * down + logDetGradient * (down - up)
                    : gradient[j] * scale * up + logDetGradient * down;
        }
    }

    @Override
    public void invert(Inversion inversion, double[] x, double[] logDet) {
        Jets jets = inversion.jets();
        int size = jets.size();
        double[] other = new double[size];
        for (int d = 0; d < lower.length; d++) {
            int at = d * size;
            if (inversion.epsilon() > 0 && (hasLower(d) || hasUpper(d))) {
                invertWithEpsilon(d, inversion, x, at, other, logDet);
            } else if (hasLower(d) && hasUpper(d)) {
                System.arraycopy(x, at, other, 0, size);
                jets.shift(x, at, -lower[d]);
                jets.log(x, at);
                jets.scale(-1, other, 0);
                jets.shift(other, 0, upper[d]);
                jets.log(other, 0);
                jets.add(-1, x, at, logDet, 0);
                jets.add(-1, other, 0, logDet, 0);
                jets.shift(logDet, 0, Math.log(upper[d] - lower[d]));
                jets.add(-1, other, 0, x, at);
            } else if (hasLower(d) || hasUpper(d)) {
                jets.scale(hasLower(d) ? 1 : -1, x, at);
                jets.shift(x, at, hasLower(d) ? -lower[d] : upper[d]);
                System.arraycopy(x, at, other, 0, size);
                jets.apply(
                        other,
                        0,
                        s -> Math.log(-Math.expm1(-s)),
                        s -> 1 / Math.expm1(s),
                        s -> -(1 + 1 / Math.expm1(s)) / Math.expm1(s));
                jets.add(1, other, 0, x, at);
                jets.add(-1, other, 0, logDet, 0);
            }
        }
    }

    /** Follows the reference: {@code log(u + e) - log(1 - u + e)} or {@code log(e^s - 1 + e)}, with the determinant there. */
    private void invertWithEpsilon(int d, Inversion inversion, double[] x, int at, double[] other, double[] logDet) {
        Jets jets = inversion.jets();
        double e = inversion.epsilon();
        boolean both = hasLower(d) && hasUpper(d);
        jets.scale(hasLower(d) ? 1 : -1, x, at);
        jets.shift(x, at, hasLower(d) ? -lower[d] : upper[d]);
        if (both) {
            jets.scale(1 / (upper[d] - lower[d] + e), x, at);
            System.arraycopy(x, at, other, 0, jets.size());
            jets.shift(x, at, e);
            jets.log(x, at);
            jets.scale(-1, other, 0);
            jets.shift(other, 0, 1 + e);
            jets.log(other, 0);
            jets.add(-1, other, 0, x, at);
            jets.shift(logDet, 0, -Math.log(upper[d] - lower[d]));
        } else {
            jets.apply(
                    x,
                    at,
                    s -> Math.log(Math.expm1(s) + e),
                    s -> Math.exp(s) / (Math.expm1(s) + e),
                    s -> Math.exp(s) * (e - 1) / ((Math.expm1(s) + e) * (Math.expm1(s) + e)));
        }
        for (int sign = both ? 1 : -1; sign >= -1; sign -= 2) {
            System.arraycopy(x, at, other, 0, jets.size());
            jets.scale(sign, other, 0);
            jets.apply(other, 0, Numbers::softplus, Numbers::sigmoid, v -> Numbers.sigmoid(v) * Numbers.sigmoid(-v));
            jets.add(1, other, 0, logDet, 0);
        }
    }
}
