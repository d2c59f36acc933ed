package org.amacrine.sinks.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.BaseSink;
import org.amacrine.sinks.OutputFiles;

/**
 * Writes the spikes of all signals to one CSV file: a line {@code time,row,column,channel} for each value above a threshold,
 * in the order of time, then channel, row and column.
 *
 * <pre>
 *   time,row,column,channel
 *   0.012,0,3,0
 *   0.012,7,5,1
 * </pre>
 *
 * <p>Time is in seconds, frame index / stepsPerSecond, with so many decimals that {@code round(time * stepsPerSecond)} is the
 * frame. Channels are numbered on through the signals in their order: of two signals with one channel each, ON is 0 and
 * OFF is 1. A fifth column with the signal's short name can be asked for.
 *
 * <p>Signals come in turns, so that spikes wait until every signal has reached their frame: at most those of one round of
 * chunks. Whole lines are in the file after each round; those that still wait are written when the sink is closed.
 */
public final class SpikeListSink extends BaseSink {
    /** Spikes of one signal that may wait before another chunk of it comes. */
    private static final int MOST_WAITING = 1 << 24;

    private final Path file;
    private float threshold = 0.5f;
    private boolean names;
    private boolean overwrite = true;
    private List<Signal> signals;
    private FrameTime time;
    private WaitingSpikes[] waiting;
    private long[] nextFrames;
    private int[] firstChannels;
    private byte[][] labels;
    private CsvLines lines;

    /** A sink for this file. */
    public SpikeListSink(Path file) {
        super("spikes");
        this.file = file;
    }

    /** Values above this are spikes; 0.5 by default, for spike trains of 0 and 1. */
    public SpikeListSink threshold(double value) {
        threshold = (float) value;
        return this;
    }

    /** Whether each line ends with the short name of its signal; not by default. */
    public SpikeListSink names(boolean wanted) {
        names = wanted;
        return this;
    }

    /** Whether the file may exist already, and is then replaced; true by default. */
    public SpikeListSink overwrite(boolean allowed) {
        overwrite = allowed;
        return this;
    }

    @Override
    protected void begin(List<Signal> all) throws IOException {
        signals = all;
        time = new FrameTime(all.get(0).stepsPerSecond());
        waiting = new WaitingSpikes[all.size()];
        nextFrames = new long[all.size()];
        firstChannels = new int[all.size()];
        labels = new byte[all.size()][];
        int channels = 0;
        int longestLabel = 0;
        for (int i = 0; i < all.size(); i++) {
            Signal signal = all.get(i);
            requireSameRate(all.get(0), signal);
            waiting[i] = new WaitingSpikes();
            firstChannels[i] = channels;
            channels += signal.shape().channels();
            labels[i] = names ? label(signal) : new byte[0];
            longestLabel = Math.max(longestLabel, labels[i].length);
        }
        OutputFiles.prepare(file, overwrite);
        try {
            lines = new CsvLines(Files.newOutputStream(file), 100 + longestLabel);
            writeHeader();
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }

    private static void requireSameRate(Signal first, Signal signal) {
        if (signal.stepsPerSecond() != first.stepsPerSecond()) {
            throw new IllegalArgumentException("sink spikes orders spikes by frame but " + signal.name() + " has "
                    + signal.stepsPerSecond() + " and " + first.name() + " has " + first.stepsPerSecond()
                    + " steps per second; give each a sink of its own");
        }
    }

    private static byte[] label(Signal signal) {
        String name = signal.shortName();
        if (!name.matches("[^,\"\\r\\n]*")) {
            throw new IllegalArgumentException("sink spikes writes the names of signals into columns but \"" + name
                    + "\" has a comma, quote or line break; rename the signal");
        }
        return ("," + name).getBytes(StandardCharsets.UTF_8);
    }

    private void writeHeader() throws IOException {
        try {
            lines.bytes("time,row,column,channel".getBytes(StandardCharsets.US_ASCII));
            if (names) {
                lines.bytes(",signal".getBytes(StandardCharsets.US_ASCII));
            }
            lines.endLine();
            lines.flush();
        } catch (IOException e) {
            lines.close();
            throw e;
        }
    }

    @Override
    protected void write(int signal, Chunk chunk) throws IOException {
        requireOrder(signal, chunk);
        collect(chunk, waiting[signal]);
        nextFrames[signal] = chunk.endFrame();
        long complete = Long.MAX_VALUE;
        for (long next : nextFrames) {
            complete = Math.min(complete, next);
        }
        try {
            writeBefore(complete);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }

    private void requireOrder(int signal, Chunk chunk) {
        if (chunk.firstFrame() < nextFrames[signal]) {
            throw new IllegalArgumentException("sink spikes has frames of " + name(signal) + " up to "
                    + nextFrames[signal] + " already but was given frame " + chunk.firstFrame()
                    + "; send the chunks of a signal in order");
        }
        if (waiting[signal].count() > MOST_WAITING) {
            throw new IllegalStateException("sink spikes holds " + waiting[signal].count() + " spikes of "
                    + name(signal) + " that wait for other signals to reach frame " + waiting[signal].frame()
                    + "; send the chunks of all signals in turn");
        }
    }

    private String name(int signal) {
        return signals.get(signal).name();
    }

    private void collect(Chunk chunk, WaitingSpikes into) {
        float[] values = chunk.values();
        int count = chunk.shape().values();
        for (int t = 0; t < chunk.frames(); t++) {
            int start = chunk.start(t);
            for (int i = 0; i < count; i++) {
                if (values[start + i] > threshold) {
                    into.add(chunk.firstFrame() + t, i);
                }
            }
        }
    }

    /** Writes all spikes of the frames before {@code end}. */
    private void writeBefore(long end) throws IOException {
        while (true) {
            long frame = Long.MAX_VALUE;
            for (WaitingSpikes spikes : waiting) {
                frame = Math.min(frame, spikes.frame());
            }
            if (frame >= end) {
                break;
            }
            for (int i = 0; i < waiting.length; i++) {
                while (waiting[i].frame() == frame) {
                    writeLine(i, frame, waiting[i].take());
                }
            }
        }
        lines.flush();
    }

    private void writeLine(int signal, long frame, int position) throws IOException {
        Shape shape = signals.get(signal).shape();
        int pixel = position % shape.pixels();
        time.write(frame, lines);
        lines.character(',');
        lines.number(pixel / shape.columns());
        lines.character(',');
        lines.number(pixel % shape.columns());
        lines.character(',');
        lines.number(firstChannels[signal] + position / shape.pixels());
        lines.bytes(labels[signal]);
        lines.endLine();
    }

    @Override
    protected void finish() throws IOException {
        CsvLines last = lines;
        try (last) {
            writeBefore(Long.MAX_VALUE);
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }
}
