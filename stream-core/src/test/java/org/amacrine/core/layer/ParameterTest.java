package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTest {

    private static Parameter tau() {
        return Parameter.number("tauSeconds", 0.005).unit("s").above(0).doc("Time constant of the decay");
    }

    private static String refusal(Parameter parameter, Object value) {
        Object before = parameter.value();
        String message = assertThrows(IllegalArgumentException.class, () -> parameter.set(value))
                .getMessage();
        assertSame(before, parameter.value());
        return message;
    }

    // ------------------------------------------------------------------------------------------------ numbers

    @Test
    void shouldTakeNumbersAndTheirText() {
        Parameter tau = tau();
        assertEquals(0.005, tau.number());

        tau.set(2);
        assertEquals(2, tau.number());
        tau.set(" 0.25 ");
        assertEquals(0.25, tau.number());
        tau.set(NdArray.of(0.1));
        assertEquals(0.1, tau.number());
        assertFalse(tau.isDefault());
        tau.reset();
        assertEquals(0.005, tau.value());
        assertTrue(tau.isDefault());
    }

    @Test
    void shouldSayWhatIsAllowedAndWhatItWas() {
        assertEquals(
                "tauSeconds must be a finite number > 0 but was -0.01; time constant of the decay, in s,"
                        + " for example 0.005",
                refusal(tau(), -0.01));
        assertEquals(
                "tauSeconds must be a number but was \"fast\"; time constant of the decay, in s, for example 0.005",
                refusal(tau(), "fast"));
        assertEquals(
                "n must be a finite number >= 0 and <= 20 but was 21, for example 3",
                refusal(Parameter.number("n", 3).atLeast(0).atMost(20), 21));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void shouldRejectNumbersThatAreNotFinite(double value) {
        assertEquals(
                "x must be a finite number but was " + value + ", for example 1",
                refusal(Parameter.number("x", 1), value));
    }

    @Test
    void shouldHoldBoundsInsideOrOutside() {
        Parameter inside = Parameter.number("x", 1).atLeast(0).atMost(2);
        inside.set(0);
        inside.set(2);
        refusal(inside, -1e-300);
        refusal(inside, Math.nextUp(2.0));

        Parameter outside = Parameter.number("x", 1).above(0);
        outside.set(Double.MIN_VALUE);
        refusal(outside, 0);
    }

    @Test
    void shouldDescribeWhatIsAllowed() {
        assertEquals("a finite number", Parameter.number("x", 0).allowed());
        assertEquals("a finite number <= 5", Parameter.number("x", 0).atMost(5).allowed());
        assertEquals(
                "a finite number > 0 and <= 5",
                Parameter.number("x", 1).above(0).atMost(5).allowed());
        assertEquals("a whole number >= 0", Parameter.integer("x", 0).atLeast(0).allowed());
        assertEquals("a word", Parameter.text("x", "a").allowed());
        assertEquals("one of a, b", Parameter.text("x", "a").choices("a", "b").allowed());
        assertEquals(
                "any of a, b",
                Parameter.text("x", "a").choices("a", "b").several().allowed());
    }

    @Test
    void shouldTakeOnlyWholeNumbersWhereTheyCount() {
        Parameter order = Parameter.integer("order", 2).atLeast(0);
        order.set(7.0);
        assertEquals(7, order.integer());

        assertEquals("order must be a whole number >= 0 but was 2.5, for example 2", refusal(order, 2.5));
    }

    // ------------------------------------------------------------------------------------------------ fields

    @Test
    void shouldTakeOneNumberOrAMapAsAField() {
        Parameter leak = Parameter.field("leakHertz", 50);
        assertEquals(50, leak.number());
        assertArrayEquals(new float[] {50}, leak.values());

        leak.set(List.of(List.of(1, 2, 3), List.of(4.5, 5, 6)));
        assertEquals(NdArray.of(new float[] {1, 2, 3, 4.5f, 5, 6}, 2, 3), leak.value());
        leak.set(new float[] {1, 2});
        assertEquals(NdArray.of(new float[] {1, 2}, 2), leak.value());
        leak.set(new double[] {0.1, 2});
        assertEquals(NdArray.of(new float[] {0.1f, 2}, 2), leak.value());
        leak.set(NdArray.of(new float[] {3}, 1, 1));
        assertEquals(NdArray.of(new float[] {3}), leak.value());
        leak.set("0.5");
        assertEquals(NdArray.of(new float[] {0.5f}), leak.value());
    }

    @Test
    void shouldCheckEveryValueOfAMap() {
        Parameter leak = Parameter.field("leakHertz", 50).above(0);

        assertEquals(
                "leakHertz must be a finite number > 0 but was -0.1, for example 50",
                refusal(leak, new float[] {1, -0.1f}));
        refusal(leak, List.of(1.0, Double.NaN));
    }

    @Test
    void shouldShowSinglePrecisionValuesAsShortAsTheyAre() {
        Parameter noise = Parameter.field("noiseSigma", 0.1).atLeast(0);

        assertEquals("noiseSigma must be a finite number >= 0 but was -0.3, for example 0.1", refusal(noise, -0.3));
        assertEquals("0.1", noise.valueText());
    }

    @Test
    void shouldRejectListsOfDifferentLengths() {
        Parameter leak = Parameter.field("leakHertz", 50);
        String expected =
                "leakHertz must be nested lists of equal lengths but was lists of different lengths, for example 50";

        assertEquals(expected, refusal(leak, List.of(List.of(1, 2), List.of(3))));
        assertEquals(expected, refusal(leak, List.of(List.of(1, 2), 3)));
        assertTrue(refusal(leak, List.of(1, List.of(2))).startsWith("leakHertz must be a number but was [2]"));
    }

    @Test
    void shouldKeepItsValueWhenTheArrayThatWasGivenChanges() {
        float[] mine = {1, 2};
        Parameter leak = Parameter.field("leakHertz", 50);
        leak.set(NdArray.of(mine, 2));
        List<String> changes = new ArrayList<>();
        leak.onChange(() -> changes.add("leak"));

        mine[0] = 7;
        assertArrayEquals(new float[] {1, 2}, leak.values());
        leak.set(NdArray.of(mine, 2));

        assertArrayEquals(new float[] {7, 2}, leak.values());
        assertEquals(List.of("leak"), changes);
    }

    // ------------------------------------------------------------------------------------------------ words

    @Test
    void shouldTakeOnlyItsChoices() {
        Parameter filter = Parameter.text("filter", "half").choices("half", "recursive", "full");
        filter.set("full");
        assertEquals("full", filter.text());
        filter.set(NdArray.of(1L));
        assertEquals("recursive", filter.text());

        assertEquals(
                "filter must be one of half, recursive, full but was \"recursiv\"; did you mean \"recursive\"?,"
                        + " for example half",
                refusal(filter, "recursiv"));
        refusal(filter, NdArray.of(3L));
    }

    @Test
    void shouldTakeSeveralWords() {
        Parameter stages = Parameter.text("stages", "opl,bipolar")
                .choices("opl", "bipolar", "spikes")
                .several();

        stages.set(" spikes , opl");
        assertEquals("spikes,opl", stages.text());
        assertTrue(stages.has("opl"));
        assertFalse(stages.has("bipolar"));
        stages.set(List.of("bipolar", "opl"));
        assertEquals("bipolar,opl", stages.text());
        stages.set("");
        assertEquals("", stages.text());
        refusal(stages, "opl,cone");
    }

    @Test
    void shouldSwitch() {
        Parameter flag = Parameter.flag("pools", false);
        assertFalse(flag.isOn());

        flag.set(true);
        assertTrue(flag.isOn());
        flag.set("false");
        assertFalse(flag.isOn());
        assertEquals("pools must be one of true, false but was \"yes\", for example false", refusal(flag, "yes"));
    }

    @Test
    void shouldKeepNumbersThatAreWordsShort() {
        Parameter port = Parameter.text("address", null);
        assertNull(port.text());
        assertFalse(port.has("x"));

        port.set(8080.0);

        assertEquals("8080", port.text());
    }

    @Test
    void shouldRejectNothing() {
        assertEquals(
                "tauSeconds must be a finite number > 0 but was nothing; time constant of the decay, in s,"
                        + " for example 0.005",
                refusal(tau(), null));
        assertEquals("file must be a word but was nothing", refusal(Parameter.text("file", null), null));
    }

    // ------------------------------------------------------------------------------------------------ changes

    @Test
    void shouldTellListenersOfChangesOnly() {
        Parameter tau = tau();
        List<Double> seen = new ArrayList<>();
        tau.onChange(() -> seen.add(tau.number()));

        tau.set(0.005);
        tau.set(0.01);
        tau.set(0.01);
        tau.reset();
        tau.reset();

        assertEquals(List.of(0.01, 0.005), seen);
    }

    @Test
    void shouldKeepTheValueThatTheLayerRefusesToLeave() {
        Parameter tau = tau();
        List<Double> built = new ArrayList<>();
        tau.onChange(() -> {
            if (tau.number() > 1) {
                throw new IllegalArgumentException("too slow");
            }
            built.add(tau.number());
        });

        assertEquals("too slow", refusal(tau, 5));

        assertEquals(0.005, tau.number());
        assertEquals(List.of(0.005), built, "the layer is built again with the value that stands");
    }

    @Test
    void shouldApplyItsOwnRule() {
        Parameter odd = Parameter.integer("side", 3).checked(value -> {
            if ((Double) value % 2 == 0) {
                throw new IllegalArgumentException("side must be odd but was " + value);
            }
            return value;
        });

        odd.set(5);
        assertEquals("side must be odd but was 4.0", refusal(odd, 4));
    }

    // ------------------------------------------------------------------------------------------------ derived arrays

    private static final class Kernel {
        final Parameter sigma = Parameter.number("sigma", 2);
        final Parameter kernel = Parameter.array("kernel").derivedFrom(sigma);
        boolean refuses;

        Kernel() {
            sigma.onChange(this::build);
            kernel.onChange(this::build);
            build();
        }

        private void build() {
            if (refuses) {
                throw new IllegalArgumentException("no");
            }
            kernel.derive(NdArray.of(new float[] {(float) sigma.number()}, 1));
        }
    }

    @Test
    void shouldFollowWhatItIsDerivedFrom() {
        Kernel k = new Kernel();
        assertTrue(k.kernel.isDefault());
        assertEquals("derived", k.kernel.defaultText());

        k.sigma.set(3);

        assertArrayEquals(new float[] {3}, k.kernel.values());
    }

    @Test
    void shouldStayAsSetUntilWhatItIsDerivedFromChanges() {
        Kernel k = new Kernel();
        k.kernel.set(new float[] {7, 8});
        assertTrue(k.kernel.overridden());
        assertArrayEquals(new float[] {7, 8}, k.kernel.values());

        k.sigma.set(4);

        assertFalse(k.kernel.overridden());
        assertArrayEquals(new float[] {4}, k.kernel.values());
    }

    @Test
    void shouldBeDerivedAgainWhenReset() {
        Kernel k = new Kernel();
        k.kernel.set(new float[] {7, 8});

        k.kernel.reset();

        assertFalse(k.kernel.overridden());
        assertArrayEquals(new float[] {2}, k.kernel.values());
    }

    @Test
    void shouldStaySetWhenTheLayerRefusesTheChange() {
        Kernel k = new Kernel();
        k.kernel.set(new float[] {7, 8});
        k.refuses = true;

        assertThrows(IllegalArgumentException.class, () -> k.sigma.set(9));

        assertEquals(2, k.sigma.number());
        assertTrue(k.kernel.overridden());
        assertArrayEquals(new float[] {7, 8}, k.kernel.values());
    }

    @Test
    void shouldDescribeItself() {
        assertEquals("tauSeconds = 0.005 s", tau().toString());
        assertEquals("gain = 0.5", Parameter.field("gain", 0.5).toString());
        assertEquals("none", Parameter.text("file", null).valueText());
        Parameter kernel = Parameter.array("kernel");
        kernel.set(new float[] {1, 2});
        assertEquals("float32 (2,)", kernel.valueText());
    }

    @Test
    void shouldKeepWhatOnlyDoublePrecisionHolds() {
        Parameter parameter = Parameter.array("pi").doublePrecision();

        parameter.set(List.of(1e-300, 1 - 1e-15));

        assertEquals(1e-300, ((NdArray) parameter.value()).at(0));
        assertEquals(1 - 1e-15, ((NdArray) parameter.value()).at(1));
    }
}
