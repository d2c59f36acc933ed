package org.amacrine.operators.epi;

/**
 * The statistics T(z) of a model that is simulated with parameters z, for a batch of parameter vectors, and their adjoint. Plain
 * and owned by one thread.
 *
 * <p>Vectors of a batch are [dims][samples] and [statistics][samples]: each element of all samples side by side. A model with
 * noise draws it from a {@code RandomSequence} started with the given number, so that both methods see the same noise.
 */
public interface EmergentProperty {

    /** Number of parameters, D. */
    int dims();

    /** Number of statistics, m. */
    int statistics();

    /**
     * Simulates.
     *
     * @param z parameters, [dims][samples]
     * @param noiseKey names the noise of this batch
     * @param t receives the statistics, [statistics][samples]
     */
    void simulate(double[] z, int samples, long noiseKey, double[] t);

    /**
     * The adjoint: from derivatives of an objective by the statistics to those by the parameters.
     *
     * @param z parameters, [dims][samples], those of the last {@link #simulate}
     * @param noiseKey that of the last {@link #simulate}
     * @param tGradient derivatives by the statistics, [statistics][samples]
     * @param zGradient receives derivatives by the parameters, [dims][samples]
     */
    void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient);
}
