package org.amacrine.operators.epi;

import org.amacrine.core.kernel.DoubleMath;

/** Scalar functions of flows, stable in both tails. */
final class Numbers {
    private Numbers() {}

    /** e^x; infinite above 708. */
    static double exp(double x) {
        return x <= 0 ? DoubleMath.exp(x) : 1 / DoubleMath.exp(-x);
    }

    /** log(1 + e^x). */
    static double softplus(double x) {
        double small = DoubleMath.exp(-Math.abs(x));
        return Math.max(x, 0) + (small < 1e-5 ? small * (1 - 0.5 * small) : DoubleMath.log(1 + small));
    }

    /** 1 / (1 + e^-x). */
    static double sigmoid(double x) {
        double small = DoubleMath.exp(-Math.abs(x));
        return (x >= 0 ? 1 : small) / (1 + small);
    }

    /** The hyperbolic tangent. */
    static double tanh(double x) {
        double small = DoubleMath.exp(-2 * Math.abs(x));
        return Math.copySign((1 - small) / (1 + small), x);
    }
}
