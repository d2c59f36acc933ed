package org.amacrine.operators.latent;

import org.amacrine.core.random.RandomSequence;

/** Wandering modules by name, with the initial values that {@link Modules} states. */
final class Bumps {
    private static final double MAGNITUDE_STD = 0.1;

    private Bumps() {}

    static TensorModule one(ModuleSettings s, RandomSequence random) {
        int dims = s.integer("d");
        BumpBounds centreBounds = bounds(s, "c");
        BumpBounds widthBounds = bounds(s, "w");
        double[] c = new double[Initial.size("d", dims)];
        double[] w = new double[dims];
        for (int j = 0; j < dims; j++) {
            c[j] = centre(centreBounds, j, random);
            w[j] = 1;
        }
        return bounded(new BumpFcn(
                c,
                w,
                MAGNITUDE_STD * random.normal(),
                centreBounds,
                widthBounds,
                perturbation(s),
                s.number("support_p", 0.01)));
    }

    static TensorModule sum(ModuleSettings s, RandomSequence random) {
        BumpBounds centreBounds = bounds(s, "c");
        return bounded(new SumOfBumpFcns(
                centres(s, centreBounds, random), widths(s), magnitudes(s, random), centreBounds, bounds(s, "w")));
    }

    static TensorModule slowSum(ModuleSettings s, RandomSequence random) {
        BumpBounds centreBounds = bounds(s, "c");
        return bounded(new SlowSumOfBumpFcns(
                centres(s, centreBounds, random),
                widths(s),
                magnitudes(s, random),
                centreBounds,
                bounds(s, "w"),
                perturbation(s),
                s.number("support_p", 0.01)));
    }

    private static TensorModule bounded(WanderingModule module) {
        module.bound();
        return module;
    }

    private static double centre(BumpBounds bounds, int coordinate, RandomSequence random) {
        if (bounds == null || coordinate >= bounds.low().length) {
            return random.normal();
        }
        double low = bounds.low()[coordinate];
        double width = bounds.high()[coordinate] - low;
        return Double.isFinite(width) ? low + width * random.uniform() : random.normal();
    }

    private static double[][] centres(ModuleSettings s, BumpBounds bounds, RandomSequence random) {
        double[][] c = new double[Initial.size("d", s.integer("d"))][Initial.size("bumps", s.integer("bumps"))];
        for (int j = 0; j < c.length; j++) {
            for (int b = 0; b < c[j].length; b++) {
                c[j][b] = centre(bounds, j, random);
            }
        }
        return c;
    }

    private static double[][] widths(ModuleSettings s) {
        double[][] w = new double[s.integer("d")][s.integer("bumps")];
        for (double[] row : w) {
            java.util.Arrays.fill(row, 1);
        }
        return w;
    }

    private static double[] magnitudes(ModuleSettings s, RandomSequence random) {
        return Initial.normal(random, 0, MAGNITUDE_STD, s.integer("bumps")).values();
    }

    private static BumpBounds bounds(ModuleSettings s, String name) {
        double[] low = s.numbers(name + "_low");
        double[] high = s.numbers(name + "_high");
        if ((low == null) != (high == null)) {
            throw new IllegalArgumentException("there is only one of " + name + "_low and " + name
                    + "_high; give both, or none, with Infinity for a side without a bound");
        }
        return low == null ? null : new BumpBounds(low, high);
    }

    private static WanderingModule.Perturbation perturbation(ModuleSettings s) {
        return new WanderingModule.Perturbation(
                s.number("c_grad_std", 0), s.number("w_grad_std", 0), s.number("m_grad_gain", 0));
    }
}
