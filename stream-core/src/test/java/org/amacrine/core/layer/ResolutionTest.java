package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolutionTest {

    @Test
    void shouldHaveTheDefaultsOfTheReference() {
        assertEquals(new Resolution(10, 1000, 0.001), Resolution.DEFAULT);
        assertEquals(0.001, Resolution.of(5, 200).filterEpsilon());
    }

    @Test
    void shouldConvertDegreesAndSeconds() {
        Resolution resolution = Resolution.of(20, 250);

        assertEquals(3, resolution.toPixels(0.15), 1e-15);
        assertEquals(2.5, resolution.toSteps(0.01), 1e-15);
        assertEquals(0.004, resolution.stepSeconds());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRejectValuesThatAreNotAboveZero(double value) {
        var pixels = assertThrows(IllegalArgumentException.class, () -> Resolution.of(value, 1000));
        assertEquals(
                "pixelsPerDegree must be a finite number > 0 but was " + value + "; for example 10",
                pixels.getMessage());

        var steps = assertThrows(IllegalArgumentException.class, () -> Resolution.of(10, value));
        assertEquals(
                "stepsPerSecond must be a finite number > 0 but was " + value + "; for example 1000",
                steps.getMessage());

        var level = assertThrows(IllegalArgumentException.class, () -> new Resolution(10, 1000, value));
        assertEquals(
                "filterEpsilon must be a finite number > 0 but was " + value + "; for example 0.001",
                level.getMessage());
    }
}
