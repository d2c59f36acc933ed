package org.amacrine.operators.epi;

/** {@code y = e^s x + shift}; its fields are shift and s. */
final class AffineMap implements ElementMap, ElementMap.Work {
    private static final int[] FIELDS = {1, 1};

    @Override
    public int[] fields() {
        return FIELDS.clone();
    }

    @Override
    public Work work() {
        return this;
    }

    /** Leaves e^s in the place of s. */
    @Override
    public void forward(
            double[] x, double[] y, int at, double[] p, int pAt, int[] rows, int width, double[] logDet, int logDetAt) {
        int shift = pAt + rows[0] * width;
        int scale = pAt + rows[1] * width;
        for (int j = 0; j < width; j++) {
            logDet[logDetAt + j] += p[scale + j];
            p[scale + j] = Numbers.exp(p[scale + j]);
            y[at + j] = Math.fma(p[scale + j], x[at + j], p[shift + j]);
        }
    }

    @Override
    public void reverse(
            double[] x,
            double[] y,
            int at,
            double[] p,
            int pAt,
            int[] rows,
            int width,
            double logDetGradient,
            double[] gradient,
            int gradientAt,
            double[] pGradient,
            int pGradientAt) {
        int scale = pAt + rows[1] * width;
        int shiftGradient = pGradientAt + rows[0] * width;
        int scaleGradient = pGradientAt + rows[1] * width;
        for (int j = 0; j < width; j++) {
            double g = gradient[gradientAt + j];
            gradient[gradientAt + j] = g * p[scale + j];
            pGradient[shiftGradient + j] = g;
            pGradient[scaleGradient + j] = Math.fma(g * p[scale + j], x[at + j], logDetGradient);
        }
    }

    @Override
    public void invert(Jets jets, double[] y, int at, double[] p, int[] rows, double[] logDet) {
        int size = jets.size();
        int scale = rows[1] * size;
        jets.add(-1, p, rows[0] * size, y, at);
        jets.add(-1, p, scale, logDet, 0);
        jets.scale(-1, p, scale);
        jets.exp(p, scale);
        jets.multiply(y, at, p, scale, y, at);
    }
}
