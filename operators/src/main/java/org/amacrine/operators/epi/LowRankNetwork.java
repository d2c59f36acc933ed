package org.amacrine.operators.epi;

import java.util.Arrays;
import org.amacrine.operators.features.SymmetricEigen;

/**
 * A recurrent network of rank two, {@code J = (U + g xi) (V + g zeta)^T}, that should amplify but not run away (Bittner et al.,
 * eLife 2021). The statistics are the largest real part of the eigenvalues of J, the largest eigenvalue of {@code (J + J^T) / 2},
 * both averaged over draws of the noise, and their squared distances from 0.5 and 1.5.
 *
 * <p>Parameters are U and V, unit after unit: {@code U[unit][mode]}, then {@code V[unit][mode]}, 4 N in all. The work grows with
 * N, not with N²: eigenvalues of J are those of {@code V^T U}, and those of the symmetric part are taken in the space that U and
 * V span. Where eigenvalues meet there is no derivative; 0 is taken for what has none.
 */
public final class LowRankNetwork implements EmergentProperty {
    private static final int RANK = 2;
    private static final int SPAN = 2 * RANK;
    private static final double WISHED_REAL = 0.5;
    private static final double WISHED_SYMMETRIC = 1.5;

    private final int units;
    private final int draws;
    private final double g;
    private final CircuitNoise noise;
    /** U and V of a draw side by side, [units][4]. */
    private final double[] uv;
    /** Of uv: all products of its columns. */
    private final double[] products = new double[SPAN * SPAN];

    private final double[] values = new double[SPAN];
    private final double[] vectors = new double[SPAN * SPAN];
    private final double[] root = new double[SPAN * SPAN];
    private final double[] reduced = new double[SPAN * SPAN];
    private final double[] swapped = new double[SPAN];
    private final double[] mode;
    private final double[] along = new double[SPAN];
    /** Means of the last batch, [2][samples]. */
    private double[] means = {};

    /**
     * @param units N, at least 3
     * @param draws of the noise that a mean is taken over, K
     * @param g how strong the noise is; 0.01 in the paper
     */
    public LowRankNetwork(int units, int draws, double g) {
        this(units, draws, g, CircuitNoise.counted());
    }

    LowRankNetwork(int units, int draws, double g, CircuitNoise noise) {
        if (units < 3) {
            throw new IllegalArgumentException("units must be >= 3 but was " + units);
        }
        if (draws < 1) {
            throw new IllegalArgumentException("draws must be >= 1 but was " + draws);
        }
        if (!(g >= 0 && g < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("g must be >= 0 and finite but was " + g + "; for example 0.01");
        }
        this.units = units;
        this.draws = draws;
        this.g = g;
        this.noise = noise;
        uv = new double[units * SPAN];
        mode = new double[units];
    }

    @Override
    public int dims() {
        return units * SPAN;
    }

    @Override
    public int statistics() {
        return 4;
    }

    @Override
    public void simulate(double[] z, int samples, long noiseKey, double[] t) {
        if (means.length < 2 * samples) {
            means = new double[2 * samples];
        }
        for (int n = 0; n < samples; n++) {
            double real = 0;
            double symmetric = 0;
            for (int k = 0; k < draws; k++) {
                draw(z, samples, n, noiseKey, k);
                real += realPart();
                symmetric += symmetricPart();
            }
            real /= draws;
            symmetric /= draws;
            means[n] = real;
            means[samples + n] = symmetric;
            t[n] = real;
            t[samples + n] = symmetric;
            t[2 * samples + n] = (real - WISHED_REAL) * (real - WISHED_REAL);
            t[3 * samples + n] = (symmetric - WISHED_SYMMETRIC) * (symmetric - WISHED_SYMMETRIC);
        }
    }

    /** Fills U and V of a draw with their products. */
    private void draw(double[] z, int samples, int n, long noiseKey, int k) {
        noise.start(noiseKey, n * draws + k);
        for (int part = 0; part < 2; part++) {
            for (int i = 0; i < units; i++) {
                for (int r = 0; r < RANK; r++) {
                    double value = z[((part * units + i) * RANK + r) * samples + n];
                    uv[i * SPAN + part * RANK + r] = value + g * noise.normal();
                }
            }
        }
        Arrays.fill(products, 0);
        for (int i = 0; i < units; i++) {
            for (int a = 0; a < SPAN; a++) {
                for (int b = 0; b < SPAN; b++) {
                    products[a * SPAN + b] = Math.fma(uv[i * SPAN + a], uv[i * SPAN + b], products[a * SPAN + b]);
                }
            }
        }
    }

    /** Entry of V^T U. */
    private double vu(int i, int j) {
        return products[(RANK + i) * SPAN + j];
    }

    private double disc() {
        double difference = vu(0, 0) - vu(1, 1);
        return difference * difference + 4 * vu(0, 1) * vu(1, 0);
    }

    /** The largest real part of the eigenvalues of J. */
    private double realPart() {
        return 0.5 * (vu(0, 0) + vu(1, 1) + Math.sqrt(Math.max(disc(), 0)));
    }

    /**
     * The largest eigenvalue of the symmetric part, {@code [U V] S [U V]^T / 2} where S swaps the halves: that of {@code M^(1/2) S
     * M^(1/2) / 2}, M the products. Leaves its vector first.
     */
    private double symmetricPart() {
        SymmetricEigen.decompose(products, SPAN, values, vectors);
        for (int a = 0; a < SPAN; a++) {
            for (int b = 0; b < SPAN; b++) {
                double sum = 0;
                for (int e = 0; e < SPAN; e++) {
                    sum += Math.sqrt(Math.max(values[e], 0)) * vectors[e * SPAN + a] * vectors[e * SPAN + b];
                }
                root[a * SPAN + b] = sum;
            }
        }
        for (int a = 0; a < SPAN; a++) {
            for (int b = 0; b < SPAN; b++) {
                double sum = 0;
                for (int e = 0; e < SPAN; e++) {
                    sum += root[a * SPAN + e] * root[(e + RANK) % SPAN * SPAN + b];
                }
                reduced[a * SPAN + b] = 0.5 * sum;
            }
        }
        SymmetricEigen.decompose(reduced, SPAN, values, vectors);
        return values[0];
    }

    @Override
    public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
        Arrays.fill(zGradient, 0, dims() * samples, 0);
        for (int n = 0; n < samples; n++) {
            double real = tGradient[n] + 2 * (means[n] - WISHED_REAL) * tGradient[2 * samples + n];
            double symmetric =
                    tGradient[samples + n] + 2 * (means[samples + n] - WISHED_SYMMETRIC) * tGradient[3 * samples + n];
            for (int k = 0; k < draws; k++) {
                draw(z, samples, n, noiseKey, k);
                pullReal(samples, n, real / draws, zGradient);
                pullSymmetric(samples, n, symmetric / draws, zGradient);
            }
        }
    }

