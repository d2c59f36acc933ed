package org.amacrine.operators.epi;

import static org.amacrine.operators.epi.EpiGolden.assertClose;
import static org.amacrine.operators.epi.EpiGolden.assertCloseToLargest;
import static org.amacrine.operators.epi.EpiGolden.doubles;
import static org.amacrine.operators.epi.EpiGolden.number;
import static org.amacrine.operators.epi.EpiGolden.numbers;
import static org.amacrine.operators.epi.EpiGolden.transposed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Flows against stored outputs of an independent program, link by link; gradients of whole objectives. */
class FlowGoldenTest {

    static Stream<String> flows() {
        return EpiGolden.map("flows").keySet().stream().map(String.class::cast);
    }

    static Stream<Integer> gradients() {
        return Stream.iterate(0, i -> i + 1).limit(((List<?>) EpiGolden.entry("al_grad")).size());
    }

    @ParameterizedTest
    @MethodSource("flows")
    void shouldLayOutParametersByName(String name) {
        Map<?, ?> golden = EpiGolden.map("flows", name);
        NormalizingFlow flow = EpiGolden.flow((Map<?, ?>) golden.get("cfg"));

        List<?> expected = (List<?>) golden.get("layout");
        List<FlowLayout.Entry> entries = flow.layout().entries();
        assertEquals(expected.size(), entries.size());
        for (int i = 0; i < expected.size(); i++) {
            List<?> entry = (List<?>) expected.get(i);
            assertEquals(entry.get(0), entries.get(i).name());
            assertArrayEquals(
                    EpiGolden.integers(entry.get(1)),
                    entries.get(i).shape(),
                    entries.get(i).name());
            assertEquals(
                    entry.get(2), entries.get(i).trainable(), entries.get(i).name());
        }
        assertEquals(golden.get("to_string"), flow.toString());
    }

    @ParameterizedTest
    @MethodSource("flows")
    void shouldTransformEveryLinkAndGiveLogDensities(String name) {
        Map<?, ?> golden = EpiGolden.map("flows", name);
        NormalizingFlow flow = EpiGolden.flow((Map<?, ?>) golden.get("cfg"));
        double[] theta = doubles(golden.get("theta"));
        double[] w = doubles(golden.get("w"));
        int samples = w.length / flow.dims();
        FlowBatch batch = flow.batch(samples, ScalarKernels.INSTANCE);
        System.arraycopy(transposed(w, samples, flow.dims()), 0, batch.noise(), 0, w.length);

        batch.forward(theta, false);

        double[] trace = doubles(golden.get("trace_x"));
        List<?> links = (List<?>) golden.get("trace_names");
        for (int i = 0; i < links.size(); i++) {
            assertEquals(links.get(i), flow.bijectors().get(i).name());
            assertClose(
                    name + " " + links.get(i),
                    Arrays.copyOfRange(trace, i * w.length, (i + 1) * w.length),
                    transposed(batch.trace(i), flow.dims(), samples),
                    1e-9);
        }
        assertClose("z", doubles(golden.get("z")), transposed(batch.z(), flow.dims(), samples), 1e-9);
        assertClose("log det", doubles(golden.get("ldj")), batch.logDet(), 1e-9);
        assertClose("log q", doubles(golden.get("log_q")), batch.logDensity(), 1e-9);
    }

    /** A whole batch as one share, link by link. */
    private static List<Bijector.Step> steps(
            NormalizingFlow flow, Pass pass, Map<Mlp, Mlp.Weights> weights, double[] w) {
        double[] x = new double[w.length];
        pass.spread(transposed(w, pass.samples, flow.dims()), 0, pass.samples, flow.dims(), x);
        List<Bijector.Step> steps = new ArrayList<>();
        for (Bijector bijector : flow.bijectors()) {
            Bijector.Step step = bijector.step(pass, x);
            steps.add(step);
            x = step.y;
        }
        weights.values().forEach(each -> each.take(pass.theta));
        return steps;
    }

