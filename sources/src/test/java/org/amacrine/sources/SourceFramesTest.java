package org.amacrine.sources;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.Frame;
import org.amacrine.sources.arrays.ArraySource;
import org.junit.jupiter.api.Test;

class SourceFramesTest {
    private final Frames frames = Frames.zeros(Shape.image(1, 2), 100);

    SourceFramesTest() {
        for (int i = 0; i < 200; i++) {
            frames.values()[i] = i;
        }
    }

    @Test
    void shouldReadToTheEnd() throws Exception {
        ArraySource source = new ArraySource(frames);
        assertEquals(frames, SourceFrames.read(source, TestSources.context(Resolution.DEFAULT), 1_000_000));
        assertThrows(IllegalStateException.class, () -> source.read(new Frame(frames.shape())));
    }

    @Test
    void shouldReadNoMoreThanAsked() throws Exception {
        Frames few = SourceFrames.read(new ArraySource(frames), TestSources.context(Resolution.DEFAULT), 3);
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, few.values());
        assertEquals(
                0,
                SourceFrames.read(new ArraySource(frames), TestSources.context(Resolution.DEFAULT), 0)
                        .count());
    }
}
