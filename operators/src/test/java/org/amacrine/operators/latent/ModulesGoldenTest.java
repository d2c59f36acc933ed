package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModulesGoldenTest {

    static List<LatentGolden.Case> modules() {
        return LatentGolden.cases("module");
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldAgreeWithTheReferenceInValuesAndGradients(LatentGolden.Case golden) {
        List<NdArray> x = golden.arrays("x");
        List<NdArray> r = golden.arrays("r");
        int rows = x.get(0).shape()[0];
        double[][] dx = values(x);
        Arrays.stream(dx).forEach(group -> Arrays.fill(group, 7));
        double[][] y = values(r);
        Differentiable module;
        if (Boolean.TRUE.equals(golden.entry().get("group_map"))) {
            int[] widths = x.stream().mapToInt(group -> group.shape()[1]).toArray();
            GroupMap map = GoldenModules.map(golden, golden.map("module"), widths);
            GroupMap.Pass pass = map.pass(widths, rows + 2);
            pass.forward(values(x), rows, y);
            pass.adjoint(values(r), dx);
            module = map;
        } else {
            TensorModule tensor = GoldenModules.tensor(golden, golden.map("module"));
            TensorModule.Pass pass = tensor.pass(x.get(0).shape()[1], rows + 2);
            pass.forward(values(x)[0], rows, y[0]);
            pass.adjoint(values(r)[0], dx[0]);
            module = tensor;
        }
        for (int g = 0; g < y.length; g++) {
            LatentGolden.assertClose(
                    golden.number("tol"), y[g], golden.arrays("y").get(g), golden + " y" + g);
        }
        for (int g = 0; g < dx.length; g++) {
            LatentGolden.assertGradient(
                    golden.number("tol_grad"), dx[g], golden.arrays("grad_x").get(g), golden + " grad_x" + g);
        }
        Map<String, NdArray> gradients = golden.named(golden.entry().get("grad_params"));
        module.parameters()
                .forEach((path, tensor) -> LatentGolden.assertGradient(
                        golden.number("tol_grad"), tensor.gradient(), gradients.get(path), golden + " " + path));
    }

    private static double[][] values(List<NdArray> arrays) {
        return arrays.stream().map(array -> array.doubles().clone()).toArray(double[][]::new);
    }
}
