package org.amacrine.core.kernel;

/** The workers that share a frame: they run one piece of work on ranges of rows or pixels at the same time. */
public interface Bands {

    /** A piece of work on a range; made once by the layer that uses it, so that running it allocates nothing. */
    @FunctionalInterface
    interface Band {
        /**
         * Works on {@code from <= i < to}.
         *
         * @param worker index of the worker, below {@link Bands#workers()}: picks its scratch memory
         */
        void run(int worker, int from, int to);
    }

    /** Number of workers. */
    int workers();

    /**
     * Runs the work on all of {@code 0 <= i < extent} and returns when it is done. Ranges begin at multiples of
     * {@code grain}. An exception of a worker is thrown here.
     *
     * @param extent number of rows or pixels
     * @param grain smallest range worth a worker, at least 1
     */
    void run(Band band, int extent, int grain);

    /** The caller alone. */
    Bands ALONE = new Bands() {
        @Override
        public int workers() {
            return 1;
        }

        @Override
        public void run(Band band, int extent, int grain) {
            band.run(0, 0, extent);
        }
    };
}
