package org.amacrine.core.kernel;

/** The one tree in which sums are added: 16 partial sums over the index modulo 16, then pairs 8, 4, 2 and 1 apart. */
public final class RowSum {
    private RowSum() {}

    /** Sum of {@code count} values from index {@code at}, in double precision. */
    public static double of(float[] x, int at, int count) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        double s8 = 0, s9 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0, s14 = 0, s15 = 0;
        int i = 0;
        for (; i + 16 <= count; i += 16) {
            int j = at + i;
            s0 += x[j];
            s1 += x[j + 1];
            s2 += x[j + 2];
            s3 += x[j + 3];
            s4 += x[j + 4];
            s5 += x[j + 5];
            s6 += x[j + 6];
            s7 += x[j + 7];
            s8 += x[j + 8];
            s9 += x[j + 9];
            s10 += x[j + 10];
            s11 += x[j + 11];
            s12 += x[j + 12];
            s13 += x[j + 13];
            s14 += x[j + 14];
            s15 += x[j + 15];
        }
        double sum = (((s0 + s8) + (s4 + s12)) + ((s2 + s10) + (s6 + s14)))
                + (((s1 + s9) + (s5 + s13)) + ((s3 + s11) + (s7 + s15)));
        for (; i < count; i++) {
            sum += x[at + i];
        }
        return sum;
    }
}
