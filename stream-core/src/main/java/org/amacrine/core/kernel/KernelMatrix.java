package org.amacrine.core.kernel;

/**
 * A matrix that kernels read over and over, such as one that every frame is multiplied with. A backend may read it from a copy of
 * its own, in memory that suits it better than an array; it makes the copy when it first needs it, and anew after changes.
 *
 * <p>Changed by one thread while no other reads; read by any number of threads.
 */
public final class KernelMatrix {

    /** Makes the copies of a backend. */
    @FunctionalInterface
    public interface Copier {
        /**
         * Copies a matrix.
         *
         * @param values its values
         * @param before the copy that it made the last time, to be written to again; null at first
         */
        Object copy(double[] values, Object before);
    }

    private final double[] values;
    private Object copy;
    private volatile boolean isCopied;

    /** Zeros. */
    public KernelMatrix(int size) {
        this(new double[size]);
    }

    /** These values, which are not copied. */
    public KernelMatrix(double[] values) {
        this.values = values;
    }

    /** The values, to be read. */
    public double[] values() {
        return values;
    }

    /** The values, to be written before the matrix is next read. */
    public double[] change() {
        isCopied = false;
        return values;
    }

    /** The copy of the one backend that keeps one, as the values are now. */
    public Object copy(Copier copier) {
        if (!isCopied) {
            makeCopy(copier);
        }
        return copy;
    }

    private synchronized void makeCopy(Copier copier) {
        if (!isCopied) {
            copy = copier.copy(values, copy);
            isCopied = true;
        }
    }
}
