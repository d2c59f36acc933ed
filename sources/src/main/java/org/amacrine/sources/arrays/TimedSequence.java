package org.amacrine.sources.arrays;

import java.util.Arrays;
import org.amacrine.core.chunk.Frames;

/**
 * Frames in memory that are found by time: the reference's {@code TimedSequenceStream}, and its {@code TimedResampleStream}. Time t is frame
 * {@code round((t - zeroSeconds) / stepSeconds)}, halves rounded to even as Python does; a stretch from t1 to t2 ends before
 * the frame of t2.
 *
 * <p>Differs from the reference: a stretch is cut off at the ends of the sequence; it never counts from the end backwards.
 *
 * <p>Owned by one thread.
 */
public final class TimedSequence {
    private final Frames frames;
    private final double zeroSeconds;
    private final double stepSeconds;

    /**
     * A sequence.
     *
     * @param frames its frames; not copied, {@link #put} writes to them
     * @param zeroSeconds time of the first frame
     * @param stepSeconds time from frame to frame, > 0; 0.001 in the reference
     */
    public TimedSequence(Frames frames, double zeroSeconds, double stepSeconds) {
        if (!(stepSeconds > 0) || Double.isInfinite(stepSeconds) || !Double.isFinite(zeroSeconds)) {
            throw new IllegalArgumentException(
                    "stepSeconds must be a finite number > 0, and zeroSeconds finite, but they were " + stepSeconds
                            + " and " + zeroSeconds + "; for example 0.001 and 0");
        }
        this.frames = frames;
        this.zeroSeconds = zeroSeconds;
        this.stepSeconds = stepSeconds;
    }

    private int frame(double seconds) {
        return (int) Math.rint((seconds - zeroSeconds) / stepSeconds);
    }

    private int clipped(double seconds) {
        return Math.max(0, Math.min(frames.count(), frame(seconds)));
    }

    /** Whether the sequence holds all frames from {@code fromSeconds} to {@code toSeconds}. */
    public boolean available(double fromSeconds, double toSeconds) {
        return frame(fromSeconds) >= 0 && frame(toSeconds) <= frames.count();
    }

    /** The frames from {@code fromSeconds} to {@code toSeconds}, as far as the sequence holds them. */
    public Frames get(double fromSeconds, double toSeconds) {
        int from = clipped(fromSeconds);
        int to = Math.max(from, clipped(toSeconds));
        int size = frames.shape().values();
        return new Frames(frames.shape(), to - from, Arrays.copyOfRange(frames.values(), from * size, to * size));
    }

    /**
     * Frames of another rate, each interpolated linearly between the two around its time: those of the times
     * {@code fromSeconds + i everySeconds} before {@code toSeconds}. Before the first frame of the sequence, and behind its last, stand
     * copies of them.
     *
     * @param everySeconds time from frame to frame, > 0
     */
    public Frames resampled(double fromSeconds, double toSeconds, double everySeconds) {
        double span = (toSeconds - fromSeconds) / everySeconds;
        if (!(everySeconds > 0) || !Double.isFinite(span)) {
            throw new IllegalArgumentException("frames from " + fromSeconds + " to " + toSeconds
                    + " s need everySeconds > 0 but" + " it was " + everySeconds + "; for example 0.001");
        }
        if (frames.count() == 0) {
            throw new IllegalArgumentException("a sequence without frames cannot be resampled; give at least one");
        }
        Frames out = Frames.zeros(frames.shape(), (int) Math.max(0, Math.rint(span)));
        int size = frames.shape().values();
        int last = frames.count() - 1;
        for (int i = 0; i < out.count(); i++) {
            double position = (fromSeconds + i * everySeconds - zeroSeconds) / stepSeconds;
            double inside = Math.max(0, Math.min(last, position));
            int left = (int) inside;
            int right = Math.min(last, left + 1);
            for (int p = 0; p < size; p++) {
                double a = frames.values()[left * size + p];
                double b = frames.values()[right * size + p];
                out.values()[i * size + p] = (float) (a + (inside - left) * (b - a));
            }
        }
        return out;
    }

    /** The time of each frame that {@link #get} returns for this stretch, in seconds. */
    public double[] seconds(double fromSeconds, double toSeconds) {
        int from = clipped(fromSeconds);
        double[] seconds = new double[Math.max(0, clipped(toSeconds) - from)];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = zeroSeconds + (from + i) * stepSeconds;
        }
        return seconds;
    }

    /**
     * Overwrites the frames from {@code fromSeconds} to {@code toSeconds}.
     *
     * @throws IllegalArgumentException when that stretch has another number of frames, is not all within the sequence, or
     *     frames have another extent
     */
    public void put(double fromSeconds, double toSeconds, Frames replacement) {
        int from = frame(fromSeconds);
        int to = frame(toSeconds);
        if (from < 0
                || to > frames.count()
                || to - from != replacement.count()
                || !replacement.shape().equals(frames.shape())) {
            throw new IllegalArgumentException("from " + fromSeconds + " to " + toSeconds + " s are the frames " + from
                    + " to " + to + " of " + frames + ", which " + replacement
                    + " cannot replace; give as many frames of the same extent, within the sequence");
        }
        System.arraycopy(
                replacement.values(), 0, frames.values(), from * frames.shape().values(), replacement.values().length);
    }
}
