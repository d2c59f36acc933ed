package org.amacrine.sources.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh; the controls are those of Linux")
class V4l2ControlsTest {

    private static final long LONG_MILLIS = 30_000;

    @Test
    void shouldReturnWhatAProgramPrints() throws Exception {
        assertEquals(
                "gain\nexposure\n", V4l2Controls.run(List.of("sh", "-c", "echo gain; echo exposure >&2"), LONG_MILLIS));
    }

    @Test
    void shouldNotWaitForAProgramThatHangs() {
        IOException error = assertTimeoutPreemptively(
                Duration.ofMillis(LONG_MILLIS),
                () -> assertThrows(
                        IOException.class,
                        () -> V4l2Controls.run(List.of("sh", "-c", "echo gain; exec sleep 600"), 100)));

        assertTrue(error.getMessage().contains("did not end within 100 ms"), error.getMessage());
    }

    @Test
    void shouldSayWhatAProgramThatFailsPrinted() {
        IOException error = assertThrows(
                IOException.class,
                () -> V4l2Controls.run(List.of("sh", "-c", "echo no such device; exit 3"), LONG_MILLIS));

        assertTrue(error.getMessage().endsWith("failed: no such device"), error.getMessage());
    }
}
