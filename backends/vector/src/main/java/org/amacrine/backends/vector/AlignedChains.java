package org.amacrine.backends.vector;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.amacrine.core.kernel.KernelMatrix;
import org.amacrine.core.kernel.Kernels;

/**
 * Chains of states with a large matrix, read from a copy in memory that begins at a line of the cache. An array begins anywhere, so
 * that most vectors of eight doubles lie across two lines; a matrix that is too large for the nearest cache then comes at half the
 * speed. Smaller ones are read from their arrays, whose bounds cost less to check.
 *
 * <p>Java has such memory, and vectors on it, from version 22 on. They are looked up by name, since this is compiled for older ones
 * too; there all matrices are read from their arrays.
 */
final class AlignedChains {
    private AlignedChains() {}

    private static final VectorSpecies<Double> S = VectorChains.S;
    private static final int COUNT = S.length();
    private static final int BLOCK = Kernels.STATE_BLOCK;

    private static final String MEMORY = "java.lang.foreign.MemorySegment";
    private static final long LINE_BYTES = 64;
    /** Values of matrices that the nearest cache has room for. */
    static final int SMALL = 4096;

    /** The vector at a byte, (Object memory, long byte) DoubleVector; null before Java 22. Called nowhere but in the loops: see {@link Lanes}. */
    private static final MethodHandle LOAD = Runtime.version().feature() >= 22 ? findLoad() : null;

