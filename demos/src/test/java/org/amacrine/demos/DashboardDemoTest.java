package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The demos as a person at a terminal starts them: with the page, until Ctrl-C. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a program cannot be told to end, only be ended")
class DashboardDemoTest {
    private static final String ANNOUNCED = "dashboard: ";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void shouldServeThePageOfTheRetinaUntilToldToEnd() throws Exception {
        watch("retina.ganglion_spikes_ON", "demo", "retina");
    }

    @Test
    void shouldServeThePageOfACameraUntilToldToEnd() throws Exception {
        watch("camera.output", "demo", "camera", "--simulated", "--rows", "24", "--columns", "32");
    }

    private void watch(String signal, String... demo) throws Exception {
        Path png = folder.resolve("seen.png");
        List<String> words = new ArrayList<>(List.of(demo));
        words.addAll(List.of("--dashboard", "--port", "0", "--out", png.toString()));

        List<String> lines = Cli.runUntil("running ", printed -> look(printed, signal), Amacrine.class, words);

        assertTrue(lines.stream().anyMatch(line -> line.startsWith("stopped after ")), lines::toString);
        assertTrue(Files.size(png) > 0, lines::toString);
    }

    private void look(List<String> lines, String signal) {
        URI page = lines.stream()
                .filter(line -> line.startsWith(ANNOUNCED))
                .map(line -> URI.create(line.substring(ANNOUNCED.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no address in " + lines));

        assertTrue(get(page).contains("<title>"), "the page");
        assertTrue(get(page.resolve("/api/state")).contains("\"RUNNING\""), "the state");
        assertTrue(get(page.resolve("/api/graph")).contains('"' + signal + '"'), "the graph");
    }

    private String get(URI address) {
        try {
            var reply = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
            assertEquals(200, reply.statusCode(), address::toString);
            return reply.body();
        } catch (IOException e) {
            throw new AssertionError(address + " did not answer", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while asking " + address, e);
        }
    }
}
