package org.amacrine.operators.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.LayerContract;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class EgocentricTest {
    private static final float NONE = Float.NaN;
    private static final float WITHIN = 1e-5f;

    private static Egocentric egocentric(List<?> front, List<?> back) {
        Egocentric layer = new Egocentric("features.egocentric");
        layer.parameters().set("front", front);
        layer.parameters().set("back", back);
        return layer;
    }

    private static Map<String, Frames> run(List<?> front, List<?> back, float... points) {
        return egocentric(front, back).run(new Frames(Shape.vector(points.length), 1, points), 1);
    }

    @Test
    void shouldCentreAndTurn() {
        // Nose 20 rows below the tail base; an ear 5 columns left of the middle: that is to its right, for it looks
        // down.
        Map<String, Frames> out = run(List.of(0), List.of(1), 50, 70, 50, 50, 45, 65);

        assertEquals(Math.PI / 2, out.get("heading").values()[0], 1e-6);
        assertArrayEquals(new float[] {50, 65}, out.get("centroid").values());
        assertArrayEquals(new float[] {5, 0, -15, 0, 0, 5}, out.get("aligned").values(), WITHIN);
    }

    @Test
    void shouldTakeTheFirstPointForTheFrontAndTheSecondForTheBackUnlessTold() {
        Frames points = new Frames(Shape.vector(4), 1, new float[] {3, 0, 1, 2});

        Map<String, Frames> out = new Egocentric("features.egocentric").run(points, 1);

        assertEquals(-Math.PI / 4, out.get("heading").values()[0], 1e-6);
    }

    @Test
    void shouldTakeTheMeanOfSeveralPointsForFrontAndBack() {
        // Ears at (10, 4) and (10, -4), hips at (0, 3) and (0, 1): the heading is atan2(-2, 10).
        Map<String, Frames> out = run(List.of(0, 1), List.of(2, 3), 10, 4, 10, -4, 0, 3, 0, 1);

        assertEquals(Math.atan2(-2, 10), out.get("heading").values()[0], 1e-6);
        assertArrayEquals(new float[] {5, 2}, out.get("centroid").values(), "the middle of two middle ones");
    }

    @Test
    void shouldLeaveOutPointsThatAreMissing() {
        Map<String, Frames> out = run(List.of(0, 1), List.of(2), 10, 0, 99, NONE, 0, 0, NONE, NONE);

        assertEquals(0, out.get("heading").values()[0]);
        assertArrayEquals(new float[] {5, 0}, out.get("centroid").values());
        assertArrayEquals(
                new float[] {5, 0, NONE, NONE, -5, 0, NONE, NONE},
                out.get("aligned").values(),
                WITHIN);
    }

    @Test
    void shouldMissTheWholeFrameWithoutFrontOrBack() {
        for (float[] points : new float[][] {{NONE, 0, 5, 5, 1, 1}, {5, 5, 0, NONE, 1, 1}}) {
            run(List.of(0), List.of(1), points).forEach((name, frames) -> {
                for (float value : frames.values()) {
                    assertTrue(Float.isNaN(value), name);
                }
            });
        }
    }

    @Test
    void shouldAlignEachOfSeveralAnimalsByItself() {
        // Animal 0 as in shouldCentreAndTurn, animal 1 without its tail base, animal 2 looking along the columns.
        float[] x = {50, 9, 4, 70, 9, 7, 50, NONE, 2, 50, 1, 7, 45, 1, 3, 65, 1, 8};
        Map<String, Frames> out = egocentric(List.of(0), List.of(1)).run(new Frames(new Shape(6, 3, 1), 1, x), 1);

        assertArrayEquals(
                new float[] {(float) (Math.PI / 2), NONE, 0}, out.get("heading").values(), WITHIN);
        assertArrayEquals(
                new float[] {50, NONE, 3, 65, NONE, 7}, out.get("centroid").values());
        assertArrayEquals(
                new float[] {5, NONE, 1, 0, NONE, 0, -15, NONE, -1, 0, NONE, 0, 0, NONE, 0, 5, NONE, 1},
                out.get("aligned").values(),
                WITHIN);
    }

    @Test
    void shouldRejectFramesWithoutPairsAndPointsThatAreNotThere() {
        String odd = assertThrows(IllegalArgumentException.class, () -> run(List.of(0), List.of(1), 1, 2, 3))
                .getMessage();
        assertTrue(odd.contains("2 P x 1 x 1") && odd.contains("3x1x1"), odd);
        for (double bad : new double[] {2, 0.5, 1e12}) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> run(List.of(0, bad), List.of(1), 1, 2, 3, 4))
                    .getMessage();
            assertTrue(message.contains("front must be indices of points, whole numbers from 0 to 1"), message);
        }
        String negative = assertThrows(IllegalArgumentException.class, () -> run(List.of(-1), List.of(1), 1, 2, 3, 4))
                .getMessage();
        assertTrue(negative.contains("front must be a finite number >= 0 but was -1"), negative);
    }

    @TestFactory
    Stream<DynamicContainer> shouldKeepTheLaws(@TempDir Path folder) {
        return Stream.of(
                        LayerContract.of("egocentric", () -> egocentric(List.of(0), List.of(1)), Shape.vector(6))
                                .changing("back", 2),
                        LayerContract.of(
                                        "egocentric, missing points",
                                        () -> egocentric(List.of(0, 1), List.of(2, 3)),
                                        Shape.vector(10))
                                .changing("front", 4)
                                .takingMissing()
                                .givingMissing(),
                        LayerContract.of(
                                        "egocentric, animals",
                                        () -> egocentric(List.of(0), List.of(1)),
                                        new Shape(4, 3, 1))
                                .changing("front", 1)
                                .takingMissing()
                                .givingMissing())
                .map(contract -> contract.boundToExtent().laws(folder));
    }
}
