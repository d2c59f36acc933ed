package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;

/**
 * A generator of activity through few latent variables: groups of inputs x are projected on modes p, mapped by m, read out
 * along modes u, and passed through s:
 *
 * <pre>
 *   proj_g = x_g p_g                                     rows x d_proj[g]
 *   tran   = m(proj_0, proj_1, …)                        each rows x d_trans[h]
 *   q_h    = s_h(tran_h u_hᵀ)                            rows x d_out[h]
 *   mean_h = offset_h + scale_h o q_h + sum of c_i o x_g over the direct pairs i = (g, h)
 *   y_h    = mean_h + sqrt(psi_h) o noise
 * </pre>
 *
 * <p>Double precision. The values of parameters may change at any time between two calls. A model and the modules in it are
 * owned by one thread at a time; calls keep workspaces for the next one.
 *
 * <p>Differs from the reference (LatentRegModel of janelia_core): there may be more direct pairs than outputs, projections need
 * no list of modes, lists of a wrong length and values of a wrong shape are errors, lists given are copied. Follows the
 * reference: scales begin near zero, around {@link Builder#scaleMean}.
 */
public class LatentRegressionModel {
    private static final Tensor[] NOT_IN_USE = {};

    private final int[] dIn;
    private final int[] dOut;
    private final int[] dProj;
    private final int[] dTrans;
    private final List<TensorModule> s;
    private final List<DirectPair> directPairs;
    /** One for each group or pair, null where it is not assigned; no entry for kinds that are not in use. */
    private final Map<Kind, Tensor[]> tensors = new EnumMap<>(Kind.class);

    private final Map<Kind, boolean[]> trainable = new EnumMap<>(Kind.class);
    private GroupMap m;
    private ModelPass pass;
    private GradientPass gradientPass;

    /** What a model is made of, and how it begins; all but the modules is at the reference's defaults. */
    public static final class Builder {
        private final int[] dIn;
        private final int[] dOut;
        private final int[] dProj;
        private final int[] dTrans;
        private final Map<Kind, boolean[]> assigned = new EnumMap<>(Kind.class);
        private List<TensorModule> s = List.of();
        private boolean usesScales;
        private boolean usesOffsets;
        private List<DirectPair> directPairs;
        private double wGain = 1;
        private double scaleMean;
        private double scaleDeviation = 0.01;
        private double directDeviation = 0.1;
        private double noiseLow = 0.1;
        private double noiseHigh = 0.2;
        private long seed;

        Builder(int[] dIn, int[] dOut, int[] dProj, int[] dTrans) {
            Given.require(dIn, "dIn");
            Given.require(dOut, "dOut");
            this.dIn = sizes("dIn", dIn, dIn.length, "input group");
            this.dOut = sizes("dOut", dOut, dOut.length, "output group");
            this.dProj = sizes("dProj", dProj, dIn.length, "input group");
            this.dTrans = sizes("dTrans", dTrans, dOut.length, "output group");
        }

        private static int[] sizes(String name, int[] sizes, int groups, String what) {
            Given.require(sizes, name);
            if (sizes.length == 0 || sizes.length != groups) {
                throw new IllegalArgumentException(name + " must have one size for each " + what + ", " + groups
                        + " in all and at least one, but was " + Arrays.toString(sizes));
            }
            for (int size : sizes) {
                if (size < 1) {
                    throw new IllegalArgumentException(
                            name + " must be >= 1 for each " + what + " but was " + Arrays.toString(sizes));
                }
            }
            return sizes.clone();
        }

        /** Maps of each output group, d_out[h] columns to as many: one for each. */
        public Builder s(List<? extends TensorModule> modules) {
            s = Given.list(modules, "s");
            return this;
        }

        /** Whether outputs have scales; not unless said. */
        public Builder useScales(boolean on) {
            usesScales = on;
            return this;
        }

