package org.amacrine.operators.epi;

import org.amacrine.core.random.RandomSequence;

/**
 * A trainable linear map by its LU factors (Kingma and Dhariwal, Glow, NeurIPS 2018): {@code y[p[j]] = (L U x)[j]}, with a
 * fixed permutation p, a unit lower triangle L and an upper triangle U in one matrix. Log determinant {@code sum log|U_ii|}.
 */
final class LinearMix implements Bijector {
    private final String name;
    private final int dims;
    private final int at;
    private int[] permutation;

    LinearMix(FlowLayout layout, String name, int dims) {
        this.name = name;
        this.dims = dims;
        at = layout.add(name + ".LU", true, dims, dims);
    }

    @Override
    public String name() {
        return name;
    }

    int[] permutation() {
        return permutation.clone();
    }

    void permutation(int[] rows) {
        permutation = rows;
    }

    /** The Q of the QR of a matrix of uniform numbers, LU-factored with pivoting. */
    @Override
    public void initialise(double[] theta, RandomSequence random) {
        double[] q = new double[dims * dims];
        for (int i = 0; i < q.length; i++) {
            q[i] = random.uniform();
        }
        orthogonalise(q);
        permutation = factor(q);
        System.arraycopy(q, 0, theta, at, q.length);
    }

    /** Makes the columns orthonormal, one after the other, twice for rounding's sake. */
    private void orthogonalise(double[] q) {
        for (int c = 0; c < dims; c++) {
            for (int round = 0; round < 2; round++) {
                for (int other = 0; other < c; other++) {
                    double dot = 0;
                    for (int r = 0; r < dims; r++) {
                        dot += q[r * dims + c] * q[r * dims + other];
                    }
                    for (int r = 0; r < dims; r++) {
                        q[r * dims + c] -= dot * q[r * dims + other];
                    }
                }
                double square = 0;
                for (int r = 0; r < dims; r++) {
                    square += q[r * dims + c] * q[r * dims + c];
                }
                for (int r = 0; r < dims; r++) {
                    q[r * dims + c] /= Math.sqrt(square);
                }
            }
        }
    }

    /** LU factors in place; returns the row of the matrix that each row of the factors stands for. */
    private int[] factor(double[] lu) {
        int[] rowOf = new int[dims];
        for (int i = 0; i < dims; i++) {
            rowOf[i] = i;
        }
        for (int c = 0; c < dims; c++) {
            int pivot = c;
            for (int r = c + 1; r < dims; r++) {
                if (Math.abs(lu[r * dims + c]) > Math.abs(lu[pivot * dims + c])) {
                    pivot = r;
                }
            }
            for (int k = 0; k < dims; k++) {
                double swap = lu[c * dims + k];
                lu[c * dims + k] = lu[pivot * dims + k];
                lu[pivot * dims + k] = swap;
            }
            int swap = rowOf[c];
            rowOf[c] = rowOf[pivot];
            rowOf[pivot] = swap;
            for (int r = c + 1; r < dims; r++) {
                double factor = lu[r * dims + c] / lu[c * dims + c];
                lu[r * dims + c] = factor;
                for (int k = c + 1; k < dims; k++) {
                    lu[r * dims + k] -= factor * lu[c * dims + k];
                }
            }
        }
        return rowOf;
    }

    @Override
    public Step step(Pass pass, double[] x) {
        return new MixStep(pass, x);
    }

    private final class MixStep extends Step {
        /** U x, [dims] rows. */
        private final double[] upper;

        private final double[] rowGradients;

        MixStep(Pass pass, double[] x) {
            super(pass, dims, x);
            upper = new double[dims * pass.samples];
            rowGradients = new double[dims * pass.widest()];
        }

        private double entry(int i, int j) {
            return pass.theta[at + i * dims + j];
        }

        @Override
        void forward() {
            double sum = 0;
            for (int i = 0; i < dims; i++) {
                sum += Math.log(Math.abs(entry(i, i)));
            }
            for (int j = 0; j < pass.samples; j++) {
                pass.logDet[j] += sum;
            }
            for (int s = 0; s < pass.slices; s++) {
                int width = pass.width(s);
                int from = dims * pass.start(s);
                for (int i = 0; i < dims; i++) {
                    clear(upper, from + i * width, width);
                    for (int j = i; j < dims; j++) {
                        addScaled(entry(i, j), x, from + j * width, upper, from + i * width, width);
                    }
                }
                for (int i = 0; i < dims; i++) {
                    int to = from + permutation[i] * width;
                    System.arraycopy(upper, from + i * width, y, to, width);
                    for (int j = 0; j < i; j++) {
                        addScaled(entry(i, j), upper, from + j * width, y, to, width);
                    }
                }
            }
        }

        @Override
        void reverse(double[] gradient) {
            for (int i = 0; i < dims; i++) {
                pass.gradient[at + i * dims + i] += pass.logDetGradient * pass.samples / entry(i, i);
            }
            for (int s = 0; s < pass.slices; s++) {
                int width = pass.width(s);
                int from = dims * pass.start(s);
                for (int i = 0; i < dims; i++) {
                    System.arraycopy(gradient, from + permutation[i] * width, rowGradients, i * width, width);
                }
                for (int i = dims - 1; i >= 0; i--) {
                    for (int j = 0; j < i; j++) {
                        pass.gradient[at + i * dims + j] +=
                                dot(gradient, from + permutation[i] * width, upper, from + j * width, width);
                        addScaled(entry(i, j), gradient, from + permutation[i] * width, rowGradients, j * width, width);
                    }
                }
                clear(gradient, from, dims * width);
                for (int i = 0; i < dims; i++) {
                    for (int j = i; j < dims; j++) {
                        pass.gradient[at + i * dims + j] += dot(rowGradients, i * width, x, from + j * width, width);
                        addScaled(entry(i, j), rowGradients, i * width, gradient, from + j * width, width);
                    }
                }
            }
        }

        private static void clear(double[] x, int from, int count) {
            for (int j = from; j < from + count; j++) {
                x[j] = 0;
            }
        }

        private static void addScaled(double factor, double[] x, int xAt, double[] y, int yAt, int count) {
            for (int j = 0; j < count; j++) {
                y[yAt + j] = Math.fma(factor, x[xAt + j], y[yAt + j]);
            }
        }

        private static double dot(double[] a, int aAt, double[] b, int bAt, int count) {
            double sum = 0;
            for (int j = 0; j < count; j++) {
                sum = Math.fma(a[aAt + j], b[bAt + j], sum);
            }
            return sum;
        }
    }

    @Override
    public void invert(Inversion inversion, double[] x, double[] logDet) {
        Jets jets = inversion.jets();
        double[] theta = inversion.theta();
        int size = jets.size();
        double[] v = new double[x.length];
        for (int i = 0; i < dims; i++) {
            System.arraycopy(x, permutation[i] * size, v, i * size, size);
            for (int j = 0; j < i; j++) {
                jets.add(-theta[at + i * dims + j], v, j * size, v, i * size);
            }
        }
        double sum = 0;
        for (int i = dims - 1; i >= 0; i--) {
            for (int j = i + 1; j < dims; j++) {
                jets.add(-theta[at + i * dims + j], v, j * size, v, i * size);
            }
            jets.scale(1 / theta[at + i * dims + i], v, i * size);
            sum += Math.log(Math.abs(theta[at + i * dims + i]));
        }
        System.arraycopy(v, 0, x, 0, v.length);
        jets.shift(logDet, 0, -sum);
    }
}
