package org.amacrine.operators.epi;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

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

    /** The result of a fit that was never run. */
    static EpiResult result(Distribution last, int bestEpoch, List<EpiEpoch> epochs, List<double[]> thetas) {
        int dims = last.dims();
        double[] ones = new double[dims];
        Arrays.fill(ones, 1);
        EpiPlan plan = new EpiPlan(
                "model",
                "property",
                Gaussian.diagonal(new double[dims], ones),
                new double[epochs.isEmpty() ? 1 : epochs.get(0).violation().length],
                LagrangianSettings.standard(),
                50,
                Map.of("log_rate", 50));
        EpiTiming timing = new EpiTiming(0, new double[epochs.size()], 0);
        return new EpiResult(plan, last, bestEpoch, List.of(), List.of(), epochs, thetas, List.of(), timing, null, 0);
    }
}
