package org.amacrine.operators.epi;

/**
 * The eigenvalue of the linear system {@code dx/dt = A x} in two dimensions that grows fastest, {@code re + i im}: how fast the
 * system's oscillation grows, and its angular frequency, in radians per unit of time, with {@code im >= 0}. Parameters are a11,
 * a12, a21, a22; statistics are re, im and their squares about 0 and 2 pi (Bittner et al. 2021).
 *
 * <pre>
 *   re + i im = tr / 2 + sqrt(disc) / 2      disc = tr² - 4 (a11 a22 - a12 a21)
 * </pre>
 *
 * Where disc is 0 the root has no derivative; 0 is taken for it.
 */
public final class LinearSystem implements EmergentProperty {
    private static final double TWO_PI = 2 * Math.PI;

    /** Rows of re, im, re² and (im - 2 pi)². */
    private final int[] rows;

    private final String name;

    private LinearSystem(String name, int... rows) {
        this.name = name;
        this.rows = rows;
    }

    /** Statistics in the order re, re², im, (im - 2 pi)². */
    public static LinearSystem frequency() {
        return new LinearSystem("linear2D_freq", 0, 2, 1, 3);
    }

    /** Statistics in the order re, im, re², (im - 2 pi)²: first all means, then what they vary by. */
    public static LinearSystem eigenvalue() {
        return new LinearSystem("linear2D_eig", 0, 1, 2, 3);
    }

    /** The reference's name for these statistics, which is a part of the paths of saved runs. */
    public String name() {
        return name;
    }

    /** The eigenvalue of one system: growth, and angular frequency in radians per unit of time. */
    public static double[] leading(double a11, double a12, double a21, double a22) {
        double[] t = new double[4];
        eigenvalue().simulate(new double[] {a11, a12, a21, a22}, 1, 0, t);
        return new double[] {t[0], t[1]};
    }

    @Override
    public int dims() {
        return 4;
    }

    @Override
    public int statistics() {
        return 4;
    }

    @Override
    public void simulate(double[] z, int samples, long noiseKey, double[] t) {
        for (int n = 0; n < samples; n++) {
            double halfTrace = 0.5 * (z[n] + z[3 * samples + n]);
            double disc = disc(z, samples, n);
            double re = halfTrace + (disc > 0 ? 0.5 * Math.sqrt(disc) : 0);
            double im = disc < 0 ? 0.5 * Math.sqrt(-disc) : 0;
            t[rows[0] * samples + n] = re;
            t[rows[1] * samples + n] = im;
            t[rows[2] * samples + n] = re * re;
            t[rows[3] * samples + n] = (im - TWO_PI) * (im - TWO_PI);
        }
    }

    private static double disc(double[] z, int samples, int n) {
        double trace = z[n] + z[3 * samples + n];
        return trace * trace - 4 * (z[n] * z[3 * samples + n] - z[samples + n] * z[2 * samples + n]);
    }

    @Override
    public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
        for (int n = 0; n < samples; n++) {
            double disc = disc(z, samples, n);
            double root = 0.5 * Math.sqrt(Math.abs(disc));
            double re = 0.5 * (z[n] + z[3 * samples + n]) + (disc > 0 ? root : 0);
            double im = disc < 0 ? root : 0;
            double reGradient = tGradient[rows[0] * samples + n] + 2 * re * tGradient[rows[2] * samples + n];
            double imGradient = tGradient[rows[1] * samples + n] + 2 * (im - TWO_PI) * tGradient[rows[3] * samples + n];
            double discGradient = disc == 0 ? 0 : (disc > 0 ? reGradient : -imGradient) / (8 * root);
            double difference = 2 * (z[n] - z[3 * samples + n]) * discGradient;
            zGradient[n] = 0.5 * reGradient + difference;
            zGradient[samples + n] = 4 * z[2 * samples + n] * discGradient;
            zGradient[2 * samples + n] = 4 * z[samples + n] * discGradient;
            zGradient[3 * samples + n] = 0.5 * reGradient - difference;
        }
    }
}
