package org.amacrine.demos.behaviour;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;

/** A sink that keeps all vectors of one signal, to fit a model to. */
public final class BehaviourFeatures implements ChunkSink {
    private int dims;
    private int size;
    private float[] values = new float[0];

    @Override
    public void open(List<Signal> signals) {
        dims = signals.get(0).shape().values();
        size = 0;
    }

    @Override
    public void accept(int signal, Chunk chunk) {
        int count = chunk.frames() * dims;
        if (size + count > values.length) {
            values = Arrays.copyOf(values, 2 * (size + count));
        }
        System.arraycopy(chunk.values(), chunk.start(0), values, size, count);
        size += count;
    }

    @Override
    public void close() {
        values = Arrays.copyOf(values, size);
    }

    /** All vectors, (T, D). */
    public NdArray features() {
        return NdArray.of(Arrays.copyOf(values, size), size / dims, dims);
    }
}
