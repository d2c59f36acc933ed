package org.amacrine.operators.epi;

import java.util.Arrays;
import java.util.function.LongSupplier;

/** The stopwatch of a fit: seconds of its steps, by what they were for. Owned by the thread of the fit. */
final class FitStopwatch {
    private static final double SECONDS_PER_NANO = 1e-9;
    /** Saved in front of the epochs. */
    private static final int SCALARS = 4;

    private final LongSupplier nanos;
    private long beginNanos;
    private double initSeconds;
    private double trainingSeconds;
    private long trainingSteps;
    /** Of the epoch at hand. */
    private double epochSeconds;

    private double[] epochs = {};

    /** @param nanos a clock that only goes forward, in nanoseconds */
    FitStopwatch(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void begin() {
        beginNanos = nanos.getAsLong();
    }

    private double elapsed() {
        return (nanos.getAsLong() - beginNanos) * SECONDS_PER_NANO;
    }

    void endInitialStep() {
        initSeconds += elapsed();
    }

    void endTrainingStep() {
        double seconds = elapsed();
        trainingSeconds += seconds;
        trainingSteps++;
        epochSeconds += seconds;
    }

    /** Of norms or of the test of convergence. */
    void endOtherStep() {
        epochSeconds += elapsed();
    }

    void endEpoch() {
        epochs = Arrays.copyOf(epochs, epochs.length + 1);
        epochs[epochs.length - 1] = epochSeconds;
        epochSeconds = 0;
    }

    EpiTiming timing() {
        return new EpiTiming(initSeconds, epochs, trainingSeconds / trainingSteps);
    }

    double[] saved() {
        double[] saved = new double[SCALARS + epochs.length];
        saved[0] = initSeconds;
        saved[1] = trainingSeconds;
        saved[2] = trainingSteps;
        saved[3] = epochSeconds;
        System.arraycopy(epochs, 0, saved, SCALARS, epochs.length);
        return saved;
    }

    void restore(double[] saved) {
        initSeconds = saved[0];
        trainingSeconds = saved[1];
        trainingSteps = (long) saved[2];
        epochSeconds = saved[3];
        epochs = Arrays.copyOfRange(saved, SCALARS, saved.length);
    }
}
