package org.amacrine.demos.page;

import org.amacrine.core.chunk.Shape;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;

/** Frames in which each pixel holds its number, and the first one the number of the frame, modulo 192. */
final class Numbered implements FrameSource {
    static final int ROWS = 12;
    static final int COLUMNS = 16;

    private long next;

    @Override
    public SourceFormat open(SourceContext context) {
        next = 0;
        return SourceFormat.of(Shape.image(ROWS, COLUMNS), -1);
    }

    @Override
    public boolean read(Frame frame) {
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            frame.values()[i] = i;
        }
        frame.values()[0] = next++ % (ROWS * COLUMNS);
        return true;
    }

    @Override
    public void close() {
        next = 0;
    }
}
