package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
    private static final List<String> KNOWN = List.of(
            "opl.centerSigmaDegrees",
            "opl.surroundSigmaDegrees",
            "bipolar.leakHertz",
            "on.input.sign",
            "off.input.sign");

    @ParameterizedTest
    @CsvSource({
        "bipolar.leakHerz, bipolar.leakHertz",
        "bipolar.LEAKHERTZ, bipolar.leakHertz",
        "leakHertz, bipolar.leakHertz",
        "bipolar.leak, bipolar.leakHertz",
        "opl.centreSigmaDegrees, opl.centerSigmaDegrees",
        "on.sign, on.input.sign",
        "offf.input.sign, off.input.sign",
        "center, opl.centerSigmaDegrees"
    })
    void shouldFindTheNameThatWasMeant(String unknown, String meant) {
        assertEquals(meant, Names.closest(unknown, KNOWN));
    }

    @ParameterizedTest
    @CsvSource({"xyz", "voltage", "q", "bipolar.zzzzzzzzzzz"})
    void shouldFindNothingWhenNoNameIsNear(String unknown) {
        assertNull(Names.closest(unknown, KNOWN));
    }

    @Test
    void shouldSuggestInHalfASentence() {
        assertEquals("; did you mean \"scalar\"?", Names.suggest("scaler", List.of("vector", "scalar")));
        assertEquals("", Names.suggest("cuda", List.of("vector", "scalar")));
        assertEquals("", Names.suggest("anything", List.of()));
    }
}
