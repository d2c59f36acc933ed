package org.amacrine.backends.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

/** The scalar kernels stand in for the vector ones until those are compiled. */
class StartingKernelsTest {

    private static Set<String> kernels() {
        return Arrays.stream(Kernels.class.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !name.equals("name"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void shouldWarmUpEveryKernelThatHasVectorCode() {
        Set<String> expected = kernels();
        // Along a row each step depends on the one before: the scalar twin as it is.
        expected.remove("smoothRows");

        Set<String> warm = new TreeSet<>(WarmUp.onFrames(ScalarKernels.INSTANCE).keySet());
        warm.addAll(WarmUp.onSeries(ScalarKernels.INSTANCE).keySet());
        assertEquals(expected, warm);
    }

    @Test
    void shouldHandOverWithoutAnyDifference() throws InterruptedException {
        StartingKernels kernels = StartingKernels.INSTANCE;
        float[] before = new float[4097];
        float[] after = new float[4097];
        assertFalse(kernels.isWarm());
        kernels.normal(before, 0, 0, before.length, 5, 9, 2f, 1f);

        kernels.awaitWarm();

        assertTrue(kernels.isWarm());
        kernels.normal(after, 0, 0, after.length, 5, 9, 2f, 1f);
        assertArrayEquals(before, after);
        assertEquals("vector", kernels.name());
    }
}
