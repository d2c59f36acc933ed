package org.amacrine.sources.stimulus;

import java.util.Arrays;
import org.amacrine.core.chunk.Shape;
import org.amacrine.sources.GeneratedSource;

/** A stimulus that is the same everywhere in a frame: a function of time alone. */
abstract class FullField extends GeneratedSource {

    FullField(Shape shape, long frames) {
        super(shape, frames);
    }

    /** The value of all pixels of frame {@code index}. */
    abstract double luminance(long index);

    @Override
    protected final void render(long index, float[] values) {
        Arrays.fill(values, (float) luminance(index));
    }
}
