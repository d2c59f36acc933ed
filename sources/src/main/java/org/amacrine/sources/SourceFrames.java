package org.amacrine.sources;

import java.io.IOException;
import java.util.Arrays;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;

/** Offline use of a source: reads its frames into memory. */
public final class SourceFrames {
    private SourceFrames() {}

    /**
     * Opens the source, reads frames until it ends or there are {@code atMost}, and closes it.
     *
     * @return the frames: fewer than {@code atMost} when the source ended before
     * @throws IOException when the source cannot be opened, or breaks off
     */
    public static Frames read(FrameSource source, SourceContext context, int atMost)
            throws IOException, InterruptedException {
        try (source) {
            SourceFormat format = source.open(context);
            Frame frame = new Frame(format.shape());
            int size = format.shape().values();
            float[] values = new float[Math.multiplyExact(Math.min(atMost, 16), size)];
            int count = 0;
            while (count < atMost && source.read(frame)) {
                if (values.length == count * size) {
                    values = Arrays.copyOf(values, Math.multiplyExact(Math.min(atMost, 2 * count), size));
                }
                System.arraycopy(frame.values(), 0, values, count * size, size);
                count++;
            }
            return new Frames(format.shape(), count, Arrays.copyOf(values, count * size));
        }
    }
}
