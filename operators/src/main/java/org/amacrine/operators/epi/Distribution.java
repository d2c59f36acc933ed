package org.amacrine.operators.epi;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;

/**
 * A fitted distribution over parameters, q(z): samples, log densities with their gradients and Hessians, and conditional modes.
 * Immutable and safe for many threads. Densities are taken on the way back through the flow; batch normalization stands on its
 * moving averages in both directions.
 *
 * <p>Differs from the reference: all numbers are in double precision, the way back through bounds is exact, and a loaded
 * distribution samples from the density that it tells.
 */
public final class Distribution {
    /** Jets of so many values are worked on at a time, so that a conditioner's layers stay in the cache. */
    private static final int BLOCK = 256;

    /** Follows the reference: what its inverse of bounds adds. */
    private static final double REFERENCE_EPSILON = 1e-6;

    private static final double LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    private final NormalizingFlow flow;
    private final double[] theta;
    private final List<BoundedParameter> parameters;
    private final Kernels kernels;
    /** What the inverse of bounds adds, 0 for the exact one. */
    private final double epsilon;

    /**
     * @param theta parameters of the flow
     * @param parameters what the elements of z are, in their order
     */
    public Distribution(NormalizingFlow flow, double[] theta, List<BoundedParameter> parameters, Kernels kernels) {
        this(flow, theta, parameters, kernels, 0);
    }

    private Distribution(
            NormalizingFlow flow, double[] theta, List<BoundedParameter> parameters, Kernels kernels, double epsilon) {
        if (theta.length != flow.layout().size()) {
            throw new IllegalArgumentException("the flow " + flow + " has "
                    + flow.layout().size() + " parameters but theta has " + theta.length + " values");
        }
        int sum = parameters.stream().mapToInt(BoundedParameter::dims).sum();
        if (sum != flow.dims()) {
            throw new IllegalArgumentException(
                    "the parameters have " + sum + " elements together but the flow " + flow + " has " + flow.dims());
        }
        this.flow = flow;
        this.theta = theta.clone();
        this.parameters = List.copyOf(parameters);
        this.kernels = kernels;
        this.epsilon = epsilon;
    }

    /** With parameters named z1 … zD. */
    public Distribution(NormalizingFlow flow, double[] theta, Kernels kernels) {
        this(
                flow,
                theta,
                IntStream.range(0, flow.dims())
                        .mapToObj(d -> new BoundedParameter(
                                "z" + (d + 1), 1, new double[] {flow.lower(d)}, new double[] {flow.upper(d)}))
                        .toList(),
                kernels);
    }

    /** Number of elements of z, D. */
    public int dims() {
        return flow.dims();
    }

    /** The flow behind it. */
    public NormalizingFlow flow() {
        return flow;
    }

    /** The flow's parameters, a copy. */
    public double[] theta() {
        return theta.clone();
    }

    /** What the elements of z are. */
    public List<BoundedParameter> parameters() {
        return parameters;
    }

    /** Names of the elements of z: the parameter's, with an index from 1 where it has several. */
    public List<String> names() {
        return BoundedParameter.elements(parameters);
    }

    /** Room for batches of the flow. */
    FlowBatch batch(int samples) {
        return flow.batch(samples, kernels);
    }

    /**
     * This distribution with the way back of the reference, which adds 1e-6 to what it takes logarithms of at the bounds. Its
     * densities are off near bounds, and differ from those of its own samples.
     */
    public Distribution withReferenceInverse() {
        return new Distribution(flow, theta, parameters, kernels, REFERENCE_EPSILON);
    }

    /** An endless supply of samples, which its owner uses again and again. */
    public final class Sampler {
        private final FlowBatch batch;
        private final RandomSequence random;
        private int next;

        private Sampler(int batchSamples, long seed) {
            batch = flow.batch(batchSamples, kernels);
            random = new RandomSequence().start(CounterRandom.key(seed, "epi.sample", 0), 0);
            next = batchSamples;
        }