    @ParameterizedTest
    @MethodSource("flows")
    void shouldGiveTheLogDeterminantOfEveryLink(String name) {
        Map<?, ?> golden = EpiGolden.map("flows", name);
        NormalizingFlow flow = EpiGolden.flow((Map<?, ?>) golden.get("cfg"));
        double[] w = doubles(golden.get("w"));
        int samples = w.length / flow.dims();
        Map<Mlp, Mlp.Weights> weights = new LinkedHashMap<>();
        Pass pass = new Pass(ScalarKernels.INSTANCE, samples, weights);
        pass.theta = doubles(golden.get("theta"));
        double[] expected = doubles(golden.get("trace_ldj"));

        List<Bijector.Step> steps = steps(flow, pass, weights, w);
        assertEquals(expected.length, steps.size() * samples);
        for (int i = 0; i < steps.size(); i++) {
            Arrays.fill(pass.logDet, 0);
            steps.get(i).forward();
            assertClose(
                    name + " " + flow.bijectors().get(i).name(),
                    Arrays.copyOfRange(expected, i * samples, (i + 1) * samples),
                    pass.logDet,
                    1e-9);
        }
    }

    @ParameterizedTest
    @MethodSource("flows")
    void shouldTakePointsBackToTheirNoise(String name) {
        Map<?, ?> golden = EpiGolden.map("flows", name);
        NormalizingFlow flow = EpiGolden.flow((Map<?, ?>) golden.get("cfg"));
        double[] z = doubles(golden.get("query"));
        int points = z.length / flow.dims();
        double[] x = transposed(z, points, flow.dims());
        Inversion inversion = new Inversion(
                ScalarKernels.INSTANCE, doubles(golden.get("theta")), new Jets(flow.dims(), 0, points), 0);

        for (int i = flow.bijectors().size() - 1; i >= 0; i--) {
            flow.bijectors().get(i).invert(inversion, x, new double[points]);
        }

        assertClose("w", doubles(golden.get("query_w")), transposed(x, flow.dims(), points), 1e-9);
    }

    /** Statistics are stored for each normalization, [link][element]. */
    @ParameterizedTest
    @MethodSource("flows")
    void shouldMeasureMeanAndVarianceOfTheBatch(String name) {
        Map<?, ?> golden = (Map<?, ?>) EpiGolden.map("flows", name).get("training");
        if (golden == null) {
            return;
        }
        NormalizingFlow flow =
                EpiGolden.flow((Map<?, ?>) EpiGolden.map("flows", name).get("cfg"));
        double[] w = doubles(golden.get("w"));
        Map<Mlp, Mlp.Weights> weights = new LinkedHashMap<>();
        Pass pass = new Pass(ScalarKernels.INSTANCE, w.length / flow.dims(), weights);
        pass.theta = doubles(EpiGolden.map("flows", name).get("theta"));
        pass.batchStatistics = true;
        List<double[]> means = new ArrayList<>();
        List<double[]> variances = new ArrayList<>();

        for (Bijector.Step step : steps(flow, pass, weights, w)) {
            step.forward();
            if (step instanceof BatchNorm.NormStep norm) {
                means.add(norm.mean());
                variances.add(norm.var());
            }
        }

        assertClose("mean", doubles(golden.get("batch_mean")), joined(means), 1e-9);
        assertClose("variance", doubles(golden.get("batch_var")), joined(variances), 1e-9);
    }

