package org.amacrine.backends.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.amacrine.backends.vector.Lanes.COUNT;
import static org.amacrine.backends.vector.Lanes.FLOATS;
import static org.amacrine.backends.vector.Lanes.INTS;

import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.random.CounterRandom;

/**
 * Twin of {@link CounterRandom}: a block of 32 pixels shares the counters of its two halves. The compiler gives up on one
 * loop for all of it, so a tile is worked on in passes; between them the words wait in the output array, bit by bit.
 */
final class VectorRandom {
    /** Pixels that share 16 counters. */
    static final int BLOCK = 32;

    /** Pixels that wait in the output array: few enough to stay in the nearest cache. */
    static final int TILE = 32 * BLOCK;

    private static final int PARITY = 0x1bd11bda;
    /** 0, 1, 2, …: loading them allocates nothing, {@link IntVector#addIndex} does. */
    private static final int[] LANES = IntStream.range(0, COUNT).toArray();

    /** One loop over the blocks of a tile. Called where there are too many kinds to be inlined, so each is compiled alone. */
    private interface Pass {
        /**
         * Works on {@code y[at]} to {@code y[at + count - 1]}.
         *
         * @param counter counter of the first pixel
         */
        void run(float[] y, int at, int count, int counter, int frame, int k0, int k1, float scale, float offset);
    }

    private static final Pass[] UNIFORM = {
        VectorRandom::firstRounds, VectorRandom::middleRounds, VectorRandom::lastRounds, VectorRandom::uniformFromWords
    };
    private static final Pass[] NORMAL = {
        VectorRandom::firstRounds,
        VectorRandom::middleRounds,
        VectorRandom::lastRounds,
        VectorRandom::radiusFromWords,
        VectorRandom::normalFromAngles
    };

    private VectorRandom() {}

    static int firstBlock(int from, int to) {
        return Math.min(to, (from + BLOCK - 1) / BLOCK * BLOCK);
    }

    static void uniform(float[] y, int yAt, int from, int to, long key, long frame, float scale, float offset) {
        int head = firstBlock(from, to);
        int tail = Math.max(head, to / BLOCK * BLOCK);
        ScalarKernels.INSTANCE.uniform(y, yAt, from, head, key, frame, scale, offset);
        run(UNIFORM, y, yAt, head, tail, key, frame, scale, offset);
        ScalarKernels.INSTANCE.uniform(y, yAt, tail, to, key, frame, scale, offset);
    }

    static void normal(float[] y, int yAt, int from, int to, long key, long frame, float scale, float offset) {
        int head = firstBlock(from, to);
        int tail = Math.max(head, to / BLOCK * BLOCK);
        ScalarKernels.INSTANCE.normal(y, yAt, from, head, key, frame, scale, offset);
        normalBlocks(y, yAt, head, tail, key, frame, scale, offset);
        ScalarKernels.INSTANCE.normal(y, yAt, tail, to, key, frame, scale, offset);
    }

    /** Normal numbers for whole blocks. */
    static void normalBlocks(float[] y, int yAt, int from, int to, long key, long frame, float scale, float offset) {
        run(NORMAL, y, yAt, from, to, key, frame, scale, offset);
    }

    private static void run(
            Pass[] passes,
            float[] y,
            int yAt,
            int from,
            int to,
            long streamKey,
            long frame,
            float scale,
            float offset) {
        long key = CounterRandom.frameKey(streamKey, frame);
        for (int tile = from; tile < to; tile += TILE) {
            int count = Math.min(TILE, to - tile);
            for (Pass pass : passes) {
                pass.run(y, yAt + tile, count, tile / 2, (int) frame, (int) key, (int) (key >>> 32), scale, offset);
            }
        }
    }

    /** Rounds 1 to 4 of 13: the first words in the first halves, the second ones in the second. */
    private static void firstRounds(
            float[] y, int at, int count, int counter, int frame, int k0, int k1, float scale, float offset) {
        int k2 = k0 ^ k1 ^ PARITY;
        IntVector lanes = IntVector.fromArray(INTS, LANES, 0);
        IntVector start = IntVector.broadcast(INTS, frame + k1);
        for (int block = 0; block < count; block += BLOCK) {
            for (int lane = 0; lane < BLOCK / 2; lane += COUNT) {
                IntVector x1 = start;
                IntVector x0 = lanes.add(counter + block / 2 + lane + k0).add(x1);
                x1 = turn(x1, 13, x0);
                x0 = x0.add(x1);
                x1 = turn(x1, 15, x0);
                x0 = x0.add(x1);
                x1 = turn(x1, 26, x0);
                x0 = x0.add(x1);
                x1 = turn(x1, 6, x0).add(k2 + 1);
                x0 = x0.add(k1);
                x0.reinterpretAsFloats().intoArray(y, at + block + lane);
                x1.reinterpretAsFloats().intoArray(y, at + block + lane + BLOCK / 2);
            }
        }
    }

