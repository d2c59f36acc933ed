package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BumpsTest {
    private static final WanderingModule.Perturbation NONE = WanderingModule.Perturbation.NONE;
    /** Its support reaches two widths to each side. */
    private static final double TWO_WIDTHS = Math.exp(-4);

    private static RandomSequence random() {
        return new RandomSequence().start(CounterRandom.key(5, "bumps", 0), 0);
    }

    private static BumpFcn bump(double support) {
        return new BumpFcn(new double[] {1, 0}, new double[] {0.5, 2}, 3, null, null, NONE, support);
    }

    private static double[] values(TensorModule module, double... x) {
        double[] y = new double[x.length / 2];
        module.pass(2, y.length).forward(x, y.length, y);
        return y;
    }

    @Test
    void shouldRefuseRowsOfAnotherWidthThanTheCentre() {
        BumpFcn bump = bump(TWO_WIDTHS);

        for (double[] x : new double[][] {new double[3], new double[1], null}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> bump.smallOutput(x, 1));
            assertTrue(e.getMessage().startsWith("x must have 1 rows of 2 values but has "), e.getMessage());
        }
    }

    @Test
    void shouldBeAGaussianInsideOfABoxAndZeroOutside() {
        // Inside: the centre, one width along each axis, near a corner; outside: behind a face, NaN.
        double[] y = values(bump(TWO_WIDTHS), 1, 0, 1.5, 0, 1, 2, 1.99, 3.99, 2.01, 0, 1, -4.01, Double.NaN, 0);
        double e = Math.exp(-1);
        double corner = Math.exp(-1.98 * 1.98 - 1.995 * 1.995);
        assertArrayEquals(new double[] {3, 3 * e, 3 * e, 3 * corner, 0, 0, 0}, y, 1e-15);
    }

    @Test
    void shouldEvaluateRowZeroWhereNoRowIsInSupportUnlessRowsStandAlone() {
        double far = 3 * Math.exp(-2.5 * 2.5);
        assertArrayEquals(new double[] {far, 0}, values(bump(TWO_WIDTHS), 2.25, 0, 9, 9), 1e-16);
        assertArrayEquals(new double[] {0, 0}, values(bump(TWO_WIDTHS).rowByRow(), 2.25, 0, 9, 9));
        assertTrue(Double.isNaN(values(bump(TWO_WIDTHS), Double.NaN, 0)[0]));
        assertArrayEquals(
                new int[] {0},
                bump(TWO_WIDTHS).smallOutput(new double[] {9, 9}, 1).rows());
    }

    @Test
    void shouldTakeNoRows() {
        assertEquals(0, bump(0.01).smallOutput(new double[0], 0).rows().length);
        TensorModule.Pass pass = slow(1e-300).pass(2, 0);
        pass.forward(new double[0], 0, new double[0]);
        pass.adjoint(new double[0], new double[0]);
    }

    private static final double[][] CENTRES = {{0, 1, -1}, {0.5, -0.5, 0}};
    private static final double[][] WIDTHS = {{1, 0.5, 2}, {0.7, 1, 1.5}};
    private static final double[] MAGNITUDES = {1, -2, 0.5};

    private static SumOfBumpFcns sum() {
        return new SumOfBumpFcns(CENTRES, WIDTHS, MAGNITUDES, null, null);
    }

    private static SlowSumOfBumpFcns slow(double support) {
        return new SlowSumOfBumpFcns(CENTRES, WIDTHS, MAGNITUDES, null, null, NONE, support);
    }

    private static double[] rows(int count) {
        RandomSequence random = random();
        double[] x = new double[2 * count];
        for (int i = 0; i < x.length; i++) {
            x[i] = 1.5 * random.normal();
        }
        return x;
    }

    @Test
    void shouldBeTheSumOfBumpsWithoutEndOfSupport() {
        double[] x = rows(50);
        assertArrayEquals(values(sum(), x), values(slow(1e-300), x), 1e-15);
        double here = 1 * Math.exp(-0.25 / 0.49) - 2 * Math.exp(-4 - 0.25) + 0.5 * Math.exp(-0.25);
        assertEquals(here, values(sum(), 0, 0)[0], 1e-15);
    }

    @Test
    void shouldLetNanThroughASumWithoutSupport() {
        assertTrue(Double.isNaN(values(sum(), Double.NaN, 0)[0]));
        assertEquals(0, values(slow(0.01).rowByRow(), Double.NaN, 0)[0]);
    }

    @Test
    void shouldHaveGradientsThatDifferencesConfirm() {
        assertTrue(GradientCheck.largestError(bump(0), rows(7), 2) < 1e-8);
        assertTrue(GradientCheck.largestError(sum(), rows(7), 2) < 1e-8);
        assertTrue(GradientCheck.largestError(slow(1e-300), rows(7), 2) < 1e-8);
    }

    @Test
    void shouldShareParametersWithItsRowByRowForm() {
        BumpFcn bump = bump(0.01);
        assertSame(bump.parameters().get("c"), bump.rowByRow().parameters().get("c"));
        SlowSumOfBumpFcns slow = slow(0.01);
        assertSame(
                slow.parameters().get("bump_fcns.2.w"),
                slow.rowByRow().parameters().get("bump_fcns.2.w"));
    }

    @Test
    void shouldLeaveTheCallersArraysAlone() {
        double[] c = {5};
        BumpFcn bump = new BumpFcn(
                c, new double[] {1}, 1, new BumpBounds(new double[] {0}, new double[] {1}), null, NONE, 0.01);
        bump.bound();
        assertEquals(5, c[0]);
        assertEquals(1, bump.parameters().get("c").values()[0]);
        assertNotSame(c, bump.parameters().get("c").values());
    }

    @Test
    void shouldKeepNanAndLetTheUpperBoundWin() {
        BumpFcn bump = new BumpFcn(
                new double[] {Double.NaN, 0.5},
                new double[] {1, 1},
                1,
                new BumpBounds(new double[] {0, 1}, new double[] {1, 0}),
                null,
                NONE,
                0.01);
        bump.bound();
        assertArrayEquals(
                new double[] {Double.NaN, 0}, bump.parameters().get("c").values());
    }

    @Test
    void shouldNeedGradientsToPerturb() {
        BumpFcn bump = new BumpFcn(
                new double[] {0}, new double[] {1}, 1, null, null, new WanderingModule.Perturbation(0, 0, 0.5), 0.01);
        var e = assertThrows(IllegalStateException.class, () -> bump.perturbGradients(() -> 0));
        assertTrue(e.getMessage().contains("no gradient of m"), e::getMessage);
        bump(0.01).perturbGradients(() -> 1);
    }

    @Test
    void shouldStandInAGroupMapAndAmongOtherModules() {
        GroupMap map = Modules.map(
                "GroupTransform(Chain(SumOfBumpFcns(d=2, bumps=4), FixedOffsetAbs(o=0.01)), BumpFcn(d=1))", random());
        double[][] x = {rows(5), {-1, -0.5, 0.1, 0.5, 1}};
        GroupMap.Pass pass = map.pass(new int[] {2, 1}, 5);
        assertArrayEquals(new int[] {1, 1}, pass.outWidths());
        assertTrue(GradientCheck.largestError(map, x, new int[] {2, 1}) < 1e-7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BumpFcn(c_grad_std=0.1, c_high=[1.0, 2.0], c_low=[0.0, -1.0], d=2, m_grad_gain=0.3, support_p=0.02,"
                        + " w_grad_std=0.2)",
                "SumOfBumpFcns(bumps=3, d=2, w_high=[3.0, Infinity], w_low=[2.0, 0.01])",
                "SlowSumOfBumpFcns(bumps=3, c_grad_std=0.0, d=2, m_grad_gain=0.0, support_p=0.1, w_grad_std=0.0)"
            })
    void shouldBeMadeAgainFromItsText(String text) {
        TensorModule module = Modules.tensor(text, random());
        assertEquals(text, ModuleText.of(module.structure()));
        Map<String, Tensor> again = Modules.tensor(module.structure(), random()).parameters();
        module.parameters()
                .forEach((path, tensor) ->
                        assertArrayEquals(tensor.values(), again.get(path).values()));
    }

    @Test
    void shouldBeginWithinItsBounds() {
        Map<String, Tensor> parameters = Modules.tensor(
                        "SumOfBumpFcns(bumps=200, d=1, c_low=[4], c_high=[5], w_low=[2], w_high=[3])", random())
                .parameters();
        double sum = 0;
        for (double c : parameters.get("c").values()) {
            assertTrue(c > 4 && c < 5);
            sum += c;
        }
        assertEquals(4.5, sum / 200, 5 * Math.sqrt(1.0 / 12 / 200));
        assertEquals(2, parameters.get("w").values()[0]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BumpFcn(d=2, support_p=-1)                       | support_p must be >= 0 but was -1.0",
                "BumpFcn(d=2, c_low=[0, 0])                       | there is only one of c_low and c_high",
                "BumpFcn(d=2, c_low=[0], c_high=[1])              | bounds of c are for 1 coordinates but the bumps have 2",
                "BumpFcn(d=1, c_low=[0], c_high=[1, 2])           | as many lower as upper values but there are 1 and 2",
                "BumpFcn(d=1, w_low=[NaN], w_high=[1])            | bounds of coordinate 0 must be numbers",
                "BumpFcn(d=1, c_grad_std=Infinity)                | c_grad_std must be finite but was Infinity",
                "SumOfBumpFcns(d=2, bumps=0)                      | bumps must be >= 1 but was 0",
                "SumOfBumpFcns(d=2, bumps=1, support_p=0.1)       | no setting \"support_p\" of SumOfBumpFcns",
            })
    void shouldSayWhatIsWrong(String text, String message) {
        var e = assertThrows(IllegalArgumentException.class, () -> Modules.tensor(text, random()));
        assertTrue(e.getMessage().contains(message), e::getMessage);
    }

    @Test
    void shouldRejectMatricesOfDifferentShapes() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> new SumOfBumpFcns(CENTRES, new double[][] {{1, 1, 1}}, MAGNITUDES, null, null));
        assertTrue(e.getMessage().contains("d by 3, a column for each magnitude"), e::getMessage);
    }

    @Test
    void shouldRefuseToFitWhatIsNotFinite() {
        SumOfBumpFcns sum = sum();
        double before = sum.parameters().get("c").values()[0];
        WanderingFit fit = new WanderingFit(sum, 2, 1, 0.01, Adam.Settings.DEFAULTS, () -> 0);
        var e = assertThrows(
                IllegalStateException.class, () -> fit.step(new double[] {Double.NaN, 0}, new double[] {1}, 1));
        assertTrue(e.getMessage().contains("the loss is NaN"), e::getMessage);
        assertEquals(before, sum.parameters().get("c").values()[0]);
    }
}
