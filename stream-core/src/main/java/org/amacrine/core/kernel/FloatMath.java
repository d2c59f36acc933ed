package org.amacrine.core.kernel;

/**
 * The project's own {@code float} functions: a fixed sequence of correctly rounded operations, so that every backend that
 * repeats the sequence gets the same bits. The coefficients are minimax fits made for these intervals; on the stated ranges
 * errors are below 1.01 units in the last place for exp, below one for log and below three for the sine.
 */
public final class FloatMath {
    private FloatMath() {}

    /** Adding this to a {@code float} of magnitude below 2²² rounds it to a whole number, kept in the low bits. */
    public static final float ROUNDER = 0x1.8p23f;
    /** The bits of {@link #ROUNDER}. */
    public static final int ROUNDER_BITS = 0x4b400000;
    /** 1 / ln 2. */
    public static final float LOG2_E = 1.442695f;
    /** ln 2 with 10 trailing zero bits. */
    public static final float LN2_HIGH = 0x1.62ep-1f;
    /** ln 2 - LN2_HIGH. */
    public static final float LN2_LOW = 0x1.0bfbe8p-15f;
    /** Arguments of {@code exp} are brought into this range: below it e^x is no normal number, above it infinite. */
    public static final float EXP_MIN = -87.33f;
    /** See {@link #EXP_MIN}. */
    public static final float EXP_MAX = 88.37f;
    /** (e^r - 1 - r) / r² on |r| <= ln(2)/2, lowest power first. */
    public static final float E0 = 0.5f;

    public static final float E1 = 0.16666667f;
    public static final float E2 = 0.04166627f;
    public static final float E3 = 0.008333264f;
    public static final float E4 = 0.0013946062f;
    public static final float E5 = 0.00019918371f;
    /** Bits of sqrt(1/2): where the logarithm's mantissa range begins. */
    public static final int SQRT_HALF_BITS = 0x3f3504f3;
    /** ln 2. */
    public static final float LN2 = 0.6931472f;
    /** (ln(1+f) - f + f²/2) / f³ on sqrt(1/2) <= 1+f < sqrt(2), lowest power first. */
    public static final float L0 = 0.33333305f;

    public static final float L1 = -0.24999984f;
    public static final float L2 = 0.20002598f;
    public static final float L3 = -0.1666963f;
    public static final float L4 = 0.1421088f;
    public static final float L5 = -0.12373032f;
    public static final float L6 = 0.11922882f;
    public static final float L7 = -0.11879069f;
    public static final float L8 = 0.069059864f;
    /** sin(2 pi w) / w in powers of w² on |w| <= 1/4. */
    public static final float S0 = 6.283185f;

    public static final float S1 = -41.341656f;
    public static final float S2 = 81.60102f;
    public static final float S3 = -76.55011f;
    public static final float S4 = 39.538868f;

    /** e^x; x below {@link #EXP_MIN} or above {@link #EXP_MAX} counts as that bound. */
    public static float exp(float x) {
        float bounded = Math.max(EXP_MIN, Math.min(EXP_MAX, x));
        float rounded = Math.fma(bounded, LOG2_E, ROUNDER);
        float n = rounded - ROUNDER;
        float r = Math.fma(n, -LN2_HIGH, bounded);
        r = Math.fma(n, -LN2_LOW, r);
        float p = Math.fma(E5, r, E4);
        p = Math.fma(p, r, E3);
        p = Math.fma(p, r, E2);
        p = Math.fma(p, r, E1);
        p = Math.fma(p, r, E0);
        p = Math.fma(p * r, r, r) + 1f;
        int scale = (Float.floatToRawIntBits(rounded) - ROUNDER_BITS + 127) << 23;
        return p * Float.intBitsToFloat(scale);
    }

    /** Natural logarithm of a normal number x > 0. */
    public static float log(float x) {
        int bits = Float.floatToRawIntBits(x);
        int e = (bits - SQRT_HALF_BITS) >> 23;
        float f = Float.intBitsToFloat(bits - (e << 23)) - 1f;
        float p = Math.fma(L8, f, L7);
        p = Math.fma(p, f, L6);
        p = Math.fma(p, f, L5);
        p = Math.fma(p, f, L4);
        p = Math.fma(p, f, L3);
        p = Math.fma(p, f, L2);
        p = Math.fma(p, f, L1);
        p = Math.fma(p, f, L0);
        float ff = f * f;
        float small = Math.fma(ff, -0.5f, p * f * ff) + f;
        return Math.fma((float) e, LN2, small);
    }

    /** sin(2 pi w) for |w| <= 1/4: w is in turns. */
    public static float sinQuarterTurn(float w) {
        float t = w * w;
        float p = Math.fma(S4, t, S3);
        p = Math.fma(p, t, S2);
        p = Math.fma(p, t, S1);
        p = Math.fma(p, t, S0);
        return p * w;
    }
}
