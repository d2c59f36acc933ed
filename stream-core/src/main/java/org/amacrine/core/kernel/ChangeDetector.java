package org.amacrine.core.kernel;

import java.util.Arrays;

/**
 * The constants of {@link Kernels#detectChanges}. Arrays hold one value for each pixel.
 *
 * @param gain what an input is multiplied by, so that white is {@link #WHITE}
 * @param linearBelow brightness up to which its logarithm is a line through 0
 * @param slope of that line
 * @param bandwidth exponent of the low pass of a step, at white; below 0, and minus infinity for no low pass
 * @param leak what the reference brightness loses with each step
 * @param onThreshold rise of the logarithm that is one event
 * @param offThreshold fall of the logarithm that is one event
 * @param onNoise probability of an event of rise from noise in a step, in the dark
 * @param offNoise the same for falls
 * @param noiseFall part of this probability that is gone at white
 * @param rest steps without events after the last event of a step
 * @param eventsPerStep the most events for each step of rest that has passed, {@code 1 / rest}; finite
 * @param noiseKey key of the noise, see {@link org.amacrine.core.random.CounterRandom#key}
 * @param isNoiseless whether no events come from noise
 */
public record ChangeDetector(
        float gain,
        float linearBelow,
        float slope,
        float bandwidth,
        float[] leak,
        float[] onThreshold,
        float[] offThreshold,
        float[] onNoise,
        float[] offNoise,
        float noiseFall,
        float rest,
        float eventsPerStep,
        long noiseKey,
        boolean isNoiseless) {

    /** Brightness of white. */
    public static final float WHITE = 255f;
    /** Brightness that is added to the input where it sets the bandwidth and the noise: their value in the dark. */
    public static final float DARK = 20f;
    /** Steps of rest below which there is none. */
    private static final float SHORTEST_REST = 1e-6f;

    /** The constants; the last ones follow from them. */
    public ChangeDetector(
            float gain,
            float linearBelow,
            float bandwidth,
            float[] leak,
            float[] onThreshold,
            float[] offThreshold,
            float[] onNoise,
            float[] offNoise,
            float noiseFall,
            float rest,
            long noiseKey) {
        this(
                gain,
                linearBelow,
                (float) (Math.log(linearBelow) / linearBelow),
                bandwidth,
                leak,
                onThreshold,
                offThreshold,
                onNoise,
                offNoise,
                noiseFall,
                rest,
                1 / Math.max(rest, SHORTEST_REST),
                noiseKey,
                isZero(onNoise) && isZero(offNoise));
    }

    private static boolean isZero(float[] field) {
        return Arrays.equals(field, new float[field.length]);
    }

    /** Logarithm of a brightness, a line where it is low. */
    public float logarithm(float brightness) {
        return brightness <= linearBelow ? brightness * slope : FloatMath.log(brightness);
    }
}
