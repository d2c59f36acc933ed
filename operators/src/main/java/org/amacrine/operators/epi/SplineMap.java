package org.amacrine.operators.epi;

import java.util.Arrays;

/**
 * A monotone spline of rational quadratic pieces within (-4, 4), the identity outside (Durkan et al., Neural spline flows,
 * NeurIPS 2019). Its fields are the logits of the widths, of the heights, and of the slopes at the inner knots. With
 * {@code S = h / w}, slopes a and b at the ends of a bin, {@code r} in [0, 1] the place within it:
 *
 * <pre>
 *   y = y_k + h (S r² + a r (1 - r)) / den        den = S + (a + b - 2 S) r (1 - r)
 *   dy/dx = S² (b r² + 2 S r (1 - r) + a (1 - r)²) / den²
 * </pre>
 */
final class SplineMap implements ElementMap {
    private static final double BOUND = 4;
    private static final double LEAST = 0.01;

    private final int bins;

    SplineMap(int bins) {
        this.bins = bins;
    }

    @Override
    public int[] fields() {
        return new int[] {bins, bins, bins - 1};
    }

    /** What the softmax leaves to share out, beyond the least width of each bin. */
    private double shared() {
        return 2 * BOUND - bins * LEAST;
    }

    @Override
    public Work work() {
        return new SplineWork();
    }

    private final class SplineWork implements Work {
        private final double[] widthShares = new double[bins];
        private final double[] heightShares = new double[bins];

        // The bin of the element at hand.
        private int bin;
        private double w;
        private double h;
        private double left;
        private double bottom;
        private double a;
        private double b;
        private double r;
        private double s;
        private double q;
        private double den;
        private double num;
        private double m;

