package org.amacrine.operators.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.LayerContract;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PcaTest {
    private static final float NONE = Float.NaN;
    /** Mean (1, 2, 3); directions (0.6, 0.8, 0) with the variance 4 and (0, 0, 1) with the variance 0.25. */
    private static final PrincipalComponents FITTED = new PrincipalComponents(
            new NdArray(new int[] {3}, new double[] {1, 2, 3}),
            new NdArray(new int[] {2, 3}, new double[] {0.6, 0.8, 0, 0, 0, 1}),
            new NdArray(new int[] {2}, new double[] {4, 0.25}));

    private static Pca pca(Object... namesAndValues) {
        Pca pca = new Pca("features.pca", FITTED);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            pca.parameters().set((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return pca;
    }

    private static float[] run(Pca pca, float... x) {
        return pca.run(new Frames(Shape.vector(3), x.length / 3, x), 2)
                .get("output")
                .values();
    }

    @Test
    void shouldProject() {
        // (6, 12, 4) - (1, 2, 3) = (5, 10, 1): 0.6 * 5 + 0.8 * 10 = 11, and 1.
        assertArrayEquals(new float[] {11, 1, 0, 0}, run(pca(), 6, 12, 4, 1, 2, 3), 1e-6f);
    }

    @Test
    void shouldProjectSeveralAnimalsSideBySide() {
        float[] x = {6, 1, NONE, 12, 2, 0, 4, 3, 0};

        Frames y = pca().run(new Frames(new Shape(3, 3, 1), 1, x), 1).get("output");

        assertEquals(new Shape(2, 3, 1), y.shape());
        assertArrayEquals(new float[] {11, 0, NONE, 1, 0, NONE}, y.values(), 1e-6f);
    }

    @Test
    void shouldWhiten() {
        assertArrayEquals(new float[] {5.5f, 2}, run(pca("whiten", true), 6, 12, 4), 1e-6f);
    }

    @Test
    void shouldMakeTheFrameMissingOrTakeTheMeanForAMissingValue() {
        assertArrayEquals(new float[] {NONE, NONE}, run(pca(), 6, NONE, 4));
        assertArrayEquals(new float[] {3, 1}, run(pca("missing", "mean"), 6, NONE, 4), 1e-6f);
        assertArrayEquals(new float[] {0, 0}, run(pca("missing", "mean"), NONE, NONE, NONE));
    }

    @Test
    void shouldTakeComponentsThatSomebodySets() {
        Pca pca = pca("components", NdArray.of(new float[] {1, 0, 0, 0, 1, 0}, 2, 3));
        assertArrayEquals(new float[] {5, 10}, run(pca, 6, 12, 4), 1e-6f);
    }

    @Test
    void shouldRejectOtherFeaturesAndWhatCannotBeWhitened() {
        String shape = assertThrows(
                        IllegalArgumentException.class,
                        () -> pca().run(new Frames(Shape.vector(2), 1, new float[2]), 1))
                .getMessage();
        assertTrue(shape.contains("fitted to 3 features but a frame is 2x1x1"), shape);
        Pca flat = pca("variances", NdArray.of(new float[] {4, 0}, 2), "whiten", true);
        String variance = assertThrows(IllegalArgumentException.class, () -> run(flat, 1, 2, 3))
                .getMessage();
        assertTrue(variance.contains("component 1 has the variance 0.0"), variance);
        Pca other = pca("mean", NdArray.of(new float[2], 2));
        String mean = assertThrows(IllegalArgumentException.class, () -> run(other, 1, 2, 3))
                .getMessage();
        assertTrue(mean.contains("mean must have the shape (3,) but was given (2,)"), mean);
    }

    @TestFactory
    Stream<DynamicContainer> shouldKeepTheLaws(@TempDir Path folder) {
        return Stream.of(
                        LayerContract.of("pca", PcaTest::pca, Shape.vector(3)).changing("whiten", true),
                        LayerContract.of("pca with missing values", PcaTest::pca, Shape.vector(3))
                                .changing("mean", NdArray.of(new float[] {0, 1, 0}, 3))
                                .takingMissing()
                                .givingMissing(),
                        LayerContract.of("pca that fills", () -> pca("missing", "mean"), Shape.vector(3))
                                .changing("whiten", true)
                                .takingMissing())
                .map(contract -> contract.boundToExtent().laws(folder));
    }
}
