package org.amacrine.core.kernel;

/**
 * The project's own {@code double} functions: a fixed sequence of correctly rounded operations, so that every backend that
 * repeats the sequence gets the same bits. The coefficients are minimax fits made for these intervals; errors are below 1.01
 * units in the last place.
 */
public final class DoubleMath {
    private DoubleMath() {}

    /** Adding this to a {@code double} of magnitude below 2⁵¹ rounds it to a whole number, kept in the low bits. */
    public static final double ROUNDER = 0x1.8p52;
    /** The bits of {@link #ROUNDER}. */
    public static final long ROUNDER_BITS = 0x4338000000000000L;
    /** The exponent's offset in the bits of a {@code double}. */
    public static final long BIAS = 1023;
    /** 1 / ln 2. */
    public static final double LOG2_E = 0x1.71547652b82fep0;
    /** ln 2 with 21 trailing zero bits. */
    public static final double LN2_HIGH = 0x1.62e42feep-1;
    /** ln 2 - LN2_HIGH. */
    public static final double LN2_LOW = 0x1.a39ef35793c76p-33;
    /** Below this, {@code exp} is 0: it never gives a number that is too small to be normal. */
    public static final double EXP_MIN = -708;
    /** (e^r - 1 - r) / r² on |r| <= ln(2)/2, lowest power first. */
    public static final double E0 = 0x1.0000000000001p-1;

    public static final double E1 = 0x1.5555555555556p-3;
    public static final double E2 = 0x1.5555555553d63p-5;
    public static final double E3 = 0x1.11111111109b3p-7;
    public static final double E4 = 0x1.6c16c1788bd90p-10;
    public static final double E5 = 0x1.a01a01a7c41d5p-13;
    public static final double E6 = 0x1.a019b90d2ae7ap-16;
    public static final double E7 = 0x1.71de0dae63bb3p-19;
    public static final double E8 = 0x1.289185613a3d6p-22;
    public static final double E9 = 0x1.af38a9b0ec855p-26;
    /** Bits of sqrt(1/2): where the logarithm's mantissa range begins. */
    public static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;
    /** (ln((1+s)/(1-s)) - 2s) / s³ in powers of s² for 1+f between sqrt(1/2) and sqrt(2), s = f / (2+f). */
    public static final double L0 = 0x1.5555555555558p-1;

    public static final double L1 = 0x1.99999999952d7p-2;
    public static final double L2 = 0x1.2492492df281ap-2;
    public static final double L3 = 0x1.c71c62e3f11e6p-3;
    public static final double L4 = 0x1.7462b51cb66b1p-3;
    public static final double L5 = 0x1.39fe51a7c18f9p-3;
    public static final double L6 = 0x1.2b5900de53b32p-3;

    /** e^x for x <= 0; exactly 0 below {@link #EXP_MIN}. */
    public static double exp(double x) {
        if (x < EXP_MIN) {
            return 0;
        }
        double rounded = Math.fma(x, LOG2_E, ROUNDER);
        double n = rounded - ROUNDER;
        double r = Math.fma(n, -LN2_HIGH, x);
        r = Math.fma(n, -LN2_LOW, r);
        double p = Math.fma(E9, r, E8);
        p = Math.fma(p, r, E7);
        p = Math.fma(p, r, E6);
        p = Math.fma(p, r, E5);
        p = Math.fma(p, r, E4);
        p = Math.fma(p, r, E3);
        p = Math.fma(p, r, E2);
        p = Math.fma(p, r, E1);
        p = Math.fma(p, r, E0);
        p = Math.fma(p * r, r, r) + 1;
        long scale = (Double.doubleToRawLongBits(rounded) - (ROUNDER_BITS - BIAS)) << 52;
        return p * Double.longBitsToDouble(scale);
    }

    /** Natural logarithm of x >= 0; minus infinity for 0 and for what is too small to be normal. */
    public static double log(double x) {
        if (x < Double.MIN_NORMAL) {
            return Double.NEGATIVE_INFINITY;
        }
        long bits = Double.doubleToRawLongBits(x);
        long exponent = ((bits - SQRT_HALF_BITS + (BIAS << 52)) >>> 52) - BIAS;
        double f = Double.longBitsToDouble(bits - (exponent << 52)) - 1;
        double n = Double.longBitsToDouble(exponent + ROUNDER_BITS) - ROUNDER;
        double s = f / (f + 2);
        double z = s * s;
        double p = Math.fma(L6, z, L5);
        p = Math.fma(p, z, L4);
        p = Math.fma(p, z, L3);
        p = Math.fma(p, z, L2);
        p = Math.fma(p, z, L1);
        p = Math.fma(p, z, L0);
        double half = 0.5 * f * f;
        double tail = Math.fma(s, Math.fma(p, z, half), n * LN2_LOW);
        return Math.fma(n, LN2_HIGH, f - (half - tail));
    }
}
