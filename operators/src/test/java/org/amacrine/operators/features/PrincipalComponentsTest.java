package org.amacrine.operators.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class PrincipalComponentsTest {
    private static final double NONE = Double.NaN;

    private static NdArray array(double[] values, int... shape) {
        return new NdArray(shape, values);
    }

    private static void assertFails(Executable action, String... words) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), () -> "\"" + word + "\" is not in \"" + message + "\"");
        }
    }

    @Test
    void shouldFitPointsOnACross() {
        // (5, 1) plus and minus 4 along (3, 4) / 5, and 1 along (4, -3) / 5: variances 2 * 16 / 3 and 2 * 1 / 3.
        NdArray x = array(new double[] {5 + 2.4, 1 + 3.2, 5 - 2.4, 1 - 3.2, 5 + 0.8, 1 - 0.6, 5 - 0.8, 1 + 0.6}, 4, 2);

        PrincipalComponents fitted = PrincipalComponents.fit(x, null, 0);

        assertArrayEquals(new double[] {5, 1}, fitted.mean().doubles(), 1e-14);
        assertArrayEquals(
                new double[] {0.6, 0.8, 0.8, -0.6}, fitted.components().doubles(), 1e-14);
        assertArrayEquals(new double[] {32 / 3.0, 2 / 3.0}, fitted.variances().doubles(), 1e-13);
        assertArrayEquals(
                new double[] {0.6, 0.8},
                PrincipalComponents.fit(x, null, 1).components().doubles(),
                1e-14);
    }

    @Test
    void shouldLeaveOutVectorsThatAreMaskedOrMissing() {
        double[] x = {1, 2, 3, 6, 5, 10, NONE, 4, 1000, -1000, 7, 14};
        NdArray all = array(x, 2, 3, 2);
        NdArray mask = array(new double[] {1, 1, 1, 1, 0, 1}, 2, 3);

        PrincipalComponents fitted = PrincipalComponents.fit(all, mask, 0);

        // What is left lies on y = 2 x: 1, 3, 5, 7 have the variance 20 / 3, five times that along (1, 2).
        assertArrayEquals(new double[] {4, 8}, fitted.mean().doubles(), 1e-14);
        assertArrayEquals(new double[] {100 / 3.0, 0}, fitted.variances().doubles(), 1e-13);
        assertEquals(2 / Math.sqrt(5), fitted.components().at(1), 1e-14);
    }

    @Test
    void shouldDecomposeALargeMatrix() {
        int n = 30;
        Random random = new Random(1);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                a[i * n + j] = random.nextGaussian();
                a[j * n + i] = a[i * n + j];
            }
        }
        double[] values = new double[n];
        double[] vectors = new double[n * n];

        SymmetricEigen.decompose(a, n, values, vectors);

        for (int i = 0; i < n; i++) {
            assertTrue(i == 0 || values[i] <= values[i - 1]);
            for (int j = 0; j < n; j++) {
                double product = 0;
                double rebuilt = 0;
                for (int k = 0; k < n; k++) {
                    product += vectors[i * n + k] * vectors[j * n + k];
                    rebuilt += values[k] * vectors[k * n + i] * vectors[k * n + j];
                }
                assertEquals(i == j ? 1 : 0, product, 1e-13);
                assertEquals(a[i * n + j], rebuilt, 1e-12);
            }
        }
    }

    @Test
    void shouldSayWhatCannotBeFitted() {
        NdArray one = array(new double[] {1, 2, NONE, 3}, 2, 2);
        assertFails(() -> PrincipalComponents.fit(one, null, 0), "at least 2 vectors", "1 of 2");
        NdArray infinite = array(new double[] {1, 2, 3, Double.POSITIVE_INFINITY}, 2, 2);
        assertFails(() -> PrincipalComponents.fit(infinite, null, 0), "feature 1 of vector 1 is Infinity");
        NdArray fine = array(new double[] {1, 2, 3, 5}, 2, 2);
        assertFails(() -> PrincipalComponents.fit(fine, null, 3), "must be 1 to 2", "but was 3");
        assertFails(() -> PrincipalComponents.fit(fine, array(new double[3], 3), 0), "each of the 2 vectors", "(3,)");
        assertFails(() -> PrincipalComponents.fit(array(new double[4], 4), null, 0), "(T, D)", "(4,)");
    }

    @Test
    void shouldSurviveAFileAndRejectOneThatDoesNotFit(@TempDir Path folder) throws IOException {
        PrincipalComponents fitted =
                PrincipalComponents.fit(array(new double[] {0, 0, 0, 1, 0, 2, 2, 0, 0.5}, 3, 3), null, 2);
        Path file = folder.resolve("pca.npz");
        fitted.save(file);

        assertEquals(fitted, PrincipalComponents.load(file));
        Npz.write(
                file,
                Map.of(
                        "mean", array(new double[3], 3),
                        "components", array(new double[4], 2, 2),
                        "variances", array(new double[2], 2)));
        String message = assertThrows(IOException.class, () -> PrincipalComponents.load(file))
                .getMessage();
        assertTrue(message.contains("(3,), (2, 2) and (2,)"), message);
    }
}
