package org.amacrine.operators.epi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a fit was asked for: all that decides its numbers beside its flow. Saved runs tell it. Immutable.
 *
 * @param model name of the model
 * @param property name of the emergent property
 * @param initial what the flow was brought to before the first epoch
 * @param mu wished means of the statistics
 * @param lagrangian settings of the augmented Lagrangian
 * @param logRate training steps between two rows of the table
 * @param options all other settings by their names, numbers and flags
 */
public record EpiPlan(
        String model,
        String property,
        Gaussian initial,
        double[] mu,
        LagrangianSettings lagrangian,
        int logRate,
        Map<String, Object> options) {

    /** Keeps copies. */
    public EpiPlan {
        mu = mu.clone();
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** Wished means of the statistics, a copy. */
    @Override
    public double[] mu() {
        return mu.clone();
    }
}
