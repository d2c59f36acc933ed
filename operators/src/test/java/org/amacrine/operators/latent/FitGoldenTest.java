package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FitGoldenTest {

    static List<LatentGolden.Case> fits() {
        return LatentGolden.cases("fit");
    }

    private static LatentRegressionModel model(LatentGolden.Case golden) {
        LatentRegressionModel model = golden.id().equals("fit_shared_m_flag_false")
                ? GoldenModels.sharedM(golden)
                : GoldenModels.model(golden);
        Map<?, ?> flags = golden.map("trainable_flags");
        for (Kind kind : Kind.values()) {
            Object list = flags.get(GoldenModels.key(kind) + "_trainable");
            for (int i = 0; list != null && i < ((List<?>) list).size(); i++) {
                model.trainable(kind, i, (Boolean) ((List<?>) list).get(i));
            }
        }
        return model;
    }

    private static Batches batches(LatentGolden.Case golden) {
        if (golden.entry().get("batch_inds") instanceof String) {
            return Batches.all();
        }
        NdArray rows = golden.array("batch_inds");
        return (iteration, batch) -> {
            for (int i = 0; i < batch.length; i++) {
                batch[i] = (int) rows.at((int) iteration * batch.length + i);
            }
        };
    }

    static LearningRates rates(Object described) {
        if (described instanceof Number rate) {
            return LearningRates.constant(rate.doubleValue());
        }
        return LearningRates.of(((List<?>) described)
                .stream()
                        .map(entry -> (List<?>) entry)
                        .map(entry -> new LearningRates.Entry(
                                ((Number) entry.get(0)).longValue(), ((Number) entry.get(1)).doubleValue()))
                        .toArray(LearningRates.Entry[]::new));
    }

    private static Adam.Settings adam(Map<?, ?> given) {
        List<?> betas = given.containsKey("betas") ? (List<?>) given.get("betas") : List.of(0.9, 0.999);
        return new Adam.Settings(
                (Double) betas.get(0),
                (Double) betas.get(1),
                number(given, "eps", 1e-8),
                number(given, "weight_decay", 0),
                Boolean.TRUE.equals(given.get("amsgrad")));
    }

    private static double number(Map<?, ?> given, String key, double otherwise) {
        return given.containsKey(key) ? ((Number) given.get(key)).doubleValue() : otherwise;
    }

    private static double[] lambdas(LatentGolden.Case golden, String key) {
        return golden.has(key)
                ? ((List<?>) golden.entry().get(key))
                        .stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray()
                : new double[0];
    }

    private static Fit.Builder fit(LatentGolden.Case golden, LatentRegressionModel model) {
        Fit.Builder fit = Fit.of(model, GoldenModels.groups(golden, "x"), GoldenModels.groups(golden, "y"))
                .maxIterations((int) golden.number("max_its"))
                .batchSize((int) golden.number("batch_size"))
                .sendSize((int) golden.number("send_size"))
                .learningRates(rates(golden.entry().get("learning_rates")))
                .adam(adam(golden.map("adam_params")))
                .minVariance(golden.number("min_var"))
                .l1P(lambdas(golden, "l1_p_lambda"))
                .l1U(lambdas(golden, "l1_u_lambda"));
        if (golden.has("parameters_argument")) {
            Map<String, Tensor> named = GoldenModels.named(model);
            fit.parameters(((List<?>) golden.entry().get("parameters_argument"))
                    .stream().map(named::get).toList());
        }
        return fit;
    }

    @ParameterizedTest
    @MethodSource("fits")
    void shouldFollowTheReference(LatentGolden.Case golden) {
        LatentRegressionModel model = model(golden);
        Fit fit = fit(golden, model).build(batches(golden));
        NdArray variances = golden.has("psi_after_iteration")
                ? golden.arraysOf(golden.entry().get("psi_after_iteration")).get(0)
                : null;

        while (!fit.done()) {
            fit.step();
            if (fit.iteration() == 1) {
                assertParameters(golden, "after_1", model);
            }
            if (variances != null) {
                double[] psi = model.tensor(Kind.PSI, 0).values();
                for (int j = 0; j < psi.length; j++) {
                    assertEquals(
                            variances.at((int) fit.iteration() * psi.length + j),
                            psi[j],
                            golden.number("tol_params_abs"));
                }
            }
        }

        double[] objective = fit.result().objective();
        NdArray expected = golden.array("obj_intended");
        assertEquals(expected.size(), objective.length);
        for (int k = 0; k < objective.length; k++) {
            double limit = golden.number("tol_obj_relative") * Math.abs(expected.at(k));
            assertEquals(expected.at(k), objective[k], limit, golden + ": objective of iteration " + k);
        }
        assertParameters(golden, "final", model);
    }

    private static void assertParameters(LatentGolden.Case golden, String when, LatentRegressionModel model) {
        Map<String, Tensor> parameters = GoldenModels.named(model);
        GoldenModels.described(golden, golden.map(when)).forEach((name, array) -> {
            for (int i = 0; i < array.size(); i++) {
                assertEquals(
                        array.at(i),
                        parameters.get(name).values()[i],
                        golden.number("tol_params_abs"),
                        golden + " " + when + ": " + name + "[" + i + "]");
            }
        });
    }

    @Test
    void shouldReadSchedulesLikeTheReference() {
        for (Object each : (List<?>) LatentGolden.manifest("learning_rate_format")) {
            Map<?, ?> entry = (Map<?, ?>) each;
            Object input = entry.get("input");
            if (entry.containsKey("error")) {
                assertThrows(IllegalArgumentException.class, () -> rates(input), () -> "schedule " + input);
                continue;
            }
            List<LearningRates.Entry> entries = rates(input).entries();
            List<?> values = (List<?>) entry.get("values");
            assertEquals(
                    entry.get("iterations"),
                    entries.stream().map(one -> (int) one.iteration()).toList());
            for (int i = 0; i < values.size(); i++) {
                assertEquals(((List<?>) values.get(i)).get(0), entries.get(i).rate());
            }
        }
    }
}
