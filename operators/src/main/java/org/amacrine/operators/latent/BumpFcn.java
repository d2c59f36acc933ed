package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;

/**
 * A bump as a module with one output, {@code f(x) = m exp(-sum_j ((x_j - c_j) / w_j)²)}, exactly 0 outside of its support. This
 * is the open box {@code -k w_j + c_j < x_j < k w_j + c_j} with {@code k = sqrt(-ln support)}: where the box meets an axis
 * through the centre, f is {@code m support}. Rows with NaN are outside. Gradients are those of rows in support.
 *
 * <p>Parameters, in this order: {@code c} [d], {@code m} [1], {@code w} [d].
 *
 * <p>Follows the reference: where no row is in support, row 0 is evaluated all the same, so that there are gradients; the
 * number that comes out is tiny. {@link #rowByRow} is without that.
 */
public final class BumpFcn implements WanderingModule {
    private final BumpMath math;
    private final double support;
    private final boolean fallback;
    private final Perturbation perturbation;
    private final BumpBounds centreBounds;
    private final BumpBounds widthBounds;
    private final Tensor c;
    private final Tensor m;
    private final Tensor w;

    /**
     * A bump with copies of these values.
     *
     * @param c centre, [d]
     * @param w width, [d]
     * @param m magnitude
     * @param centreBounds of c; null for none
     * @param widthBounds of w; null for none
     * @param support a fraction, 0.01 for 1 %: >= 0; 0 has every row in support, 1 or more none
     */
    public BumpFcn(
            double[] c,
            double[] w,
            double m,
            BumpBounds centreBounds,
            BumpBounds widthBounds,
            Perturbation perturbation,
            double support) {
        Initial.size("d", Given.require(c, "c").length);
        if (Given.require(w, "w").length != c.length) {
            throw new IllegalArgumentException(
                    "c has " + c.length + " coordinates but w has " + w.length + "; give a width for each");
        }
        if (!(support >= 0)) {
            throw new IllegalArgumentException(
                    "support_p must be >= 0 but was " + support + "; it is a fraction, 0.01 for 1 %");
        }
        math = new BumpMath(c.length, 1);
        this.c = Tensor.vector(c);
        this.w = Tensor.vector(w);
        this.m = Tensor.vector(m);
        this.centreBounds = BumpBounds.requireFor("bounds of c", centreBounds, c.length);
        this.widthBounds = BumpBounds.requireFor("bounds of w", widthBounds, c.length);
        this.perturbation = Given.require(perturbation, "perturbation");
        this.support = support;
        fallback = true;
    }

    /** The same parameters without the fallback to row 0. */
    private BumpFcn(BumpFcn bump) {
        math = bump.math;
        c = bump.c;
        w = bump.w;
        m = bump.m;
        centreBounds = bump.centreBounds;
        widthBounds = bump.widthBounds;
        perturbation = bump.perturbation;
        support = bump.support;
        fallback = false;
    }