    private static int at(int row, int samples, int n) {
        return row * samples + n;
    }

    private void pullReal(int samples, int n, double gradient, double[] zGradient) {
        double disc = disc();
        double byRoot = disc > 0 ? gradient / (4 * Math.sqrt(disc)) : 0;
        double difference = 2 * (vu(0, 0) - vu(1, 1)) * byRoot;
        double[] byVu = along;
        byVu[0] = 0.5 * gradient + difference;
        byVu[1] = 4 * vu(1, 0) * byRoot;
        byVu[2] = 4 * vu(0, 1) * byRoot;
        byVu[3] = 0.5 * gradient - difference;
        for (int i = 0; i < units; i++) {
            for (int a = 0; a < RANK; a++) {
                for (int b = 0; b < RANK; b++) {
                    double weight = byVu[a * RANK + b];
                    zGradient[at(i * RANK + b, samples, n)] += weight * uv[i * SPAN + RANK + a];
                    zGradient[at((units + i) * RANK + a, samples, n)] += weight * uv[i * SPAN + b];
                }
            }
        }
    }

    /** The derivative of the eigenvalue of w is {@code w (V^T w)^T} by U and {@code w (U^T w)^T} by V. */
    private void pullSymmetric(int samples, int n, double gradient, double[] zGradient) {
        double eigenvalue = symmetricPart();
        if (eigenvalue == 0) {
            return;
        }
        for (int a = 0; a < SPAN; a++) {
            double sum = 0;
            for (int e = 0; e < SPAN; e++) {
                sum += root[(a + RANK) % SPAN * SPAN + e] * vectors[e];
            }
            swapped[a] = 0.5 * sum / eigenvalue;
        }
        Arrays.fill(along, 0);
        for (int i = 0; i < units; i++) {
            double w = 0;
            for (int a = 0; a < SPAN; a++) {
                w += uv[i * SPAN + a] * swapped[a];
            }
            mode[i] = w;
            for (int a = 0; a < SPAN; a++) {
                along[a] += w * uv[i * SPAN + a];
            }
        }
        for (int i = 0; i < units; i++) {
            for (int r = 0; r < RANK; r++) {
                zGradient[at(i * RANK + r, samples, n)] += gradient * mode[i] * along[RANK + r];
                zGradient[at((units + i) * RANK + r, samples, n)] += gradient * mode[i] * along[r];
            }
        }
    }
}
