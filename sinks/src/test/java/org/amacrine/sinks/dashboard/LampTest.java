package org.amacrine.sinks.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LampTest {

    /** The budget of the age is 100 ms. */
    @ParameterizedTest
    @CsvSource({
        "0.3, 0, 0, 20, 1.0, true, green, ''",
        "0.3, 0, 4, 20, 1.0, true, red, 4 frames dropped in the last moment",
        "0.3, 0, 4, 20, 1.0, false, red, 4 frames dropped in the last moment",
        "0.99, 0, 0, 20, 1.0, true, red, works all the time",
        "0.99, 3, 0, 900, 0.2, false, green, ''",
        "0.90, 0, 0, 20, 0.8, true, red, 0.80 of real time",
        "0.90, 0, 0, 20, 1.0, true, amber, works 90 % of the time",
        "0.3, 0, 0, 150, 1.0, true, amber, frames are 150 ms old",
        "0.3, 0, 0, 201, 1.0, true, red, frames are 201 ms old",
        "0.3, 2, 0, 20, 1.0, true, amber, 2 chunks wait",
        "0.3, 1, 0, 20, 1.0, true, green, ''"
    })
    void shouldJudgeAStageByItsBudget(
            double busy,
            int queue,
            long dropped,
            double age,
            double realTime,
            boolean paced,
            String colour,
            String why) {
        assertEquals(new Lamp(colour, why), Lamp.of(busy, queue, dropped, age, 100, realTime, paced));
    }
}
