package org.amacrine.sinks.dashboard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;

/** The spikes of a row of cells: the last {@value #EVENTS} of them, in a ring. */
final class EventsFeed implements Feed {
    /** Events that are kept. */
    static final int EVENTS = 1 << 16;

    private static final int PAIRS = 2;
    /** Events in a message at most; more wait for the next one. */
    private static final int MESSAGE_EVENTS = 8192;

    /**
     * Which cells.
     *
     * @param channel channel of the frame
     * @param row row of the cells
     * @param column first column
     * @param cells number of columns
     */
    record Options(int channel, int row, int column, int cells) {}

    private final Options options;
    private final int offset;
    private final long[] steps = new long[EVENTS];
    private final int[] cells = new int[EVENTS];
    /** Number of the next event; those from {@code count - EVENTS} on are kept. */
    private long count;

    private long firstStep;
    private long endStep;
    private long captureNanos;
    private int run;

    EventsFeed(Signal signal, Options options) {
        this.options = options;
        Shape shape = signal.shape();
        offset = (options.channel * shape.rows() + options.row) * shape.columns() + options.column;
    }

    @Override
    public synchronized void begin(int newRun) {
        run = newRun;
        firstStep = 0;
        endStep = 0;
        count = 0;
    }

    @Override
    public synchronized void accept(Chunk chunk) {
        if (chunk.firstFrame() != endStep) {
            firstStep = chunk.firstFrame();
        }
        float[] values = chunk.values();
        for (int t = 0; t < chunk.frames(); t++) {
            int at = chunk.start(t) + offset;
            for (int i = 0; i < options.cells; i++) {
                if (values[at + i] > 0.5f) {
                    int slot = (int) (count++ % EVENTS);
                    steps[slot] = chunk.firstFrame() + t;
                    cells[slot] = i;
                }
            }
        }
        endStep = chunk.endFrame();
        captureNanos = chunk.captureNanos(chunk.frames() - 1);
    }

    @Override
    public long bytes() {
        return (long) EVENTS * (Long.BYTES + Integer.BYTES);
    }

    @Override
    public void release() {
        // The garbage collector takes all that it holds.
    }

    @Override
    public Cursor cursor() {
        return new Place();
    }

    /** The next event and step that a viewer has not been sent. */
    private final class Place implements Cursor {
        private int ofRun = -1;
        private long nextEvent;
        private long nextStep;
        private long missed;

        @Override
        public boolean hasNews() {
            synchronized (EventsFeed.this) {
                return endStep > (ofRun == run ? nextStep : firstStep);
            }
        }

        @Override
        public Message next(ByteBufAllocator allocator) {
            synchronized (EventsFeed.this) {
                catchUp();
                if (nextStep >= endStep) {
                    return null;
                }
                long last = wholeSteps();
                long end = last == count ? endStep : steps[(int) (last % EVENTS)];
                int events = (int) (last - nextEvent);
                ByteBuf payload = allocator.directBuffer(Math.max(8, events * 2 * Integer.BYTES));
                for (long event = nextEvent; event < last; event++) {
                    int slot = (int) (event % EVENTS);
                    payload.writeIntLE((int) (steps[slot] - nextStep));
                    payload.writeIntLE(cells[slot]);
                }
                BinaryHeader.Content content = new BinaryHeader.Content(
                        BinaryHeader.EVENTS,
                        PAIRS,
                        1,
                        1,
                        options.cells,
                        nextStep,
                        (int) Math.min(end - nextStep, Integer.MAX_VALUE),
                        events,
                        0,
                        1,
                        captureNanos,
                        run);
                nextEvent = last;
                nextStep = end;
                return new Message(payload, content);
            }
        }

        /** The event after those of the next message, which ends with a whole step: the only one when it has very many. */
        private long wholeSteps() {
            long last = Math.min(count, nextEvent + MESSAGE_EVENTS);
            if (last == count) {
                return last;
            }
            long cut = steps[(int) (last % EVENTS)];
            if (cut > steps[(int) (nextEvent % EVENTS)]) {
                while (steps[(int) ((last - 1) % EVENTS)] == cut) {
                    last--;
                }
                return last;
            }
            while (last < count && steps[(int) (last % EVENTS)] == cut) {
                last++;
            }
            return last;
        }

        private void catchUp() {
            if (ofRun != run) {
                ofRun = run;
                nextEvent = Math.max(0, count - EVENTS);
                nextStep = nextEvent == 0 ? firstStep : steps[(int) (nextEvent % EVENTS)];
            } else if (nextEvent < count - EVENTS) {
                missed++;
                nextEvent = count - EVENTS;
                nextStep = steps[(int) (nextEvent % EVENTS)];
            } else if (nextStep < firstStep) {
                nextStep = firstStep;
            }
        }

        @Override
        public long missed() {
            long lost = missed;
            missed = 0;
            return lost;
        }
    }
}
