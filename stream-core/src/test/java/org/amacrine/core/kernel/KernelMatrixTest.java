package org.amacrine.core.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelMatrixTest {
    private final List<Object> before = new ArrayList<>();

    private double[] copy(double[] values, Object copyBefore) {
        before.add(copyBefore);
        return values.clone();
    }

    @Test
    void shouldBeCopiedOnceForEachChange() {
        KernelMatrix matrix = new KernelMatrix(new double[] {1, 2});

        Object first = matrix.copy(this::copy);
        assertSame(first, matrix.copy(this::copy));
        assertArrayEquals(new double[] {1, 2}, (double[]) first);
        matrix.change()[1] = 3;
        Object second = matrix.copy(this::copy);

        assertArrayEquals(new double[] {1, 3}, (double[]) second);
        assertEquals(2, before.size());
        assertNull(before.get(0));
        assertSame(first, before.get(1));
    }

    @Test
    void shouldBeginWithZeros() {
        assertArrayEquals(new double[3], new KernelMatrix(3).values());
    }
}
