package org.amacrine.operators.latent;

import java.util.List;
import java.util.SplittableRandom;
import org.amacrine.core.random.RandomSequence;

/** Models and data for tests. */
final class LatentModels {
    private LatentModels() {}

    /** Two inputs of 5 and 4 variables, two outputs of 4 and 5; scales, offsets, direct pairs, and modules with parameters. */
    static LatentRegressionModel everything(long seed) {
        RandomSequence random = new RandomSequence().start(seed, 0);
        return LatentRegressionModel.builder(new int[] {5, 4}, new int[] {4, 5}, new int[] {2, 3}, new int[] {3, 2})
                .s(List.of(new ScaledTanh(4, random), new Bias(5, 0.1, random)))
                .useScales(true)
                .scaleMean(1)
                .useOffsets(true)
                .directPairs(List.of(new DirectPair(0, 1), new DirectPair(1, 0)))
                .seed(seed)
                .build(new LinearMap(new int[] {2, 3}, new int[] {3, 2}, true, random));
    }

    /** One group of as many inputs as outputs, with modes alone. */
    static LatentRegressionModel.Builder plain(int variables, int modes) {
        return LatentRegressionModel.builder(
                        new int[] {variables}, new int[] {variables}, new int[] {modes}, new int[] {modes})
                .s(List.of(new Identity()));
    }

    static Groups random(int rows, int[] widths, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] values = new double[widths.length][];
        for (int g = 0; g < widths.length; g++) {
            values[g] = random.doubles((long) rows * widths[g], -1, 1).toArray();
        }
        return new Groups(rows, values);
    }
}