        /** Whether outputs have offsets; not unless said. */
        public Builder useOffsets(boolean on) {
            usesOffsets = on;
            return this;
        }

        boolean usesScales() {
            return usesScales;
        }

        boolean usesOffsets() {
            return usesOffsets;
        }

        /** Direct pairs, input group first; none unless given. An empty list is legal. */
        public Builder directPairs(List<DirectPair> pairs) {
            directPairs = Given.list(pairs, "directPairs");
            return this;
        }

        /**
         * Whether the model has its own parameters of a kind: all, unless said. Others are given in each call.
         *
         * @param flags one for all groups, or one for each; for each pair of {@link Kind#DIRECT_MAPPINGS}
         */
        public Builder assign(Kind kind, boolean... flags) {
            assigned.put(
                    Given.require(kind, "kind"), Given.require(flags, "flags").clone());
            return this;
        }

        /** Factor of the standard deviations of p and u, {@code gain sqrt(2 / (rows + columns))}; at first 1. */
        public Builder wGain(double gain) {
            wGain = finite("wGain", gain);
            return this;
        }

        /** Mean of the scales at the beginning; at first 0, as in the reference, where 1 might be expected. */
        public Builder scaleMean(double mean) {
            scaleMean = finite("scaleMean", mean);
            return this;
        }

        /** Standard deviation of the scales at the beginning; at first 0.01. */
        public Builder scaleDeviation(double deviation) {
            scaleDeviation = notNegative("scaleDeviation", deviation);
            return this;
        }

        /** Standard deviation of direct mappings at the beginning; at first 0.1. */
        public Builder directDeviation(double deviation) {
            directDeviation = notNegative("directDeviation", deviation);
            return this;
        }

        /** Range of the noise variances at the beginning, {@code [low, high)}; at first 0.1 to 0.2. */
        public Builder noiseRange(double low, double high) {
            if (!(low >= 0 && low <= high && high < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "noiseRange must go from low to high, both variances >= 0, but was " + low + " to " + high);
            }
            noiseLow = low;
            noiseHigh = high;
            return this;
        }

        /** Seed of the first values; at first 0. */
        public Builder seed(long number) {
            seed = number;
            return this;
        }

        /**
         * The model.
         *
         * @param m map of all groups, from d_proj[g] to d_trans[h] columns
         * @throws IllegalArgumentException when parts do not fit together, saying which
         */
        public LatentRegressionModel build(GroupMap m) {
            return new LatentRegressionModel(this, m);
        }

