package org.amacrine.operators.latent;

import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Fits a wandering module with one output to values of a function, step by step: the least squares
 * {@code sum (y - f(x))² / rows} by Adam, with gradients perturbed before and parameters bounded after each step. Owned by one
 * thread; allocates nothing.
 */
public final class WanderingFit {
    private final WanderingModule module;
    private final TensorModule.Pass pass;
    private final Tensor[] parameters;
    private final Adam adam;
    private final double rate;
    private final DoubleSupplier normals;
    private final double[] f;
    private final double[] df;
    private final double[] dx;

    /**
     * A fit.
     *
     * @param width columns of x
     * @param maxRows the most rows of a step
     * @param rate learning rate, such as 0.01
     * @param normals standard normal numbers, for the perturbation of gradients
     * @throws IllegalArgumentException when the module has more than one output
     */
    public WanderingFit(
            WanderingModule module,
            int width,
            int maxRows,
            double rate,
            Adam.Settings settings,
            DoubleSupplier normals) {
        LearningRates.constant(rate);
        this.module = Given.require(module, "module");
        this.rate = rate;
        this.normals = Given.require(normals, "normals");
        pass = module.pass(width, maxRows);
        if (pass.outWidth() != 1) {
            throw new IllegalArgumentException(
                    "a module with one output can be fitted like this but this one has " + pass.outWidth());
        }
        parameters = module.parameters().values().toArray(Tensor[]::new);
        adam = new Adam(List.of(parameters), settings);
        f = new double[maxRows];
        df = new double[maxRows];
        dx = new double[maxRows * width];
    }

    /**
     * One step; returns the loss before it.
     *
     * @param x [rows][width]
     * @param y [rows]
     * @throws IllegalStateException when the loss is not finite; the parameters are those before the step
     */
    public double step(double[] x, double[] y, int rows) {
        for (Tensor parameter : parameters) {
            parameter.zeroGradient();
        }
        pass.forward(x, rows, f);
        double loss = 0;
        for (int n = 0; n < rows; n++) {
            double residual = y[n] - f[n];
            loss += residual * residual / rows;
            df[n] = -2 * residual / rows;
        }
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("the loss is " + loss
                    + "; leave out rows that are not finite, or take a lower" + " learning rate than " + rate);
        }
        pass.adjoint(df, dx);
        module.perturbGradients(normals);
        adam.step(rate);
        module.bound();
        return loss;
    }
}