    /** Rows in support, ascending, or row 0 where there is none and the fallback is on; and f at these. */
    public record SmallOutput(int[] rows, double[] values) {}

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        parameter.accept(prefix + "c", c);
        parameter.accept(prefix + "m", m);
        parameter.accept(prefix + "w", w);
    }

    @Override
    public ModuleStructure structure() {
        Map<String, Object> settings = new TreeMap<>();
        settings.put("d", math.dims());
        describe(settings);
        return ModuleStructure.of("BumpFcn", settings);
    }

    /** What a sum of such bumps has in common with one of them. */
    void describe(Map<String, Object> settings) {
        BumpBounds.describe("c", centreBounds, settings);
        BumpBounds.describe("w", widthBounds, settings);
        settings.put("support_p", support);
        settings.put("c_grad_std", perturbation.centreStd());
        settings.put("w_grad_std", perturbation.widthStd());
        settings.put("m_grad_gain", perturbation.magnitudeGain());
    }

    /** This bump, with the same parameters, without the fallback to row 0. */
    @Override
    public BumpFcn rowByRow() {
        return new BumpFcn(this);
    }

    @Override
    public void bound() {
        if (centreBounds != null) {
            centreBounds.apply(c.values());
        }
        if (widthBounds != null) {
            widthBounds.apply(w.values());
        }
    }

    /** Noise on the gradient of the centre, then of the width, each where its standard deviation is not 0; then of m. */
    @Override
    public void perturbGradients(DoubleSupplier normals) {
        addNoise("c", c, perturbation.centreStd(), normals);
        addNoise("w", w, perturbation.widthStd(), normals);
        if (perturbation.magnitudeGain() != 0) {
            requireGradient("m", m);
            m.gradient()[0] -= perturbation.magnitudeGain() * m.values()[0];
        }
    }

    private static void addNoise(String name, Tensor tensor, double std, DoubleSupplier normals) {
        if (std != 0) {
            requireGradient(name, tensor);
            for (int j = 0; j < tensor.count(); j++) {
                tensor.gradient()[j] += std * normals.getAsDouble();
            }
        }
    }

    private static void requireGradient(String name, Tensor tensor) {
        if (!tensor.hasGradient()) {
            throw new IllegalStateException(
                    "there is no gradient of " + name + " to perturb; take one back through the bump before");
        }
    }

    /**
     * Only the rows that matter.
     *
     * @param x rows by d
     * @throws IllegalArgumentException when there are not as many values
     */
    public SmallOutput smallOutput(double[] x, int rows) {
        if (rows < 0 || x == null || x.length != (long) rows * math.dims()) {
            throw new IllegalArgumentException("x must have " + rows + " rows of " + math.dims() + " values but has "
                    + (x == null ? "none" : x.length + " values in all") + "; give a matrix as wide as the centre");
        }
        BumpPass pass = pass(math.dims(), rows);
        double[] y = new double[rows];
        pass.forward(x, rows, y);
        int[] in = Arrays.copyOf(pass.inside, pass.count);
        return new SmallOutput(in, Arrays.stream(in).mapToDouble(n -> y[n]).toArray());
    }

    @Override
    public BumpPass pass(int width, int maxRows) {
        Widths.require("BumpFcn", math.dims(), width);
        return new BumpPass(maxRows);
    }

    /** Calls of the bump: which rows are in support, and how high it is there. */
    final class BumpPass implements Pass {
        private final double[] low = new double[math.dims()];
        private final double[] high = new double[math.dims()];
        private final int[] inside;
        private final double[] heights;
        private double[] lastX;
        private int lastRows;
        private int count;

        private BumpPass(int maxRows) {
            inside = new int[maxRows];
            heights = new double[maxRows];
        }

        @Override
        public int outWidth() {
            return 1;
        }

        @Override
        public void forward(double[] x, int rows, double[] y) {
            Arrays.fill(y, 0, rows, 0);
            addTo(x, rows, y);
        }

        @Override
        public void adjoint(double[] dy, double[] dx) {
            Arrays.fill(dx, 0, lastRows * math.dims(), 0);
            addAdjoint(dy, dx);
        }

        /** {@code y += f(x)}. */
        void addTo(double[] x, int rows, double[] y) {
            lastX = x;
            lastRows = rows;
            findSupport(x, rows);
            for (int i = 0; i < count; i++) {
                heights[i] = math.height(x, inside[i] * math.dims(), c.values(), w.values(), 0);
                y[inside[i]] += m.values()[0] * heights[i];
            }
        }

        private void findSupport(double[] x, int rows) {
            double radius = Math.sqrt(-StrictMath.log(support));
            for (int j = 0; j < low.length; j++) {
                low[j] = -radius * w.values()[j] + c.values()[j];
                high[j] = radius * w.values()[j] + c.values()[j];
            }
            count = 0;
            for (int n = 0; n < rows; n++) {
                if (isInside(x, n * low.length)) {
                    inside[count++] = n;
                }
            }
            if (count == 0 && rows > 0 && fallback) {
                inside[count++] = 0;
            }
        }

        private boolean isInside(double[] x, int at) {
            for (int j = 0; j < low.length; j++) {
                if (!(low[j] < x[at + j] && x[at + j] < high[j])) {
                    return false;
                }
            }
            return true;
        }

        /** Adds to the gradients of parameters and of x. */
        void addAdjoint(double[] dy, double[] dx) {
            double[] dc = c.gradient();
            double[] dw = w.gradient();
            for (int i = 0; i < count; i++) {
                double upstream = dy[inside[i]];
                m.gradient()[0] += upstream * heights[i];
                double outer = upstream * m.values()[0] * heights[i];
                math.addGradients(outer, lastX, inside[i] * math.dims(), c.values(), w.values(), 0, dc, dw, dx);
            }
        }
    }
}
