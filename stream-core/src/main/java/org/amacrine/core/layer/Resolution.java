package org.amacrine.core.layer;

/**
 * What a pixel and a model step mean: every kernel that is given in degrees or seconds is built from it.
 *
 * @param pixelsPerDegree pixels per degree of visual angle, > 0
 * @param stepsPerSecond model steps (frames) per second, in hertz, > 0
 * @param filterEpsilon level below which the tail of a kernel is cut off, > 0
 */
public record Resolution(double pixelsPerDegree, double stepsPerSecond, double filterEpsilon) {

    /** 10 pixels per degree, 1000 steps per second, kernels cut off below 0.001. */
    public static final Resolution DEFAULT = new Resolution(10, 1000, 0.001);

    /** Throws {@link IllegalArgumentException} when a value is not a finite number above zero. */
    public Resolution {
        check("pixelsPerDegree", pixelsPerDegree, "10");
        check("stepsPerSecond", stepsPerSecond, "1000");
        check("filterEpsilon", filterEpsilon, "0.001");
    }

    private static void check(String name, double value, String example) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    name + " must be a finite number > 0 but was " + value + "; for example " + example);
        }
    }

    /** The default cut-off with this scale and rate. */
    public static Resolution of(double pixelsPerDegree, double stepsPerSecond) {
        return new Resolution(pixelsPerDegree, stepsPerSecond, DEFAULT.filterEpsilon);
    }

    /** Degrees of visual angle in pixels. */
    public double toPixels(double degrees) {
        return degrees * pixelsPerDegree;
    }

    /** Seconds in model steps, not rounded. */
    public double toSteps(double seconds) {
        return seconds * stepsPerSecond;
    }

    /** Length of a model step, in seconds. */
    public double stepSeconds() {
        return 1 / stepsPerSecond;
    }
}
