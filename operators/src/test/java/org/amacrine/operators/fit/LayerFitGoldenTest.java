package org.amacrine.operators.fit;

import static org.amacrine.operators.Golden.assertWithin;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.DifferentiableLayer;
import org.amacrine.operators.Golden;
import org.amacrine.operators.models.Cascades;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fits of an LN model against stored trajectories of the reference, see golden/retina/README.md. */
class LayerFitGoldenTest {

    /** A kernel of 5 by 5 by 5 equal weights with the sum 1, as all stored fits begin. */
    private static DifferentiableLayer model() {
        DifferentiableLayer layer = Cascades.ln("ln", 1, true, false, 5, 5, 5);
        layer.parameters().set("conv.weight", 1.0 / 125);
        return layer;
    }

    private static LayerFit.Builder fit(Golden.Case golden, DifferentiableLayer layer) {
        return LayerFit.of(layer, Golden.frames(golden.input("x")), Golden.frames(golden.input("goal_output")));
    }

    /** The optimiser of a case, which writes down every loss that it sees. */
    private static Optimiser recording(Golden.Case golden, int size, List<Double> losses) {
        Map<?, ?> described = golden.map("optimizer");
        Map<String, Double> arguments = new LinkedHashMap<>();
        ((Map<?, ?>) described.get("args")).forEach((name, value) -> {
            String ours = Map.of("max_iter", "maxIterations", "history_size", "history")
                    .getOrDefault(name, (String) name);
            arguments.put(ours, ((Number) value).doubleValue());
        });
        Optimiser optimiser = Optimisers.of(((String) described.get("name")).toLowerCase(Locale.ROOT), arguments, size);
        return new Optimiser() {
            @Override
            public double step(double[] theta, Objective objective) {
                return optimiser.step(theta, (at, gradient) -> {
                    losses.add(objective.evaluate(at, gradient));
                    return losses.get(losses.size() - 1);
                });
            }

            @Override
            public Map<String, NdArray> save() {
                return optimiser.save();
            }

            @Override
            public void restore(Map<String, NdArray> saved) {
                optimiser.restore(saved);
            }
        };
    }

    /** Entry by entry, as long as the loss is above a millionth of the first. */
    private static void assertLosses(Golden.Case golden, NdArray expected, List<Double> actual, double limit) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            double theirs = expected.at(i);
            if (theirs > 1e-6 * expected.at(0)) {
                assertEquals(theirs, actual.get(i), limit * theirs, golden.id() + ", loss " + i);
            } else {
                assertTrue(actual.get(i) < 2e-6 * expected.at(0), golden.id() + ", loss " + i + ": " + actual.get(i));
            }
        }
    }

    static List<Golden.Case> cases() {
        return Golden.cases("opt_").stream()
                .filter(golden -> golden.map("outputs").containsKey("loss_clean"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldFollowTheTrajectoryOfTheReference(Golden.Case golden) {
        boolean isMean = golden.id().equals("opt_hand_mse");
        DifferentiableLayer layer = model();
        List<Double> all = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        LayerFit fit = LayerFit.of(layer, Golden.frames(golden.input("x")), Golden.frames(golden.input("goal_output")))
                .optimiser(size -> recording(golden, size, all))
                .loss(isMean ? Loss.MEAN_SQUARES : Loss.SUM_SQUARES)
                .iterations(((Number) golden.map("optimizer").get("calls")).longValue())
                .build();

        while (!fit.done()) {
            fit.step();
            losses.add(fit.objectives().get("loss"));
        }

        assertEquals(golden.output("loss_clean").size(), losses.size(), golden.id());
        assertLosses(golden, golden.output("loss_clean"), losses, golden.limit());
        if (golden.map("outputs").containsKey("all_closure_losses_clean")) {
            assertLosses(golden, golden.output("all_closure_losses_clean"), all, 0.01);
        }
        NdArray kernel = (NdArray) layer.parameters().get("conv.weight").value();
        assertWithin(10 * golden.limit(), kernel.floats(), golden.output("weight_clean"), golden.id() + ", kernel");
    }

    /** The first time through: later ones begin with a history of the reference's that is not restored. */
    @Test
    void shouldFollowTheReferenceChunkByChunk() {
        Golden.Case golden = Golden.theCase("opt_sgd_chunked");
        LayerFit fit = fit(golden, model())
                .optimiser(size -> recording(golden, size, new ArrayList<>()))
                .chunkFrames(golden.dt())
                .build();
        int steps = 1;
        while (!fit.step()) {
            steps++;
        }

        double[] losses = fit.chunkLosses();
        assertEquals(golden.output("loss_native").shape()[1], steps);
        for (int chunk = 0; chunk < steps; chunk++) {
            double theirs = golden.output("loss_native").at(chunk);
            assertEquals(theirs, losses[chunk], golden.limit() * theirs, "chunk " + chunk);
        }
    }

    @Test
    void shouldComputeLossesLikeTheReference() {
        Golden.Case golden = Golden.theCase("opt_compute_loss");
        double[] losses = fit(golden, model()).chunkFrames(golden.dt()).build().losses();

        for (int chunk = 0; chunk < losses.length; chunk++) {
            double theirs = golden.output("losses").at(chunk);
            assertEquals(theirs, losses[chunk], golden.limit() * theirs, "chunk " + chunk);
        }
    }
}
