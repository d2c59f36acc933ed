package org.amacrine.operators.epi;

import java.util.Arrays;
import java.util.List;

/**
 * An emergent property without an adjoint of its own: derivatives are central differences of simulations that see the same noise.
 * Nothing takes them by itself; a model that is to be fitted with them is made of this class.
 *
 * <pre>
 *   dT/dz_d  ~  (T(z + h e_d) - T(z - h e_d)) / 2h,   h = step (1 + |z_d|)
 * </pre>
 *
 * Costs 2 D simulations of a batch for each training step, where an adjoint costs about one. The differences are off by a third
 * derivative times {@code h² / 6}, and by rounding over h. They are of no use where statistics jump, such as counts: there give smooth
 * ones. Next to a bound they are one-sided, so that nothing is simulated beyond it. A simulation must draw the same noise for the
 * same key whatever its parameters.
 */
public final class FiniteDifferences implements EmergentProperty {
    /** A step that leaves about ten digits where statistics are smooth and exact to rounding. */
    public static final double STEP = 1e-5;

    /** Statistics of a batch, as {@link EmergentProperty#simulate} gives them. */
    @FunctionalInterface
    public interface Simulation {
        /** Fills t, [statistics][samples], for z, [D][samples]. */
        void simulate(double[] z, int samples, long noiseKey, double[] t);
    }

    private final double[] lower;
    private final double[] upper;
    private final int statistics;
    private final double step;
    private final Simulation simulation;
    private double[] moved = {};
    private double[] above = {};
    private double[] below = {};

    /**
     * A property by its simulation.
     *
     * @param parameters in the order of the elements of z
     * @param statistics how many a simulation gives
     * @param step relative to {@code 1 + |z|}, over 0; {@link #STEP} if nothing speaks for another, larger ones for simulations with
     *     errors of their own
     */
    public FiniteDifferences(List<BoundedParameter> parameters, int statistics, double step, Simulation simulation) {
        if (!(step > 0) || step >= 1) {
            throw new IllegalArgumentException(
                    "step must be > 0 and < 1 but was " + step + "; FiniteDifferences.STEP suits smooth statistics");
        }
        if (statistics < 1) {
            throw new IllegalArgumentException("statistics must be >= 1 but was " + statistics);
        }
        lower = parameters.stream()
                .flatMapToDouble(p -> Arrays.stream(p.lower()))
                .toArray();
        upper = parameters.stream()
                .flatMapToDouble(p -> Arrays.stream(p.upper()))
                .toArray();
        this.statistics = statistics;
        this.step = step;
        this.simulation = simulation;
    }

    @Override
    public int dims() {
        return lower.length;
    }

    @Override
    public int statistics() {
        return statistics;
    }

    @Override
    public void simulate(double[] z, int samples, long noiseKey, double[] t) {
        simulation.simulate(z, samples, noiseKey, t);
    }

    @Override
    public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
        if (above.length != statistics * samples) {
            moved = new double[dims() * samples];
            above = new double[statistics * samples];
            below = new double[statistics * samples];
        }
        System.arraycopy(z, 0, moved, 0, moved.length);
        for (int d = 0; d < dims(); d++) {
            int row = d * samples;
            for (int n = row; n < row + samples; n++) {
                moved[n] = Math.min(upper[d], z[n] + step * (1 + Math.abs(z[n])));
            }
            simulation.simulate(moved, samples, noiseKey, above);
            for (int n = row; n < row + samples; n++) {
                moved[n] = Math.max(lower[d], z[n] - step * (1 + Math.abs(z[n])));
            }
            simulation.simulate(moved, samples, noiseKey, below);
            for (int n = 0; n < samples; n++) {
                double at = z[row + n];
                double distance = Math.min(upper[d], at + step * (1 + Math.abs(at))) - moved[row + n];
                double sum = 0;
                for (int i = n; i < above.length; i += samples) {
                    // Statistics that are left out may be infinite.
                    sum += tGradient[i] == 0 ? 0 : tGradient[i] * (above[i] - below[i]);
                }
                zGradient[row + n] = sum / distance;
            }
            System.arraycopy(z, row, moved, row, samples);
        }
    }
}
