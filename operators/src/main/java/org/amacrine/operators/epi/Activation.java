package org.amacrine.operators.epi;

import org.amacrine.core.kernel.Kernels;

/** What hidden units of a conditioner do with their input. */
public enum Activation {
    /** Nothing: the conditioner is linear. Follows the reference: autoregressive flows get no other there. */
    NONE,
    /** max(x, 0). */
    RELU,
    /** The hyperbolic tangent. */
    TANH;

    /** Puts f(x) in the place of x. */
    void apply(Kernels kernels, double[] x, int at, int count) {
        if (this == RELU) {
            kernels.rectify(x, at, count);
        } else if (this == TANH) {
            for (int i = at; i < at + count; i++) {
                x[i] = Numbers.tanh(x[i]);
            }
        }
    }

    /** Multiplies gradients for f(x) by f'(x). */
    void pull(Kernels kernels, double[] f, int fAt, double[] gradient, int gradientAt, int count) {
        if (this == RELU) {
            kernels.rectifyBack(f, fAt, gradient, gradientAt, count);
        } else if (this == TANH) {
            for (int i = 0; i < count; i++) {
                gradient[gradientAt + i] *= 1 - f[fAt + i] * f[fAt + i];
            }
        }
    }

    /** Puts f(x) in the place of a jet. */
    void apply(Jets jets, double[] x, int at) {
        if (this == RELU) {
            jets.apply(x, at, v -> v > 0 ? v : 0, v -> v > 0 ? 1 : 0, v -> 0);
        } else if (this == TANH) {
            jets.apply(x, at, Numbers::tanh, Activation::tanhSlope, v -> -2 * Numbers.tanh(v) * tanhSlope(v));
        }
    }

    private static double tanhSlope(double x) {
        double tanh = Numbers.tanh(x);
        return 1 - tanh * tanh;
    }
}