    private static double[] joined(List<double[]> parts) {
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    @ParameterizedTest
    @MethodSource("flows")
    void shouldTakeAndFollowTheStatisticsOfTheBatch(String name) {
        Map<?, ?> golden = (Map<?, ?>) EpiGolden.map("flows", name).get("training");
        if (golden == null) {
            return;
        }
        NormalizingFlow flow =
                EpiGolden.flow((Map<?, ?>) EpiGolden.map("flows", name).get("cfg"));
        double[] theta = doubles(EpiGolden.map("flows", name).get("theta")).clone();
        double[] w = doubles(golden.get("w"));
        int samples = w.length / flow.dims();
        FlowBatch batch = flow.batch(samples, ScalarKernels.INSTANCE);
        System.arraycopy(transposed(w, samples, flow.dims()), 0, batch.noise(), 0, w.length);

        batch.forward(theta, true);
        batch.updateAverages(theta);

        assertClose("z", doubles(golden.get("z")), transposed(batch.z(), flow.dims(), samples), 1e-9);
        assertClose("log det", doubles(golden.get("ldj")), batch.logDet(), 1e-9);
        assertClose("theta", doubles(golden.get("theta_after_moving_update")), theta, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("gradients")
    void shouldGiveTheGradientOfTheAugmentedLagrangianInOnePass(int index) {
        Map<?, ?> golden = (Map<?, ?>) ((List<?>) EpiGolden.entry("al_grad")).get(index);
        Map<?, ?> described = EpiGolden.map("flows", (String) golden.get("flow"));
        NormalizingFlow flow = EpiGolden.flow((Map<?, ?>) described.get("cfg"));
        double[] theta = doubles(described.get("theta"));
        double[] w = doubles(golden.get("w"));
        int samples = (int) golden.get("N");
        double[] mu = numbers(golden.get("mu"));
        EmergentProperty property = mu.length == 4 ? LinearSystem.eigenvalue() : new SumsAndProduct(flow.dims());
        FlowBatch batch = flow.batch(samples, ScalarKernels.INSTANCE);
        System.arraycopy(transposed(w, samples, flow.dims()), 0, batch.noise(), 0, w.length);
        batch.forward(theta, true);
        Violation violation = new Violation(property, mu, samples, false);
        violation.measure(batch.z(), batch.logDensity(), 0);

        assertClose("H", new double[] {number(golden.get("H"))}, new double[] {violation.entropy()}, 1e-9);
        assertClose("R", numbers(golden.get("R")), violation.mean(), 1e-9);
        assertClose("R1", numbers(golden.get("R1")), violation.firstHalf(), 1e-9);
        assertClose("R2", numbers(golden.get("R2")), violation.secondHalf(), 1e-9);
        double[] eta = numbers(golden.get("eta"));
        double c = number(golden.get("c"));
        assertClose("cost", new double[] {number(golden.get("cost"))}, new double[] {violation.cost(eta, c)}, 1e-9);

        double[] none = new double[eta.length];
        double[] ofEntropy = gradient(violation, batch, flow, none, 0);
        String what = golden.get("flow") + " gradient of ";
        assertCloseToLargest(
                what + "all", doubles(golden.get("g_total")), gradient(violation, batch, flow, eta, c), 1e-8);
        assertCloseToLargest(what + "-H", doubles(golden.get("g_negH")), ofEntropy, 1e-8);
        assertCloseToLargest(
                what + "eta R",
                doubles(golden.get("g_lagrange")),
                difference(gradient(violation, batch, flow, eta, 0), ofEntropy),
                1e-8);
        assertCloseToLargest(
                what + "the penalty for c = 1",
                doubles(golden.get("g_aug")),
                difference(gradient(violation, batch, flow, none, 1), ofEntropy),
                1e-8);
    }

    /** By what is trained; 0 for all else. */
    private static double[] gradient(
            Violation violation, FlowBatch batch, NormalizingFlow flow, double[] eta, double c) {
        double[] gradient = new double[flow.layout().size()];
        violation.pull(batch, eta, c, 0, gradient);
        for (FlowLayout.Entry entry : flow.layout().entries()) {
            if (!entry.trainable()) {
                Arrays.fill(gradient, entry.at(), entry.at() + entry.size(), 0);
            }
        }
        return gradient;
    }

    private static double[] difference(double[] a, double[] b) {
        double[] difference = new double[a.length];
        Arrays.setAll(difference, i -> a[i] - b[i]);
        return difference;
    }

    /** T = [sum z, sum z², tanh(z_1) z_D]. */
    private record SumsAndProduct(int dims) implements EmergentProperty {
        @Override
        public int statistics() {
            return 3;
        }

        @Override
        public void simulate(double[] z, int samples, long noiseKey, double[] t) {
            for (int n = 0; n < samples; n++) {
                t[n] = 0;
                t[samples + n] = 0;
                for (int d = 0; d < dims; d++) {
                    t[n] += z[d * samples + n];
                    t[samples + n] += z[d * samples + n] * z[d * samples + n];
                }
                t[2 * samples + n] = Math.tanh(z[n]) * z[(dims - 1) * samples + n];
            }
        }

        @Override
        public void pull(double[] z, int samples, long noiseKey, double[] tGradient, double[] zGradient) {
            for (int n = 0; n < samples; n++) {
                for (int d = 0; d < dims; d++) {
                    zGradient[d * samples + n] = tGradient[n] + 2 * z[d * samples + n] * tGradient[samples + n];
                }
                double tanh = Math.tanh(z[n]);
                double last = z[(dims - 1) * samples + n];
                zGradient[n] += (1 - tanh * tanh) * last * tGradient[2 * samples + n];
                zGradient[(dims - 1) * samples + n] += tanh * tGradient[2 * samples + n];
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"x, y, fldj", "x2, y2, fldj2"})
    void shouldKeepWithinBoundsAndGiveFiniteDensitiesFarOut(String from, String to, String determinant) {
        Map<?, ?> golden = EpiGolden.map("interval");
        double[] x = doubles(golden.get(from));
        int dims = numbers(golden.get("lb")).length;
        int samples = x.length / dims;
        IntervalMap map = new IntervalMap(numbers(golden.get("lb")), numbers(golden.get("ub")));
        Pass pass = new Pass(ScalarKernels.INSTANCE, samples, Map.of());
        double[] in = new double[x.length];
        pass.spread(transposed(x, samples, dims), 0, samples, dims, in);
        Bijector.Step step = map.step(pass, in);

        step.forward();

        double[] y = new double[x.length];
        pass.gather(step.y, dims, y, 0, samples);
        assertClose("y", doubles(golden.get(to)), transposed(y, dims, samples), 1e-12);
        assertClose("log det", doubles(golden.get(determinant)), pass.logDet, 1e-12);
    }

    @Test
    void shouldInvertTheIntervalMapExactly() {
        invertsTheIntervalMap(0, "inv_exact", "ildj_exact");
    }

    @Test
    void shouldInvertTheIntervalMapAsTheReferenceDoes() {
        invertsTheIntervalMap(1e-6, "inv_epi_eps", "ildj_epi_eps");
    }

    private static void invertsTheIntervalMap(double epsilon, String inverse, String determinant) {
        Map<?, ?> golden = EpiGolden.map("interval");
        double[] y = doubles(golden.get("y2"));
        int dims = numbers(golden.get("lb")).length;
        int samples = y.length / dims;
        IntervalMap map = new IntervalMap(numbers(golden.get("lb")), numbers(golden.get("ub")));
        double[] x = transposed(y, samples, dims);
        double[] logDet = new double[samples];

        map.invert(new Inversion(ScalarKernels.INSTANCE, null, new Jets(dims, 0, samples), epsilon), x, logDet);

        assertClose("x", doubles(golden.get(inverse)), transposed(x, dims, samples), 1e-12);
        assertClose("log det", doubles(golden.get(determinant)), logDet, 1e-12);
    }

    @Test
    void shouldGiveTheSameBitsForTheSameSeed() {
        NormalizingFlow.Builder builder = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 4)
                .seed(3);
        double[] first = builder.build().initialTheta();
        assertArrayEquals(first, builder.build().initialTheta());
        assertTrue(!Arrays.equals(first, builder.seed(4).build().initialTheta()), "another seed, other weights");
    }
}