        private static double finite(String name, double value) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(name + " must be a finite number but was " + value);
            }
            return value;
        }

        private static double notNegative(String name, double value) {
            if (!(finite(name, value) >= 0)) {
                throw new IllegalArgumentException(name + " must be >= 0 but was " + value);
            }
            return value;
        }
    }

    /**
     * A model of groups of these sizes.
     *
     * @param dIn variables of each input group
     * @param dOut variables of each output group
     * @param dProj modes of each input group
     * @param dTrans modes of each output group
     * @throws IllegalArgumentException when lists are of different lengths or a size is below 1
     */
    public static Builder builder(int[] dIn, int[] dOut, int[] dProj, int[] dTrans) {
        return new Builder(dIn, dOut, dProj, dTrans);
    }

    LatentRegressionModel(Builder builder, GroupMap m) {
        dIn = builder.dIn;
        dOut = builder.dOut;
        dProj = builder.dProj;
        dTrans = builder.dTrans;
        directPairs = builder.directPairs == null ? List.of() : builder.directPairs;
        s = builder.s;
        if (s.size() != dOut.length) {
            throw new IllegalArgumentException("s must have one module for each of the " + dOut.length
                    + " output groups but has " + s.size() + "; give Identity where nothing is to change");
        }
        requirePairs();
        map(m);
        assign(builder, Kind.P, dIn.length);
        assign(builder, Kind.U, dOut.length);
        if (builder.directPairs != null) {
            assign(builder, Kind.DIRECT_MAPPINGS, directPairs.size());
        }
        if (builder.usesScales) {
            assign(builder, Kind.SCALES, dOut.length);
        }
        if (builder.usesOffsets) {
            assign(builder, Kind.OFFSETS, dOut.length);
        }
        assign(builder, Kind.PSI, dOut.length);
        initialise(builder);
    }

    private void requirePairs() {
        for (int i = 0; i < directPairs.size(); i++) {
            DirectPair pair = directPairs.get(i);
            int g = pair.input();
            int h = pair.output();
            if (g < 0 || g >= dIn.length || h < 0 || h >= dOut.length) {
                throw new IllegalArgumentException(
                        "direct pair " + pair + " names a group that is not there; there are " + dIn.length
                                + " input and " + dOut.length + " output groups, counted from 0");
            }
            if (dIn[g] != dOut[h]) {
                throw new IllegalArgumentException("direct pair " + pair + " joins " + dIn[g] + " inputs to " + dOut[h]
                        + " outputs; both groups must have as many variables");
            }
            if (directPairs.indexOf(pair) != i) {
                throw new IllegalArgumentException("direct pair " + pair + " is given twice; give each pair once");
            }
        }
    }

    private void assign(Builder builder, Kind kind, int count) {
        boolean[] flags = builder.assigned.getOrDefault(kind, new boolean[] {true});
        boolean[] expanded = new boolean[count];
        if (flags.length == 1) {
            Arrays.fill(expanded, flags[0]);
        } else if (flags.length == count) {
            System.arraycopy(flags, 0, expanded, 0, count);
        } else {
            throw new IllegalArgumentException(
                    "assign(" + kind + ") takes one flag, or " + count + ", but was given " + flags.length);
        }
        trainable.put(kind, expanded);
        Tensor[] own = new Tensor[count];
        for (int i = 0; i < count; i++) {
            own[i] = expanded[i] ? Tensor.zeros(shape(kind, i)) : null;
        }
        tensors.put(kind, own);
    }

    /** Draws first values in the reference's order: p, u, direct mappings, scales, psi. */
    private void initialise(Builder b) {
        RandomSequence random = new RandomSequence().start(CounterRandom.key(b.seed, "latent.initial", 0), 0);
        for (Kind kind : List.of(Kind.P, Kind.U)) {
            for (Tensor tensor : own(kind)) {
                if (tensor != null) {
                    normal(tensor, 0, b.wGain * Math.sqrt(2.0 / (tensor.size(0) + tensor.size(1))), random);
                }
            }
        }
        for (Tensor tensor : own(Kind.DIRECT_MAPPINGS)) {
            normal(tensor, 0, b.directDeviation, random);
        }
        for (Tensor tensor : own(Kind.SCALES)) {
            normal(tensor, b.scaleMean, b.scaleDeviation, random);
        }
        for (Tensor tensor : own(Kind.PSI)) {
            for (int i = 0; tensor != null && i < tensor.count(); i++) {
                tensor.values()[i] = b.noiseLow + (b.noiseHigh - b.noiseLow) * random.uniform();
            }
        }
    }

    private static void normal(Tensor tensor, double mean, double deviation, RandomSequence random) {
        for (int i = 0; tensor != null && i < tensor.count(); i++) {
            tensor.values()[i] = mean + deviation * random.normal();
        }
    }

    // ------------------------------------------------------------------------------------------------ what it is

    /** Number of variables of each input group. */
    public int[] dIn() {
        return dIn.clone();
    }

    /** Number of variables of each output group. */
    public int[] dOut() {
        return dOut.clone();
    }

    /** Number of modes of each input group. */
    public int[] dProj() {
        return dProj.clone();
    }

    /** Number of modes of each output group. */
    public int[] dTrans() {
        return dTrans.clone();
    }

    /** Direct pairs in order; empty also where there are none in use. */
    public List<DirectPair> directPairs() {
        return directPairs;
    }

    /** The map of all groups. */
    public GroupMap m() {
        return m;
    }

    /** Maps of the output groups. */
    public List<TensorModule> s() {
        return s;
    }

    /** Makes a map the model's m; throws {@link IllegalArgumentException} when it does not fit the modes. */
    final void map(GroupMap map) {
        Given.require(map, "m");
        int[] widths = map.pass(dProj.clone(), 1).outWidths();
        if (!Arrays.equals(widths, dTrans)) {
            throw new IllegalArgumentException("m maps groups of " + Arrays.toString(dProj) + " columns to "
                    + Arrays.toString(widths) + " but dTrans is " + Arrays.toString(dTrans));
        }
        for (int h = 0; h < dOut.length; h++) {
            int width = s.get(h).pass(dOut[h], 1).outWidth();
            if (width != dOut[h]) {
                throw new IllegalArgumentException(
                        "s of output group " + h + " must keep the " + dOut[h] + " columns but gives " + width);
            }
        }
        m = map;
        pass = null;
        gradientPass = null;
    }

    /** Whether the model has parameters of this kind, its own or given in each call. */
    public boolean uses(Kind kind) {
        return tensors.containsKey(kind);
    }

    /** The model's parameter of a group, or of a direct pair; null when it is not assigned or not in use. */
    public Tensor tensor(Kind kind, int index) {
        Tensor[] own = own(kind);
        return own.length == 0 && !uses(kind) ? null : own[requireIndex(kind, index)];
    }

    private Tensor[] own(Kind kind) {
        return tensors.getOrDefault(kind, NOT_IN_USE);
    }

    private int requireIndex(Kind kind, int index) {
        int count = own(kind).length;
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException(
                    "there is no " + kind.of(index) + "; the model has " + count + ", counted from 0");
        }
        return index;
    }

    /** Number of groups, or pairs, that have a parameter of this kind; 0 when it is not in use. */
    final int count(Kind kind) {
        return own(kind).length;
    }

    /** Whether each parameter of a kind is assigned. */
    final boolean[] assigned(Kind kind) {
        Tensor[] own = own(kind);
        boolean[] flags = new boolean[own.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = own[i] != null;
        }
        return flags;
    }

    final int[] shape(Kind kind, int index) {
        return switch (kind) {
            case P -> new int[] {dIn[index], dProj[index]};
            case U -> new int[] {dOut[index], dTrans[index]};
            case DIRECT_MAPPINGS -> new int[] {dIn[directPairs.get(index).input()]};
            case SCALES, OFFSETS, PSI -> new int[] {dOut[index]};
        };
    }

    // ------------------------------------------------------------------------------------------------ parameters

    /** Whether a parameter is among the {@link #trainableParameters}; at first whether it is assigned. */
    public boolean isTrainable(Kind kind, int index) {
        return uses(kind) && trainable.get(kind)[requireIndex(kind, index)];
    }

    /** Says whether fits change a parameter, unless they are told otherwise. */
    public void trainable(Kind kind, int index, boolean on) {
        if (!uses(kind)) {
            throw new IllegalArgumentException("the model has no parameters of the kind " + kind);
        }
        trainable.get(kind)[requireIndex(kind, index)] = on;
    }

    /**
     * What a fit changes unless told otherwise: all of m, all of s, and those of p, u, scales, offsets, direct mappings and psi
     * that are assigned and trainable, in this order.
     */
    public List<Tensor> trainableParameters() {
        Distinct all = new Distinct();
        m.eachParameter("m.", all::add);
        for (TensorModule module : s) {
            module.eachParameter("s.", all::add);
        }
        for (Kind kind : List.of(Kind.P, Kind.U, Kind.SCALES, Kind.OFFSETS, Kind.DIRECT_MAPPINGS, Kind.PSI)) {
            for (int i = 0; i < count(kind); i++) {
                if (tensor(kind, i) != null && isTrainable(kind, i)) {
                    all.add("", tensor(kind, i));
                }
            }
        }
        return all.list();
    }

    /** Parameters of the modules s, a list for each output group. Differs from the reference, whose code gives one flat list. */
    public List<List<Tensor>> sParameters() {
        return s.stream()
                .map(module -> List.copyOf(module.parameters().values()))
                .toList();
    }

    /**
     * All parameters by the names of the reference's state dictionary, in its order: {@code p0, u0, c0_1, sc0, o0, psi0},
     * {@code m.<path>}, {@code s.0.<path>}; what is not assigned is absent.
     */
    public Map<String, Tensor> stateDict() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < count(kind); i++) {
                if (tensor(kind, i) != null) {
                    named.put(name(kind, i), tensor(kind, i));
                }
            }
        }
        m.eachParameter("m.", named::put);
        for (int h = 0; h < s.size(); h++) {
            s.get(h).eachParameter("s." + h + ".", named::put);
        }
        return named;
    }

    /**
     * Sets all parameters, or none, as {@link StateDict#load} does.
     *
     * @throws IllegalArgumentException as there, and when a variance is negative
     */
    public final void load(Map<String, NdArray> arrays) {
        Given.require(arrays, "arrays");
        for (int h = 0; h < count(Kind.PSI); h++) {
            NdArray psi = arrays.get(name(Kind.PSI, h));
            if (psi != null) {
                requireVariances(h, psi.doubles());
            }
        }
        StateDict.load(stateDict(), arrays);
    }

    private String name(Kind kind, int index) {
        return switch (kind) {
            case P -> "p" + index;
            case U -> "u" + index;
            case DIRECT_MAPPINGS ->
                "c" + directPairs.get(index).input() + "_"
                        + directPairs.get(index).output();
            case SCALES -> "sc" + index;
            case OFFSETS -> "o" + index;
            case PSI -> "psi" + index;
        };
    }

    /** All parameters, each once, in the order of {@link #stateDict}. */
    public List<Tensor> parameters() {
        Distinct all = new Distinct();
        stateDict().forEach(all::add);
        return all.list();
    }

    // ------------------------------------------------------------------------------------------------ what it computes

    /** The mean of the outputs; see the class. No row gives empty outputs. */
    public Groups forward(Groups x) {
        return condForward(x, Overrides.NONE);
    }

    /**
     * The mean of the outputs with some parameters given for this call alone.
     *
     * @throws IllegalStateException when a parameter is neither assigned nor given
     * @throws IllegalArgumentException when groups, lists or values do not fit, or a parameter is no finite number
     */
    public Groups condForward(Groups x, Overrides overrides) {
        Given.require(x, "x");
        Given.require(overrides, "overrides");
        x.require("input", dIn);
        requireFinite(overrides);
        ModelPass at = pass(x.rows());
        at.use(overrides);
        at.forward(x.values(), x.rows());
        return copy(at.mean(), dOut, x.rows());
    }

    /** Projections of the inputs on the modes p. */
    public Groups pProject(Groups x) {
        return pProject(x, Overrides.NONE);
    }

    /** Projections of the inputs on the modes p, with some of the modes given for this call alone. */
    public Groups pProject(Groups x, Overrides overrides) {
        Given.require(x, "x");
        Given.require(overrides, "overrides");
        x.require("input", dIn);
        ModelPass at = pass(x.rows());
        at.useModes(overrides);
        at.project(x.values(), x.rows());
        return copy(at.projections(), dProj, x.rows());
    }

    /** Outputs drawn from the model, row by row and group by group. */
    public Groups generate(Groups x, Noise noise) {
        Given.require(x, "x");
        Given.require(noise, "noise");
        x.require("input", dIn);
        double[][] deviations = deviations();
        Groups y = forward(x);
        for (int h = 0; h < dOut.length; h++) {
            double[] eps = new double[dOut[h]];
            for (int n = 0; n < x.rows(); n++) {
                noise.draw(h, n, eps);
                for (int j = 0; j < dOut[h]; j++) {
                    y.group(h)[n * dOut[h] + j] = Math.fma(deviations[h][j], eps[j], y.group(h)[n * dOut[h] + j]);
                }
            }
        }
        return y;
    }

    /**
     * Fails unless the model's own parameters can be computed with: finite numbers, and variances that are not negative.
     *
     * @throws IllegalArgumentException that names parameter and index
     */
    final void requireUsable() {
        stateDict().forEach((name, tensor) -> requireFinite(name, tensor.values()));
        for (int h = 0; h < count(Kind.PSI); h++) {
            if (tensor(Kind.PSI, h) != null) {
                requireVariances(h, tensor(Kind.PSI, h).values());
            }
        }
    }

    private static void requireFinite(String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("value " + i + " of parameter \"" + name + "\" is " + values[i]
                        + "; all must be finite numbers");
            }
        }
    }

    private void requireVariances(int h, double[] psi) {
        for (int j = 0; j < psi.length; j++) {
            if (!(psi[j] >= 0 && psi[j] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("value " + j + " of parameter \"" + name(Kind.PSI, h) + "\" is "
                        + psi[j] + "; it is a variance, which must be >= 0 and finite");
            }
        }
    }

    /** Fails unless everything that means are computed of is finite, what is given for the call included. */
    private void requireFinite(Overrides overrides) {
        for (Kind kind : Kind.values()) {
            for (int i = 0; kind != Kind.PSI && i < count(kind); i++) {
                requireFinite(name(kind, i), resolve(kind, i, overrides));
            }
        }
        m.eachParameter("m.", (name, tensor) -> requireFinite(name, tensor.values()));
        for (int h = 0; h < s.size(); h++) {
            s.get(h).eachParameter("s." + h + ".", (name, tensor) -> requireFinite(name, tensor.values()));
        }
    }

    /** Standard deviations of the noise. */
    final double[][] deviations() {
        double[][] deviations = new double[dOut.length][];
        for (int h = 0; h < dOut.length; h++) {
            double[] psi = resolve(Kind.PSI, h, Overrides.NONE);
            requireVariances(h, psi);
            deviations[h] = Arrays.stream(psi).map(Math::sqrt).toArray();
        }
        return deviations;
    }

    /**
     * Outputs that are drawn step by step and fed back one step later: row t of x is what is given at step t, and NaN there
     * stands for what the model itself gave at the step before.
     *
     * <p>Each step is a row of {@link #generate}, bumps with their fallback to row 0 included; streams go without it.
     *
     * <p>Differs from the reference, which replaces the first variable of a group, given or not, as soon as any other one is NaN.
     *
     * @param x one row for each step, at least one; not changed
     * @param feedback which output supplies the free entries of which input, tried in order; empty for none
     * @throws IllegalArgumentException when the first row has a NaN, or a group that nothing is fed back to, or the feedback
     *     does not fit, or a parameter is no finite number
     */
    public Groups recursiveGenerate(Groups x, List<Feedback> feedback, Noise noise) {
        Given.require(x, "x");
        Given.require(feedback, "feedback");
        Given.require(noise, "noise");
        x.require("input", dIn);
        requireFinite(Overrides.NONE);
        return new Recursion(this, feedback).generate(x, noise);
    }

    /**
     * Negative log-likelihood of outputs, summed over all rows: {@code 1/2 sum of (ln(2 pi) + ln psi + (y - mean)^2 / psi)}. A
     * variance that is not positive gives NaN or an infinity, as the formula does.
     */
    public double negLl(Groups y, Groups mean) {
        return negLl(y, mean, Overrides.NONE);
    }

    /** Negative log-likelihood with some variances {@link Kind#PSI} given for this call alone. */
    public double negLl(Groups y, Groups mean, Overrides overrides) {
        Given.require(y, "y");
        Given.require(mean, "mean");
        Given.require(overrides, "overrides");
        y.require("output", dOut);
        mean.require("output", dOut);
        if (y.rows() != mean.rows()) {
            throw new IllegalArgumentException("y has " + y.rows() + " rows but mean has " + mean.rows()
                    + "; give the outputs and the means of the same samples");
        }
        double sum = 0;
        for (int h = 0; h < dOut.length; h++) {
            sum += Likelihood.negative(y.group(h), mean.group(h), resolve(Kind.PSI, h, overrides), y.rows());
        }
        return sum;
    }

    /**
     * Adds {@code factor} times the gradient of the negative log-likelihood of y given x to the gradients of all parameters,
     * those of modules included.
     *
     * @return the negative log-likelihood, without the factor
     */
    public double addGradients(Groups x, Groups y, double factor) {
        Given.require(x, "x");
        Given.require(y, "y");
        x.require("input", dIn);
        y.require("output", dOut);
        requireSameRows(x, y);
        int rows = Math.max(1, x.rows());
        if (gradientPass == null || gradientPass.maxRows() < rows) {
            gradientPass = new GradientPass(this, m, s, rows, rows, rows, ScalarKernels.INSTANCE, Bands.ALONE);
        }
        gradientPass.begin(factor);
        gradientPass.add(x.values(), y.values(), IntStream.range(0, x.rows()).toArray(), 0, x.rows());
        return gradientPass.end();
    }

    private static void requireSameRows(Groups x, Groups y) {
        if (x.rows() != y.rows()) {
            throw new IllegalArgumentException("x has " + x.rows() + " rows but y has " + y.rows()
                    + "; give inputs and outputs of the same samples");
        }
    }

    /**
     * Gradient of the negative log-likelihood of y given x with respect to the inputs. Adds to the gradients of modules and
     * parameters, as {@link #addGradients} does.
     */
    public Groups inputGradients(Groups x, Groups y) {
        addGradients(x, y, 1);
        return copy(gradientPass.inputs(), dIn, x.rows());
    }

    // ------------------------------------------------------------------------------------------------ within the
    // package

    /** Workspace for that many rows, which the next call uses too. */
    final ModelPass pass(int rows) {
        if (pass == null || pass.maxRows() < rows) {
            pass = new ModelPass(this, m, s, rows, ScalarKernels.INSTANCE);
        }
        return pass;
    }

    private static Groups copy(double[][] values, int[] widths, int rows) {
        double[][] copies = new double[widths.length][];
        for (int g = 0; g < widths.length; g++) {
            copies[g] = Arrays.copyOf(values[g], rows * widths[g]);
        }
        return new Groups(rows, copies);
    }

    /**
     * The values of a parameter for a call: those given, or the model's own.
     *
     * @throws IllegalStateException when there are neither
     * @throws IllegalArgumentException when the list is of the wrong length or the values are of the wrong number
     */
    final double[] resolve(Kind kind, int index, Overrides overrides) {
        List<double[]> given = overrides.of(kind);
        if (given != null && given.size() != count(kind)) {
            throw new IllegalArgumentException("the call gives " + given.size() + " entries of the kind " + kind
                    + " but the model has " + count(kind) + "; give one for each, null for the model's own");
        }
        double[] values = given == null ? null : given.get(index);
        if (values == null) {
            Tensor own = tensor(kind, index);
            if (own == null) {
                throw new IllegalStateException(
                        kind.of(index) + " is not assigned; give it in the call, or build the model with it assigned");
            }
            return own.values();
        }
        int[] shape = shape(kind, index);
        int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (values.length == 1 && shape.length == 1) {
            double[] expanded = new double[count];
            Arrays.fill(expanded, values[0]);
            return expanded;
        }
        if (values.length != count) {
            throw new IllegalArgumentException(kind.of(index) + " must have the shape " + Arrays.toString(shape) + ", "
                    + count + " values, but was given " + values.length);
        }
        return values;
    }
}
