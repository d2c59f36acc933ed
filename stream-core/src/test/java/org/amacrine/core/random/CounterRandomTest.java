package org.amacrine.core.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CounterRandomTest {
    private static final long SEED = 20;
    private static final long KEY = CounterRandom.key(SEED, "retina.on.spiking", 0);
    private static final int FRAMES = 256;
    private static final int PIXELS = 2048;
    private static final int COUNT = FRAMES * PIXELS;

    // ------------------------------------------------------------------------------------------------ the generator

    /** The entries for 13 rounds of the file of known answers that the authors of Threefry publish. */
    @ParameterizedTest
    @CsvSource({
        "00000000, 00000000, 00000000, 00000000, 9d1c5ec6, 8bd50731",
        "ffffffff, ffffffff, ffffffff, ffffffff, fd36d048, 2d17272c",
        "243f6a88, 85a308d3, 13198a2e, 03707344, ba3e4725, f27d669e"
    })
    void shouldGiveTheKnownAnswers(String c0, String c1, String k0, String k1, String first, String second) {
        long key = word(k0) & 0xffffffffL | (long) word(k1) << 32;

        long words = CounterRandom.words(key, word(c0), word(c1));

        assertEquals(first, String.format("%08x", (int) words));
        assertEquals(second, String.format("%08x", (int) (words >>> 32)));
    }

    private static int word(String hex) {
        return Integer.parseUnsignedInt(hex, 16);
    }

    /** As drawn: pixels 0 to 15 take the first words of counters 0 to 15, pixels 16 to 31 their second ones, and so on. */
    @ParameterizedTest
    @CsvSource({
        "0,0,false",
        "15,15,false",
        "16,0,true",
        "31,15,true",
        "32,16,false",
        "53,21,true",
        "1000000,500000,false"
    })
    void shouldLayCountersOutOverPixels(int pixel, int counter, boolean second) {
        assertEquals(counter, CounterRandom.counter(pixel));
        assertEquals(second, CounterRandom.second(pixel));

        long words = CounterRandom.words(KEY, counter, 77);
        int word = (int) (second ? words >>> 32 : words);

        assertEquals((word >>> 8) / 16777216f, CounterRandom.uniform(KEY, 77, pixel));
    }

    @Test
    void shouldGiveEveryPixelACounterAndHalfOfItsOwn() {
        Set<Long> seen = new HashSet<>();
        for (int pixel = 0; pixel < 4096; pixel++) {
            assertTrue(seen.add(CounterRandom.counter(pixel) * 2L + (CounterRandom.second(pixel) ? 1 : 0)));
        }
    }

    @Test
    void shouldMakeNumbersFromTheExtremesOfAWord() {
        assertEquals(0f, CounterRandom.uniform(0));
        assertEquals(1f - 0x1p-24f, CounterRandom.uniform(-1));
        assertTrue(CounterRandom.radius(-1) == 0);
        assertEquals(Math.sqrt(64 * Math.log(2)), CounterRandom.radius(0), 1e-6);
        assertEquals(Math.sqrt(2 * Math.log(2)), CounterRandom.radius(Integer.MIN_VALUE), 1e-6);
    }

    @Test
    void shouldTurnWordsIntoAngles() {
        for (int i = 0; i < 100_000; i++) {
            int word = i * 42_949 + 7;
            double angle = 2 * Math.PI * word / 0x1p32;
            assertEquals(Math.cos(angle), CounterRandom.cosine(word), 3e-7, "cosine of " + word);
            assertEquals(Math.sin(angle), CounterRandom.sine(word), 3e-7, "sine of " + word);
        }
        assertEquals(-1f, CounterRandom.cosine(Integer.MIN_VALUE), 2e-7f);
        assertEquals(1f, CounterRandom.cosine(0), 2e-7f);
        assertEquals(-1f, CounterRandom.sine(0xc0000000), 2e-7f);
    }

    /** Box and Muller's transform of the two words, in double precision. */
    @Test
    void shouldMakeNormalNumbersFromBothWords() {
        for (int pixel = 0; pixel < 1000; pixel++) {
            long words = CounterRandom.words(KEY, CounterRandom.counter(pixel), 3);
            double u = (((int) words >>> 1) + 0.5) / 0x1p31;
            double angle = 2 * Math.PI * (int) (words >>> 32) / 0x1p32;
            double turn = CounterRandom.second(pixel) ? Math.sin(angle) : Math.cos(angle);

            assertEquals(
                    Math.sqrt(-2 * Math.log(u)) * turn, CounterRandom.normal(KEY, 3, pixel), 2e-6, "pixel " + pixel);
        }
    }

    // ------------------------------------------------------------------------------------------------ keys

    @Test
    void shouldHaveAKeyForEachSeedPathAndPurpose() {
        Set<Long> keys = new HashSet<>();
        for (long seed = -3; seed < 100; seed++) {
            for (String path : new String[] {"", "a", "b", "ab", "ba", "retina.on.spiking", "retina.off.spiking"}) {
                for (int purpose = 0; purpose < 4; purpose++) {
                    assertTrue(keys.add(CounterRandom.key(seed, path, purpose)), seed + " " + path + " " + purpose);
                }
            }
        }
        assertEquals(KEY, CounterRandom.key(SEED, "retina.on.spiking", 0));
    }

    @Test
    void shouldCountFramesBeyond32Bits() {
        assertEquals(KEY, CounterRandom.frameKey(KEY, 0xffffffffL));
        Set<Long> keys = new HashSet<>();
        for (long high = 0; high < 1000; high++) {
            assertTrue(keys.add(CounterRandom.frameKey(KEY, high << 32 | 5)));
            assertEquals(CounterRandom.frameKey(KEY, high << 32), CounterRandom.frameKey(KEY, high << 32 | 5));
        }
        assertNotEquals(CounterRandom.normal(KEY, 5, 0), CounterRandom.normal(KEY, (1L << 32) + 5, 0));
    }

    // ------------------------------------------------------------------------------------------------ distribution

    private interface Draw {
        float at(long frame, int pixel);
    }

    private static double[] draw(Draw draw) {
        double[] x = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            x[i] = draw.at(i / PIXELS, i % PIXELS);
        }
        return x;
    }

    private static double moment(double[] x, double mean, int power) {
        double sum = 0;
        for (double each : x) {
            sum += Math.pow(each - mean, power);
        }
        return sum / x.length;
    }

    /** Largest distance between the empirical distribution and the one that is meant, times sqrt(n). */
    private static double kolmogorov(double[] x, DoubleUnaryOperator distribution) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        double worst = 0;
        for (int i = 0; i < sorted.length; i++) {
            double p = distribution.applyAsDouble(sorted[i]);
            worst = Math.max(worst, Math.max(p - (double) i / sorted.length, (i + 1.0) / sorted.length - p));
        }
        return worst * Math.sqrt(sorted.length);
    }

    /** The normal distribution by its power series (Marsaglia 2004), accurate to 1e-14 for |x| < 7. */
    private static double normalDistribution(double x) {
        double sum = x;
        double term = x;
        for (int i = 3; Math.abs(term) > 1e-17 * Math.abs(sum) + 1e-300; i += 2) {
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** Each bound is met by a true generator in all but about one of ten thousand seeds. */
    @Test
    void shouldBeUniform() {
        double[] x = draw((frame, pixel) -> CounterRandom.uniform(KEY, frame, pixel));

        assertEquals(0.5, moment(x, 0, 1), 4 * Math.sqrt(1 / 12.0 / COUNT));
        assertEquals(1 / 12.0, moment(x, 0.5, 2), 4 * Math.sqrt(1 / 180.0 / COUNT));
        assertTrue(kolmogorov(x, u -> u) < 2.2, "seed " + SEED + ": " + kolmogorov(x, u -> u));
        for (double each : x) {
            assertTrue(each >= 0 && each < 1);
        }
    }

    @Test
    void shouldBeNormal() {
        double[] x = draw((frame, pixel) -> CounterRandom.normal(KEY, frame, pixel));

        assertEquals(0, moment(x, 0, 1), 4 * Math.sqrt(1.0 / COUNT));
        assertEquals(1, moment(x, 0, 2), 4 * Math.sqrt(2.0 / COUNT));
        assertEquals(0, moment(x, 0, 3), 4 * Math.sqrt(15.0 / COUNT));
        assertEquals(3, moment(x, 0, 4), 4 * Math.sqrt(96.0 / COUNT));
        double distance = kolmogorov(x, CounterRandomTest::normalDistribution);
        assertTrue(distance < 2.2, "seed " + SEED + ": " + distance);
        double largest = Arrays.stream(x).map(Math::abs).max().orElseThrow();
        assertTrue(largest > 4 && largest <= 6.66, "the largest is " + largest);
    }

    @Test
    void shouldBeNormalBeyond32BitsOfFrames() {
        double[] x = draw((frame, pixel) -> CounterRandom.normal(KEY, (5L << 32) - 100 + frame, pixel));

        double distance = kolmogorov(x, CounterRandomTest::normalDistribution);
        assertTrue(distance < 2.2, "seed " + SEED + ": " + distance);
    }

    // ------------------------------------------------------------------------------------------------ independence

    private static void assertUncorrelated(String what, Draw a, Draw b) {
        double product = 0;
        double squares = 0;
        for (int i = 0; i < COUNT; i++) {
            double x = a.at(i / PIXELS, i % PIXELS);
            double y = b.at(i / PIXELS, i % PIXELS);
            product += x * y;
            squares += (x * x - 1) * (y * y - 1);
        }
        double bound = 4 / Math.sqrt(COUNT);
        assertEquals(0, product / COUNT, bound, what);
        assertEquals(0, squares / COUNT / 2, bound, what + ", squares");
    }

    private static Draw normals(long key) {
        return (frame, pixel) -> CounterRandom.normal(key, frame, pixel);
    }

    @Test
    void shouldBeIndependentFromFrameToFrame() {
        for (int lag : new int[] {1, 2, 16}) {
            assertUncorrelated(
                    "frames " + lag + " apart",
                    normals(KEY),
                    (frame, pixel) -> CounterRandom.normal(KEY, frame + lag, pixel));
        }
        assertUncorrelated(
                "frames 2^32 apart",
                normals(KEY),
                (frame, pixel) -> CounterRandom.normal(KEY, frame + (1L << 32), pixel));
        assertUncorrelated(
                "frames 2^40 apart",
                normals(KEY),
                (frame, pixel) -> CounterRandom.normal(KEY, frame + (1L << 40), pixel));
    }

    /** Pixels 16 apart share a counter and a radius. */
    @Test
    void shouldBeIndependentFromPixelToPixel() {
        for (int lag : new int[] {1, 15, 16, 17, 32}) {
            assertUncorrelated(
                    "pixels " + lag + " apart",
                    normals(KEY),
                    (frame, pixel) -> CounterRandom.normal(KEY, frame, pixel + lag));
        }
    }

    @Test
    void shouldBeIndependentFromKeyToKey() {
        assertUncorrelated("seeds", normals(KEY), normals(CounterRandom.key(SEED + 1, "retina.on.spiking", 0)));
        assertUncorrelated("paths", normals(KEY), normals(CounterRandom.key(SEED, "retina.off.spiking", 0)));
        assertUncorrelated("purposes", normals(KEY), normals(CounterRandom.key(SEED, "retina.on.spiking", 1)));
    }
}
