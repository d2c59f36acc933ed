package org.amacrine.operators.epi;

import java.util.List;

/** Models and flows for tests. */
final class Fits {
    private Fits() {}

    /** The linear system with statistics in the order of means, then squares. */
    static EpiModel linearModel() {
        LinearSystem property = LinearSystem.eigenvalue();
        List<BoundedParameter> parameters = List.of(
                new BoundedParameter("a11", -10, 10),
                new BoundedParameter("a12", -10, 10),
                new BoundedParameter("a21", -10, 10),
                new BoundedParameter("a22", -10, 10));
        return new EpiModel("lds_2D", parameters, property.name(), property);
    }

    /** Its wished means. */
    static double[] linearMu() {
        double deviation = 0.2 * Math.PI;
        return new double[] {0, 2 * Math.PI, 0.25, deviation * deviation};
    }

    /** A small flow for it. */
    static NormalizingFlow.Builder linearFlow() {
        EpiModel model = linearModel();
        return NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 4).bounds(model.lower(), model.upper());
    }
}
