package org.amacrine.sources.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CameraScriptTest {
    private static final long MILLI = 1_000_000L;

    @Test
    void shouldNameTheEntryOfAScriptThatIsWrong() {
        for (String entry : List.of(
                "10",
                "drop",
                "drop 5",
                "drop 95%",
                "10 drop 0",
                "10 drop 1.5",
                "10 unplug",
                "10 unplug 3",
                "10 explode",
                "explode 1%",
                "10 stall 99999999h",
                "jitter",
                "-1 drop",
                "10 drop 3s",
                "unplug 3s",
                "10 jitter 3ms")) {
            String message = assertThrows(IllegalArgumentException.class, () -> CameraScript.parse("5 drop; " + entry))
                    .getMessage();
            assertTrue(message.startsWith("script: \"" + entry + "\" is no entry"), message);
        }
    }

    @Test
    void shouldReadAScript() {
        CameraScript script = CameraScript.parse(
                "jitter 5ms; drop 1%,corrupt 0.5%\n300 unplug 2s;100 drop 5; 150 corrupt; 7 hang 1h;");
        assertEquals(5 * MILLI, script.jitterNanos());
        assertEquals(0.01, script.dropShare());
        assertEquals(0.005, script.corruptShare());
        assertEquals(
                List.of(
                        new CameraScript.Event(7, CameraScript.Kind.HANG, 3_600_000 * MILLI),
                        new CameraScript.Event(100, CameraScript.Kind.DROP, 5),
                        new CameraScript.Event(150, CameraScript.Kind.CORRUPT, 1),
                        new CameraScript.Event(300, CameraScript.Kind.UNPLUG, 2_000 * MILLI)),
                script.events());
    }
}
