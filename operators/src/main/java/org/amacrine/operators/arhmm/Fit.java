package org.amacrine.operators.arhmm;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.job.Job;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;

/**
 * The job of fitting a model to sequences by Gibbs sampling. An iteration is a sweep of three steps: transitions,
 * autoregression, states. The chain is a function of data, prior and seed alone: it is the same for any number of workers, on
 * every backend, and across any number of restarts.
 *
 * <p>Objectives: {@code log_joint_z} and {@code log_joint_x}, see {@link LogJoint}, and {@code log_joint}, their sum.
 */
public final class Fit implements Job<ArHmmModel> {
    private static final int STEPS = 3;

    /** What a chain can begin with; saved by its number. */
    private enum Beginning {
        PRIOR,
        STRETCHES,
        MODEL;

        private static Beginning of(long number) {
            if (number < 0 || number >= values().length) {
                throw new IllegalArgumentException("the checkpoint's beginning is " + number + " but must be 0 to "
                        + (values().length - 1) + "; it is damaged, take another one or start anew");
            }
            return values()[(int) number];
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Observations observations;
    private final GibbsSampler sampler;
    private final long sweeps;
    private final Beginning beginning;
    private final boolean referenceNumerics;
    private final double diagonalBoost;
    private final int[] z;
    private ArHmmModel model;
    private ArHmmParameters parameters;
    private int step;
    private LogJoint logJoint;

    private Fit(Builder builder, ArHmmModel first, Beginning beginning) {
        observations = new Observations(builder.data, first.parameters().lags());
        sampler = new GibbsSampler(
                observations,
                first.hyperparameters(),
                builder.kernels,
                builder.bands,
                builder.referenceNumerics,
                builder.diagonalBoost);
        sweeps = builder.sweeps;
        this.beginning = beginning;
        referenceNumerics = builder.referenceNumerics;
        diagonalBoost = builder.diagonalBoost;
        z = Functions.flat(observations, first.states());
        model = first;
        parameters = first.parameters();
    }

    /** What a fit needs to know, and what it may be told. */
    public static final class Builder {
        private final Sequences data;
        private final Kernels kernels;
        private final Bands bands;
        private long sweeps = 50;
        private long seed;
        private boolean referenceNumerics;
        private double diagonalBoost = ArPosterior.REFERENCE_BOOST;

        private Builder(Sequences data, Kernels kernels, Bands bands) {
            this.data = data;
            this.kernels = kernels;
            this.bands = bands;
        }

        /** Number of sweeps, at first 50. */
        public Builder sweeps(long count) {
            if (count < 0) {
                throw new IllegalArgumentException("sweeps must be >= 0 but was " + count);
            }
            sweeps = count;
            return this;
        }

        /** Seed of all random numbers, at first 0. */
        public Builder seed(long number) {
            seed = number;
            return this;
        }

        /** See {@link Functions#referenceNumerics}. */
        public Builder referenceNumerics(boolean on) {
            referenceNumerics = on;
            return this;
        }

        /** See {@link Functions#diagonalBoost}. */
        public Builder diagonalBoost(double boost) {
            new Functions(kernels, bands).diagonalBoost(boost);
            diagonalBoost = boost;
            return this;
        }

        /** A fit that begins with parameters drawn from the prior, and states drawn given these. */
        public Fit from(Hyperparameters prior) {
            requireData();
            ArHmmModel first = new Functions(kernels, bands)
                    .referenceNumerics(referenceNumerics)
                    .initModel(data, null, null, prior, seed, null, null);
            return new Fit(this, first, Beginning.PRIOR);
        }

        /**
         * A fit that begins with states of frames whose stretches are alike, see {@link StretchClusters}: for recordings too
         * short to find their states from a draw of the prior.
         */
        public Fit fromStretches(Hyperparameters prior) {
            requireData();
            Observations observations =
                    new Observations(data, prior.autoregression().lags());
            int[] z = StretchClusters.states(
                    observations, data, prior.transitions().states(), seed);
            int[][] states = Functions.perSequence(observations, z);
            ArHmmModel first = new Functions(kernels, bands).initModel(data, states, null, prior, seed, null, null);
            return new Fit(this, first, Beginning.STRETCHES);
        }

        private void requireData() {
            if (data.count() == 0) {
                throw new IllegalArgumentException("there is no sequence to fit a model to; give at least one");
            }
        }

        /** A fit that goes on from a model; seed and sweep are the model's. */
        public Fit from(ArHmmModel first) {
            return new Fit(this, first, Beginning.MODEL);
        }
    }

    /**
     * A fit to these sequences.
     *
     * @param bands workers that share sequences and states
     */
    public static Builder of(Sequences data, Kernels kernels, Bands bands) {
        return new Builder(data, kernels, bands);
    }

    /** Valid frames that are left out because one of their lags is not finite. */
    public long framesWithoutLags() {
        return observations.framesWithoutLags();
    }

    @Override
    public boolean done() {
        return model.sweep() >= sweeps;
    }

    @Override
    public boolean step() {
        long sweep = model.sweep() + 1;
        try {
            switch (step) {
                case 0 -> parameters = sampler.transitions(parameters, z, model.seed(), sweep);
                case 1 -> parameters = sampler.autoregression(parameters, z, model.seed(), sweep);
                default -> drawStates(sweep);
            }
        } catch (ArithmeticException | IllegalArgumentException e) {
            backToModel();
            throw new IllegalStateException(
                    "sweep " + sweep + " failed: " + e.getMessage() + "; the model of sweep " + model.sweep()
                            + " is kept",
                    e);
        }
        step = (step + 1) % STEPS;
        return step == 0;
    }

    private void drawStates(long sweep) {
        sampler.states(parameters, z, model.seed(), sweep);
        LogJoint joint = sampler.logJoint(z);
        if (!Double.isFinite(joint.x()) || !Double.isFinite(joint.z())) {
            throw new ArithmeticException("the log joint probability is " + joint);
        }
        logJoint = joint;
        model = new ArHmmModel(
                model.seed(), sweep, model.hyperparameters(), parameters, Functions.perSequence(observations, z));
    }

    private void backToModel() {
        parameters = model.parameters();
        System.arraycopy(Functions.flat(observations, model.states()), 0, z, 0, z.length);
        step = 0;
    }

    @Override
    public long iteration() {
        return model.sweep();
    }

    @Override
    public long iterations() {
        return sweeps;
    }

    @Override
    public Map<String, Double> objectives() {
        Map<String, Double> objectives = new LinkedHashMap<>();
        if (logJoint != null) {
            objectives.put("log_joint", logJoint.x() + logJoint.z());
            objectives.put("log_joint_x", logJoint.x());
            objectives.put("log_joint_z", logJoint.z());
        }
        return objectives;
    }

    /** The model as of the last sweep: a sweep in the middle is done again, with the same numbers, when the fit goes on. */
    @Override
    public Map<String, NdArray> save() {
        Map<String, NdArray> saved = new LinkedHashMap<>(ArHmmModelFile.arrays(model));
        saved.put("data_checksum", NdArray.of(checksum()));
        saved.put("beginning", NdArray.of((long) beginning.ordinal()));
        saved.put("reference_numerics", NdArray.of(referenceNumerics ? 1L : 0L));
        saved.put("diagonal_boost", NdArray.of(diagonalBoost));
        if (logJoint != null) {
            saved.put("log_joint", new NdArray(new int[] {2}, new double[] {logJoint.z(), logJoint.x()}));
        }
        return saved;
    }

    /**
     * Goes to where a fit of the same data with the same settings was saved; unchanged when it cannot.
     *
     * @throws IllegalArgumentException when the checkpoint is of another fit, saying which setting differs
     */
    @Override
    public void restore(Map<String, NdArray> saved) {
        if (!saved.containsKey("data_checksum")) {
            throw new IllegalArgumentException(
                    "this is no checkpoint of a fit, it holds " + saved.keySet() + "; give the file that a fit wrote");
        }
        if (saved.get("data_checksum").integer() != checksum()) {
            throw new IllegalArgumentException("the checkpoint is of a fit to other sequences; give it the same ones,"
                    + " or start from its model instead");
        }
        ArHmmModel read = ArHmmModelFile.model(saved);
        requireSame("seed", read.seed(), model.seed());
        requireSamePrior(read.hyperparameters(), model.hyperparameters());
        requireSame("beginning", Beginning.of(setting(saved, "beginning").integer()), beginning);
        requireSame("referenceNumerics", setting(saved, "reference_numerics").integer() == 1, referenceNumerics);
        requireSame("diagonalBoost", setting(saved, "diagonal_boost").scalar(), diagonalBoost);
        NdArray joint = saved.get("log_joint");
        logJoint = joint == null ? null : new LogJoint(joint.at(0), joint.at(1));
        model = read;
        backToModel();
    }

    private static NdArray setting(Map<String, NdArray> saved, String name) {
        NdArray value = saved.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the checkpoint does not say with which " + name
                    + " it was made: it is from an older program; go on with that one, or start anew");
        }
        return value;
    }

