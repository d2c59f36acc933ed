package org.amacrine.demos.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HeatMapTest {

    @Test
    void shouldNameTheEndsOfTheColourBar() {
        assertEquals("4.99e-09", HeatMap.text(4.99e-9f, 4.99e-9f));
        assertEquals("-0.250", HeatMap.text(-0.25f, 3));
        assertEquals("1234", HeatMap.text(1234.4f, 1234.4f));
        assertEquals("2.50e+20", HeatMap.text(2.5e20f, 2.5e20f));
        assertEquals("0", HeatMap.text(-4.99e-9f, 1), "what rounding has left");
        assertEquals("0", HeatMap.text(0, 0));
    }
}
