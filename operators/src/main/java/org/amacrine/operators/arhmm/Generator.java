package org.amacrine.operators.arhmm;

import java.util.Arrays;
import org.amacrine.core.random.RandomSequence;

/**
 * A model that produces features: each step draws the next state, then the next vector from the lags. Owned by one thread.
 */
public final class Generator {

    /**
     * Where a generator is.
     *
     * @param z state
     * @param lags the last L vectors, [L][D], oldest first
     */
    public record State(int z, double[] lags) {

        /** Same state and lags, bit by bit. */
        @Override
        public boolean equals(Object other) {
            return other instanceof State that && z == that.z && Arrays.equals(lags, that.lags);
        }

        @Override
        public int hashCode() {
            return 31 * z + Arrays.hashCode(lags);
        }
    }

    private final ArHmmParameters parameters;
    private final double[] noise;
    private final double[] h;
    private int z;

    /** A generator for these parameters, which begins at {@code start}. */
    public Generator(ArHmmParameters parameters, State start) {
        int history = parameters.dims() * parameters.lags();
        if (start.lags().length != history || start.z() < 0 || start.z() >= parameters.states()) {
            throw new IllegalArgumentException("a model of " + parameters + " starts in a state from 0 to "
                    + (parameters.states() - 1) + " with " + history + " values of lags but was given state "
                    + start.z()
                    + " and " + start.lags().length + " values");
        }
        this.parameters = parameters;
        noise = new double[parameters.dims()];
        h = Arrays.copyOf(start.lags(), history + 1);
        h[history] = 1;
        z = start.z();
    }

    /** The reference's way to begin: any state, and lags that are standard normal. */
    public static State initialState(ArHmmParameters parameters, RandomSequence random) {
        int z = (int) (random.uniform() * parameters.states());
        double[] lags = new double[parameters.dims() * parameters.lags()];
        for (int i = 0; i < lags.length; i++) {
            lags[i] = random.normal();
        }
        return new State(z, lags);
    }

    /** Draws the next state and vector. */
    public void next(RandomSequence random) {
        double uniform = random.uniform();
        for (int d = 0; d < noise.length; d++) {
            noise[d] = random.normal();
        }
        next(uniform, noise, 0);
    }

    /**
     * Goes on by given numbers.
     *
     * @param uniform on [0, 1), for the state
     * @param normals standard normal, D values from {@code normalsAt}
     */
    void next(double uniform, double[] normals, int normalsAt) {
        int dims = parameters.dims();
        z = nextState(uniform);
        int history = h.length - 1;
        double[] c = parameters.cholesky();
        double[] x = new double[dims];
        for (int d = 0; d < dims; d++) {
            double sum = SmallMatrix.dot(parameters.ab(), (z * dims + d) * h.length, h, 0, h.length);
            for (int e = 0; e <= d; e++) {
                sum = Math.fma(c[(z * dims + d) * dims + e], normals[normalsAt + e], sum);
            }
            x[d] = sum;
        }
        System.arraycopy(h, dims, h, 0, history - dims);
        System.arraycopy(x, 0, h, history - dims, dims);
    }

    private int nextState(double uniform) {
        int states = parameters.states();
        double sum = 0;
        for (int k = 0; k < states - 1; k++) {
            sum += parameters.pi()[z * states + k];
            if (sum > uniform) {
                return k;
            }
        }
        return states - 1;
    }

    /** The state that it is in. */
    public int z() {
        return z;
    }

    /** Copies the newest vector, D values. */
    public void x(double[] out, int outAt) {
        int dims = parameters.dims();
        System.arraycopy(h, h.length - 1 - dims, out, outAt, dims);
    }

    /** Where it is, to begin there again. */
    public State state() {
        return new State(z, Arrays.copyOf(h, h.length - 1));
    }
}
