package org.amacrine.operators.epi;

import java.util.Arrays;
import org.amacrine.core.random.RandomSequence;

/**
 * Batch normalization: {@code y = gamma (x - mean) / sqrt(var + 1e-3) + beta} for each element. While a flow is fitted, mean and
 * variance are those of the batch, and gradients go through them; at all other times, and on the way back, they are moving
 * averages. Log determinant {@code sum log|gamma| - log(var + 1e-3) / 2}.
 */
final class BatchNorm implements Bijector {
    private static final double EPSILON = 1e-3;

    private final String name;
    private final int dims;
    private final double momentum;
    private final int gammaAt;
    private final int betaAt;
    private final int meanAt;
    private final int varAt;

    BatchNorm(FlowLayout layout, String name, int dims, double momentum) {
        this.name = name;
        this.dims = dims;
        this.momentum = momentum;
        gammaAt = layout.add(name + ".gamma", true, dims);
        betaAt = layout.add(name + ".beta", true, dims);
        meanAt = layout.add(name + ".moving_mean", false, dims);
        varAt = layout.add(name + ".moving_var", false, dims);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void initialise(double[] theta, RandomSequence random) {
        Arrays.fill(theta, gammaAt, gammaAt + dims, 1);
        Arrays.fill(theta, varAt, varAt + dims, 1);
    }

    @Override
    public Step step(Pass pass, double[] x) {
        return new NormStep(pass, x);
    }

    /** The work on one batch, which knows the statistics of the batch. */
    final class NormStep extends Step {
        private final double[] mean = new double[dims];
        private final double[] var = new double[dims];

        NormStep(Pass pass, double[] x) {
            super(pass, dims, x);
        }

        /** Statistics of the last batch, or those that stood for them: the mean of each element. */
        double[] mean() {
            return mean;
        }

        /** The variance of each element, of the population. */
        double[] var() {
            return var;
        }

        @Override
        void forward() {
            double logDet = 0;
            for (int d = 0; d < dims; d++) {
                if (pass.batchStatistics) {
                    measure(d);
                } else {
                    mean[d] = pass.theta[meanAt + d];
                    var[d] = pass.theta[varAt + d];
                }
                double gamma = pass.theta[gammaAt + d];
                logDet += Math.log(Math.abs(gamma)) - 0.5 * Math.log(var[d] + EPSILON);
                double scale = gamma / Math.sqrt(var[d] + EPSILON);
                for (int s = 0; s < pass.slices; s++) {
                    int at = at(s, d);
                    for (int j = at; j < at + pass.width(s); j++) {
                        y[j] = scale * (x[j] - mean[d]) + pass.theta[betaAt + d];
                    }
                }
            }
            for (int j = 0; j < pass.samples; j++) {
                pass.logDet[j] += logDet;
            }
        }

        private int at(int slice, int d) {
            return dims * pass.start(slice) + d * pass.width(slice);
        }

        private void measure(int d) {
            double sum = 0;
            for (int s = 0; s < pass.slices; s++) {
                int at = at(s, d);
                for (int j = at; j < at + pass.width(s); j++) {
                    sum += x[j];
                }
            }
            mean[d] = sum / pass.samples;
            double squares = 0;
            for (int s = 0; s < pass.slices; s++) {
                int at = at(s, d);
                for (int j = at; j < at + pass.width(s); j++) {
                    squares += (x[j] - mean[d]) * (x[j] - mean[d]);
                }
            }
            var[d] = squares / pass.samples;
        }

        @Override
        void reverse(double[] gradient) {
            for (int d = 0; d < dims; d++) {
                reverse(d, gradient);
            }
        }

        private void reverse(int d, double[] gradient) {
            double inverse = 1 / Math.sqrt(var[d] + EPSILON);
            double sum = 0;
            double sumNormal = 0;
            for (int s = 0; s < pass.slices; s++) {
                int at = at(s, d);
                for (int j = at; j < at + pass.width(s); j++) {
                    sum += gradient[j];
                    sumNormal += gradient[j] * (x[j] - mean[d]) * inverse;
                }
            }
            double gamma = pass.theta[gammaAt + d];
            pass.gradient[betaAt + d] += sum;
            pass.gradient[gammaAt + d] += sumNormal + pass.samples * pass.logDetGradient / gamma;
            double common = pass.batchStatistics ? gamma * sum / pass.samples : 0;
            double along = pass.batchStatistics ? gamma * sumNormal / pass.samples + pass.logDetGradient : 0;
            for (int s = 0; s < pass.slices; s++) {
                int at = at(s, d);
                for (int j = at; j < at + pass.width(s); j++) {
                    double normal = (x[j] - mean[d]) * inverse;
                    gradient[j] = inverse * (gamma * gradient[j] - common - normal * along);
                }
            }
        }

        /** Moves the averages in theta towards the statistics of the last batch. */
        void updateAverages(double[] theta) {
            for (int d = 0; d < dims; d++) {
                theta[meanAt + d] = momentum * theta[meanAt + d] + (1 - momentum) * mean[d];
                theta[varAt + d] = momentum * theta[varAt + d] + (1 - momentum) * var[d];
            }
        }
    }

    @Override
    public void invert(Inversion inversion, double[] x, double[] logDet) {
        Jets jets = inversion.jets();
        double[] theta = inversion.theta();
        for (int d = 0; d < dims; d++) {
            int at = d * jets.size();
            double scale = Math.sqrt(theta[varAt + d] + EPSILON) / theta[gammaAt + d];
            jets.shift(x, at, -theta[betaAt + d]);
            jets.scale(scale, x, at);
            jets.shift(x, at, theta[meanAt + d]);
            jets.shift(logDet, 0, Math.log(Math.abs(scale)));
        }
    }
}