    /** Rounds 5 to 8. */
    private static void middleRounds(
            float[] y, int at, int count, int counter, int frame, int k0, int k1, float scale, float offset) {
        int k2 = k0 ^ k1 ^ PARITY;
        for (int block = at; block < at + count; block += BLOCK) {
            for (int i = block; i < block + BLOCK / 2; i += COUNT) {
                IntVector x1 = fromArray(FLOATS, y, i + BLOCK / 2).reinterpretAsInts();
                IntVector x0 = fromArray(FLOATS, y, i).reinterpretAsInts().add(x1);
                x1 = turn(x1, 17, x0);
                x0 = x0.add(x1);
                x1 = turn(x1, 29, x0);
                x0 = x0.add(x1);
                x1 = turn(x1, 16, x0);
                x0 = x0.add(x1);
                x1 = turn(x1, 24, x0).add(k0 + 2);
                x0 = x0.add(k2);
                x0.reinterpretAsFloats().intoArray(y, i);
                x1.reinterpretAsFloats().intoArray(y, i + BLOCK / 2);
            }
        }
    }

    /** Rounds 9 to 13. */
    private static void lastRounds(
            float[] y, int at, int count, int counter, int frame, int k0, int k1, float scale, float offset) {
        for (int block = at; block < at + count; block += BLOCK) {
            for (int i = block; i < block + BLOCK / 2; i += COUNT) {
                IntVector x1 = fromArray(FLOATS, y, i + BLOCK / 2).reinterpretAsInts();
                IntVector x0 = fromArray(FLOATS, y, i).reinterpretAsInts().add(x1);
                x1 = turn(x1, 13, x0);
                x0 = x0.add(x1);
                x1 = turn(x1, 15, x0);
                x0 = x0.add(x1);
                x1 = turn(x1, 26, x0);
                x0 = x0.add(x1);
                x1 = turn(x1, 6, x0).add(k1 + 3);
                x0 = x0.add(k0).add(x1);
                x1 = turn(x1, 17, x0);
                x0.reinterpretAsFloats().intoArray(y, i);
                x1.reinterpretAsFloats().intoArray(y, i + BLOCK / 2);
            }
        }
    }

    /** One turn of the mixing: x rotated, then exclusive or. */
    private static IntVector turn(IntVector x, int bits, IntVector with) {
        return x.lanewise(VectorOperators.ROL, bits).lanewise(VectorOperators.XOR, with);
    }

    private static void uniformFromWords(
            float[] y, int at, int count, int counter, int frame, int k0, int k1, float scale, float offset) {
        FloatVector scales = broadcast(FLOATS, scale);
        FloatVector offsets = broadcast(FLOATS, offset);
        for (int i = at; i < at + count; i += COUNT) {
            IntVector word = fromArray(FLOATS, y, i).reinterpretAsInts();
            FloatVector u =
                    VectorMath.toFloats(word.lanewise(VectorOperators.LSHR, 8)).mul(0x1p-24f);
            u.fma(scales, offsets).intoArray(y, i);
        }
    }

    private static void radiusFromWords(
            float[] y, int at, int count, int counter, int frame, int k0, int k1, float scale, float offset) {
        for (int block = at; block < at + count; block += BLOCK) {
            for (int i = block; i < block + BLOCK / 2; i += COUNT) {
                IntVector word = fromArray(FLOATS, y, i).reinterpretAsInts();
                FloatVector u = VectorMath.toFloats(word.lanewise(VectorOperators.LSHR, 1))
                        .fma(broadcast(FLOATS, 0x1p-31f), broadcast(FLOATS, 0x1p-32f));
                VectorMath.log(u).mul(-2f).lanewise(VectorOperators.SQRT).intoArray(y, i);
            }
        }
    }

    private static void normalFromAngles(
            float[] y, int at, int count, int counter, int frame, int k0, int k1, float scale, float offset) {
        FloatVector scales = broadcast(FLOATS, scale);
        FloatVector offsets = broadcast(FLOATS, offset);
        FloatVector quarter = broadcast(FLOATS, 0.25f);
        for (int block = at; block < at + count; block += BLOCK) {
            for (int i = block; i < block + BLOCK / 2; i += COUNT) {
                FloatVector radius = fromArray(FLOATS, y, i);
                FloatVector angle = VectorMath.toFloats(
                                fromArray(FLOATS, y, i + BLOCK / 2).reinterpretAsInts())
                        .mul(0x1p-32f);
                FloatVector folded = quarter.sub(angle.abs());
                FloatVector sine = VectorMath.sinQuarterTurn(quarter.sub(folded.abs()));
                FloatVector cosine = VectorMath.sinQuarterTurn(folded);
                radius.mul(cosine).fma(scales, offsets).intoArray(y, i);
                radius.mul(withSign(sine, angle)).fma(scales, offsets).intoArray(y, i + BLOCK / 2);
            }
        }
    }

    private static FloatVector withSign(FloatVector magnitude, FloatVector sign) {
        return magnitude
                .reinterpretAsInts()
                .lanewise(VectorOperators.OR, sign.reinterpretAsInts().lanewise(VectorOperators.AND, Integer.MIN_VALUE))
                .reinterpretAsFloats();
    }
}
