package org.amacrine.core.random;

import org.amacrine.core.kernel.FloatMath;

/**
 * Random numbers by counting: the number for a pixel of a frame is a function of (seed, purpose, frame, pixel) and of
 * nothing else. So it is the same for any chunk length, thread count and backend, and after a restore, with nothing to
 * save but the seed.
 *
 * <p>The generator is Threefry-2x32 with 13 rounds (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2,
 * 3, SC 2011), which gives two 32-bit words per counter; normal numbers come from them by the transform of Box and Muller
 * (1958), two at a time. The two go to pixels that lie 16 apart, so that vector lanes need no shuffling:
 *
 * <pre>
 *   pixel    0 … 15 │ 16 … 31 │ 32 … 47 │ 48 … 63 │ …
 *   counter  0 … 15 │  0 … 15 │ 16 … 31 │ 16 … 31 │ …
 *   half     first  │ second  │ first   │ second  │ …
 * </pre>
 */
public final class CounterRandom {
    private static final int PARITY = 0x1bd11bda;

    private CounterRandom() {}

    /**
     * The key of one stream of random numbers.
     *
     * @param seed the pipeline's seed
     * @param path dotted name of the layer or source
     * @param purpose what the numbers are for, within the layer
     */
    public static long key(long seed, String path, int purpose) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
        }
        return mix(mix(mix(seed) ^ hash) + purpose);
    }

    /** The key for one frame of a stream; frames may be counted beyond 32 bits. */
    public static long frameKey(long key, long frame) {
        return frame >>> 32 == 0 ? key : mix(key ^ (frame >>> 32));
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
    private static long mix(long z) {
        z += 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** The counter of a pixel. */
    public static int counter(int pixel) {
        return (pixel >>> 5 << 4) | (pixel & 15);
    }

    /** Whether a pixel takes the second number of its counter. */
    public static boolean second(int pixel) {
        return (pixel & 16) != 0;
    }

    /**
     * Threefry-2x32-13: both words for a counter, the first one in the low half.
     *
     * @param key from {@link #frameKey}
     */
    public static long words(long key, int counter0, int counter1) {
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        int k2 = k0 ^ k1 ^ PARITY;
        int x0 = counter0 + k0;
        int x1 = counter1 + k1;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 13) ^ x0;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 15) ^ x0;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 26) ^ x0;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 6) ^ x0;
        x0 += k1;
        x1 += k2 + 1;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 17) ^ x0;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 29) ^ x0;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 16) ^ x0;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 24) ^ x0;
        x0 += k2;
        x1 += k0 + 2;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 13) ^ x0;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 15) ^ x0;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 26) ^ x0;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 6) ^ x0;
        x0 += k0;
        x1 += k1 + 3;
        x0 += x1;
        x1 = Integer.rotateLeft(x1, 17) ^ x0;
        return Integer.toUnsignedLong(x0) | ((long) x1 << 32);
    }

    /** A word as a number uniform on [0, 1): its upper 24 bits. */
    public static float uniform(int word) {
        return (word >>> 8) * 0x1p-24f;
    }

    /** The uniform number of a pixel of a frame, on [0, 1). */
    public static float uniform(long key, long frame, int pixel) {
        long words = words(frameKey(key, frame), counter(pixel), (int) frame);
        return uniform(second(pixel) ? (int) (words >>> 32) : (int) words);
    }

    /** The standard normal number of a pixel of a frame. */
    public static float normal(long key, long frame, int pixel) {
        long words = words(frameKey(key, frame), counter(pixel), (int) frame);
        float radius = radius((int) words);
        int angle = (int) (words >>> 32);
        return radius * (second(pixel) ? sine(angle) : cosine(angle));
    }

    /** Box and Muller's radius sqrt(-2 ln u), with u from a word on (0, 1]; at most 6.66. */
    public static float radius(int word) {
        float u = Math.fma((float) (word >>> 1), 0x1p-31f, 0x1p-32f);
        return (float) Math.sqrt(-2f * FloatMath.log(u));
    }

    /** The cosine of an angle given by a word: 2³² are a full turn. */
    public static float cosine(int word) {
        float v = (float) word * 0x1p-32f;
        return FloatMath.sinQuarterTurn(0.25f - Math.abs(v));
    }

    /** The sine of an angle given by a word: 2³² are a full turn. */
    public static float sine(int word) {
        float v = (float) word * 0x1p-32f;
        float folded = 0.25f - Math.abs(0.25f - Math.abs(v));
        return Math.copySign(FloatMath.sinQuarterTurn(folded), v);
    }
}
