package org.amacrine.operators.epi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.layer.Names;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;

/**
 * The architecture of a normalizing flow: a chain of invertible maps from standard normal noise to parameters, whose density
 * follows from their log determinants. Immutable; its parameters are a flat vector theta, laid out by {@link #layout}.
 *
 * <pre>
 *   noise ─▶ stage0 ─▶ perm0 ─▶ [bn0] ─▶ stage1 ─▶ … ─▶ stage(S-1) ─▶ [post] ─▶ [interval] ─▶ z
 * </pre>
 *
 * A stage is {@link Coupling} or {@link Autoregressive}; perm is a linear map, bn batch normalization, post an affine map of each
 * element, interval keeps z within bounds. The same seed gives the same initial parameters, bit for bit.
 */
public final class NormalizingFlow {

    /** What a stage is. */
    public enum Architecture {
        /** Half of the vector sets what becomes of the other half. */
        COUPLING("coupling", "C"),
        /** Each element depends on those before it. */
        AUTOREGRESSIVE("autoregressive", "AR");

        private final String word;
        private final String letters;

        Architecture(String word, String letters) {
            this.word = word;
            this.letters = letters;
        }

        /** The word for it in files and settings. */
        public String word() {
            return word;
        }

        /** The architecture of that word; throws {@link IllegalArgumentException} with a suggestion when there is none. */
        public static Architecture of(String word) {
            for (Architecture each : values()) {
                if (each.word.equals(word)) {
                    return each;
                }
            }
            throw new IllegalArgumentException("arch_type must be coupling or autoregressive but was \"" + word + "\""
                    + Names.suggest(word, List.of("coupling", "autoregressive")));
        }
    }

    /** The monotone function that a stage applies to each element. */
    public enum Elementwise {
        /** {@code e^s x + shift}. */
        AFFINE("affine"),
        /** A spline of rational quadratic pieces. */
        SPLINE("spline");

        private final String word;

        Elementwise(String word) {
            this.word = word;
        }

        /** The word for it in files and settings. */
        public String word() {
            return word;
        }

        /** The function of that word; throws {@link IllegalArgumentException} with a suggestion when there is none. */
        public static Elementwise of(String word) {
            for (Elementwise each : values()) {
                if (each.word.equals(word)) {
                    return each;
                }
            }
            throw new IllegalArgumentException("elemwise_fn must be affine or spline but was \"" + word + "\""
                    + Names.suggest(word, List.of("affine", "spline")));
        }
    }

    private final Builder settings;
    private final FlowLayout layout = new FlowLayout();
    private final List<Bijector> bijectors = new ArrayList<>();
    private final double[] initialTheta;

    private NormalizingFlow(Builder settings) {
        this.settings = settings;
        for (int i = 0; i < settings.stages; i++) {
            bijectors.add(stage("stage" + i));
            if (i < settings.stages - 1) {
                bijectors.add(new LinearMix(layout, "perm" + i, settings.dims));
                if (settings.batchNorm) {
                    bijectors.add(new BatchNorm(layout, "bn" + i, settings.dims, settings.batchNormMomentum));
                }
            }
        }
        if (settings.postAffine) {
            bijectors.add(new PostAffine(layout, settings.dims));
        }
        if (settings.lower != null) {
            bijectors.add(new IntervalMap(settings.lower, settings.upper));
        }
        initialTheta = new double[layout.size()];
        RandomSequence random = new RandomSequence().start(CounterRandom.key(settings.seed, "epi.flow", 0), 0);
        for (Bijector bijector : bijectors) {
            bijector.initialise(initialTheta, random);
            if (bijector instanceof LinearMix mix && settings.permutations.containsKey(mix.name())) {
                mix.permutation(settings.permutations.get(mix.name()));
            }
        }
    }

    private Bijector stage(String name) {
        boolean spline = settings.elementwise == Elementwise.SPLINE;
        if (settings.architecture == Architecture.AUTOREGRESSIVE) {
            ElementMap map = spline ? new SplineMap(settings.bins) : new AffineMap();
            return new Autoregressive(
                    layout, name, settings.dims, settings.layers, settings.units, map, settings.activation());
        }
        return spline
                ? Coupling.spline(layout, name, settings.dims, settings.layers, settings.units, settings.bins)
                : Coupling.affine(layout, name, settings.dims, settings.layers, settings.units);
    }