    private static void requireSamePrior(Hyperparameters there, Hyperparameters here) {
        requireSame("states", there.transitions().states(), here.transitions().states());
        requireSame("alpha", there.transitions().alpha(), here.transitions().alpha());
        requireSame("kappa", there.transitions().kappa(), here.transitions().kappa());
        requireSame("gamma", there.transitions().gamma(), here.transitions().gamma());
        Hyperparameters.Autoregression before = there.autoregression();
        Hyperparameters.Autoregression now = here.autoregression();
        requireSame("dims", before.dims(), now.dims());
        requireSame("lags", before.lags(), now.lags());
        requireSame("nu_0", before.nu0(), now.nu0());
        requireSameValues("S_0", before.s0(), now.s0());
        requireSameValues("M_0", before.m0(), now.m0());
        requireSameValues("K_0", before.k0(), now.k0());
    }

    private static void requireSameValues(String name, double[] there, double[] here) {
        for (int i = 0; i < here.length; i++) {
            requireSame(name + "[" + i + "]", there[i], here[i]);
        }
    }

    private static void requireSame(String name, Object there, Object here) {
        if (!there.equals(here)) {
            throw new IllegalArgumentException("the checkpoint is of a fit with " + name + " " + there
                    + " but here it is " + here + "; give the same, or start anew");
        }
    }

    @Override
    public ArHmmModel result() {
        return model;
    }

    /**
     * Posterior means of transitions and autoregression given the states of the last sweep, with its weights of the states:
     * what a live model is better served with than with the sweep's own draw.
     */
    public ArHmmParameters posteriorMeans() {
        return sampler.means(model.parameters(), Functions.flat(observations, model.states()));
    }

    /** Of all frames and weights. */
    private long checksum() {
        CRC32 crc = new CRC32();
        byte[] bytes = new byte[Double.BYTES];
        for (int n = 0; n < observations.count(); n++) {
            for (double value : observations.x(n)) {
                update(crc, bytes, value);
            }
            for (int s = 0; s < observations.length(n); s++) {
                update(crc, bytes, observations.weight(n, s));
            }
        }
        return crc.getValue();
    }

    private static void update(CRC32 crc, byte[] bytes, double value) {
        long bits = Double.doubleToLongBits(value);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (bits >>> 8 * i);
        }
        crc.update(bytes);
    }
}
