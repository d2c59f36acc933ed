package org.amacrine.sinks.dashboard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.amacrine.core.chunk.Chunk;

/**
 * What is kept of a signal for all viewers that subscribed to it alike. Written by the sink's thread, read by the viewers' event
 * loops; neither ever waits for the other longer than a copy takes.
 */
interface Feed {

    /** Begins a run: what was kept before is history. */
    void begin(int run);

    /** Takes a chunk. Called by the sink's thread. */
    void accept(Chunk chunk);

    /** Memory that it takes, in bytes. */
    long bytes();

    /** The last viewer has left. */
    void release();

    /** A viewer's place in the feed: what it has been sent. Used by the viewer's event loop alone. */
    interface Cursor {

        /** Whether there is something new. */
        boolean hasNews();

        /** The newest, as payload and what it is; marks it as sent. Null when there is nothing new after all. */
        Message next(ByteBufAllocator allocator);

        /** Messages that a viewer missed because something newer came, since the last call. */
        long missed();
    }

    /** A cursor at the beginning of what is kept of the present run. */
    Cursor cursor();

    /**
     * A payload, which belongs to whoever gets it, and what it is.
     *
     * @param payload the bytes after the header
     * @param content what they are
     */
    record Message(ByteBuf payload, BinaryHeader.Content content) {}
}