        /**
         * Draws the next sample; allocates nothing.
         *
         * @param z receives it, D values from {@code at} on
         * @return its log density
         */
        public double draw(double[] z, int at) {
            if (next == batch.samples()) {
                batch.drawNoise(random);
                batch.forward(theta, false);
                next = 0;
            }
            for (int d = 0; d < dims(); d++) {
                z[at + d] = batch.z()[d * batch.samples() + next];
            }
            return batch.logDensity()[next++];
        }
    }

    /**
     * A supply of samples, for one thread.
     *
     * @param batchSamples how many are made at once; does not change them
     */
    public Sampler sampler(int batchSamples, long seed) {
        return new Sampler(batchSamples, seed);
    }

    /**
     * Samples, [count][D].
     *
     * @param count at least 1
     * @param seed gives the same samples again
     */
    public double[] sample(int count, long seed) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "Distribution.sample must be called with positive int not " + count + ".");
        }
        Sampler sampler = sampler(Math.min(count, BLOCK), seed);
        double[] z = new double[Math.multiplyExact(count, dims())];
        for (int n = 0; n < count; n++) {
            sampler.draw(z, n * dims());
        }
        return z;
    }

    /**
     * Log densities, log q(z), [points]; minus infinity outside the bounds and on them, which no sample reaches.
     *
     * @param z [points][D]
     */
    public double[] logProbability(double[] z) {
        return evaluate(z, 0).values;
    }

    /**
     * Gradients of the log density, [points][D]; NaN where there is no density.
     *
     * @param z [points][D]
     */
    public double[] gradient(double[] z) {
        return evaluate(z, 1).gradients;
    }

    /**
     * Hessians of the log density, [points][D][D]; NaN where there is no density. Conditioners with rectified units have none at their
     * kinks; there it is that of one side.
     *
     * @param z [points][D]
     */
    public double[] hessian(double[] z) {
        return evaluate(z, 2).hessians;
    }

    /**
     * Log densities with what was asked for beside them.
     *
     * @param values [points]
     * @param gradients [points][D]; null when not asked for
     * @param hessians [points][D][D]; null when not asked for
     */
    public record Densities(double[] values, double[] gradients, double[] hessians) {}

    /** Log densities, gradients and Hessians in one go. */
    public Densities densities(double[] z) {
        return evaluate(z, 2);
    }

    private Densities evaluate(double[] z, int order) {
        int dims = dims();
        if (z.length % dims != 0) {
            throw new IllegalArgumentException("points have D = " + dims + " elements each but " + z.length
                    + " values were given; give whole points");
        }
        int points = z.length / dims;
        Densities out = new Densities(
                new double[points],
                order > 0 ? new double[points * dims] : null,
                order > 1 ? new double[points * dims * dims] : null);
        int most = Math.max(1, BLOCK / Jets.components(dims, order));
        for (int from = 0; from < points; from += most) {
            evaluate(z, from, new Jets(dims, order, Math.min(most, points - from)), out);
        }
        return out;
    }

    private void evaluate(double[] z, int from, Jets jets, Densities out) {
        int dims = dims();
        int size = jets.size();
        int points = jets.points();
        double[] x = new double[dims * size];
        for (int d = 0; d < dims; d++) {
            for (int p = 0; p < points; p++) {
                x[d * size + p] = z[(from + p) * dims + d];
            }
            jets.coordinate(x, d * size, d);
        }
        double[] log = new double[size];
        Inversion inversion = new Inversion(kernels, theta, jets, epsilon);
        for (int i = flow.bijectors().size() - 1; i >= 0; i--) {
            flow.bijectors().get(i).invert(inversion, x, log);
        }
        for (int d = 0; d < dims; d++) {
            jets.multiply(x, d * size, x, d * size, x, d * size);
            jets.add(-0.5, x, d * size, log, 0);
        }
        jets.shift(log, 0, -dims * LOG_ROOT_TWO_PI);
        for (int p = 0; p < points; p++) {
            boolean inside = inside(z, (from + p) * dims);
            out.values[from + p] = inside ? log[p] : Double.NEGATIVE_INFINITY;
            for (int i = 0; jets.order() > 0 && i < dims; i++) {
                out.gradients[(from + p) * dims + i] = inside ? log[(1 + i) * points + p] : Double.NaN;
                for (int j = i; jets.order() > 1 && j < dims; j++) {
                    double second = inside ? log[Jets.second(dims, i, j) * points + p] : Double.NaN;
                    out.hessians[((from + p) * dims + i) * dims + j] = second;
                    out.hessians[((from + p) * dims + j) * dims + i] = second;
                }
            }
        }
    }

    private boolean inside(double[] z, int at) {
        for (int d = 0; d < dims(); d++) {
            if (!(z[at + d] > flow.lower(d) && z[at + d] < flow.upper(d))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The way to a conditional mode.
     *
     * @param z points on the way, [steps + 1][D], the mode last
     * @param logProbability log density of each
     */
    public record ModePath(double[] z, double[] logProbability) {}

    /** How {@link #conditionalMode} climbs. Defaults are the reference's. */
    public record Climb(double learningRate, int steps, double decay, int decaySteps) {
        /** Checks the ranges. */
        public Climb {
            if (!(learningRate > 0) || steps < 0 || !(decay > 0) || decaySteps < 1) {
                throw new IllegalArgumentException(
                        "a climb needs a learning rate > 0, steps >= 0, a decay > 0 and decay"
                                + " steps >= 1 but was given " + learningRate + ", " + steps + ", " + decay + " and "
                                + decaySteps);
            }
        }

        /** Steps of 1e-6, 100 of them, without decay. */
        public static Climb standard() {
            return new Climb(1e-6, 100, 1, 100);
        }
    }

    /**
     * Climbs to the mode of the density with one element of z held fixed, by gradient ascent, within the bounds.
     *
     * <p>Differs from the reference: all elements are kept within their bounds, not the first four only, and just off them, where
     * there is a gradient.
     *
     * @param dim index of the element that is held
     * @param value what it is held at
     * @param start where to begin, [D]; null for the middle of the bounds
     */
    public ModePath conditionalMode(int dim, double value, double[] start, Climb climb) {
        int dims = dims();
        if (dim < 0 || dim >= dims) {
            throw new IllegalArgumentException("the element to hold must be 0 to " + (dims - 1) + " but was " + dim);
        }
        double[] point = start == null ? middle() : start.clone();
        if (point.length != dims) {
            throw new IllegalArgumentException("the start must have D = " + dims + " elements but has " + point.length);
        }
        point[dim] = value;
        if (!inside(point, 0)) {
            throw new IllegalArgumentException("the start " + Arrays.toString(point)
                    + " lies outside the bounds of the parameters; give one within");
        }
        double[] path = new double[(climb.steps + 1) * dims];
        double[] logs = new double[climb.steps + 1];
        double rate = climb.learningRate;
        for (int k = 0; k <= climb.steps; k++) {
            Densities here = evaluate(point, 1);
            System.arraycopy(point, 0, path, k * dims, dims);
            logs[k] = here.values[0];
            if (k > 0 && k % climb.decaySteps == 0) {
                rate *= climb.decay;
            }
            for (int d = 0; d < dims; d++) {
                if (d != dim) {
                    // On a bound itself the density is 0 and has no gradient.
                    double moved = point[d] + rate * here.gradients[d];
                    point[d] = Math.max(Math.nextUp(flow.lower(d)), Math.min(Math.nextDown(flow.upper(d)), moved));
                }
            }
        }
        return new ModePath(path, logs);
    }

    private double[] middle() {
        double[] middle = new double[dims()];
        for (int d = 0; d < middle.length; d++) {
            middle[d] = 0.5 * (flow.lower(d) + flow.upper(d));
            if (!Double.isFinite(middle[d])) {
                throw new IllegalArgumentException("element " + names().get(d)
                        + " is not bounded on both sides, so there is no middle to start from; give a start");
            }
        }
        return middle;
    }
}
