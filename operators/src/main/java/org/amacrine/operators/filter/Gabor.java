package org.amacrine.operators.filter;

import org.amacrine.core.io.NdArray;

/**
 * A Gabor patch, a grating under a Gaussian:
 * {@code exp(-(sx X / 2)² - (sy Y / 2)²) sin(sin(phi) X f / 2 pi + cos(phi) Y f / 2 pi + phase)}, where X runs along the columns
 * and Y along the rows, both from {@code -size / (2 resolution)} to {@code size / (2 resolution)} with the ends included.
 *
 * @param phi direction of the grating, in radians
 * @param size rows and columns, at least 2
 * @param resolution pixels for each unit of X and Y, > 0
 * @param frequency angular frequency f of the grating times 2 pi, per unit
 * @param phase of the grating, in radians
 * @param sigmaX how fast the Gaussian falls along X: the larger the narrower
 * @param sigmaY how fast it falls along Y
 */
public record Gabor(
        double phi, int size, double resolution, double frequency, double phase, double sigmaX, double sigmaY) {

    /** The reference's defaults: direction 2, 16 by 16 pixels, 2 to a unit, frequency 10. */
    public static final Gabor DEFAULT = new Gabor(2, 16, 2, 10, 0, 1, 1);

    /** Throws {@link IllegalArgumentException} when there is no patch of such a size. */
    public Gabor {
        if (size < 2 || !(resolution > 0) || Double.isInfinite(resolution)) {
            throw new IllegalArgumentException(
                    "a Gabor patch needs size >= 2 and a finite resolution > 0 but was given size " + size
                            + " and resolution " + resolution + "; for example 16 and 2");
        }
    }

    /** The patch as a kernel, [rows][columns]. */
    public NdArray kernel() {
        float[] values = new float[size * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                double x = at(j);
                double y = at(i);
                double envelope = Math.exp(-Math.pow(sigmaX * x / 2, 2) - Math.pow(sigmaY * y / 2, 2));
                double wave = Math.sin(phi) * x * frequency / (2 * Math.PI)
                        + Math.cos(phi) * y * frequency / (2 * Math.PI)
                        + phase;
                values[i * size + j] = (float) (envelope * Math.sin(wave));
            }
        }
        return NdArray.of(values, size, size);
    }

    private double at(int pixel) {
        double end = size / (2 * resolution);
        return -end + 2 * end * pixel / (size - 1);
    }
}
