package org.amacrine.core.testing;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;

/** A source of frames whose values are their numbers, with places for a test to step in. */
public final class TestSource implements FrameSource {

    /** What a test does when the source is opened or closed. */
    @FunctionalInterface
    public interface Action {
        /** Does it. */
        void run() throws IOException, InterruptedException;
    }

    /** What a test does before a frame is given. */
    @FunctionalInterface
    public interface ReadAction {
        /** Does it, and may change the frame, whose values are filled in. */
        void run(long index, Frame frame) throws IOException, InterruptedException;
    }

    private final long frames;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicLong read = new AtomicLong();
    private Shape shape = Shape.image(1, 1);
    private double framesPerSecond;
    private boolean live;
    private Action onOpen = () -> {};
    private ReadAction onRead = (index, frame) -> {};
    private Action onClose = () -> {};

    private TestSource(long frames) {
        this.frames = frames;
    }

    /** A source of that many frames of one pixel, one for each step. */
    public static TestSource of(long frames) {
        return new TestSource(frames);
    }

    /** A source without end. */
    public static TestSource endless() {
        return new TestSource(Long.MAX_VALUE);
    }

    /** Frames of this extent. */
    public TestSource shape(Shape value) {
        shape = value;
        return this;
    }

    /** Frames at this rate. */
    public TestSource rate(double value) {
        framesPerSecond = value;
        return this;
    }

    /** The world sets the pace. */
    public TestSource live() {
        live = true;
        return this;
    }

    /** Does this when it is opened. */
    public TestSource onOpen(Action action) {
        onOpen = action;
        return this;
    }

    /** Does this for each frame. */
    public TestSource onRead(ReadAction action) {
        onRead = action;
        return this;
    }

    /** Does this when it is closed. */
    public TestSource onClose(Action action) {
        onClose = action;
        return this;
    }

    /** How often it was opened. */
    public int opened() {
        return opened.get();
    }

    /** How often it was closed. */
    public int closed() {
        return closed.get();
    }

    /** Frames given since it was opened. */
    public long read() {
        return read.get();
    }

    @Override
    public SourceFormat open(SourceContext context) throws IOException {
        opened.getAndIncrement();
        read.set(0);
        run(onOpen);
        return new SourceFormat(shape, framesPerSecond, frames == Long.MAX_VALUE ? -1 : frames, live);
    }

    @Override
    public boolean read(Frame frame) throws IOException, InterruptedException {
        long index = read.get();
        if (index == frames) {
            return false;
        }
        Arrays.fill(frame.values(), index);
        onRead.run(index, frame);
        read.set(index + 1);
        return true;
    }

    @Override
    public void close() throws IOException {
        closed.getAndIncrement();
        run(onClose);
    }

    private static void run(Action action) throws IOException {
        try {
            action.run();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
