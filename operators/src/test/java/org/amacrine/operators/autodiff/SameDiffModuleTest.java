package org.amacrine.operators.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.operators.latent.Chain;
import org.amacrine.operators.latent.GradientCheck;
import org.amacrine.operators.latent.Modules;
import org.amacrine.operators.latent.NNMap;
import org.amacrine.operators.latent.Tensor;
import org.amacrine.operators.latent.TensorModule;
import org.junit.jupiter.api.Test;

class SameDiffModuleTest {
    private static final double[] W = {0.1, -0.2, 0.3, 0.4, -0.5, 0.6};
    private static final double[] B = {0.25, -0.75};
    private static final double[] X = {1, 2, -3, 0.5, -0.25, 1.5};

    private static SameDiffModule tanhOfLinear() {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("w", Tensor.of(W, 3, 2));
        parameters.put("b", Tensor.vector(B));
        return new SameDiffModule(
                parameters,
                (graph, x, p) -> graph.math().tanh(x.mmul(p.get("w")).add(p.get("b"))));
    }

    @Test
    void shouldComputeTheFunction() {
        TensorModule.Pass pass = tanhOfLinear().pass(3, 2);
        assertEquals(2, pass.outWidth());
        double[] y = new double[4];
        pass.forward(X, 2, y);
        // 0.1 + 0.6 + 1.5 + 0.25 and -0.2 + 0.8 - 1.8 - 0.75; 0.05 - 0.075 - 0.75 + 0.25 and -0.1 - 0.1 + 0.9 - 0.75
        double[] expected = {Math.tanh(2.45), Math.tanh(-1.95), Math.tanh(-0.525), Math.tanh(-0.05)};
        assertArrayEquals(expected, y, 1e-12);
        pass.forward(X, 0, y);
        pass.adjoint(y, y);
        assertArrayEquals(expected, y, 1e-12);
    }

    @Test
    void shouldHaveGradientsThatDifferencesConfirm() {
        SameDiffModule module = tanhOfLinear();
        assertTrue(GradientCheck.largestError(module, X, 3) < 1e-8);
        assertTrue(GradientCheck.largestError(module.rowByRow(), X, 3) < 1e-8);
        assertEquals(List.of("w", "b"), List.copyOf(module.parameters().keySet()));
    }

    @Test
    void shouldAgreeWithTheSameModuleByHand() {
        TensorModule byHand = Modules.tensor("Chain(Linear(in=3, out=2), Tanh)", new RandomSequence());
        // Its weights are stored the other way round.
        byHand.parameters().get("0.weight").set(Tensor.of(new double[] {0.1, 0.3, -0.5, -0.2, 0.4, 0.6}, 2, 3));
        byHand.parameters().get("0.bias").set(Tensor.vector(B));
        SameDiffModule module = tanhOfLinear();
        double[] dy = {1, -2, 0.5, 3};
        double[][] dx = new double[2][6];
        int i = 0;
        for (TensorModule one : List.of(byHand, module)) {
            TensorModule.Pass pass = one.pass(3, 2);
            pass.forward(X, 2, new double[4]);
            pass.adjoint(dy, dx[i++]);
        }
        assertArrayEquals(dx[0], dx[1], 1e-12);
        double[] w = module.parameters().get("w").gradient();
        double[] weight = byHand.parameters().get("0.weight").gradient();
        assertArrayEquals(new double[] {weight[0], weight[3], weight[1], weight[4], weight[2], weight[5]}, w, 1e-12);
        assertArrayEquals(
                byHand.parameters().get("0.bias").gradient(),
                module.parameters().get("b").gradient(),
                1e-12);
    }

    @Test
    void shouldStandInAGroupMapWithItsParametersReadAtEachCall() {
        SameDiffModule module = tanhOfLinear();
        var map =
                new NNMap(new int[] {1, 1}, new Chain(module, Modules.tensor("ElementWiseTanh", new RandomSequence())));
        assertEquals(List.of("nn.0.w", "nn.0.b"), List.copyOf(map.parameters().keySet()));
        var pass = map.pass(new int[] {1, 2}, 1);
        double[][] y = new double[2][1];
        module.parameters().get("w").set(Tensor.zeros(3, 2));
        pass.forward(new double[][] {{1}, {2, 3}}, 1, y);
        assertEquals(Math.tanh(Math.tanh(0.25)), y[0][0], 1e-12);
        assertEquals(Math.tanh(Math.tanh(-0.75)), y[1][0], 1e-12);
    }

    @Test
    void shouldGiveARowTheSameBitsAloneInRowByRowForm() {
        TensorModule.Pass all = tanhOfLinear().rowByRow().pass(3, 2);
        double[] y = new double[4];
        all.forward(X, 2, y);
        double[] one = new double[2];
        all.forward(Arrays.copyOfRange(X, 3, 6), 1, one);
        assertArrayEquals(Arrays.copyOfRange(y, 2, 4), one);
    }

    @Test
    void shouldRejectFunctionsThatAreNone() {
        var unused = new SameDiffModule(
                Map.of("gain", Tensor.vector(1)), (graph, x, p) -> graph.math().tanh(x));
        var e = assertThrows(IllegalArgumentException.class, () -> unused.pass(2, 1));
        assertEquals("the function does not depend on the parameter gain; use it, or leave it out", e.getMessage());
        var sum = new SameDiffModule(Map.of(), (graph, x, p) -> x.sum());
        e = assertThrows(IllegalArgumentException.class, () -> sum.pass(2, 1));
        assertTrue(e.getMessage().contains("must give a row for each row of x"), e::getMessage);
    }

    @Test
    void shouldSayThatItCannotBeWrittenToAFile() {
        var e = assertThrows(IllegalStateException.class, () -> tanhOfLinear().structure());
        assertTrue(e.getMessage().contains("cannot be written to a file"), e::getMessage);
    }

    /** What another virtual machine, without the native library, does. */
    static final class WithoutNatives {
        public static void main(String[] args) {
            try {
                tanhOfLinear();
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void shouldSayWhatToAddWhereTheNativeLibraryIsMissing() throws IOException, InterruptedException {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*nd4j-native-[^/\\\\]*-(linux|macosx|windows)-[^/\\\\]*\\.jar"))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java", "-cp", path, WithoutNatives.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.contains("ND4J cannot be used on " + System.getProperty("os.name")), said);
        assertTrue(said.contains("put org.nd4j:nd4j-native with the classifier of this machine"), said);
    }
}
