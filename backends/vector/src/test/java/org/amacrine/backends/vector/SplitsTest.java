package org.amacrine.backends.vector;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.kernel.Kernels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any split of a frame into ranges and of a stream into chunks gives the bits of one call. */
class SplitsTest {
    private static final int SPLITS = 12;
    private static final int[] LENGTHS = {3, 16, 31, 65, 300, 2111};

    static Stream<Arguments> casesAndBackends() {
        return KernelCases.all().values().stream()
                .flatMap(kernel -> Stream.of("scalar", "vector").map(backend -> Arguments.of(kernel, backend)));
    }

    private static Kernels kernels(String backend) {
        return Backends.choose(backend).backend().open();
    }

    /** Random borders from 0 to {@code extent}, both included. */
    private static int[] borders(int extent, Random random) {
        List<Integer> borders = new ArrayList<>(List.of(0, extent));
        for (int i = random.nextInt(5); i > 0; i--) {
            borders.add(random.nextInt(extent + 1));
        }
        return borders.stream().sorted().mapToInt(Integer::intValue).toArray();
    }

    @ParameterizedTest
    @MethodSource("casesAndBackends")
    void shouldNotDependOnRangesOrChunks(KernelCases.Case kernel, String backend) {
        Kernels k = kernels(backend);
        for (int n : LENGTHS) {
            for (int split = 0; split < SPLITS; split++) {
                boolean inPlace = kernel.mayBeInPlace() && split % 2 == 0;
                long seed = 1000L * n + split;
                KernelData.Setup setup = new KernelData.Setup(n, 1 + n % 37, 9, 3, inPlace, split > 5, split, seed);
                int extent = kernel.kind().extent(setup);
                int frames = kernel.kind().frames(setup);
                KernelData whole = new KernelData(setup);
                KernelData parts = new KernelData(setup);
                Random random = new Random(seed);

                kernel.call().run(k, whole, 0, frames, 0, extent);
                int[] chunks = borders(frames, random);
                for (int c = 0; c + 1 < chunks.length; c++) {
                    int[] ranges = borders(extent, random);
                    for (int r = ranges.length - 2; r >= 0; r--) {
                        kernel.call().run(k, parts, chunks[c], chunks[c + 1] - chunks[c], ranges[r], ranges[r + 1]);
                    }
                }

                assertNull(KernelData.difference(whole, parts), () -> kernel + " of " + setup);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void shouldConvolveInAnyRangesOfRows(String backend) {
        Kernels k = kernels(backend);
        for (int split = 0; split < 60; split++) {
            Random random = new Random(split);
            int rows = 1 + random.nextInt(90);
            KernelData.Setup setup = new KernelData.Setup(1 + random.nextInt(150), rows, 1, 3, false, false, 0, split);
            int v = 1 + random.nextInt(20);
            int h = 1 + random.nextInt(20);
            KernelData whole = new KernelData(setup);
            KernelData parts = new KernelData(setup);

            KernelCases.convolve(k, whole, v, h, false, 0, rows);
            int[] ranges = borders(rows, random);
            for (int r = 0; r + 1 < ranges.length; r++) {
                KernelCases.convolve(k, parts, v, h, false, ranges[r], ranges[r + 1]);
            }

            assertNull(KernelData.difference(whole, parts), () -> v + " by " + h + " taps on " + setup);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void shouldConvolveDenselyInAnyRangesAndChunks(String backend) {
        Kernels k = kernels(backend);
        for (int split = 0; split < 60; split++) {
            Random random = new Random(split);
            KernelCases.Dense shape = new KernelCases.Dense(
                    1 + random.nextInt(6),
                    1 + random.nextInt(12),
                    1 + random.nextInt(70),
                    1 + random.nextInt(5),
                    1 + random.nextInt(6),
                    1 + random.nextInt(6));
            KernelData whole = shape.data(4, split);
            KernelData parts = shape.data(4, split);

            KernelCases.convolveDense(k, whole, shape, 0, shape.frames(), 0, shape.rows());
            int[] chunks = borders(shape.frames(), random);
            for (int c = 0; c + 1 < chunks.length; c++) {
                int[] ranges = borders(shape.rows(), random);
                for (int r = 0; r + 1 < ranges.length; r++) {
                    KernelCases.convolveDense(
                            k, parts, shape, chunks[c], chunks[c + 1] - chunks[c], ranges[r], ranges[r + 1]);
                }
            }

            assertNull(KernelData.difference(whole, parts), () -> "seed " + shape);
        }
    }
}
