package org.amacrine.demos.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The browser of the person who sits at this computer. */
final class Browser {
    private Browser() {}

    /** Opens an address, if there is a desktop to open it on; returns what went wrong, or an empty text. */
    static String open(String address) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        boolean desktop = system.contains("mac")
                || system.contains("win")
                || System.getenv("DISPLAY") != null
                || System.getenv("WAYLAND_DISPLAY") != null;
        if (!desktop) {
            return "";
        }
        List<String> command = system.contains("mac")
                ? List.of("open", address)
                : system.contains("win")
                        ? List.of("rundll32", "url.dll,FileProtocolHandler", address)
                        : List.of("xdg-open", address);
        try {
            new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return "";
        } catch (IOException e) {
            return "the browser could not be opened (" + e.getMessage() + "); open the address yourself";
        }
    }
}
