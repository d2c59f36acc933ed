package org.amacrine.operators.latent;

import java.util.List;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;

/** The workspace of a model for up to so many rows, from inputs to means. Owned by one thread; calls allocate nothing. */
final class ModelPass {
    private final Kernels kernels;
    private final int maxRows;
    private final int[] dIn;
    private final int[] dProj;
    private final GroupMap.Pass m;
    private final CallParameters parameters;
    private final double[][] proj;
    private final double[][] tran;
    private final OutputPass[] outputs;
    private final double[][] mean;

    ModelPass(LatentRegressionModel model, GroupMap map, List<TensorModule> modules, int maxRows, Kernels kernels) {
        this.kernels = kernels;
        this.maxRows = maxRows;
        dIn = model.dIn();
        dProj = model.dProj();
        m = map.pass(dProj, maxRows);
        parameters = new CallParameters(model, Bands.ALONE);
        proj = Matrices.ofWidths(dProj, maxRows);
        tran = Matrices.ofWidths(model.dTrans(), maxRows);
        outputs = new OutputPass[modules.size()];
        mean = new double[outputs.length][];
        for (int h = 0; h < outputs.length; h++) {
            outputs[h] = new OutputPass(model, h, modules.get(h), parameters, maxRows, kernels);
            mean[h] = outputs[h].mean;
        }
    }

    int maxRows() {
        return maxRows;
    }

    /** Takes the parameters for the next calls. */
    void use(Overrides overrides) {
        parameters.use(overrides);
    }

    /** Takes the modes p alone: enough for projections. */
    void useModes(Overrides overrides) {
        parameters.useModes(overrides);
    }

    void project(double[][] x, int rows) {
        for (int g = 0; g < dIn.length; g++) {
            kernels.multiplyTransposed(x[g], 0, parameters.p[g], proj[g], 0, rows, dIn[g], dProj[g]);
        }
    }

    /** Projections of the last call, [rows][d_proj]. */
    double[][] projections() {
        return proj;
    }

    /** Means of the last call, [rows][d_out]. */
    double[][] mean() {
        return mean;
    }

    void forward(double[][] x, int rows) {
        project(x, rows);
        m.forward(proj, rows, tran);
        for (int h = 0; h < outputs.length; h++) {
            outputs[h].forward(tran[h], 0, x, 0, rows);
        }
    }
}