    /** What a flow may be told; see the class for what it is then made of. */
    public static final class Builder {
        private final Architecture architecture;
        private final int dims;
        private int stages = 3;
        private int layers = 2;
        private int units = 50;
        private Elementwise elementwise = Elementwise.AFFINE;
        private int bins = 4;
        private boolean batchNorm;
        private double batchNormMomentum;
        private boolean postAffine = true;
        private double[] lower;
        private double[] upper;
        private long seed = 1;
        private Activation activation;
        private Map<String, int[]> permutations = Map.of();

        private Builder(Architecture architecture, int dims) {
            this.architecture = architecture;
            this.dims = atLeast("D", dims, 2);
        }

        private static int atLeast(String name, int value, int least) {
            if (value < least) {
                throw new IllegalArgumentException(
                        "NormalizingFlow " + name + " must be >= " + least + " but was " + value);
            }
            return value;
        }

        /** Number of stages, at first 3. */
        public Builder stages(int count) {
            stages = atLeast("num_stages", count, 0);
            return this;
        }

        /** Hidden layers of each conditioner, at first 2; a spline's conditioners count their last layer too. */
        public Builder layers(int count) {
            layers = atLeast("num_layers", count, 1);
            return this;
        }

        /** Units of each hidden layer, at first 50. */
        public Builder units(int count) {
            units = atLeast("num_units", count, 1);
            return this;
        }

        /** Function of each element, at first affine. */
        public Builder elementwise(Elementwise function) {
            elementwise = function;
            return this;
        }

        /** Bins of each spline, at first 4. */
        public Builder bins(int count) {
            bins = atLeast("num_bins", count, 2);
            if (count >= 800) {
                throw new IllegalArgumentException("NormalizingFlow num_bins must be below 800, each 0.01 wide or more"
                        + " within (-4, 4), but was " + count);
            }
            return this;
        }

        /**
         * Adds batch normalization between stages.
         *
         * @param momentum how much of the moving averages each batch leaves, in [0, 1)
         */
        public Builder batchNorm(double momentum) {
            if (!(momentum >= 0 && momentum < 1)) {
                throw new IllegalArgumentException(
                        "NormalizingFlow bn_momentum must be within [0, 1) but was " + momentum);
            }
            batchNorm = true;
            batchNormMomentum = momentum;
            return this;
        }

        /** Whether an affine map of each element follows the stages; at first it does. */
        public Builder postAffine(boolean on) {
            postAffine = on;
            return this;
        }

        /**
         * Keeps samples within bounds, each [D]; infinite where there is none. Without this call there are no bounds at all.
         */
        public Builder bounds(double[] lb, double[] ub) {
            if (lb.length != dims || ub.length != dims) {
                throw new IllegalArgumentException("NormalizingFlow bounds must have D = " + dims
                        + " values each but have " + lb.length + " and " + ub.length);
            }
            new IntervalMap(lb, ub);
            lower = lb.clone();
            upper = ub.clone();
            return this;
        }

        /** Seed of the initial parameters, at first 1. */
        public Builder seed(long number) {
            seed = number;
            return this;
        }

        /**
         * What hidden units of autoregressive stages do. At first nothing with affine functions, as in the reference, and
         * hyperbolic tangents with splines.
         */
        public Builder activation(Activation function) {
            activation = function;
            return this;
        }

        private Activation activation() {
            if (activation != null) {
                return activation;
            }
            return elementwise == Elementwise.SPLINE ? Activation.TANH : Activation.NONE;
        }

        /** Permutations of the linear maps by name, such as {@code perm0}, instead of those that the seed gives. */
        public Builder permutations(Map<String, int[]> byName) {
            Map<String, int[]> copies = new TreeMap<>();
            byName.forEach((name, permutation) -> {
                int[] sorted = permutation.clone();
                Arrays.sort(sorted);
                for (int i = 0; i < Math.max(dims, sorted.length); i++) {
                    if (sorted.length != dims || sorted[i] != i) {
                        throw new IllegalArgumentException(name + " must hold each of 0 to " + (dims - 1)
                                + " once but is " + Arrays.toString(permutation));
                    }
                }
                copies.put(name, permutation.clone());
            });
            permutations = copies;
            return this;
        }

        /** The flow. */
        public NormalizingFlow build() {
            Builder copy = new Builder(architecture, dims);
            copy.stages = stages;
            copy.layers = layers;
            copy.units = units;
            copy.elementwise = elementwise;
            copy.bins = bins;
            copy.batchNorm = batchNorm;
            copy.batchNormMomentum = batchNormMomentum;
            copy.postAffine = postAffine;
            copy.lower = lower;
            copy.upper = upper;
            copy.seed = seed;
            copy.activation = activation;
            copy.permutations = permutations;
            return new NormalizingFlow(copy);
        }
    }

