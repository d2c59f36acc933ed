package org.amacrine.sinks.dashboard;

/**
 * How a stage does against its budget.
 *
 * @param colour {@code green}, {@code amber} or {@code red}
 * @param why which budget is strained; empty when none is
 */
record Lamp(String colour, String why) {
    private static final Lamp GREEN = new Lamp("green", "");
    /** Part of the time that a stage may work; from here on it is amber, and at {@link #FULL} red. */
    private static final double BUSY = 0.85;

    private static final double FULL = 0.98;
    private static final int QUEUE = 2;

    /**
     * Judges a stage.
     *
     * @param busy part of the time it works
     * @param queue chunks that wait for it
     * @param dropped frames dropped since the last look
     * @param ageMillis p99 of the age of its newest frame
     * @param budgetMillis age that is still fine
     * @param realTime stream time over time; below 1 a paced pipeline falls behind
     * @param paced whether it should keep up with real time
     */
    static Lamp of(
            double busy,
            int queue,
            long dropped,
            double ageMillis,
            double budgetMillis,
            double realTime,
            boolean paced) {
        if (dropped > 0) {
            return new Lamp("red", dropped + " frames dropped in the last moment");
        }
        if (!paced) {
            return GREEN;
        }
        if (busy >= FULL) {
            return new Lamp("red", "works all the time");
        }
        if (realTime > 0 && realTime < 0.9 && busy >= BUSY) {
            return new Lamp("red", String.format(java.util.Locale.ROOT, "%.2f of real time", realTime));
        }
        if (ageMillis > 2 * budgetMillis) {
            return new Lamp("red", String.format(java.util.Locale.ROOT, "frames are %.0f ms old", ageMillis));
        }
        if (ageMillis > budgetMillis) {
            return new Lamp("amber", String.format(java.util.Locale.ROOT, "frames are %.0f ms old", ageMillis));
        }
        if (busy >= BUSY) {
            return new Lamp("amber", String.format(java.util.Locale.ROOT, "works %.0f %% of the time", busy * 100));
        }
        return queue >= QUEUE ? new Lamp("amber", queue + " chunks wait") : GREEN;
    }
}
