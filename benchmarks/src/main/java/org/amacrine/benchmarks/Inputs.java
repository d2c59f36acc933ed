package org.amacrine.benchmarks;

import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.LayerRun;

/** What benchmarks feed to layers. */
final class Inputs {
    private Inputs() {}

    /** Fills the input chunk with uniform noise from 0 to {@code level}, the same in every run. */
    static void fillWithNoise(LayerRun run, float level) {
        float[] values = run.input(0).values();
        int size = run.input(0).shape().values();
        for (int t = 0; t < values.length / size; t++) {
            ScalarKernels.INSTANCE.uniform(values, t * size, 0, size, 7, t, level, 0);
        }
    }
}
