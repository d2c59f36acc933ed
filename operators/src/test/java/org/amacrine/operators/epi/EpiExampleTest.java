package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amacrine.core.kernel.ScalarKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every built-in model can be fitted. */
class EpiExampleTest {

    static Iterable<String> names() {
        return EpiExample.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldFitItsParameters(String name) {
        EpiExample example = EpiExample.of(name);
        EpiModel model = example.model();
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, model.dims())
                .stages(1)
                .units(3)
                .bounds(model.lower(), model.upper())
                .build();
        EpiFit fit = EpiFit.of(model, flow, example.mu(), ScalarKernels.INSTANCE)
                .lagrangian(new LagrangianSettings(4, 1e-3, example.c0(), 0.25, 4))
                .start(flow.initialTheta())
                .epochs(1)
                .iterations(2)
                .logRate(1)
                .batches(2, 2)
                .build();
        while (!fit.done()) {
            fit.step();
        }
        assertFalse(fit.result().failed(), fit.result().failure());
        assertEquals(3, fit.result().records().size());
        for (EpiRecord record : fit.result().records()) {
            assertTrue(Double.isFinite(record.cost()), name + ": cost " + record.cost());
        }
    }

    @Test
    void shouldSuggestANameThatThereIs() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> EpiExample.of("collicullus"));
        assertTrue(e.getMessage().contains("did you mean \"colliculus\"?"), e.getMessage());
    }
}
