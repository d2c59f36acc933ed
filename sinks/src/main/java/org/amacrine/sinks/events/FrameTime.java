package org.amacrine.sinks.events;

/**
 * The time of a frame in seconds as decimal text: exact where the length of a step has at most 9 decimals, as with 1000 steps
 * per second, else rounded to 9 decimals. Either way {@code round(time * stepsPerSecond)} is the frame.
 */
final class FrameTime {
    private static final int MOST_DECIMALS = 9;
    private static final double FASTEST = 1e8;
    private final double stepsPerSecond;
    private final int decimals;
    private final long unitsPerSecond;
    private final long unitsPerStep;

    /** Times at this rate; throws {@link IllegalArgumentException} when it is not in (0, 10⁸] hertz. */
    FrameTime(double stepsPerSecond) {
        if (!(stepsPerSecond > 0 && stepsPerSecond <= FASTEST)) {
            throw new IllegalArgumentException("stepsPerSecond must be > 0 and <= 1e8 but was " + stepsPerSecond
                    + "; give the rate of the signals in hertz, for example 1000");
        }
        this.stepsPerSecond = stepsPerSecond;
        int digits = 0;
        double units = 1;
        while (digits < MOST_DECIMALS && !isWhole(units / stepsPerSecond)) {
            digits++;
            units *= 10;
        }
        this.decimals = digits;
        this.unitsPerSecond = (long) units;
        this.unitsPerStep = isWhole(units / stepsPerSecond) ? (long) (units / stepsPerSecond) : 0;
    }

    private static boolean isWhole(double number) {
        return number >= 1 && number == Math.rint(number);
    }

    /** Appends the time of a frame. */
    void write(long frame, CsvLines to) {
        long seconds;
        long rest;
        if (unitsPerStep > 0) {
            long units = Math.multiplyExact(frame, unitsPerStep);
            seconds = units / unitsPerSecond;
            rest = units % unitsPerSecond;
        } else {
            double time = frame / stepsPerSecond;
            seconds = (long) time;
            rest = Math.round((time - seconds) * unitsPerSecond);
            if (rest == unitsPerSecond) {
                seconds++;
                rest = 0;
            }
        }
        to.number(seconds);
        if (decimals > 0) {
            to.character('.');
            to.number(rest, decimals);
        }
    }
}
