package org.amacrine.sinks.console;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.BaseSink;

/**
 * Prints a line about each signal after every so many seconds of the stream's time, and one about the whole stream at its end.
 *
 * <pre>
 *   retina.bipolar  1.000 s  1000 frames  -0.21..3.4  mean 0.71
 *   retina.ganglion_spikes_ON  1.000 s  1000 frames  0..1  mean 0.0123  rate 12.3 Hz
 *   …
 *   retina.bipolar  all  5250 frames  -0.35..3.4  mean 0.7
 * </pre>
 *
 * <p>Signals of only 0 and 1 are taken for spikes: their rate is the mean over all pixels, in hertz. Values that are not finite
 * are counted, and left out of range and mean.
 */
public final class ConsoleSink extends BaseSink {
    private final double everySeconds;
    private final PrintStream out;
    private List<Signal> signals;
    private Summary[] recent;
    private Summary[] whole;

    /**
     * A sink that prints to the standard output.
     *
     * @param everySeconds seconds of stream time between lines, > 0
     */
    public ConsoleSink(double everySeconds) {
        this(everySeconds, System.out);
    }

    /** A sink that prints to {@code out}, which stays open. */
    public ConsoleSink(double everySeconds, PrintStream out) {
        super("console");
        if (!(everySeconds > 0)) {
            throw new IllegalArgumentException(
                    "everySeconds must be > 0 but was " + everySeconds + "; for example 1 for a line each second");
        }
        this.everySeconds = everySeconds;
        this.out = out;
    }

    @Override
    protected void begin(List<Signal> all) {
        signals = all;
        recent = new Summary[all.size()];
        whole = new Summary[all.size()];
        for (int i = 0; i < recent.length; i++) {
            recent[i] = new Summary();
            whole[i] = new Summary();
        }
    }

    @Override
    protected void write(int signal, Chunk chunk) throws IOException {
        double stepsPerSecond = signals.get(signal).stepsPerSecond();
        long every = Math.max(1, Math.round(everySeconds * stepsPerSecond));
        for (int t = 0; t < chunk.frames(); t++) {
            recent[signal].add(chunk.values(), chunk.start(t), chunk.shape().values());
            long end = chunk.firstFrame() + t + 1;
            if (end % every == 0) {
                print(signal, String.format(Locale.ROOT, "%.3f s", end / stepsPerSecond), recent[signal]);
                whole[signal].add(recent[signal]);
                recent[signal].clear();
            }
        }
    }

    private void print(int signal, String when, Summary summary) throws IOException {
        Signal of = signals.get(signal);
        out.println(of.name() + "  " + when + "  " + summary.text(of.stepsPerSecond()));
        if (out.checkError()) {
            throw new IOException("sink console cannot print; its stream was closed or is full, use another one");
        }
    }

    @Override
    protected void finish() throws IOException {
        for (int i = 0; i < whole.length; i++) {
            whole[i].add(recent[i]);
            print(i, "all", whole[i]);
        }
    }
}
