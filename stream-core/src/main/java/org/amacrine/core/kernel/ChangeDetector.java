package org.amacrine.core.kernel;

import java.util.Arrays;
import org.amacrine.core.random.CounterRandom;

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
 * @param noiseKey key of the noise, see {@link CounterRandom#key}
 * @param ditherKey key of the dither of the noise
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
        long ditherKey,
        boolean isNoiseless) {

    /** Brightness of white. */
    public static final float WHITE = 255f;
    /** Brightness that is added to the input where it sets the bandwidth and the noise: their value in the dark. */
    public static final float DARK = 20f;
    /** The largest random number that a pixel draws. */
    public static final float MOST_DRAWN = 0x1.fffffep-1f;
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
            long noiseKey,
            long ditherKey) {
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
                ditherKey,
                isZero(onNoise) && isZero(offNoise));
    }

    private static boolean isZero(float[] field) {
        return Arrays.equals(field, new float[field.length]);
    }

    /**
     * What is added to the random numbers of all pixels of a frame: uniform between 0 and their spacing of 2^-24. A number drawn
     * and dithered is below any probability with that probability, but for a part of 2^-24 of it, also where that is no multiple of
     * the spacing, or far below it.
     */
    public float dither(long frame) {
        return CounterRandom.uniform(ditherKey, frame, 0) * 0x1p-24f;
    }

    /** Whether a number drawn is an event of fall; the smallest ones are. */
    public static boolean isOff(float drawn, float dither, float probability) {
        return drawn + dither < probability;
    }

    /** Whether a number drawn is an event of rise; the largest ones are. */
    public static boolean isOn(float drawn, float dither, float probability) {
        return (MOST_DRAWN - drawn) + dither < probability;
    }

    /** Logarithm of a brightness, a line where it is low. */
    public float logarithm(float brightness) {
        return brightness <= linearBelow ? brightness * slope : FloatMath.log(brightness);
    }
}