        /** The softmax of a run of rows, of one sample. */
        private void shares(double[] p, int at, int stride, double[] shares) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < bins; i++) {
                largest = Math.max(largest, p[at + i * stride]);
            }
            double sum = 0;
            for (int i = 0; i < bins; i++) {
                shares[i] = Numbers.exp(p[at + i * stride] - largest);
                sum += shares[i];
            }
            for (int i = 0; i < bins; i++) {
                shares[i] /= sum;
            }
        }

        /** Finds the bin of x and computes what depends on it. */
        private void locate(double x, double[] p, int at, int[] rows, int stride) {
            shares(p, at + rows[0] * stride, stride, widthShares);
            shares(p, at + rows[1] * stride, stride, heightShares);
            bin = 0;
            left = -BOUND;
            bottom = -BOUND;
            w = LEAST + shared() * widthShares[0];
            h = LEAST + shared() * heightShares[0];
            while (bin < bins - 1 && x >= left + w) {
                left += w;
                bottom += h;
                bin++;
                w = LEAST + shared() * widthShares[bin];
                h = LEAST + shared() * heightShares[bin];
            }
            int slopes = at + rows[2] * stride;
            a = bin == 0 ? 1 : LEAST + Numbers.softplus(p[slopes + (bin - 1) * stride]);
            b = bin == bins - 1 ? 1 : LEAST + Numbers.softplus(p[slopes + bin * stride]);
            r = (x - left) / w;
            s = h / w;
            q = r * (1 - r);
            den = s + (a + b - 2 * s) * q;
            num = s * r * r + a * q;
            m = b * r * r + 2 * s * q + a * (1 - r) * (1 - r);
        }

        @Override
        public void forward(
                double[] x,
                double[] y,
                int at,
                double[] p,
                int pAt,
                int[] rows,
                int width,
                double[] logDet,
                int logDetAt) {
            for (int j = 0; j < width; j++) {
                double value = x[at + j];
                if (Math.abs(value) < BOUND) {
                    locate(value, p, pAt + j, rows, width);
                    y[at + j] = bottom + h * num / den;
                    logDet[logDetAt + j] += Math.log(s * s * m / (den * den));
                } else {
                    y[at + j] = value;
                }
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
            for (int j = 0; j < width; j++) {
                for (int f = 0; f < rows.length; f++) {
                    int count = f < 2 ? bins : bins - 1;
                    for (int i = 0; i < count; i++) {
                        pGradient[pGradientAt + (rows[f] + i) * width + j] = 0;
                    }
                }
                if (Math.abs(x[at + j]) < BOUND) {
                    locate(x[at + j], p, pAt + j, rows, width);
                    gradient[gradientAt + j] = pull(
                            gradient[gradientAt + j],
                            logDetGradient,
                            p,
                            pAt + j,
                            rows,
                            width,
                            pGradient,
                            pGradientAt + j);
                }
            }
        }

        /** The adjoint of one element: returns the gradient for x; names ending in G are gradients. */
        private double pull(
                double yG, double logG, double[] p, int pAt, int[] rows, int stride, double[] pG, int pGAt) {
            double numG = yG * h / den;
            double denG = -yG * h * num / (den * den) - 2 * logG / den;
            double hG = yG * num / den;
            double mG = logG / m;
            double slopesG = denG * q;
            double sG = 2 * logG / s + 2 * mG * q + numG * r * r + denG - 2 * slopesG;
            double qG = 2 * s * mG + numG * a + denG * (a + b - 2 * s);
            double aG = mG * (1 - r) * (1 - r) + numG * q + slopesG;
            double bG = mG * r * r + slopesG;
            double rG = mG * 2 * (b * r - a * (1 - r)) + 2 * s * r * numG + qG * (1 - 2 * r);
            hG += sG / w;
            double wG = -(sG * s + rG * r) / w;
            double xG = rG / w;

            pullShares(widthShares, -xG, wG, pG, pGAt + rows[0] * stride, stride);
            pullShares(heightShares, yG, hG, pG, pGAt + rows[1] * stride, stride);
            int slopes = rows[2] * stride;
            if (bin > 0) {
                int at = slopes + (bin - 1) * stride;
                pG[pGAt + at] = aG * Numbers.sigmoid(p[pAt + at]);
            }
            if (bin < bins - 1) {
                int at = slopes + bin * stride;
                pG[pGAt + at] = bG * Numbers.sigmoid(p[pAt + at]);
            }
            return xG;
        }

        /** Through sizes of bins to the logits: those before the bin move its beginning. */
        private void pullShares(double[] shares, double beginG, double sizeG, double[] pG, int at, int stride) {
            double mean = shares[bin] * sizeG;
            for (int i = 0; i < bin; i++) {
                mean += shares[i] * beginG;
            }
            for (int i = 0; i < bins; i++) {
                double own = i < bin ? beginG : i == bin ? sizeG : 0;
                pG[at + i * stride] = shared() * shares[i] * (own - mean);
            }
        }
    }

    @Override
    public void invert(Jets jets, double[] y, int at, double[] p, int[] rows, double[] logDet) {
        Jets one = jets.single();
        int size = one.size();
        int[] fields = fields();
        double[] value = new double[size];
        double[] log = new double[size];
        double[][] logits = new double[fields.length][];
        for (int point = 0; point < jets.points(); point++) {
            if (!(Math.abs(y[at + point]) < BOUND)) {
                continue;
            }
            jets.extract(y, at, point, value, 0);
            jets.extract(logDet, 0, point, log, 0);
            for (int f = 0; f < fields.length; f++) {
                logits[f] = new double[fields[f] * size];
                for (int i = 0; i < fields[f]; i++) {
                    jets.extract(p, (rows[f] + i) * jets.size(), point, logits[f], i * size);
                }
            }
            invertOne(one, value, logits[0], logits[1], logits[2], log);
            jets.insert(value, 0, y, at, point);
            jets.insert(log, 0, logDet, 0, point);
        }
    }

    /** Replaces logits by widths or heights. */
    private void sizes(Jets one, double[] logits) {
        int size = one.size();
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < bins; i++) {
            largest = Math.max(largest, logits[i * size]);
        }
        double[] sum = new double[size];
        for (int i = 0; i < bins; i++) {
            one.shift(logits, i * size, -largest);
            one.exp(logits, i * size);
            one.add(1, logits, i * size, sum, 0);
        }
        one.reciprocal(sum, 0);
        one.scale(shared(), sum, 0);
        for (int i = 0; i < bins; i++) {
            one.multiply(logits, i * size, sum, 0, logits, i * size);
            one.shift(logits, i * size, LEAST);
        }
    }

    private double[] slope(Jets one, double[] logits, int knot) {
        double[] slope = new double[one.size()];
        if (knot == 0 || knot == bins) {
            slope[0] = 1;
        } else {
            System.arraycopy(logits, (knot - 1) * one.size(), slope, 0, one.size());
            one.apply(slope, 0, Numbers::softplus, Numbers::sigmoid, v -> Numbers.sigmoid(v) * Numbers.sigmoid(-v));
            one.shift(slope, 0, LEAST);
        }
        return slope;
    }

    /** {@code x = x_k + w r} with {@code A r² + B r + C = 0}, in jets of one point. */
    private void invertOne(Jets one, double[] y, double[] widths, double[] heights, double[] slopes, double[] logDet) {
        int size = one.size();
        sizes(one, widths);
        sizes(one, heights);
        double[] left = new double[size];
        double[] e = y.clone();
        left[0] = -BOUND;
        e[0] += BOUND;
        int bin = 0;
        while (bin < bins - 1 && e[0] >= heights[bin * size]) {
            one.add(-1, heights, bin * size, e, 0);
            one.add(1, widths, bin * size, left, 0);
            bin++;
        }
        double[] w = Arrays.copyOfRange(widths, bin * size, (bin + 1) * size);
        double[] h = Arrays.copyOfRange(heights, bin * size, (bin + 1) * size);
        double[] a = slope(one, slopes, bin);
        double[] b = slope(one, slopes, bin + 1);

        double[] s = w.clone();
        one.reciprocal(s, 0);
        one.multiply(h, 0, s, 0, s, 0);
        double[] bend = a.clone();
        one.add(1, b, 0, bend, 0);
        one.add(-2, s, 0, bend, 0);

        double[] eBend = new double[size];
        one.multiply(e, 0, bend, 0, eBend, 0);
        double[] quadratic = s.clone();
        one.add(-1, a, 0, quadratic, 0);
        one.multiply(quadratic, 0, h, 0, quadratic, 0);
        one.add(1, eBend, 0, quadratic, 0);
        double[] linear = new double[size];
        one.multiply(h, 0, a, 0, linear, 0);
        one.add(-1, eBend, 0, linear, 0);
        double[] constant = new double[size];
        one.multiply(s, 0, e, 0, constant, 0);
        one.scale(-1, constant, 0);

        double[] root = new double[size];
        double[] product = new double[size];
        one.multiply(linear, 0, linear, 0, root, 0);
        one.multiply(quadratic, 0, constant, 0, product, 0);
        one.add(-4, product, 0, root, 0);
        one.sqrt(root, 0);
        one.add(1, linear, 0, root, 0);
        one.reciprocal(root, 0);
        double[] r = constant;
        one.multiply(r, 0, root, 0, r, 0);
        one.scale(-2, r, 0);

        subtractLogSlope(one, s, a, b, bend, r, logDet);
        one.multiply(w, 0, r, 0, y, 0);
        one.add(1, left, 0, y, 0);
    }

    private void subtractLogSlope(
            Jets one, double[] s, double[] a, double[] b, double[] bend, double[] r, double[] logDet) {
        int size = one.size();
        double[] rest = r.clone();
        one.scale(-1, rest, 0);
        one.shift(rest, 0, 1);
        double[] q = new double[size];
        one.multiply(r, 0, rest, 0, q, 0);
        double[] den = new double[size];
        one.multiply(bend, 0, q, 0, den, 0);
        one.add(1, s, 0, den, 0);

        double[] m = new double[size];
        double[] term = new double[size];
        one.multiply(b, 0, r, 0, m, 0);
        one.multiply(m, 0, r, 0, m, 0);
        one.multiply(s, 0, q, 0, term, 0);
        one.add(2, term, 0, m, 0);
        one.multiply(a, 0, rest, 0, term, 0);
        one.multiply(term, 0, rest, 0, term, 0);
        one.add(1, term, 0, m, 0);

        one.log(m, 0);
        one.add(-1, m, 0, logDet, 0);
        double[] logS = s.clone();
        one.log(logS, 0);
        one.add(-2, logS, 0, logDet, 0);
        one.log(den, 0);
        one.add(2, den, 0, logDet, 0);
    }
}
