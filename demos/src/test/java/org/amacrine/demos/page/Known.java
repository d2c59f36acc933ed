package org.amacrine.demos.page;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Parameter;

/**
 * Signals of every kind, known at every step.
 *
 * <pre>
 *   scaled               gain times the input
 *   ganglion_spikes_ON   columns 0 to 3 at 50 Hz, 4 to 7 at 100 Hz, the others silent: each chunk of 20 steps is alike
 *   ganglion_spikes_OFF  columns 8 to 15 at 20 Hz, the others silent
 *   filtered             probabilities of four states; each in turn has 0.7 for 500 steps, the others 0.1
 *   features             the step modulo 100, -1, 0.5
 * </pre>
 */
final class Known extends BaseLayer {
    static final int STATES = 4;
    static final int STEPS_IN_STATE = 500;
    private static final int STEPS_AT_20_HERTZ = 50;
    private static final int STEPS_AT_50_HERTZ = 20;
    private static final int STEPS_AT_100_HERTZ = 10;

    private final Parameter gain =
            add(Parameter.number("gain", 1).unit("mV").atLeast(0).atMost(10).doc("What the input is multiplied by"));

    Known() {
        super("known");
        add(Parameter.number("tauSeconds", 0.02).unit("s").above(0).doc("Time constant that nothing uses"));
    }

    @Override
    public List<String> outputs() {
        return List.of("scaled", "ganglion_spikes_ON", "ganglion_spikes_OFF", "filtered", "features");
    }

    @Override
    protected List<Shape> allocate() {
        Shape image = context().input();
        return List.of(image, image, image, Shape.vector(STATES), Shape.vector(3));
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        int pixels = in[0].shape().values();
        for (int t = 0; t < in[0].frames(); t++) {
            long step = in[0].firstFrame() + t;
            for (int i = 0; i < pixels; i++) {
                int column = i % Numbered.COLUMNS;
                set(out[0], t, i, (float) gain.number() * in[0].values()[in[0].start(t) + i]);
                boolean on = column < 4 && step % STEPS_AT_50_HERTZ == 9
                        || column >= 4 && column < 8 && step % STEPS_AT_100_HERTZ == 4;
                set(out[1], t, i, on ? 1 : 0);
                set(out[2], t, i, column >= 8 && step % STEPS_AT_20_HERTZ == 0 ? 1 : 0);
            }
            for (int state = 0; state < STATES; state++) {
                set(out[3], t, state, step / STEPS_IN_STATE % STATES == state ? 0.7f : 0.1f);
            }
            set(out[4], t, 0, step % 100);
            set(out[4], t, 1, -1);
            set(out[4], t, 2, 0.5f);
        }
    }

    private static void set(Chunk chunk, int frame, int index, float value) {
        chunk.values()[chunk.start(frame) + index] = value;
    }
}
