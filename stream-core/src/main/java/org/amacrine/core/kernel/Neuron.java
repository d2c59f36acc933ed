package org.amacrine.core.kernel;

/**
 * The constants of {@link Kernels#integrateAndFire}. A field holds one value for all pixels, or one for each.
 *
 * @param leak g, leak rate, per second; field
 * @param tau length of the step, in seconds; field
 * @param noise s, standard deviation of the noise current, as it enters each step; field
 * @param refractoryMean mean refractory time, in seconds; field
 * @param refractorySigma standard deviation of the refractory time, in seconds; field
 * @param countsPerSecond what a refractory second counts as; one count passes with each step
 * @param noiseKey key of the noise, see {@link org.amacrine.core.random.CounterRandom#key}
 * @param refractoryKey key of the refractory times
 * @param isNoiseless whether no noise current enters
 * @param isRegular whether every refractory time is its mean
 */
public record Neuron(
        float[] leak,
        float[] tau,
        float[] noise,
        float[] refractoryMean,
        float[] refractorySigma,
        float countsPerSecond,
        long noiseKey,
        long refractoryKey,
        boolean isNoiseless,
        boolean isRegular) {

    /** The constants; whether noise enters at all follows from them. */
    public Neuron(
            float[] leak,
            float[] tau,
            float[] noise,
            float[] refractoryMean,
            float[] refractorySigma,
            float countsPerSecond,
            long noiseKey,
            long refractoryKey) {
        this(
                leak,
                tau,
                noise,
                refractoryMean,
                refractorySigma,
                countsPerSecond,
                noiseKey,
                refractoryKey,
                isZero(noise),
                isZero(refractorySigma));
    }

    private static boolean isZero(float[] field) {
        for (float value : field) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}
