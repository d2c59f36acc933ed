package org.amacrine.operators.arhmm;

import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.io.NdArray;

/**
 * What a model is fitted to, or asked about, as a whole: N sequences of feature vectors, each of its own length, for example
 * one for each animal, with a mask that says which frames count. Immutable; arrays are not to be written to.
 */
public final class Sequences {
    private final int dims;
    private final List<double[]> x;
    private final List<double[]> masks;

    private Sequences(int dims, List<double[]> x, List<double[]> masks) {
        this.dims = dims;
        this.x = x;
        this.masks = masks;
    }

    /**
     * Sequences of one length.
     *
     * @param x features, (N, T, D); masked frames may hold anything, NaN included
     * @param mask weight of each frame, (N, T), 0 where it is missing and 1 where it counts; null when all count
     */
    public static Sequences of(NdArray x, NdArray mask) {
        int[] shape = x.shape();
        if (shape.length != 3 || shape[2] < 1) {
            throw new IllegalArgumentException(
                    "x must have the shape (sequences, frames, dims) but was " + NdArray.text(shape));
        }
        if (mask != null && (mask.shape().length != 2 || mask.shape()[0] != shape[0] || mask.shape()[1] != shape[1])) {
            throw new IllegalArgumentException("mask must have the shape (sequences, frames) of x, "
                    + NdArray.text(new int[] {shape[0], shape[1]}) + ", but was " + NdArray.text(mask.shape()));
        }
        Builder builder = new Builder(shape[2]);
        for (int n = 0; n < shape[0]; n++) {
            double[] frames = new double[shape[1] * shape[2]];
            double[] weights = new double[shape[1]];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = x.at(n * frames.length + i);
            }
            for (int t = 0; t < weights.length; t++) {
                weights[t] = mask == null ? 1 : mask.at(n * shape[1] + t);
            }
            builder.add(frames, weights);
        }
        return builder.build();
    }

    /** Puts sequences of different lengths together. */
    public static final class Builder {
        private final int dims;
        private final List<double[]> x = new ArrayList<>();
        private final List<double[]> masks = new ArrayList<>();

        /** For sequences of so many dimensions. */
        public Builder(int dims) {
            if (dims < 1) {
                throw new IllegalArgumentException("dims must be >= 1 but was " + dims);
            }
            this.dims = dims;
        }

        /**
         * Adds a sequence.
         *
         * @param frames features, [T][D]; not copied
         * @param mask weight of each frame, [T], >= 0; null when all count; not copied
         */
        public Builder add(double[] frames, double[] mask) {
            String name = "sequence " + x.size();
            if (frames.length % dims != 0) {
                throw new IllegalArgumentException(
                        name + " has " + frames.length + " values, which are no whole frames of " + dims + " dims");
            }
            int count = frames.length / dims;
            if (mask != null && mask.length != count) {
                throw new IllegalArgumentException(
                        "the mask of " + name + " has " + mask.length + " values for " + count + " frames");
            }
            for (int t = 0; mask != null && t < count; t++) {
                if (!(mask[t] >= 0) || mask[t] == Double.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException("the mask of " + name + " must be >= 0 and finite but is "
                            + mask[t] + " at frame " + t + "; use 0 for missing and 1 for valid frames");
                }
            }
            x.add(frames);
            masks.add(mask);
            return this;
        }

        /** All that were added. */
        public Sequences build() {
            return new Sequences(dims, List.copyOf(x), new ArrayList<>(masks));
        }
    }

    /** D. */
    public int dims() {
        return dims;
    }

    /** N. */
    public int count() {
        return x.size();
    }

    /** T of a sequence. */
    public int frames(int sequence) {
        return x.get(sequence).length / dims;
    }

    /** Features of a sequence, [T][D]. */
    public double[] x(int sequence) {
        return x.get(sequence);
    }

    /** Weight of a frame. */
    public double weight(int sequence, int frame) {
        double[] mask = masks.get(sequence);
        return mask == null ? 1 : mask[frame];
    }
}
