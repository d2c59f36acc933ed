package org.amacrine.core.kernel;

/** The one tree in which values in lanes are added: 8 partial sums over the index modulo 8, then pairs 4, 2 and 1 apart. */
public final class LaneSum {
    private LaneSum() {}

    /** Sum of {@code lanes} values from index {@code at}; lanes is a multiple of {@link Kernels#STATE_BLOCK}. */
    public static double of(double[] x, int at, int lanes) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        for (int i = at; i < at + lanes; i += Kernels.STATE_BLOCK) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
            s4 += x[i + 4];
            s5 += x[i + 5];
            s6 += x[i + 6];
            s7 += x[i + 7];
        }
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }
}
