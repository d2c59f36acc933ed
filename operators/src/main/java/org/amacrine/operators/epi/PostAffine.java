package org.amacrine.operators.epi;

import java.util.Arrays;
import org.amacrine.core.random.RandomSequence;

/** {@code y = a x + b} for each element; a may change its sign. Log determinant {@code sum log|a|}. */
final class PostAffine implements Bijector {
    private final int dims;
    private final int aAt;
    private final int bAt;

    PostAffine(FlowLayout layout, int dims) {
        this.dims = dims;
        aAt = layout.add("post.a", true, dims);
        bAt = layout.add("post.b", true, dims);
    }

    @Override
    public String name() {
        return "post";
    }

    @Override
    public void initialise(double[] theta, RandomSequence random) {
        Arrays.fill(theta, aAt, aAt + dims, 1);
    }

    @Override
    public Step step(Pass pass, double[] x) {
        return new Step(pass, dims, x) {
            @Override
            void forward() {
                double sum = 0;
                for (int d = 0; d < dims; d++) {
                    double a = pass.theta[aAt + d];
                    sum += Math.log(Math.abs(a));
                    for (int s = 0; s < pass.slices; s++) {
                        int at = dims * pass.start(s) + d * pass.width(s);
                        for (int j = at; j < at + pass.width(s); j++) {
                            y[j] = a * this.x[j] + pass.theta[bAt + d];
                        }
                    }
                }
                for (int j = 0; j < pass.samples; j++) {
                    pass.logDet[j] += sum;
                }
            }

            @Override
            void reverse(double[] gradient) {
                for (int d = 0; d < dims; d++) {
                    double a = pass.theta[aAt + d];
                    double aGradient = pass.samples * pass.logDetGradient / a;
                    double bGradient = 0;
                    for (int s = 0; s < pass.slices; s++) {
                        int at = dims * pass.start(s) + d * pass.width(s);
                        for (int j = at; j < at + pass.width(s); j++) {
                            aGradient += gradient[j] * this.x[j];
                            bGradient += gradient[j];
                            gradient[j] *= a;
                        }
                    }
                    pass.gradient[aAt + d] += aGradient;
                    pass.gradient[bAt + d] += bGradient;
                }
            }
        };
    }

    @Override
    public void invert(Inversion inversion, double[] x, double[] logDet) {
        Jets jets = inversion.jets();
        for (int d = 0; d < dims; d++) {
            double a = inversion.theta()[aAt + d];
            jets.shift(x, d * jets.size(), -inversion.theta()[bAt + d]);
            jets.scale(1 / a, x, d * jets.size());
            jets.shift(logDet, 0, -Math.log(Math.abs(a)));
        }
    }
}
