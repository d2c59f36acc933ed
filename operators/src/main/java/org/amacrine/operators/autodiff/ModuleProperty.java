package org.amacrine.operators.autodiff;

import org.amacrine.core.random.RandomSequence;
import org.amacrine.operators.epi.EmergentProperty;
import org.amacrine.operators.latent.TensorModule;

/**
 * An emergent property whose simulation is a module: a function in ND4J's {@code SameDiff} ({@link SameDiffModule}), or of a row
 * with its adjoint by hand ({@link FunctionModule}). A row of the module's input is a parameter vector, followed by standard normal
 * numbers if it asks for noise; a row of its output is the statistics. For example the length of a vector that noise is added to:
 *
 * <pre>
 *   EmergentProperty property = new ModuleProperty(
 *       new SameDiffModule(Map.of(), (graph, x, p) -&gt; {
 *           SDVariable z = x.get(SDIndex.all(), SDIndex.interval(0, 2));
 *           SDVariable noise = x.get(SDIndex.all(), SDIndex.interval(2, 4));
 *           return z.add(noise.mul(0.1)).norm2(true, 1);
 *       }), 2, 2);
 * </pre>
 *
 * Noise is the same for a simulation and its adjoint, and another one in each batch. Owned by one thread.
 */
public final class ModuleProperty implements EmergentProperty {
    private final TensorModule module;
    private final int dims;
    private final int noises;
    private final int width;
    private final int statistics;
    private final RandomSequence random = new RandomSequence();
    private TensorModule.Pass pass;
    private double[] x = {};
    private double[] xGradient = {};
    private double[] y = {};
    private double[] yGradient = {};

    /**
     * A property of a module.
     *
     * @param dims number of parameters, D
     * @param noises how many standard normal numbers follow them in each row; 0 for none
     */
    public ModuleProperty(TensorModule module, int dims, int noises) {
        if (dims < 1 || noises < 0) {
            throw new IllegalArgumentException(
                    "a module simulates 1 or more parameters with 0 or more random numbers but was" + " given " + dims
                            + " and " + noises);
        }
        this.module = module;
        this.dims = dims;
        this.noises = noises;
        width = dims + noises;
        statistics = module.pass(width, 1).outWidth();
    }

    @Override
    public int dims() {
        return dims;
    }

    @Override
    public int statistics() {
        return statistics;
    }

    @Override
    public void simulate(double[] z, int samples, long noiseKey, double[] t) {
        if (x.length < samples * width) {
            pass = module.pass(width, samples);
            x = new double[samples * width];
            xGradient = new double[samples * width];
            y = new double[samples * statistics];
            yGradient = new double[samples * statistics];
        }
        for (int n = 0; n < samples; n++) {
            for (int d = 0; d < dims; d++) {
                x[n * width + d] = z[d * samples + n];
            }
            random.start(noiseKey, n);
            for (int i = dims; i < width; i++) {
                x[n * width + i] = random.normal();
            }
        }
        pass.forward(x, samples, y);
        for (int i = 0; i < statistics; i++) {
            for (int n = 0; n < samples; n++) {
                t[i * samples + n] = y[n * statistics + i];
            }
        }
    }

    @Override
    public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
        for (int i = 0; i < statistics; i++) {
            for (int n = 0; n < samples; n++) {
                yGradient[n * statistics + i] = tGradient[i * samples + n];
            }
        }
        pass.adjoint(yGradient, xGradient);
        for (int n = 0; n < samples; n++) {
            for (int d = 0; d < dims; d++) {
                zGradient[d * samples + n] = xGradient[n * width + d];
            }
        }
    }
}
