package org.amacrine.operators.features;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;

/**
 * Principal components of feature vectors: the directions of largest variance around the mean, orthogonal to each other.
 *
 * <p>Saved as {@code .npz} with the arrays {@code mean}, {@code components} and {@code variances}. Components that were fitted
 * in Python come over with
 *
 * <pre>
 *   numpy.savez("pca.npz", mean=pca.mean_, components=pca.components_, variances=pca.explained_variance_)
 * </pre>
 *
 * @param mean of the features, [D]
 * @param components directions of length one in rows, that of the largest variance first, [n][D]
 * @param variances along the components, [n]
 */
public record PrincipalComponents(NdArray mean, NdArray components, NdArray variances) {

    /** Throws {@link IllegalArgumentException} when the shapes do not fit or a value is not finite. */
    public PrincipalComponents {
        int dims = mean.size();
        int[] shape = components.shape();
        if (mean.shape().length != 1
                || shape.length != 2
                || shape[1] != dims
                || shape[0] < 1
                || shape[0] > dims
                || variances.size() != shape[0]) {
            throw new IllegalArgumentException(
                    "principal components are a mean (D), components (n, D) and variances (n), n from 1 to D, but were given"
                            + " as " + NdArray.text(mean.shape()) + ", " + NdArray.text(shape) + " and "
                            + NdArray.text(variances.shape()));
        }
        requireFinite("mean", mean);
        requireFinite("components", components);
        requireFinite("variances", variances);
    }

    private static void requireFinite(String name, NdArray array) {
        for (int i = 0; i < array.size(); i++) {
            if (!Double.isFinite(array.at(i))) {
                throw new IllegalArgumentException(
                        name + " must be finite numbers but value " + i + " is " + array.at(i) + "; fit them again");
            }
        }
    }

    /** Number of features D. */
    public int dims() {
        return mean.size();
    }

    /** Number of components n. */
    public int count() {
        return components.shape()[0];
    }

    /**
     * Fits the components to feature vectors. Variances are divided by their number less one. Vectors with a missing value,
     * NaN, are left out.
     *
     * @param features (T, D), or (N, T, D) of several sequences
     * @param mask (T), or (N, T): 0 leaves a vector out; null for none left out
     * @param count how many components; 0 for all D
     * @throws IllegalArgumentException when fewer than two vectors are left, or one is infinite
     */
    public static PrincipalComponents fit(NdArray features, NdArray mask, int count) {
        int[] shape = features.shape();
        if (shape.length < 2 || features.size() == 0) {
            throw new IllegalArgumentException("features must have the shape (T, D) or (N, T, D) but were given as "
                    + NdArray.text(shape) + "; give at least two vectors");
        }
        int dims = shape[shape.length - 1];
        int vectors = features.size() / dims;
        if (mask != null && mask.size() != vectors) {
            throw new IllegalArgumentException("the mask must have one value for each of the " + vectors
                    + " vectors but has the shape " + NdArray.text(mask.shape()));
        }
        if (count < 0 || count > dims) {
            throw new IllegalArgumentException(
                    "the number of components must be 1 to " + dims + ", or 0 for all, but was " + count);
        }
        boolean[] used = new boolean[vectors];
        int left = 0;
        for (int t = 0; t < vectors; t++) {
            used[t] = (mask == null || mask.at(t) != 0) && isThere(features, t, dims);
            left += used[t] ? 1 : 0;
        }
        if (left < 2) {
            throw new IllegalArgumentException(
                    "principal components need at least 2 vectors without missing values but " + left + " of " + vectors
                            + " are left");
        }
        return fit(features, used, left, dims, count == 0 ? dims : count);
    }

    private static boolean isThere(NdArray features, int vector, int dims) {
        for (int d = 0; d < dims; d++) {
            double value = features.at(vector * dims + d);
            if (Double.isInfinite(value)) {
                throw new IllegalArgumentException("feature " + d + " of vector " + vector + " is " + value
                        + "; replace it, or make it missing with NaN");
            }
            if (Double.isNaN(value)) {
                return false;
            }
        }
        return true;
    }

    private static PrincipalComponents fit(NdArray features, boolean[] used, int left, int dims, int count) {
        double[] mean = new double[dims];
        for (int t = 0; t < used.length; t++) {
            for (int d = 0; used[t] && d < dims; d++) {
                mean[d] += features.at(t * dims + d) / left;
            }
        }
        double[] covariance = new double[dims * dims];
        double[] centred = new double[dims];
        for (int t = 0; t < used.length; t++) {
            if (used[t]) {
                for (int d = 0; d < dims; d++) {
                    centred[d] = features.at(t * dims + d) - mean[d];
                }
                for (int i = 0; i < dims; i++) {
                    for (int j = 0; j < dims; j++) {
                        covariance[i * dims + j] += centred[i] * centred[j] / (left - 1);
                    }
                }
            }
        }
        double[] variances = new double[dims];
        double[] vectors = new double[dims * dims];
        SymmetricEigen.decompose(covariance, dims, variances, vectors);
        double[] kept = new double[count];
        for (int i = 0; i < count; i++) {
            kept[i] = Math.max(0, variances[i]);
        }
        return new PrincipalComponents(
                new NdArray(new int[] {dims}, mean),
                new NdArray(new int[] {count, dims}, java.util.Arrays.copyOf(vectors, count * dims)),
                new NdArray(new int[] {count}, kept));
    }

    /** Saves them as {@code .npz}. */
    public void save(Path file) throws IOException {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("mean", mean);
        arrays.put("components", components);
        arrays.put("variances", variances);
        Npz.write(file, arrays);
    }

    /** Reads what {@link #save} wrote; throws {@link IOException} that says what is wrong. */
    public static PrincipalComponents load(Path file) throws IOException {
        try {
            return new PrincipalComponents(
                    Npz.read(file, "mean"), Npz.read(file, "components"), Npz.read(file, "variances"));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
