package org.amacrine.sources;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CropTest {

    @Test
    void shouldTakeEverythingByDefault() {
        assertEquals(new Crop(48, 64, 0, 0), new Crop(0, 0, -1, -1).within(48, 64, "x"));
    }

    @Test
    void shouldTakeTheMiddle() {
        assertEquals(new Crop(10, 11, 19, 26), new Crop(10, 11, -1, -1).within(48, 64, "x"));
    }

    @Test
    void shouldBeginAtTheOffset() {
        assertEquals(new Crop(10, 11, 38, 0), new Crop(10, 11, 38, 0).within(48, 64, "x"));
    }

    @Test
    void shouldReachFromTheOffsetToTheEnd() {
        assertEquals(new Crop(18, 1, 30, 63), new Crop(0, 0, 30, 63).within(48, 64, "x"));
    }

    @Test
    void shouldRejectWhatReachesBeyondThePicture() {
        Class<IllegalArgumentException> wrong = IllegalArgumentException.class;
        assertFails(
                wrong,
                () -> new Crop(49, 0, -1, -1).within(48, 64, "a.png"),
                "a.png has 48x64",
                "49xall in the middle");
        assertFails(wrong, () -> new Crop(10, 11, 39, 0).within(48, 64, "a.png"), "10x11 at 39,0");
        assertFails(wrong, () -> new Crop(0, 0, 0, 64).within(48, 64, "a.png"), "allxall at 0,64");
        assertFails(wrong, () -> new Crop(10, 65, 5, -1).within(48, 64, "a.png"), "10x65 at 5,middle");
    }
}
