package org.amacrine.operators.filter;

import java.util.function.Function;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Resolution;

/** Exponential kernels along time, cut off where they fall below a level. */
public final class Exponential {
    /** No kernel is longer, per stage of its cascade. */
    private static final int LONGEST = 1000;

    private static final int SHORTEST = 10;

    private Exponential() {}

    /** What length a kernel must have. */
    public enum Parity {
        /** Any. */
        ANY,
        /** Odd, made so by one more tap. */
        ODD,
        /** Even, made so by one more tap. */
        EVEN
    }

    /**
     * Exponential decay ({@code order} 0) {@code a exp(-(0.4 + i) / tau)}, {@code a = amplitude / tau}, or the response of a
     * cascade of {@code order} stages, {@code amplitude (n t)^n exp(-n t / tau) / ((n-1)! tau^(n+1))} at t = 1, 2, ….
     *
     * @param tauSteps time constant in steps, > 0
     * @param order number n of stages of the cascade; 0 for the plain decay
     * @param amplitude area under the kernel, > 0
     * @param normalize whether the plain decay is multiplied by a
     * @param parity what length it must have
     * @param epsilon level below which the tail is cut off
     */
    public static float[] taps(
            double tauSteps, int order, double amplitude, boolean normalize, Parity parity, double epsilon) {
        if (!(tauSteps > 0) || !(amplitude > 0) || order < 0) {
            throw new IllegalArgumentException(
                    "an exponential kernel needs tau > 0, amplitude > 0 and order >= 0 but was given" + " tau "
                            + tauSteps + " steps, amplitude " + amplitude + ", order " + order);
        }
        if (!Double.isFinite(amplitude / tauSteps)) {
            throw new IllegalArgumentException("a time constant of " + tauSteps
                    + " steps is too short for an exponential kernel; use at least a thousandth of a step");
        }
        return order == 0
                ? decay(tauSteps, amplitude, normalize, parity, epsilon)
                : cascade(tauSteps, order, amplitude, parity, epsilon);
    }

    /**
     * The plain decay of the area 1 with a time constant in seconds, [steps], at any resolution.
     *
     * @param tauSeconds time constant in seconds, > 0
     */
    public static Function<Resolution, NdArray> ofSeconds(double tauSeconds) {
        return resolution ->
                along(taps(resolution.toSteps(tauSeconds), 0, 1, true, Parity.ANY, resolution.filterEpsilon()));
    }

    /**
     * The {@link #highPass} with a time constant in seconds, [steps], at any resolution.
     *
     * @param tauSeconds time constant in seconds, > 0
     * @param weight area under the decay, >= 0; 1 removes a constant input
     */
    public static Function<Resolution, NdArray> highPassOfSeconds(double tauSeconds, double weight) {
        return resolution -> along(highPass(resolution.toSteps(tauSeconds), weight, resolution.filterEpsilon()));
    }

    private static NdArray along(float[] taps) {
        return NdArray.of(taps, taps.length);
    }

    private static float[] decay(double tau, double amplitude, boolean normalize, Parity parity, double epsilon) {
        double a = amplitude / tau;
        int length = Math.min(Math.max((int) (-tau * Math.log(epsilon / a)) + 1, SHORTEST), LONGEST);
        float[] taps = new float[withParity(length, parity)];
        for (int i = 0; i < taps.length; i++) {
            double value = Math.exp(-(0.4 + i) / tau);
            taps[i] = (float) (normalize ? a * value : value);
        }
        return taps;
    }

    private static float[] cascade(double tau, int n, double amplitude, Parity parity, double epsilon) {
        int length = Math.min((int) (-tau * Math.log(epsilon / amplitude)) - n, LONGEST);
        if (length <= 1) {
            return new float[] {1};
        }
        float[] taps = new float[n * withParity(length, parity)];
        double factorial = 1;
        for (int i = 2; i < n; i++) {
            factorial *= i;
        }
        for (int i = 0; i < taps.length; i++) {
            double t = i + 1.0;
            taps[i] = (float)
                    (amplitude * Math.pow(n * t, n) * Math.exp(-n * t / tau) / (factorial * Math.pow(tau, n + 1)));
        }
        return taps;
    }

    private static int withParity(int length, Parity parity) {
        boolean odd = length % 2 == 1;
        return parity == Parity.ANY || (parity == Parity.ODD) == odd ? length : length + 1;
    }

    /**
     * The plain decay with a length of one's own, not cut off: {@code amplitude / tau exp(-(0.4 + i) / tau)} for i below
     * {@code length}.
     *
     * @param tauSteps time constant in steps, > 0
     * @param amplitude area under the kernel
     * @param length number of taps, at least 1
     */
    public static float[] ofLength(double tauSteps, double amplitude, int length) {
        if (!(tauSteps > 0) || length < 1) {
            throw new IllegalArgumentException(
                    "an exponential kernel needs tau > 0 and at least one tap but was given tau " + tauSteps
                            + " steps and " + length + " taps; for example 10 and 100");
        }
        float[] taps = new float[length];
        for (int i = 0; i < length; i++) {
            taps[i] = (float) (amplitude / tauSteps * Math.exp(-(0.4 + i) / tauSteps));
        }
        return taps;
    }

    /**
     * High pass: 1 followed by the negated decay, {@code -(weight / tau) exp(-(0.4 + p - 1) / tau)} at p = 1, 2, ….
     *
     * <p>Differs from the reference, which fails at weight 0: that is the kernel [1].
     *
     * @param tauSteps time constant in steps, > 0
     * @param weight area under the decay, >= 0; 1 removes a constant input
     * @param epsilon level below which the tail is cut off
     */
    public static float[] highPass(double tauSteps, double weight, double epsilon) {
        if (weight == 0) {
            return new float[] {1};
        }
        float[] decay = taps(tauSteps, 0, weight, true, Parity.ANY, epsilon);
        float[] taps = new float[decay.length + 1];
        taps[0] = 1;
        for (int i = 0; i < decay.length; i++) {
            taps[i + 1] = -decay[i];
        }
        return taps;
    }
}
