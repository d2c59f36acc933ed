package org.amacrine.sinks.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;

/** A signal as viewers see it: the feeds that are subscribed to now, each shared by all that want the same. */
final class Tap {
    private static final int MAX_PROBES = 64;
    private static final int MAX_ENTRIES = 256;
    /** What all feeds of a dashboard may keep together: what viewers ask for must not take the heap from the pipeline. */
    private static final long MOST_BYTES =
            Math.min(1L << 28, Runtime.getRuntime().maxMemory() / 4);

    private final Signal signal;
    private final AtomicLong keptBytes;
    private final Map<Object, Shared> shared = new LinkedHashMap<>();
    private volatile Feed[] feeds = {};
    private int run;

    /** A feed and the number of its viewers. */
    private static final class Shared {
        private final Feed feed;
        private int viewers;

        private Shared(Feed feed) {
            this.feed = feed;
        }
    }

    /**
     * A signal that nobody looks at yet.
     *
     * @param keptBytes what the feeds of all taps keep
     */
    Tap(Signal signal, AtomicLong keptBytes) {
        this.signal = signal;
        this.keptBytes = keptBytes;
    }

    Signal signal() {
        return signal;
    }

    /** {@code values}, {@code spikes} or {@code vector}. */
    String is() {
        return isSpikes() ? "spikes" : signal.shape().pixels() == 1 ? "vector" : "values";
    }

    private boolean isSpikes() {
        return signal.shortName().contains("spikes");
    }

    /** Begins a run. */
    synchronized void begin(int newRun) {
        run = newRun;
        for (Feed feed : feeds) {
            feed.begin(newRun);
        }
    }

    /** Takes a chunk. Called by the sink's thread; costs nothing while nobody looks. */
    void accept(Chunk chunk) {
        for (Feed feed : feeds) {
            feed.accept(chunk);
        }
    }

    /** The feed that a request describes; throws {@link IllegalArgumentException} when the signal has none such. */
    synchronized Feed acquire(Request request) {
        Object key = request.options(signal);
        Shared one = shared.computeIfAbsent(key, k -> {
            Feed feed = make(k);
            if (keptBytes.addAndGet(feed.bytes()) > MOST_BYTES) {
                keptBytes.addAndGet(-feed.bytes());
                throw new IllegalArgumentException("all viewers together can have " + (MOST_BYTES >> 20)
                        + " MB kept for them, which this stream would exceed; unsubscribe others first, or take fewer"
                        + " probes");
            }
            feed.begin(run);
            return new Shared(feed);
        });
        one.viewers++;
        feeds = shared.values().stream().map(s -> s.feed).toArray(Feed[]::new);
        return one.feed;
    }

    private Feed make(Object options) {
        if (options instanceof ImageFeed.Options image) {
            return new ImageFeed(signal, isSpikes(), image);
        }
        return options instanceof EventsFeed.Options events
                ? new EventsFeed(signal, events)
                : new SeriesFeed(signal, ((Probes) options).indices());
    }

    /** Lets go of a feed; the last viewer ends it. */
    synchronized void release(Feed feed) {
        shared.values().removeIf(one -> {
            boolean last = one.feed == feed && --one.viewers == 0;
            if (last) {
                keptBytes.addAndGet(-feed.bytes());
                feed.release();
            }
            return last;
        });
        feeds = shared.values().stream().map(s -> s.feed).toArray(Feed[]::new);
    }

    /**
     * Probes of a series.
     *
     * @param indices index of each value within a frame, or {@link SeriesFeed#MEAN}
     */
    record Probes(List<Integer> indices) {}

    /** What a viewer asks of a signal, in the words of the protocol. */
    interface Request {

        /** The options of the feed; throws {@link IllegalArgumentException} that says what is allowed. */
        Object options(Signal signal);
    }

    /** The newest frame. */
    record ImageRequest(int channel, boolean floats, float lo, float hi) implements Request {
        @Override
        public Object options(Signal signal) {
            Check.within("channel", channel, signal.shape().channels());
            return new ImageFeed.Options(channel, floats, lo, hi);
        }
    }

    /** Spikes of a row of cells. */
    record EventsRequest(int channel, int row, int column, int cells) implements Request {
        @Override
        public Object options(Signal signal) {
            Shape shape = signal.shape();
            Check.within("channel", channel, shape.channels());
            Check.within("row", row, shape.rows());
            Check.within("column", column, shape.columns());
            int most = shape.columns() - column;
            int count = cells == 0 ? most : cells;
            if (count < 1 || count > most) {
                throw new IllegalArgumentException("cells must be 1 to " + most + " but was " + cells);
            }
            return new EventsFeed.Options(channel, row, column, count);
        }
    }

    /** Chosen values; null for every entry of a vector. */
    record SeriesRequest(List<Probe> probes) implements Request {
        @Override
        public Object options(Signal signal) {
            Shape shape = signal.shape();
            List<Integer> indices = new ArrayList<>();
            if (probes == null) {
                if (shape.pixels() != 1) {
                    throw new IllegalArgumentException(signal.name() + " is not a vector but " + shape
                            + "; say which probes, for example [[0, 0, 0], \"mean\"]");
                }
                for (int i = 0; i < Math.min(shape.channels(), MAX_ENTRIES); i++) {
                    indices.add(i);
                }
            } else {
                if (probes.isEmpty() || probes.size() > MAX_PROBES) {
                    throw new IllegalArgumentException(
                            "probes must be 1 to " + MAX_PROBES + " but were " + probes.size());
                }
                probes.forEach(probe -> indices.add(probe.index(shape)));
            }
            return new Probes(List.copyOf(indices));
        }
    }

    /** A value of a frame, or its mean. */
    record Probe(int channel, int row, int column, boolean mean) {
        static final Probe MEAN = new Probe(0, 0, 0, true);

        private int index(Shape shape) {
            if (mean) {
                return SeriesFeed.MEAN;
            }
            Check.within("channel of a probe", channel, shape.channels());
            Check.within("row of a probe", row, shape.rows());
            Check.within("column of a probe", column, shape.columns());
            return (channel * shape.rows() + row) * shape.columns() + column;
        }
    }
}
