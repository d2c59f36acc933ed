package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModulesTest {
    private static final int WIDTH = 4;
    private static final int[] WIDTHS = {2, 3};
    private static final int ROWS = 5;

    /** One of every tensor module, for four columns. */
    static List<String> tensorModules() {
        return List.of(
                "Identity",
                "Chain(Linear(bias=true, in=4, out=3), Tanh)",
                "Linear(bias=false, in=4, out=2)",
                "Bias(d=4)",
                "BiasAndScale(d=4)",
                "BiasAndPositiveScale(d=4)",
                "BasicExp",
                "Exp(d=4)",
                "FixedOffsetExp(o=0.5)",
                "FixedOffsetAbs(o=0.5)",
                "FixedOffsetTanh(d=4, m=0.1)",
                "FixedOffsetCELU(alpha=0.7, o=0.02)",
                "ShiftedRelu(d=4)",
                "ScaledTanh(d=4)",
                "ElementWiseTanh(o=0.3, s=1.7)",
                "RBF",
                "FirstAndSecondOrderFcn(d_in=4, d_out=3)",
                "DenseLNLNet(Tanh, bias=true, d_in=4, growth=2, n_layers=3)",
                "SCC(Linear(bias=true, in=2, out=3), Tanh, columns=[[3, 0], [1]])",
                "ReLU",
                "Tanh",
                "Sigmoid",
                "Softplus(beta=2.5, threshold=6.0)",
                "ELU(alpha=0.8)",
                "CELU(alpha=1.3)",
                "LeakyReLU(negative_slope=0.03)");
    }

    /** One of every group map, for two groups of two and three columns. */
    static List<String> groupMaps() {
        return List.of(
                "IdentityMap",
                "MapChain(GroupLinearTransform(d=[2, 3], nonnegative_scale=true, offsets=true), IdentityMap)",
                "LinearMap(bias=true, d_in=[2, 3], d_out=[1, 4])",
                "NNMap(Chain(Linear(bias=true, in=5, out=6), Tanh), d_out=[4, 2])",
                "ElementWiseTransformedGroupLatents(Tanh)",
                "GroupTransform(Linear(bias=true, in=2, out=3), Bias(d=3))",
                "GroupLinearTransform(d=[2, 3], nonnegative_scale=false, offsets=false)",
                "GroupMatrixMultiply(d_in=[2, 3], d_out=[4, 1])",
                "ConcatenateMap(conc=[[true, true], [false, true]])",
                "ConcatenateAndSelectMap(d_in=[2, 3], idx=[[[1], [2, 0]], [[], [1, 1]]])",
                "NNMap(DenseLNLNet(ReLU, bias=false, d_in=5, growth=1, n_layers=1), d_out=[2, 4])");
    }

    private static RandomSequence random(int seed) {
        return new RandomSequence().start(CounterRandom.key(seed, "modules", 0), 0);
    }

    /** Values away from all kinks. */
    private static double[] values(int count, int seed) {
        RandomSequence random = random(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            double size = 0.05 + 1.5 * random.uniform();
            values[i] = random.uniform() < 0.5 ? -size : size;
        }
        return values;
    }

    private static void fill(Differentiable module) {
        int seed = 100;
        for (Tensor tensor : module.parameters().values()) {
            tensor.set(Tensor.of(values(tensor.count(), seed++), tensor.shape()));
        }
    }

    private static TensorModule tensor(String text) {
        TensorModule module = Modules.tensor(text, random(0));
        fill(module);
        return module;
    }

    private static GroupMap map(String text) {
        GroupMap map = Modules.map(text, random(0));
        fill(map);
        return map;
    }

    @ParameterizedTest
    @MethodSource("tensorModules")
    void shouldHaveGradientsThatDifferencesConfirm(String text) {
        double error = GradientCheck.largestError(tensor(text), values(ROWS * WIDTH, 1), WIDTH);
        assertTrue(error < 1e-8, () -> text + ": " + error);
    }

    @ParameterizedTest
    @MethodSource("groupMaps")
    void shouldHaveGradientsThatDifferencesConfirmInGroups(String text) {
        double[][] x = {values(ROWS * WIDTHS[0], 1), values(ROWS * WIDTHS[1], 2)};
        double error = GradientCheck.largestError(map(text), x, WIDTHS);
        assertTrue(error < 1e-8, () -> text + ": " + error);
    }

    @ParameterizedTest
    @MethodSource("tensorModules")
    void shouldGiveARowTheSameBitsWhateverTheOthersAre(String text) {
        TensorModule module = tensor(text);
        double[] x = values(ROWS * WIDTH, 3);
        TensorModule.Pass pass = module.pass(WIDTH, ROWS);
        double[] all = new double[ROWS * pass.outWidth()];
        pass.forward(x, ROWS, all);
        TensorModule.Pass single = module.rowByRow().pass(WIDTH, 1);
        double[] y = new double[single.outWidth()];
        for (int n = 0; n < ROWS; n++) {
            single.forward(Arrays.copyOfRange(x, n * WIDTH, (n + 1) * WIDTH), 1, y);
            assertArrayEquals(Arrays.copyOfRange(all, n * y.length, (n + 1) * y.length), y, 0, text + " row " + n);
        }
    }

    @ParameterizedTest
    @MethodSource("groupMaps")
    void shouldGiveARowOfGroupsTheSameBitsWhateverTheOthersAre(String text) {
        GroupMap map = map(text);
        double[][] x = {values(ROWS * WIDTHS[0], 1), values(ROWS * WIDTHS[1], 2)};
        GroupMap.Pass pass = map.pass(WIDTHS, ROWS);
        double[][] all = Matrices.ofWidths(pass.outWidths(), ROWS);
        pass.forward(x, ROWS, all);
        GroupMap.Pass single = map.rowByRow().pass(WIDTHS, 1);
        double[][] y = Matrices.ofWidths(single.outWidths(), 1);
        for (int n = 0; n < ROWS; n++) {
            single.forward(
                    new double[][] {
                        Arrays.copyOfRange(x[0], n * 2, n * 2 + 2), Arrays.copyOfRange(x[1], n * 3, n * 3 + 3)
                    },
                    1,
                    y);
            for (int h = 0; h < y.length; h++) {
                double[] row = Arrays.copyOfRange(all[h], n * y[h].length, (n + 1) * y[h].length);
                assertArrayEquals(row, y[h], 0, text + " row " + n);
            }
        }
    }

    @Test
    void shouldTestEveryModule() {
        List<String> tested = Stream.of(tensorModules(), groupMaps())
                .flatMap(List::stream)
                .map(text -> text.split("\\(")[0])
                .toList();
        TreeSet<String> names = new TreeSet<>(Modules.tensorModuleNames());
        names.addAll(Modules.groupMapNames());
        names.removeAll(tested);
        // Of one group only, and with parameters of another kind: see the golden cases and BumpsTest.
        assertEquals(Set.of("SingleGroupDenseNetMap", "BumpFcn", "SumOfBumpFcns", "SlowSumOfBumpFcns"), names);
    }

    @ParameterizedTest
    @MethodSource("tensorModules")
    void shouldBeMadeAgainFromItsText(String text) {
        assertEquals(text, ModuleText.of(tensor(text).structure()));
    }

    @ParameterizedTest
    @MethodSource("groupMaps")
    void shouldBeMadeAgainFromItsTextInGroups(String text) {
        GroupMap map = map(text);
        GroupMap again = Modules.map(ModuleText.of(map.structure()), random(9));
        assertEquals(map.structure(), again.structure());
        assertEquals(
                List.copyOf(map.parameters().keySet()),
                List.copyOf(again.parameters().keySet()));
    }

    @Test
    void shouldPutTheColumnsOfPartsSideBySide() {
        TensorModule scc =
                Modules.tensor("SCC(ElementWiseTanh(s=0, o=5), Identity, columns=[[0], [2, 1, 2]])", random(0));
        TensorModule.Pass pass = scc.pass(3, 2);
        double[] y = new double[8];
        pass.forward(new double[] {1, 2, 3, 4, 5, 6}, 2, y);
        assertArrayEquals(new double[] {5, 3, 2, 3, 5, 6, 5, 6}, y);
        double[] dx = new double[6];
        pass.adjoint(new double[] {9, 1, 10, 100, 9, 2, 20, 200}, dx);
        assertArrayEquals(new double[] {0, 10, 101, 0, 20, 202}, dx);
    }

    @ParameterizedTest
    @CsvSource({
        "ReLU, 0, 0, 0",
        "FixedOffsetAbs(o=0.5), 0, 0.5, 0",
        "LeakyReLU(negative_slope=0.25), 0, 0, 0.25",
        "ELU(alpha=0.5), 0, 0, 0.5",
        "CELU(alpha=0.5), 0, 0, 1",
        "Softplus, 20, 20.00000000206115, 0.9999999979388463",
        "Softplus, 20.5, 20.5, 1",
        "Softplus, -800, 0, 0",
        "Sigmoid, -800, 0, 0",
        "BasicExp, -800, 0, 0",
    })
    void shouldFollowTheConventionsAtKinksAndFarOut(String text, double x, double y, double slope) {
        TensorModule.Pass pass = Modules.tensor(text, random(0)).pass(1, 1);
        double[] got = new double[1];
        pass.forward(new double[] {x}, 1, got);
        assertEquals(y, got[0], 1e-14);
        pass.adjoint(new double[] {1}, got);
        assertEquals(slope, got[0], 1e-14);
    }

    @Test
    void shouldHaveNoSlopeWhereAMagnitudeIsZero() {
        for (String text : List.of("BiasAndPositiveScale(d=1)", "FixedOffsetTanh(d=1, m=0)", "ShiftedRelu(d=1)")) {
            TensorModule module = Modules.tensor(text, random(0));
            module.parameters().values().forEach(tensor -> tensor.values()[0] = 0);
            TensorModule.Pass pass = module.pass(1, 1);
            double[] dx = new double[1];
            pass.forward(new double[] {0}, 1, new double[1]);
            pass.adjoint(new double[] {1}, dx);
            assertEquals(0, dx[0], text);
            Tensor last = module.parameters().get(text.startsWith("Bias") ? "w" : "s");
            assertEquals(0, last.gradient()[0], text);
        }
    }

    @Test
    void shouldDrawInitialValuesFromTheStatedDistributions() {
        Map<String, Tensor> linear =
                Modules.tensor("Linear(in=100, out=50)", random(1)).parameters();
        assertMoments(linear.get("weight"), 0, 0.1 / Math.sqrt(3));
        assertTrue(Arrays.stream(linear.get("weight").values()).allMatch(v -> Math.abs(v) < 0.1));
        assertTrue(Arrays.stream(linear.get("bias").values()).allMatch(v -> Math.abs(v) < 0.1));
        Map<String, Tensor> group = Modules.map(
                        "GroupLinearTransform(d=[5000], v_mn=0.5, v_std=0.2, o_mn=-1, o_std=0.3)", random(2))
                .parameters();
        assertMoments(group.get("v0"), 0.5, 0.2);
        assertMoments(group.get("o0"), -1, 0.3);
        Map<String, Tensor> scale = Modules.tensor(
                        "BiasAndScale(d=5000, w_mn=2, w_std=0.5, o_mn=-3, o_std=0.25)", random(3))
                .parameters();
        assertMoments(scale.get("w"), 2, 0.5);
        assertMoments(scale.get("o"), -3, 0.25);
        assertMoments(
                Modules.tensor("Bias(d=5000, init_std=0.7)", random(4))
                        .parameters()
                        .get("o"),
                0,
                0.7);
        Map<String, Tensor> tanh =
                Modules.tensor("ScaledTanh(d=5000)", random(5)).parameters();
        assertMoments(tanh.get("s"), 1, 0.1);
        assertMoments(tanh.get("o"), 0, 0.1);
        Tensor b = Modules.tensor("FirstAndSecondOrderFcn(d_in=20, d_out=10)", random(6))
                .parameters()
                .get("b");
        assertMoments(b, 0, 0.01);
        Tensor w = Modules.map("GroupMatrixMultiply(d_in=[60], d_out=[100], w_gain=2)", random(7))
                .parameters()
                .get("w_0");
        assertMoments(w, 0, 2 * Math.sqrt(2.0 / 160));
        Tensor s = Modules.tensor("FixedOffsetTanh(d=3, m=1)", random(8))
                .parameters()
                .get("s");
        assertArrayEquals(new double[] {1, 1, 1}, s.values());
    }

    /** Within five standard errors. */
    private static void assertMoments(Tensor tensor, double mean, double std) {
        double n = tensor.count();
        double m = Arrays.stream(tensor.values()).sum() / n;
        double square =
                Arrays.stream(tensor.values()).map(v -> (v - mean) * (v - mean)).sum() / n;
        assertEquals(mean, m, 5 * std / Math.sqrt(n));
        assertEquals(std, Math.sqrt(square), 5 * std / Math.sqrt(2 * n));
    }

    @Test
    void shouldDrawTheSameInitialValuesFromTheSameSeed() {
        String text = "Chain(Linear(in=3, out=4), Bias(d=4))";
        Map<String, Tensor> a = Modules.tensor(text, random(1)).parameters();
        Map<String, Tensor> b = Modules.tensor(text, random(1)).parameters();
        a.forEach(
                (path, tensor) -> assertArrayEquals(tensor.values(), b.get(path).values()));
        double other = Modules.tensor(text, random(2)).parameters().get("1.o").values()[0];
        assertTrue(other != a.get("1.o").values()[0]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Liner(in=3, out=4)                | no tensor module \"Liner\"; did you mean \"Linear\"?",
                "LinearMap(d_in=[1], d_out=[1])    | LinearMap is a group map but a tensor module is needed here",
                "Linear(in=3)                      | Linear needs out, an integer",
                "Linear(in=3, outt=4)              | Linear needs out, an integer; \"outt\" is no setting of it",
                "Linear(in=3, out=4, bais=true)    | no setting \"bais\" of Linear; did you mean \"bias\"?",
                "Linear(in=3.5, out=4)             | in of Linear must be an integer but was 3.5",
                "Linear(in=3, out=0)               | out must be >= 1 but was 0",
                "Linear(in=3, out=4, bias=1)       | bias of Linear must be true or false but was 1",
                "Tanh(Bias(d=3))                   | Tanh is not made of other modules but was given Bias",
                "Chain                             | Chain is made of other modules but has none",
                "DenseLNLNet(Tanh, Tanh, d_in=1)   | DenseLNLNet is made of one module but was given 2",
                "FixedOffsetExp(o=NaN)             | o must be finite but was NaN",
                "CELU(alpha=0)                     | alpha must be > 0 and finite but was 0.0",
                "SCC(Tanh, columns=[[0], [1]])     | SCC needs a list of columns for each of its modules",
                "SCC(Tanh, columns=[0])            | columns of SCC must be a list in [] but was 0",
                "Bias(d=3, init_std=-1)            | a finite standard deviation >= 0",
                "Bias(d=3                          | expected \",\" or \")\" after 8 characters but found its end",
                "Bias(d=three)                     | expected a number, true, false or a list in [] after 7 characters",
                "Bias(d=3, d=4)                    | Bias has the setting d twice",
                "Bias(d=3) Tanh                    | expected nothing more after 10 characters but found \"Tanh\"",
                "(d=3)                             | expected a name after 0 characters",
            })
    void shouldSayWhatIsWrongWithAText(String text, String message) {
        var e = assertThrows(IllegalArgumentException.class, () -> Modules.tensor(text, random(0)));
        assertTrue(e.getMessage().contains(message), e::getMessage);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LinearMap(d_in=[2], d_out=[3])               | LinearMap was made for groups of [2] columns",
                "GroupTransform(Tanh)                         | GroupTransform was made for 1 groups but was given 2",
                "GroupTransform(Bias(d=2), Bias(d=2))         | Bias was made for 2 columns but its input has 3",
                "NNMap(Identity, d_out=[4])                   | NNMap cuts d_out [4], 4 columns, but its module gives 5",
                "ConcatenateMap(conc=[[true, false, true]])   | ConcatenateMap was made for 3 groups but was given 2",
                "ConcatenateMap(conc=[[false, false]])        | output 0 takes no input group",
                "ConcatenateMap(conc=[[true, true], [true]])  | conc[1] is for 1 input groups but conc[0] is for 2",
                "ConcatenateMap(conc=[[1, 0]])                | conc of ConcatenateMap must be lists of true and false",
                "ConcatenateAndSelectMap(d_in=[2, 3], idx=[[[2], []]]) | idx[0][0] has column 2 but group 0 has the columns 0 to 1",
                "ConcatenateAndSelectMap(d_in=[2, 3], idx=[[[], []]])  | output 0 takes no column",
                "GroupMatrixMultiply(d_in=[2, 3], d_out=[4])  | d_in has 2 groups but d_out has 1",
                "SingleGroupDenseNetMap(d_in=2, d_out=1, n_layers=1, growth=1) | was made for 1 groups but was given 2",
                "ElementWiseTransformedGroupLatents(SCC(Tanh, columns=[[2]]))  | SCC takes column 2 but its input has 2",
            })
    void shouldSayWhatDoesNotFitTheGroups(String text, String message) {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> Modules.map(text, random(0)).pass(WIDTHS, 1));
        assertTrue(e.getMessage().contains(message), e::getMessage);
    }

    @Test
    void shouldRefuseNestingWithoutEnd() {
        String text = "Chain(".repeat(100_000);
        var e = assertThrows(IllegalArgumentException.class, () -> ModuleText.parse(text));
        assertEquals("modules are nested more than 50 deep", e.getMessage());
    }
}
