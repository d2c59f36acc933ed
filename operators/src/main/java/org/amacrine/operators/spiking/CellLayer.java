package org.amacrine.operators.spiking;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.operators.filter.Fields;

/**
 * What neuron layers share: one cell for each value of a frame, each by itself, one step for each frame. Noise is counted by
 * (seed, layer, frame, cell). All outputs have the shape of the input.
 */
abstract class CellLayer extends BaseLayer {
    private static final int GRAIN = 1024;
    private static final int NOISE = 0;

    private final List<String> outputs;
    private final Bands.Band band = this::run;
    /** Standard normal numbers of the frame under way, each worker in its own cells. */
    private float[] noise;

    private long noiseKey;
    private boolean noisy;
    private Chunk x;
    private Chunk[] y;
    /** The first frame of the chunk in which a cell is not well; beyond the last while there is none. */
    private final AtomicInteger firstTrouble = new AtomicInteger();

    /**
     * A layer that is not prepared yet.
     *
     * @param name what it is called in messages
     * @param outputs names of its outputs
     */
    CellLayer(String name, List<String> outputs) {
        super(name);
        this.outputs = List.copyOf(outputs);
    }

    @Override
    public final List<String> outputs() {
        return outputs;
    }

    /** The values of a field parameter, one for each cell. */
    final float[] each(Parameter field) {
        Shape shape = context().input();
        float[] values = Fields.of(field, shape);
        if (values.length == shape.values()) {
            return values;
        }
        float[] all = new float[shape.values()];
        Arrays.fill(all, values[0]);
        return all;
    }

    /** Memory of one value for each cell, which is a state of this name and begins at 0. */
    final float[] state(String name) {
        float[] live = new float[cells()];
        states().add(name, live, axes());
        states().onClear(() -> Arrays.fill(live, 0));
        return live;
    }

    final int[] axes() {
        Shape shape = context().input();
        return new int[] {shape.channels(), shape.rows(), shape.columns()};
    }

    final int cells() {
        return context().input().values();
    }

    /** A key of random numbers; purpose 0 is the noise. */
    final long key(int purpose) {
        return CounterRandom.key(context().seed(), context().path(), purpose);
    }

    @Override
    protected final List<Shape> allocate() {
        noise = new float[cells()];
        noiseKey = key(NOISE);
        allocateStates();
        return outputs.stream().map(name -> context().input()).toList();
    }

    /** Allocates the states. */
    abstract void allocateStates();

    /** Draws or computes the first states, if that is still to be done. */
    void begin() {}

    /** Has noise drawn for {@link #step}, unless its strengths are all 0; there is none before the first call. */
    final void drawNoise(float[] strengths) {
        noisy = false;
        for (float strength : strengths) {
            noisy |= strength != 0;
        }
    }

    /** Whether there is noise. */
    final boolean isNoisy() {
        return noisy;
    }

    /**
     * One step of some cells.
     *
     * @param x input; that of cell {@code i} is {@code x[xAt + i]}
     * @param y outputs, in the order of their names
     * @param t frame of the outputs
     * @param noise standard normal numbers of the cells; what it holds means nothing without noise
     * @param frame index of the frame
     * @return whether all cells are well
     */
    abstract boolean step(float[] x, int xAt, Chunk[] y, int t, float[] noise, int from, int to, long frame);

    /** What is wrong, and what to do, where cells are not well. */
    String trouble() {
        return "the potential of a cell became infinite or NaN; check input and parameters";
    }

    @Override
    public final void process(Chunk[] in, Chunk[] out) {
        begin();
        x = in[0];
        y = out;
        firstTrouble.setPlain(Integer.MAX_VALUE);
        context().bands().run(band, cells(), GRAIN);
        long first = in[0].firstFrame();
        x = null;
        y = null;
        int t = firstTrouble.getPlain();
        if (t != Integer.MAX_VALUE) {
            throw new LayerException(context().path(), first + t, t, trouble(), null);
        }
    }

    private void run(int worker, int from, int to) {
        for (int t = 0; t < x.frames(); t++) {
            long frame = x.firstFrame() + t;
            if (noisy) {
                context().kernels().normal(noise, 0, from, to, noiseKey, frame, 1f, 0f);
            }
            if (!step(x.values(), x.start(t), y, t, noise, from, to, frame)) {
                int bad = t;
                firstTrouble.getAndUpdate(earlier -> Math.min(earlier, bad));
                return;
            }
        }
    }
}
