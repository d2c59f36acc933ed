package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateTreeTest {
    private final float[] potential = {1, 2, 3, 4};
    private long count = 7;
    private StateTree tree;

    @TempDir
    Path folder;

    /** A tree "retina" with the part "bipolar": a potential of 2 x 2 and a count. */
    @BeforeEach
    void build() {
        StateTree part = new StateTree("bipolar");
        part.add("potential", potential, 2, 2);
        part.add("count", () -> NdArray.of(count), array -> {
            if (array.integer() < 0) {
                throw new IllegalArgumentException("must be >= 0 but was " + array.integer());
            }
            count = array.integer();
        });
        part.onClear(() -> {
            Arrays.fill(potential, 0);
            count = 0;
        });
        tree = new StateTree("retina");
        tree.mount("bipolar", part);
    }

    @Test
    void shouldGiveCopies() {
        assertEquals(List.of("bipolar.potential", "bipolar.count"), tree.names());

        NdArray copy = tree.get("bipolar.potential");
        copy.floats()[0] = 100;

        assertArrayEquals(new int[] {2, 2}, copy.shape());
        assertEquals(1, potential[0]);
        assertEquals(7, tree.values().get("bipolar.count").integer());
    }

    @Test
    void shouldCopyIntoTheLayersOwnArray() {
        float[] mine = {5, 6, 7, 8};

        tree.set("bipolar.potential", NdArray.of(mine, 2, 2));
        mine[0] = 100;

        assertArrayEquals(new float[] {5, 6, 7, 8}, potential);
    }

    @Test
    void shouldFillAllValuesWithOneNumber() {
        tree.set("bipolar.potential", NdArray.of(0.5));

        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, potential);
    }

    @Test
    void shouldRejectStatesThatDoNotFit() {
        var size = assertThrows(
                IllegalArgumentException.class, () -> tree.set("bipolar.potential", NdArray.of(new float[6], 2, 3)));
        assertEquals(
                "state bipolar.potential of retina needs the shape (2, 2) but was given (2, 3)", size.getMessage());

        var value = assertThrows(IllegalArgumentException.class, () -> tree.set("bipolar.count", NdArray.of(-1L)));
        assertEquals("state bipolar.count of retina must be >= 0 but was -1", value.getMessage());
        assertArrayEquals(new float[] {1, 2, 3, 4}, potential);
        assertEquals(7, count);
    }

    @Test
    void shouldSuggestANameForAnUnknownOne() {
        var e = assertThrows(IllegalArgumentException.class, () -> tree.get("bipolar.potentiel"));

        assertEquals(
                "no state \"bipolar.potentiel\"; did you mean \"bipolar.potential\"?; retina has [bipolar.potential,"
                        + " bipolar.count]",
                e.getMessage());
    }

    @Test
    void shouldSayThatThereAreNoneBeforeALayerIsPrepared() {
        var e = assertThrows(IllegalArgumentException.class, () -> new StateTree("retina").get("x"));

        assertEquals("no state \"x\"; retina has none before it is prepared", e.getMessage());
    }

    @Test
    void shouldNeedAWholeSet() {
        Map<String, NdArray> values = new LinkedHashMap<>();
        values.put("bipolar.potential", NdArray.of(new float[4], 2, 2));

        var e = assertThrows(IllegalArgumentException.class, () -> tree.set(values));

        assertEquals(
                "state bipolar.count of retina is missing; a whole set is needed: [bipolar.potential, bipolar.count]",
                e.getMessage());
        assertArrayEquals(new float[] {1, 2, 3, 4}, potential);
    }

    @Test
    void shouldSetNothingWhenANameIsUnknown() {
        Map<String, NdArray> values = new LinkedHashMap<>(tree.values());
        values.put("bipolar.potential", NdArray.of(new float[4], 2, 2));
        values.put("bipolar.other", NdArray.of(1L));

        assertThrows(IllegalArgumentException.class, () -> tree.set(values));

        assertArrayEquals(new float[] {1, 2, 3, 4}, potential);
    }

    @Test
    void shouldClearThroughItsParts() {
        tree.clear();

        assertArrayEquals(new float[4], potential);
        assertEquals(0, count);
    }

    @Test
    void shouldRetrieveWhatWasStoredUnderANameAgainAndAgain() {
        tree.store("rest");
        potential[0] = 10;
        tree.store("light");
        for (int round = 0; round < 2; round++) {
            tree.retrieve("rest");
            assertArrayEquals(new float[] {1, 2, 3, 4}, potential);
            tree.retrieve("light");
            assertArrayEquals(new float[] {10, 2, 3, 4}, potential);
        }
        tree.store("rest");
        tree.clear();
        tree.retrieve("rest");
        assertEquals(10, potential[0]);
        assertEquals(7, count);

        String message = assertThrows(IllegalArgumentException.class, () -> tree.retrieve("ligth"))
                .getMessage();
        assertEquals(
                "no states of retina are stored as \"ligth\"; did you mean \"light\"?; stored are [rest, light]",
                message);
    }

    @Test
    void shouldPopWhatWasPushedLast() {
        tree.push();
        count = 8;
        potential[3] = -1;
        tree.push();
        tree.clear();

        tree.pop();
        assertEquals(8, count);
        assertArrayEquals(new float[] {1, 2, 3, -1}, potential);
        tree.pop();
        assertEquals(7, count);
        assertArrayEquals(new float[] {1, 2, 3, 4}, potential);

        var e = assertThrows(IllegalStateException.class, tree::pop);
        assertEquals("pop without push; push the states of retina first", e.getMessage());
    }

    @Test
    void shouldKeepEveryBitInAFile() throws IOException {
        potential[0] = -0f;
        potential[1] = Float.MIN_VALUE;
        count = (1L << 62) + 1;
        Path file = folder.resolve("states.npz");
        tree.save(file);
        tree.clear();

        tree.load(file);

        assertEquals(Integer.MIN_VALUE, Float.floatToRawIntBits(potential[0]));
        assertEquals(Float.MIN_VALUE, potential[1]);
        assertEquals((1L << 62) + 1, count);
    }

    @Test
    void shouldForgetAllStates() {
        tree.push();

        tree.removeAll();

        assertTrue(tree.names().isEmpty());
        assertThrows(IllegalStateException.class, tree::pop);
        tree.clear();
        assertEquals(7, count, "nothing is left to be cleared");
    }

    @Test
    void shouldRejectMistakesOfTheLayer() {
        var twice = assertThrows(IllegalStateException.class, () -> tree.add("bipolar.count", new float[1], 1));
        assertEquals("two states are called bipolar.count in retina", twice.getMessage());

        var shape = assertThrows(IllegalArgumentException.class, () -> tree.add("x", new float[3], 2, 2));
        assertEquals("state x of shape (2, 2) has 3 values", shape.getMessage());
    }
}
