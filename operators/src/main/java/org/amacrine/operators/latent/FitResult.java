package org.amacrine.operators.latent;

import java.util.Map;
import org.amacrine.core.io.NdArray;

/**
 * What came of a fit.
 *
 * @param objective of each iteration that was done: mean negative log-likelihood of a row of its batch, with the penalties, at the
 *     parameters before its step
 * @param elapsedSeconds from the start to the end of each iteration
 * @param weights parameters after the last iteration, by the names of {@link LatentRegressionModel#stateDict}
 */
public record FitResult(double[] objective, double[] elapsedSeconds, Map<String, NdArray> weights) {}
