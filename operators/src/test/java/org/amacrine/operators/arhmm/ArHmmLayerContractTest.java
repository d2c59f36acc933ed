package org.amacrine.operators.arhmm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerContract;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The laws of every layer, for those of the autoregressive hidden Markov model. */
class ArHmmLayerContractTest {
    private static final ArHmmParameters MODEL = Models.random(5, 3, 2, 4);
    private static final ArHmmParameters OTHER = Models.random(5, 3, 2, 5);
    private static final Shape ONE = Shape.vector(3);
    private static final Shape TWO = new Shape(3, 2, 1);

    private static <L extends Layer> Supplier<L> with(Supplier<L> maker, Object... namesAndValues) {
        return () -> {
            L layer = maker.get();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                layer.parameters().set((String) namesAndValues[i], namesAndValues[i + 1]);
            }
            return layer;
        };
    }

    private static LayerContract contract(String name, Supplier<? extends Layer> maker, Shape shape) {
        return LayerContract.of(name, maker, shape)
                .boundToExtent()
                .givingMissing()
                .frames(90)
                .changing("Q", new NdArray(new int[] {5, 3, 3}, OTHER.q()))
                .changing("pi", new NdArray(new int[] {5, 5}, OTHER.pi()));
    }

    private static Stream<DynamicContainer> laws(Path folder, LayerContract... contracts) {
        return Stream.of(contracts).map(contract -> contract.laws(folder));
    }

    private static ArHmmFilter everything() {
        return new ArHmmFilter(
                "filter",
                MODEL,
                List.of(
                        "predictive",
                        "filtered",
                        "logEvidence",
                        "surprise",
                        "state",
                        "outlier",
                        "changeProbability",
                        "change",
                        "prediction",
                        "calibration",
                        "novelty",
                        "alarm"));
    }

    @TestFactory
    Stream<DynamicContainer> filters(@TempDir Path folder) {
        return laws(
                folder,
                contract("filter", () -> new ArHmmFilter(MODEL), ONE),
                contract("filter, everything", ArHmmLayerContractTest::everything, TWO)
                        .changing("outlierWeight", 0.01),
                contract("filter, skip", with(ArHmmLayerContractTest::everything, "missing", "skip"), ONE)
                        .takingMissing(),
                contract("filter, as is", with(ArHmmLayerContractTest::everything, "missing", "as-is"), TWO)
                        .takingMissing(),
                contract(
                                "filter, outliers",
                                with(
                                        ArHmmLayerContractTest::everything,
                                        "missing",
                                        "predict",
                                        "outlierWeight",
                                        0.05,
                                        "outlierDensity",
                                        "student-t",
                                        "replaceOutliers",
                                        true),
                                ONE)
                        .takingMissing(),
                contract("filter, integrated", with(ArHmmLayerContractTest::everything, "missing", "integrate"), TWO)
                        .takingMissing());
    }

    @TestFactory
    Stream<DynamicContainer> smoothersAndDecoders(@TempDir Path folder) {
        return laws(
                folder,
                contract("smoother, lag 0", () -> new ArHmmSmoother(MODEL, 0), ONE),
                contract("smoother", with(() -> new ArHmmSmoother(MODEL, 7), "missing", "skip"), TWO)
                        .takingMissing(),
                contract("decoder, lag 0", () -> new ArHmmViterbi(MODEL, 0), ONE),
                contract("decoder", with(() -> new ArHmmViterbi(MODEL, 9), "missing", "predict"), TWO)
                        .takingMissing());
    }

    private static Supplier<ArHmmLearner> learner(ArHmmLearner.Weights weights) {
        return with(
                () -> new ArHmmLearner(
                        "learner",
                        MODEL,
                        weights,
                        4,
                        List.of("filtered", "logEvidence", "state", "changeProbability", "stepSize")),
                "leastTicks",
                10,
                "everyTicks",
                3,
                "missing",
                "skip");
    }

    private static ArHmmLearner anchored() {
        Hyperparameters prior = Hyperparameters.of(new Hyperparameters.Transitions(5, 5.7, 100, 1), 3, 2, 0.01, 10);
        Sequences recording =
                new Sequences.Builder(3).add(Models.stream(MODEL, 102, 9), null).build();
        ArHmmModel fit = new ArHmmModel(0, 1, prior, MODEL, new int[][] {new int[100]});
        ArHmmLearner learner = new ArHmmLearner(
                "learner", fit, recording, ArHmmLearner.Weights.FIXED_LAG, 4, List.of("filtered", "stepSize"));
        learner.parameters().set("warmStartTicks", 100);
        return learner;
    }

    @TestFactory
    Stream<DynamicContainer> learners(@TempDir Path folder) {
        return laws(
                folder,
                contract("learner, filtered", learner(ArHmmLearner.Weights.FILTER), TWO)
                        .takingMissing()
                        .changing("kappa", 10),
                contract("learner, fixed lag", learner(ArHmmLearner.Weights.FIXED_LAG), TWO)
                        .takingMissing()
                        .changing("s0Scale", 0.1),
                contract("learner, anchored in its fit", ArHmmLayerContractTest::anchored, ONE)
                        .changing("anchorFrames", 5),
                contract(
                                "learner, exact, following drift",
                                with(learner(ArHmmLearner.Weights.EXACT), "followDrift", true, "driftWarmUpFrames", 5),
                                ONE)
                        .takingMissing()
                        .changing("stepMinimum", 0.02));
    }

    @Test
    void shouldEnrolEveryLayerOfTheModel() throws IOException, URISyntaxException, ReflectiveOperationException {
        Path classes = Path.of(ArHmmLayer.class.getResource("ArHmmLayer.class").toURI())
                .getParent();
        Set<String> layers = new TreeSet<>();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Class<?> type = Class.forName(ArHmmLayer.class.getPackageName() + "." + name);
                if (Layer.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                    layers.add(name);
                }
            }
        }

        assertEquals(Set.of("ArHmmFilter", "ArHmmSmoother", "ArHmmViterbi", "ArHmmLearner"), layers);
    }
}
