package org.amacrine.operators.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.amacrine.operators.latent.GradientCheck;
import org.amacrine.operators.latent.Tensor;
import org.amacrine.operators.latent.TensorModule;
import org.junit.jupiter.api.Test;

class FunctionModuleTest {

    /** {@code y = gain (x0 x1 + x1)}, from two columns to one. */
    private static FunctionModule product(Tensor gain, double mistake) {
        return new FunctionModule(
                2,
                1,
                Map.of("gain", gain),
                (x, y) -> y[0] = gain.values()[0] * (x[0] * x[1] + x[1]),
                (x, y, dy, dx) -> {
                    dx[0] += dy[0] * gain.values()[0] * x[1] * mistake;
                    dx[1] += dy[0] * gain.values()[0] * (x[0] + 1);
                    gain.gradient()[0] += dy[0] * y[0] / gain.values()[0];
                });
    }

    @Test
    void shouldTakeEachRowThroughTheFunctionAndItsAdjoint() {
        Tensor gain = Tensor.vector(2);
        TensorModule.Pass pass = product(gain, 1).pass(2, 3);
        double[] y = new double[3];
        pass.forward(new double[] {1, 2, 3, 4, 5, 6}, 2, y);
        assertArrayEquals(new double[] {8, 32, 0}, y);
        double[] dx = {9, 9, 9, 9, 9, 9};
        pass.adjoint(new double[] {1, 10, 100}, dx);
        assertArrayEquals(new double[] {4, 4, 80, 80, 9, 9}, dx);
        assertArrayEquals(new double[] {4 + 160}, gain.gradient());
    }

    @Test
    void shouldBeCheckedByDifferences() {
        double[] x = {1, 2, -3, 0.5};
        assertTrue(GradientCheck.largestError(product(Tensor.vector(2), 1), x, 2) < 1e-9);
        assertTrue(GradientCheck.largestError(product(Tensor.vector(2), 1.01), x, 2) > 1e-3);
    }

    @Test
    void shouldSayWhatDoesNotFit() {
        FunctionModule module = product(Tensor.vector(1), 1);
        var e = assertThrows(IllegalArgumentException.class, () -> module.pass(3, 1));
        assertEquals("the function is of 2 columns but its input has 3; make these the same", e.getMessage());
        e = assertThrows(
                IllegalArgumentException.class,
                () -> new FunctionModule(0, 1, Map.of(), (x, y) -> {}, (x, y, dy, dx) -> {}));
        assertTrue(e.getMessage().contains("was given 0 and 1"), e::getMessage);
        assertThrows(IllegalStateException.class, module::structure);
    }
}