    /**
     * A flow to be described.
     *
     * @param dims elements of the vector, D, at least 2
     */
    public static Builder builder(Architecture architecture, int dims) {
        return new Builder(architecture, dims);
    }

    /** Elements of the vector, D. */
    public int dims() {
        return settings.dims;
    }

    /** What stages are. */
    public Architecture architecture() {
        return settings.architecture;
    }

    /** Function of each element. */
    public Elementwise elementwise() {
        return settings.elementwise;
    }

    /** Number of stages. */
    public int stages() {
        return settings.stages;
    }

    /** Hidden layers of each conditioner. */
    public int layers() {
        return settings.layers;
    }

    /** Units of each hidden layer. */
    public int units() {
        return settings.units;
    }

    /** Bins of each spline. */
    public int bins() {
        return settings.bins;
    }

    /** Whether batches are normalized between stages. */
    public boolean batchNorm() {
        return settings.batchNorm;
    }

    /** How much of the moving averages each batch leaves, or NaN without batch normalization. */
    public double batchNormMomentum() {
        return settings.batchNorm ? settings.batchNormMomentum : Double.NaN;
    }

    /** Whether an affine map of each element follows the stages. */
    public boolean postAffine() {
        return settings.postAffine;
    }

    /** Seed of the initial parameters. */
    public long seed() {
        return settings.seed;
    }

    /** What hidden units of autoregressive stages do. */
    public Activation activation() {
        return settings.activation();
    }

    /** Whether any element has a bound. */
    public boolean bounded() {
        for (int d = 0; d < dims(); d++) {
            if (lower(d) > Double.NEGATIVE_INFINITY || upper(d) < Double.POSITIVE_INFINITY) {
                return true;
            }
        }
        return false;
    }

    /** Lower bound of an element, or minus infinity. */
    public double lower(int dim) {
        return settings.lower == null ? Double.NEGATIVE_INFINITY : settings.lower[dim];
    }

    /** Upper bound of an element, or infinity. */
    public double upper(int dim) {
        return settings.upper == null ? Double.POSITIVE_INFINITY : settings.upper[dim];
    }

    /** Lower bounds of all elements, [D]. */
    public double[] lower() {
        return IntStream.range(0, dims()).mapToDouble(this::lower).toArray();
    }

    /** Upper bounds of all elements, [D]. */
    public double[] upper() {
        return IntStream.range(0, dims()).mapToDouble(this::upper).toArray();
    }

    /** Permutations of the linear maps, by name: fixed parts of a flow, which belong to a saved theta. */
    public Map<String, int[]> permutations() {
        Map<String, int[]> permutations = new TreeMap<>();
        for (Bijector bijector : bijectors) {
            if (bijector instanceof LinearMix mix) {
                permutations.put(mix.name(), mix.permutation());
            }
        }
        return permutations;
    }

    /** Where each parameter lies in theta. */
    public FlowLayout layout() {
        return layout;
    }

    /** Parameters to begin with, a copy. */
    public double[] initialTheta() {
        return initialTheta.clone();
    }

    /** The links of the chain, from noise to parameters. */
    List<Bijector> bijectors() {
        return Collections.unmodifiableList(bijectors);
    }

    /**
     * Room for batches of so many samples, which its owner uses again and again.
     *
     * @param samples at least 1
     */
    public FlowBatch batch(int samples, Kernels kernels) {
        return batch(samples, kernels, Bands.ALONE);
    }

    /** The same with workers that share each batch; they change no number. */
    public FlowBatch batch(int samples, Kernels kernels, Bands bands) {
        return new FlowBatch(this, samples, kernels, bands);
    }

    /** The architecture as the reference writes it in paths, for example {@code D4_C3_affine_L2_U50_PA_rs1}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "D%d_%s%d_%s_L%d_U%d",
                settings.dims,
                settings.architecture.letters,
                settings.stages,
                settings.elementwise.word,
                settings.layers,
                settings.units));
        if (settings.elementwise == Elementwise.SPLINE) {
            text.append("_bins=").append(settings.bins);
        }
        if (settings.batchNorm) {
            text.append(String.format(Locale.ROOT, "_bnmom=%.2E", settings.batchNormMomentum));
        }
        if (settings.postAffine) {
            text.append("_PA");
        }
        return text.append("_rs").append(settings.seed).toString();
    }
}
