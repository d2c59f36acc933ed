package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Initialised flows that are kept. */
class InitialCacheTest {
    private final EpiModel model = Fits.linearModel();
    private final Gaussian gaussian = Gaussian.within(model.lower(), model.upper());
    private final NormalizingFlow flow = Fits.linearFlow().units(4).build();

    private EpiFit.Builder fit() {
        return EpiFit.of(model, flow, Fits.linearMu(), ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(20, 1e-3, 1e-3, 0.25, 4))
                .initialIterations(20)
                .epochs(1)
                .iterations(5)
                .batches(2, 2);
    }

    private static EpiResult run(EpiFit fit) {
        while (!fit.done()) {
            fit.step();
        }
        return fit.result();
    }

    @Test
    void shouldGiveTheSameFitAsInitialisingAgain(@TempDir Path root) throws IOException {
        InitialCache cache = new InitialCache(root);
        assertTrue(cache.load(model, gaussian, flow).isEmpty());
        EpiResult first = run(fit().build());

        cache.store(model, gaussian, flow, first.checkpoints().get(0));
        EpiResult second =
                run(fit().start(cache.load(model, gaussian, flow).orElseThrow()).build());

        assertArrayEquals(first.checkpoints().get(1), second.checkpoints().get(1));
        Gaussian other = Gaussian.diagonal(new double[4], new double[] {1, 1, 1, 1});
        assertTrue(cache.load(model, other, flow).isEmpty());
    }

    @Test
    void shouldSayWhenItCannotBeWrittenOrIsOfAnotherFlow(@TempDir Path root) throws IOException {
        InitialCache cache = new InitialCache(root);
        cache.store(model, gaussian, flow, new double[3]);
        assertTrue(assertThrows(IOException.class, () -> cache.load(model, gaussian, flow))
                .getMessage()
                .contains("holds 3 parameters"));
        Path file = Files.createFile(root.resolve("file"));
        InitialCache nowhere = new InitialCache(file);
        assertThrows(IOException.class, () -> nowhere.store(model, gaussian, flow, new double[3]));
        assertFalse(Files.isDirectory(file));
    }
}
