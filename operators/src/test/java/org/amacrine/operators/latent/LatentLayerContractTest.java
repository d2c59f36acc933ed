package org.amacrine.operators.latent;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.LayerContract;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The laws for every layer of this package. */
class LatentLayerContractTest {
    private static final List<Feedback> CROSSED = List.of(new Feedback(0, 1), new Feedback(1, 0));
    private static final List<Feedback> BACK = List.of(new Feedback(0, 0));

    private static Supplier<LatentGenerator> plain(int variables, int modes) {
        return () -> {
            LatentRegressionModel model = LatentModels.plain(variables, modes)
                    .useScales(true)
                    .scaleMean(0.7)
                    .useOffsets(true)
                    .directPairs(List.of(new DirectPair(0, 0)))
                    .build(new IdentityMap());
            return new LatentGenerator("generator", model, LatentGenerator.Options.of(BACK));
        };
    }

    private static Supplier<LatentGenerator> everything(int trajectories, List<Integer> driven) {
        return () -> {
            LatentGenerator layer = new LatentGenerator(
                    "generator",
                    LatentModels.everything(6),
                    new LatentGenerator.Options(
                            CROSSED,
                            driven,
                            trajectories,
                            List.of(
                                    "y0",
                                    "y1",
                                    "mean0",
                                    "proj1",
                                    "tran0",
                                    "freeSteps",
                                    "given1",
                                    "negLl",
                                    "drift",
                                    "version")));
            layer.parameters().set("start", "zero");
            return layer;
        };
    }

    private static Supplier<LatentGenerator> holding() {
        return () -> {
            LatentGenerator layer = everything(3, List.of(1)).get();
            layer.parameters().set("missing1", "hold");
            return layer;
        };
    }

    private static NdArray variances(int count, double variance) {
        double[] values = new double[count];
        Arrays.fill(values, variance);
        return new NdArray(new int[] {count}, values);
    }

    @TestFactory
    Stream<DynamicContainer> generators(@TempDir Path folder) {
        return Stream.of(
                        LayerContract.of("forced", plain(37, 5), new Shape(37, 1, 1))
                                .changing("teacherForcing", false)
                                .changing("psi0", variances(37, 0.01)),
                        LayerContract.of("half driven", everything(3, List.of(1)), new Shape(4, 3, 1))
                                .takingMissing()
                                .givingMissing()
                                .changing("noise", false),
                        LayerContract.of("holding", holding(), new Shape(4, 3, 1))
                                .takingMissing()
                                .givingMissing()
                                .changing("teacherForcing", false),
                        LayerContract.of(
                                        "driven by two streams",
                                        everything(1, List.of()),
                                        new Shape(5, 1, 1),
                                        new Shape(4, 1, 1))
                                .takingMissing()
                                .givingMissing()
                                .changing("psi0", variances(4, 0.5)))
                .map(contract -> contract.boundToExtent().laws(folder));
    }
}
