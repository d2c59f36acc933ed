package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTreeTest {
    private ParameterTree part;
    private ParameterTree tree;
    private Parameter sigma;
    private Parameter kernel;

    /** A tree "retina" with the part "bipolar", known elsewhere as "gang_0": leak, sigma and a kernel that follows it. */
    @BeforeEach
    void build() {
        part = new ParameterTree("bipolar");
        part.add(Parameter.field("leakHertz", 50)
                .above(0)
                .alias("g_leak", "conv2d.bias")
                .doc("Leak conductance"));
        sigma = part.add(Parameter.number("sigmaDegrees", 2).atLeast(0).doc("Width of the neighbourhood"));
        kernel = part.add(Parameter.array("kernel").derivedFrom(sigma).doc("Kernel of the neighbourhood"));
        sigma.onChange(this::derive);
        kernel.onChange(this::derive);
        derive();
        tree = new ParameterTree("retina");
        tree.add(Parameter.number("gain", 1).doc("Gain of all"));
        tree.mount("bipolar", part, "gang_0");
    }

    private void derive() {
        if (sigma.number() > 100) {
            throw new IllegalArgumentException("the kernel would not fit");
        }
        kernel.derive(NdArray.of(new float[] {(float) sigma.number()}, 1));
    }

    // ------------------------------------------------------------------------------------------------ names

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bipolar.leakHertz",
                "bipolar_leakHertz",
                "bipolar.g_leak",
                "bipolar_g_leak",
                "gang_0.leakHertz",
                "gang_0_leakHertz",
                "gang_0.g_leak",
                "gang_0_g_leak",
                "bipolar.conv2d.bias",
                "gang_0_conv2d_bias"
            })
    void shouldKnowAParameterByAllItsNames(String name) {
        assertEquals("bipolar.leakHertz", tree.resolve(name));
        assertSame(part.get("leakHertz"), tree.get(name));
    }

    @Test
    void shouldListParametersInOrder() {
        assertEquals(
                List.of("gain", "bipolar.leakHertz", "bipolar.sigmaDegrees", "bipolar.kernel"),
                List.copyOf(tree.all().keySet()));
        assertEquals("retina", tree.owner());
    }

    @Test
    void shouldSuggestANameForAnUnknownOne() {
        var e = assertThrows(IllegalArgumentException.class, () -> tree.get("bipolar.leakHerz"));

        assertEquals(
                "no parameter \"bipolar.leakHerz\"; did you mean \"bipolar.leakHertz\"? parameters of retina: gain,"
                        + " bipolar.leakHertz, bipolar.sigmaDegrees, bipolar.kernel",
                e.getMessage());
        assertNull(tree.resolve("bipolar.leakHerz"));
    }

    @Test
    void shouldSuggestTheNameThatAnAliasStandsFor() {
        var e = assertThrows(IllegalArgumentException.class, () -> tree.set("gang_0.g_laek", 3));

        assertTrue(e.getMessage().contains("did you mean \"bipolar.leakHertz\"?"), e.getMessage());
    }

    @Test
    void shouldListNoneWhenThereAreNone() {
        var e = assertThrows(IllegalArgumentException.class, () -> new ParameterTree("delay").get("x"));

        assertEquals("no parameter \"x\"; delay has none", e.getMessage());
    }

    @Test
    void shouldNotListMoreThanADozen() {
        ParameterTree large = new ParameterTree("large", "amacrine params large");
        for (int i = 0; i < 13; i++) {
            large.add(Parameter.number("number" + i, i));
        }

        var e = assertThrows(IllegalArgumentException.class, () -> large.get("voltage"));

        assertEquals("no parameter \"voltage\"; `amacrine params large` lists all 13", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> large.get("nomber7"));
        assertEquals(
                "no parameter \"nomber7\"; did you mean \"number7\"? `amacrine params large` lists all 13",
                e.getMessage());
    }

    @Test
    void shouldRejectTwoParametersOfTheSameName() {
        var e = assertThrows(IllegalStateException.class, () -> tree.add(Parameter.number("gain", 2)));

        assertEquals("two parameters are called gain in retina", e.getMessage());
    }

    @Test
    void shouldSearchNamesAliasesAndDescriptionsInAnyCase() {
        assertEquals(
                List.of("bipolar.leakHertz"), List.copyOf(tree.search("G_LEAK").keySet()));
        assertEquals(
                List.of("bipolar.sigmaDegrees", "bipolar.kernel"),
                List.copyOf(tree.search("neighbourhood").keySet()));
        assertEquals(3, tree.search("bipolar.").size());
        assertTrue(tree.search("voltage").isEmpty());
    }

    // ------------------------------------------------------------------------------------------------ setting

    @Test
    void shouldNameTheWholePathInErrors() {
        var value = assertThrows(IllegalArgumentException.class, () -> tree.set("bipolar.g_leak", -1));
        assertEquals(
                "bipolar.leakHertz must be a finite number > 0 but was -1; leak conductance, for example 50",
                value.getMessage());

        var layer = assertThrows(IllegalArgumentException.class, () -> tree.set("bipolar.sigmaDegrees", 200));
        assertEquals("bipolar.sigmaDegrees: the kernel would not fit", layer.getMessage());
    }

    @Test
    void shouldSetAllParameters() {
        tree.set(Map.of("gain", 3, "gang_0_g_leak", 20, "bipolar.sigmaDegrees", "4"));

        assertEquals(3, tree.get("gain").number());
        assertEquals(20, tree.get("bipolar.leakHertz").number());
        assertArrayEquals(new float[] {4}, kernel.values());
    }

    @Test
    void shouldSetNoneWhenOneNameIsUnknown() {
        Map<String, Object> before = tree.values();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("gain", 3);
        values.put("bipolar.leek", 1);

        assertThrows(IllegalArgumentException.class, () -> tree.set(values));

        assertEquals(before, tree.values());
    }

    @Test
    void shouldSetNoneWhenOneValueIsNotAllowed() {
        Map<String, Object> before = tree.values();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("gain", 3);
        values.put("bipolar.leakHertz", 0);

        var e = assertThrows(IllegalArgumentException.class, () -> tree.set(values));

        assertTrue(e.getMessage().startsWith("bipolar.leakHertz must be a finite number > 0 but was 0"));
        assertEquals(before, tree.values());
    }

    @Test
    void shouldSetNoneWhenTheLayerRefusesOne() {
        kernel.set(new float[] {7, 8});
        Map<String, Object> before = tree.values();

        var e = assertThrows(
                IllegalArgumentException.class,
                () -> tree.set(Map.of("gain", 3, "bipolar.leakHertz", 20, "bipolar.sigmaDegrees", 200)));

        assertEquals("bipolar.sigmaDegrees: the kernel would not fit", e.getMessage());
        assertEquals(before, tree.values());
        assertTrue(kernel.overridden());
    }

    @Test
    void shouldSetAGivenArrayAfterWhatItWouldBeDerivedFrom() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("bipolar.kernel", new float[] {7, 8});
        values.put("bipolar.sigmaDegrees", 5);

        tree.set(values);

        assertEquals(5, sigma.number());
        assertArrayEquals(new float[] {7, 8}, kernel.values());
    }

    @Test
    void shouldCheckWithoutSetting() {
        tree.check("gang_0.g_leak", 3);
        assertEquals(50, tree.get("bipolar.leakHertz").number());
        assertThrows(IllegalArgumentException.class, () -> tree.check("gang_0.g_leak", -3));
        assertThrows(IllegalArgumentException.class, () -> tree.check("gang_0.leek", 3));
    }

    @Test
    void shouldReportWhatWasChanged() {
        assertTrue(tree.changed().isEmpty());

        tree.set("gain", 2);
        kernel.set(new float[] {1});

        assertEquals(Map.of("gain", 2.0, "bipolar.kernel", NdArray.of(new float[] {1}, 1)), tree.changed());
    }

    @Test
    void shouldLeaveDerivedArraysOutOfItsValues() {
        assertEquals(
                List.of("gain", "bipolar.leakHertz", "bipolar.sigmaDegrees"),
                List.copyOf(tree.values().keySet()));

        kernel.set(new float[] {1});

        assertTrue(tree.values().containsKey("bipolar.kernel"));
    }

    @Test
    void shouldGoBackToDefaults() {
        tree.set(Map.of("gain", 3, "bipolar.leakHertz", 20, "bipolar.sigmaDegrees", 4));
        kernel.set(new float[] {1, 2, 3});

        tree.reset();

        assertTrue(tree.changed().isEmpty());
        assertArrayEquals(new float[] {2}, kernel.values());
    }

    // ------------------------------------------------------------------------------------------------ stack

    @Test
    void shouldPopWhatWasPushedLast() {
        tree.set("gain", 2);
        tree.push();
        tree.set("gain", 3);
        tree.push();
        tree.set("gain", 4);

        tree.pop();
        assertEquals(3, tree.get("gain").number());
        tree.pop();
        assertEquals(2, tree.get("gain").number());

        var e = assertThrows(IllegalStateException.class, tree::pop);
        assertEquals("pop without push; push the parameters of retina first", e.getMessage());
    }

    @Test
    void shouldRetrieveWhatWasStoredUnderANameAgainAndAgain() {
        tree.set("gain", 2);
        tree.store("weak");
        tree.set("gain", 9);
        tree.store("strong");
        for (int round = 0; round < 2; round++) {
            tree.retrieve("weak");
            assertEquals(2, tree.get("gain").number());
            tree.retrieve("strong");
            assertEquals(9, tree.get("gain").number());
        }

        var e = assertThrows(IllegalArgumentException.class, () -> tree.retrieve("week"));
        assertEquals(
                "no parameters of retina are stored as \"week\"; did you mean \"weak\"?; stored are [weak, strong]",
                e.getMessage());
    }

    @Test
    void shouldDeriveArraysAgainThatWereSetSincePush() {
        tree.push();
        kernel.set(new float[] {7, 8});

        tree.pop();

        assertFalse(kernel.overridden());
        assertArrayEquals(new float[] {2}, kernel.values());
    }

    @Test
    void shouldPopArraysThatWereDerivedSincePush() {
        kernel.set(new float[] {7, 8});
        tree.push();
        sigma.set(9);

        tree.pop();

        assertEquals(2, sigma.number());
        assertTrue(kernel.overridden());
        assertArrayEquals(new float[] {7, 8}, kernel.values());
    }

    @Test
    void shouldPrintOneLineForEachParameter() {
        assertEquals(
                "gain = 1\nbipolar.leakHertz = 50.0\nbipolar.sigmaDegrees = 2\nbipolar.kernel = 2.0\n",
                tree.toString());
    }
}
