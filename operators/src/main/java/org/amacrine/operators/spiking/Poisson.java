package org.amacrine.operators.spiking;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.random.CounterRandom;

/**
 * Spikes by chance: the input is the probability of a spike in this frame. Output 1 for a spike, else 0. Below 0 there is none,
 * above 1 always one.
 *
 * <pre>
 *   spike = u &lt;= x      u uniform on [0, 1)
 * </pre>
 *
 * <p>Follows the reference, in which a probability of exactly 0 gives a spike where u is exactly 0, once in 2<sup>24</sup>.
 */
public final class Poisson extends BaseLayer {
    private static final int GRAIN = 1024;

    private final Bands.Band band = this::run;
    private long key;
    private int cells;
    private Chunk x;
    private Chunk y;

    /**
     * A layer that is not prepared yet.
     *
     * @param name what it is called in messages
     */
    public Poisson(String name) {
        super(name);
    }

    @Override
    protected List<Shape> allocate() {
        key = CounterRandom.key(context().seed(), context().path(), 0);
        cells = context().input().values();
        return List.of(context().input());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        x = in[0];
        y = out[0];
        context().bands().run(band, cells, GRAIN);
        x = null;
        y = null;
    }

    private void run(int worker, int from, int to) {
        for (int t = 0; t < x.frames(); t++) {
            int yAt = y.start(t);
            context().kernels().uniform(y.values(), yAt, from, to, key, x.firstFrame() + t, 1f, 0f);
            compare(x.values(), x.start(t), y.values(), yAt, from, to);
        }
    }

    private static void compare(float[] x, int xAt, float[] y, int yAt, int from, int to) {
        for (int i = from; i < to; i++) {
            y[yAt + i] = y[yAt + i] <= x[xAt + i] ? 1 : 0;
        }
    }
}
