package org.amacrine.operators.latent;

import java.util.function.DoubleSupplier;

/**
 * A tensor module whose parameters wander while it is fitted: noise on gradients makes them explore, bounds keep them in a
 * range. A step of a fit does, in this order:
 *
 * <pre>
 *   zero gradients ─▶ forward ─▶ loss ─▶ adjoint ─▶ perturbGradients ─▶ optimiser ─▶ bound
 * </pre>
 */
public interface WanderingModule extends TensorModule {

    /** Moves parameters into their bounds. */
    void bound();

    /**
     * Changes the gradients as they are now.
     *
     * @param normals standard normal numbers
     * @throws IllegalStateException when there are no gradients to change
     */
    void perturbGradients(DoubleSupplier normals);

    /**
     * How gradients are perturbed. The noise's size hardly matters under Adam, which divides by it: steps by noise alone are
     * about as long as the learning rate.
     *
     * @param centreStd standard deviation of the noise on gradients of centres; 0 for none
     * @param widthStd standard deviation of the noise on gradients of widths; 0 for none
     * @param magnitudeGain of {@code grad_m -= gain m}; above 0 it pushes magnitudes away from 0
     */
    record Perturbation(double centreStd, double widthStd, double magnitudeGain) {
        /** Leaves gradients as they are. */
        public static final Perturbation NONE = new Perturbation(0, 0, 0);

        /** Checks that all are finite. */
        public Perturbation {
            Initial.finite("c_grad_std", centreStd);
            Initial.finite("w_grad_std", widthStd);
            Initial.finite("m_grad_gain", magnitudeGain);
        }
    }
}
