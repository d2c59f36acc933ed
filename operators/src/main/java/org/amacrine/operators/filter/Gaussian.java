package org.amacrine.operators.filter;

import java.util.function.Function;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Resolution;

/** Gaussian kernels, cut off where they fall below a level, and not normalised unless asked. */
public final class Gaussian {
    private Gaussian() {}

    /**
     * One-dimensional Gaussian {@code a exp(-x² / 2 sigma²)}, {@code a = 1 / (sigma sqrt(2 pi))}, at whole positions up to
     * the last one before {@code h = ceil(sqrt(-2 sigma² ln(epsilon / a)))}: 2h - 1 taps. With sigma 0, and where h < 1, it
     * is the single tap 1.
     *
     * <p>Follows the reference: the sum is not one; two passes over an image change its mean (sigma 0.5 pixels: by 1.028).
     *
     * @param sigmaPixels standard deviation in pixels, >= 0
     * @param epsilon level below which the tail is cut off
     * @throws IllegalArgumentException when the kernel is below the level everywhere
     */
    public static float[] taps(double sigmaPixels, double epsilon) {
        return taps(sigmaPixels, epsilon, false);
    }

    /** The same at half positions, 2h taps. */
    public static float[] evenTaps(double sigmaPixels, double epsilon) {
        return taps(sigmaPixels, epsilon, true);
    }

    private static float[] taps(double sigma, double epsilon, boolean even) {
        if (!(sigma >= 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException(
                    "a Gaussian needs sigma >= 0 pixels but was given " + sigma + "; for example 1.5");
        }
        int half = sigma == 0 ? 0 : half(sigma, epsilon);
        if (half < 1) {
            return even && sigma > 0 ? new float[] {1, 1} : new float[] {1};
        }
        double peak = 1 / (sigma * Math.sqrt(2 * Math.PI));
        float[] taps = new float[even ? 2 * half : 2 * half - 1];
        for (int i = 0; i < taps.length; i++) {
            double x = 1 - half + i - (even ? 0.5 : 0);
            taps[i] = (float) Math.min(1, peak * Math.exp(-x * x / (2 * sigma * sigma)));
        }
        return taps;
    }

    private static int half(double sigma, double epsilon) {
        double peak = 1 / (sigma * Math.sqrt(2 * Math.PI));
        if (peak < epsilon) {
            throw new IllegalArgumentException("a Gaussian of sigma " + sigma + " pixels lies below the cut-off "
                    + epsilon + " everywhere; use a smaller sigma, fewer pixels per degree or a smaller filterEpsilon");
        }
        return (int) Math.ceil(Math.sqrt(-2 * sigma * sigma * Math.log(epsilon / peak)));
    }

    /**
     * The kernel [rows][columns] of a standard deviation in degrees of visual angle, at any resolution.
     *
     * @param sigmaDegrees standard deviation in degrees, >= 0
     */
    public static Function<Resolution, NdArray> ofDegrees(double sigmaDegrees) {
        return resolution -> {
            float[] taps = taps(resolution.toPixels(sigmaDegrees), resolution.filterEpsilon());
            return outer(taps, taps);
        };
    }

    /** Scales taps to the sum 1. */
    public static float[] normalized(float[] taps) {
        double sum = 0;
        for (float tap : taps) {
            sum += tap;
        }
        float[] scaled = new float[taps.length];
        for (int i = 0; i < taps.length; i++) {
            scaled[i] = (float) (taps[i] / sum);
        }
        return scaled;
    }

    /** The two-dimensional kernel {@code v h'} of two one-dimensional ones, [v][h]. */
    public static NdArray outer(float[] v, float[] h) {
        float[] kernel = new float[v.length * h.length];
        for (int i = 0; i < v.length; i++) {
            for (int j = 0; j < h.length; j++) {
                kernel[i * h.length + j] = v[i] * h[j];
            }
        }
        return NdArray.of(kernel, v.length, h.length);
    }
}
