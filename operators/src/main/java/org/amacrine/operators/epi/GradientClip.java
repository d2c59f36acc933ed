package org.amacrine.operators.epi;

import java.util.List;

/** Scales gradients down to a norm. Allocates nothing after it was made; owned by one thread. */
final class GradientClip {
    /** Follows the reference: the gradient of each named parameter is cut at this norm before the rest. */
    private static final double PARAMETER_LIMIT = 1e10;

    private final List<FlowLayout.Entry> entries;
    private final double norm;

    /** @param norm largest norm of a whole gradient; infinity for no limit */
    GradientClip(FlowLayout layout, double norm) {
        entries = layout.entries();
        this.norm = norm;
    }

    /**
     * Limits a gradient, in place. False when an element is not finite, or elements are so large (from about 1e154 on) that their
     * squares are not: there is no direction to keep then, and the gradient is not to be used.
     */
    boolean apply(double[] gradient) {
        double squares = 0;
        for (int i = 0; i < entries.size(); i++) {
            FlowLayout.Entry entry = entries.get(i);
            double own = Math.sqrt(squares(gradient, entry.at(), entry.at() + entry.size()));
            if (!Double.isFinite(own)) {
                return false;
            }
            double limited = limit(gradient, entry.at(), entry.size(), own, PARAMETER_LIMIT);
            squares += limited * limited;
        }
        limit(gradient, 0, gradient.length, Math.sqrt(squares), norm);
        return true;
    }

    /** The sum of the squares of a range, in four partial sums, none of which waits for another. */
    private static double squares(double[] x, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            s0 = Math.fma(x[i], x[i], s0);
            s1 = Math.fma(x[i + 1], x[i + 1], s1);
            s2 = Math.fma(x[i + 2], x[i + 2], s2);
            s3 = Math.fma(x[i + 3], x[i + 3], s3);
        }
        for (; i < to; i++) {
            s0 = Math.fma(x[i], x[i], s0);
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** Scales a range down to a norm; returns what that is then. */
    private static double limit(double[] x, int at, int count, double own, double most) {
        if (!(own > most)) {
            return own;
        }
        for (int i = at; i < at + count; i++) {
            x[i] *= most / own;
        }
        return most;
    }
}