    private static MethodHandle findLoad() {
        try {
            Class<?> memory = Class.forName(MEMORY);
            MethodHandle load = MethodHandles.publicLookup()
                    .findStatic(
                            DoubleVector.class,
                            "fromMemorySegment",
                            MethodType.methodType(
                                    DoubleVector.class, VectorSpecies.class, memory, long.class, ByteOrder.class));
            return MethodHandles.insertArguments(MethodHandles.insertArguments(load, 3, ByteOrder.nativeOrder()), 0, S)
                    .asType(MethodType.methodType(DoubleVector.class, Object.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    // ------------------------------------------------------------------------------------------------ memory

    /** A copy of a matrix: where it is written to, and the same memory as vectors are read from it. */
    private record Copy(DoubleBuffer values, Object memory) {}

    /** The memory that holds a matrix; null where it is to be read from its array. */
    static Object memory(KernelMatrix matrix) {
        return LOAD == null || matrix.values().length <= SMALL
                ? null
                : ((Copy) matrix.copy(AlignedChains::copy)).memory;
    }

    private static Object copy(double[] values, Object before) {
        Copy copy = before == null ? allocate(values.length) : (Copy) before;
        copy.values.clear().put(values);
        return copy;
    }

    /** Memory that goes when nothing reads it any more. */
    private static Copy allocate(int count) {
        try {
            Class<?> arenas = Class.forName("java.lang.foreign.Arena");
            Object arena = arenas.getMethod("ofAuto").invoke(null);
            Object memory = arenas.getMethod("allocate", long.class, long.class)
                    .invoke(arena, (long) Double.BYTES * count, LINE_BYTES);
            ByteBuffer bytes =
                    (ByteBuffer) Class.forName(MEMORY).getMethod("asByteBuffer").invoke(memory);
            return new Copy(bytes.order(ByteOrder.nativeOrder()).asDoubleBuffer(), memory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }

    // ------------------------------------------------------------------------------------------------ kernels

    /** Adds the squared residuals of four rows of B to one frame; see {@link Kernels#whitenedLogDensities}. */
    static void addSquares(Object b, int bAt, int columns, double[] g, int gAt, double[] l, int lAt) {
        try {
            DoubleVector y0 = DoubleVector.zero(S);
            DoubleVector y1 = y0;
            DoubleVector y2 = y0;
            DoubleVector y3 = y0;
            long lane = Double.BYTES * BLOCK;
            for (int j = 0; j < columns; j++) {
                // A multiple of j, so that the compiler checks bounds once for the whole loop.
                long at = (long) Double.BYTES * bAt + 4L * Double.BYTES * BLOCK * j;
                DoubleVector x = broadcast(S, g[gAt + j]);
                y0 = ((DoubleVector) LOAD.invokeExact(b, at)).fma(x, y0);
                y1 = ((DoubleVector) LOAD.invokeExact(b, at + lane)).fma(x, y1);
                y2 = ((DoubleVector) LOAD.invokeExact(b, at + 2 * lane)).fma(x, y2);
                y3 = ((DoubleVector) LOAD.invokeExact(b, at + 3 * lane)).fma(x, y3);
            }
            y3.fma(y3, y2.fma(y2, y1.fma(y1, y0.fma(y0, fromArray(S, l, lAt))))).intoArray(l, lAt);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The same for two blocks of lanes, {@code size} values of B apart: half as many loops to begin, and twice as much in each. */
    static void addSquaresOfPair(Object b, int bAt, int size, int columns, double[] g, int gAt, double[] l, int lAt) {
        try {
            DoubleVector y0 = DoubleVector.zero(S);
            DoubleVector y1 = y0;
            DoubleVector y2 = y0;
            DoubleVector y3 = y0;
            DoubleVector z0 = y0;
            DoubleVector z1 = y0;
            DoubleVector z2 = y0;
            DoubleVector z3 = y0;
            long lane = Double.BYTES * BLOCK;
            for (int j = 0; j < columns; j++) {
                long at = (long) Double.BYTES * bAt + 4L * Double.BYTES * BLOCK * j;
                long other = at + (long) Double.BYTES * size;
                DoubleVector x = broadcast(S, g[gAt + j]);
                y0 = ((DoubleVector) LOAD.invokeExact(b, at)).fma(x, y0);
                y1 = ((DoubleVector) LOAD.invokeExact(b, at + lane)).fma(x, y1);
                y2 = ((DoubleVector) LOAD.invokeExact(b, at + 2 * lane)).fma(x, y2);
                y3 = ((DoubleVector) LOAD.invokeExact(b, at + 3 * lane)).fma(x, y3);
                z0 = ((DoubleVector) LOAD.invokeExact(b, other)).fma(x, z0);
                z1 = ((DoubleVector) LOAD.invokeExact(b, other + lane)).fma(x, z1);
                z2 = ((DoubleVector) LOAD.invokeExact(b, other + 2 * lane)).fma(x, z2);
                z3 = ((DoubleVector) LOAD.invokeExact(b, other + 3 * lane)).fma(x, z3);
            }
            y3.fma(y3, y2.fma(y2, y1.fma(y1, y0.fma(y0, fromArray(S, l, lAt))))).intoArray(l, lAt);
            z3.fma(z3, z2.fma(z2, z1.fma(z1, z0.fma(z0, fromArray(S, l, lAt + BLOCK)))))
                    .intoArray(l, lAt + BLOCK);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Adds the squared residuals of one row of B, of a group with this many, to one frame, for four blocks of lanes. */
    static void addSquaresOfRow(
            Object b, int bAt, int size, int rows, int columns, double[] g, int gAt, double[] l, int lAt) {
        try {
            DoubleVector y0 = DoubleVector.zero(S);
            DoubleVector y1 = y0;
            DoubleVector y2 = y0;
            DoubleVector y3 = y0;
            long block = (long) Double.BYTES * size;
            for (int j = 0; j < columns; j++) {
                long at = (long) Double.BYTES * bAt + (long) Double.BYTES * BLOCK * rows * j;
                DoubleVector x = broadcast(S, g[gAt + j]);
                y0 = ((DoubleVector) LOAD.invokeExact(b, at)).fma(x, y0);
                y1 = ((DoubleVector) LOAD.invokeExact(b, at + block)).fma(x, y1);
                y2 = ((DoubleVector) LOAD.invokeExact(b, at + 2 * block)).fma(x, y2);
                y3 = ((DoubleVector) LOAD.invokeExact(b, at + 3 * block)).fma(x, y3);
            }
            y0.fma(y0, fromArray(S, l, lAt)).intoArray(l, lAt);
            y1.fma(y1, fromArray(S, l, lAt + BLOCK)).intoArray(l, lAt + BLOCK);
            y2.fma(y2, fromArray(S, l, lAt + 2 * BLOCK)).intoArray(l, lAt + 2 * BLOCK);
            y3.fma(y3, fromArray(S, l, lAt + 3 * BLOCK)).intoArray(l, lAt + 3 * BLOCK);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Four vectors of a weighted sum of rows; see {@link Kernels#mixRows}. */
    static void mix(Object m, int mAt, double[] w, int wAt, int rows, double[] y, int yAt, int lanes) {
        try {
            DoubleVector y0 = DoubleVector.zero(S);
            DoubleVector y1 = y0;
            DoubleVector y2 = y0;
            DoubleVector y3 = y0;
            long vector = Double.BYTES * COUNT;
            long at = (long) Double.BYTES * mAt;
            for (int i = 0; i < rows; i++, at += (long) Double.BYTES * lanes) {
                DoubleVector x = broadcast(S, w[wAt + i]);
                y0 = ((DoubleVector) LOAD.invokeExact(m, at)).fma(x, y0);
                y1 = ((DoubleVector) LOAD.invokeExact(m, at + vector)).fma(x, y1);
                y2 = ((DoubleVector) LOAD.invokeExact(m, at + 2 * vector)).fma(x, y2);
                y3 = ((DoubleVector) LOAD.invokeExact(m, at + 3 * vector)).fma(x, y3);
            }
            y0.intoArray(y, yAt);
            y1.intoArray(y, yAt + COUNT);
            y2.intoArray(y, yAt + 2 * COUNT);
            y3.intoArray(y, yAt + 3 * COUNT);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }
}
