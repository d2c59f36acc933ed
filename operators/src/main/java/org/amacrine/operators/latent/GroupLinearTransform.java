package org.amacrine.operators.latent;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.amacrine.core.random.RandomSequence;

/**
 * A group map that scales each column of each group and adds to it: {@code x ∘ v + o}, or {@code x ∘ |v| + o}, where the
 * derivative of the magnitude at 0 is 0. Parameters are {@code v0}, {@code o0}, {@code v1}, …, each as long as its group is
 * wide; without offsets there is no o.
 */
public final class GroupLinearTransform implements GroupMap {
    private final int[] d;
    private final boolean nonnegativeScale;
    private final Tensor[] v;
    private final Tensor[] o;

    /**
     * Means and standard deviations that initial values are drawn with.
     *
     * @param scaleMean of v
     * @param scaleStd of v, >= 0
     * @param offsetMean of o
     * @param offsetStd of o, >= 0
     */
    public record Init(double scaleMean, double scaleStd, double offsetMean, double offsetStd) {
        /** Means of 0, standard deviations of 0.1. */
        public static final Init DEFAULT = new Init(0, 0.1, 0, 0.1);
    }

    /**
     * A transform of groups of these widths.
     *
     * @param d columns of each group
     */
    public GroupLinearTransform(int[] d, boolean offsets, boolean nonnegativeScale, Init init, RandomSequence random) {
        this.d = Initial.sizes("d", d);
        Given.require(init, "init");
        this.nonnegativeScale = nonnegativeScale;
        v = new Tensor[d.length];
        o = offsets ? new Tensor[d.length] : null;
        for (int g = 0; g < d.length; g++) {
            v[g] = Initial.normal(random, init.scaleMean, init.scaleStd, d[g]);
            if (offsets) {
                o[g] = Initial.normal(random, init.offsetMean, init.offsetStd, d[g]);
            }
        }
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        for (int g = 0; g < d.length; g++) {
            parameter.accept(prefix + "v" + g, v[g]);
            if (o != null) {
                parameter.accept(prefix + "o" + g, o[g]);
            }
        }
    }

    @Override
    public ModuleStructure structure() {
        return ModuleStructure.of(
                "GroupLinearTransform",
                Map.of("d", Widths.list(d), "offsets", o != null, "nonnegative_scale", nonnegativeScale));
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        Widths.require("GroupLinearTransform", d, widths);
        return new EachGroup(IntStream.range(0, d.length)
                .mapToObj(g -> new ScalePass(v[g], o == null ? null : o[g]))
                .toArray(TensorModule.Pass[]::new));
    }

    private final class ScalePass implements TensorModule.Pass {
        private final Tensor scale;
        private final Tensor offset;
        private double[] lastX;
        private int lastRows;

        ScalePass(Tensor scale, Tensor offset) {
            this.scale = scale;
            this.offset = offset;
        }

        @Override
        public int outWidth() {
            return scale.count();
        }

        @Override
        public void forward(double[] x, int rows, double[] y) {
            lastX = x;
            lastRows = rows;
            double[] factors = scale.values();
            for (int n = 0, i = 0; n < rows; n++) {
                for (int j = 0; j < factors.length; j++, i++) {
                    double factor = nonnegativeScale ? Math.abs(factors[j]) : factors[j];
                    y[i] = offset == null ? factor * x[i] : Math.fma(factor, x[i], offset.values()[j]);
                }
            }
        }

        @Override
        public void adjoint(double[] dy, double[] dx) {
            double[] factors = scale.values();
            for (int n = 0, i = 0; n < lastRows; n++) {
                for (int j = 0; j < factors.length; j++, i++) {
                    double inner = nonnegativeScale ? Math.signum(factors[j]) : 1;
                    scale.gradient()[j] += dy[i] * lastX[i] * inner;
                    dx[i] = dy[i] * factors[j] * inner;
                    if (offset != null) {
                        offset.gradient()[j] += dy[i];
                    }
                }
            }
        }
    }
}
