package org.amacrine.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;

class BackendsTest {

    private record Fake(String name, int rank, Availability availability) implements Backend {
        @Override
        public Kernels open() {
            return ScalarKernels.INSTANCE;
        }
    }

    private static final Backend CUDA =
            new Fake("cuda", 30, Backend.Availability.missing("no driver found (libcuda.so.1); install a driver"));
    private static final Backend OPENCL = new Fake("opencl", 20, Backend.Availability.missing("no platform found"));
    private static final Backend VECTOR = new Fake("vector", 10, Backend.Availability.usable("8 lanes"));
    private static final Backend SCALAR = new ScalarBackend();
    private static final List<Backend> ALL = List.of(CUDA, OPENCL, VECTOR, SCALAR);

    @Test
    void shouldTakeTheBestThatIsUsableAndSayWhy() {
        Backends.Choice choice = Backends.choose("auto", ALL);

        assertSame(VECTOR, choice.backend());
        assertEquals(
                "backend vector (8 lanes); passed over cuda: no driver found (libcuda.so.1); install a driver, opencl:"
                        + " no platform found",
                choice.reason());
    }

    @Test
    void shouldPassOverNothingWhenTheBestIsUsable() {
        assertEquals(
                "backend vector (8 lanes)",
                Backends.choose("auto", List.of(VECTOR, SCALAR)).reason());
    }

    @Test
    void shouldTakeTheOneThatIsNamed() {
        Backends.Choice choice = Backends.choose("scalar", ALL);

        assertSame(SCALAR, choice.backend());
        assertEquals("backend scalar (plain Java loops), as asked", choice.reason());
    }

    @Test
    void shouldNotFallBackFromTheOneThatIsNamed() {
        var e = assertThrows(IllegalArgumentException.class, () -> Backends.choose("opencl", ALL));

        assertEquals("backend \"opencl\" is not usable: no platform found; or use --backend auto", e.getMessage());
    }

    @Test
    void shouldSuggestANameForAnUnknownOne() {
        var e = assertThrows(IllegalArgumentException.class, () -> Backends.choose("vektor", ALL));

        assertEquals(
                "no backend \"vektor\"; did you mean \"vector\"?; there are auto, cuda, opencl, vector, scalar",
                e.getMessage());
    }

    @Test
    void shouldFailWhenNoneIsUsable() {
        var e = assertThrows(IllegalStateException.class, () -> Backends.choose("auto", List.of(CUDA, OPENCL)));

        assertEquals(
                "no backend is usable: cuda: no driver found (libcuda.so.1); install a driver, opencl: no platform"
                        + " found",
                e.getMessage());
    }

    @Test
    void shouldAlwaysFindScalarLast() {
        List<Backend> all = Backends.all();

        assertEquals("scalar", all.get(all.size() - 1).name());
        assertSame(ScalarKernels.INSTANCE, Backends.choose("scalar").backend().open());
        assertEquals("scalar", ScalarKernels.INSTANCE.name());
    }
}
