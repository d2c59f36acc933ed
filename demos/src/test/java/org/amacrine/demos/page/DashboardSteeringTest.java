package org.amacrine.demos.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.amacrine.core.run.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Parameters on the page: found, edited, reset, saved and loaded; and the log of their changes. */
@Timeout(180)
class DashboardSteeringTest extends InBrowser {
    private static final String GAIN = "param-known.gain";

    @TempDir
    Path downloads;

    @BeforeEach
    void showParameters() {
        serve(0, Stage.of(Known::new).named("known"));
        show(dashboard.address());
        browser.executeCdpCommand(
                "Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", downloads.toString()));
        element("parameters").click();
        await(() -> isThere(GAIN));
    }

    @Test
    void shouldChangeTheOutputFromTheFrameThatIsTold() {
        panel("known.scaled", "image");
        await(() -> Math.abs(number("window.amacrine.pixel('known.scaled', 5, 5)") - 85) < 1);

        edit("3");

        awaitText(GAIN + "-status", "in force from frame");
        // Pixel 85 of 192, so three times that; 8 bits of 0 to 573 are 2.3 apart.
        await(() -> Math.abs(number("window.amacrine.pixel('known.scaled', 5, 5)") - 255) < 2);
        String told = element(GAIN + "-status").getText().replaceAll("[^0-9]", "");
        assertEquals(runner.journal().get(0).frame(), Long.parseLong(told));
    }

    @Test
    void shouldFindParametersByNameUnitAndDocumentation() {
        element("param-search").sendKeys("tau");
        await(() -> !element(GAIN).isDisplayed());
        assertTrue(element("param-known.tauSeconds").isDisplayed());

        search("mV multiplied");
        await(() -> element(GAIN).isDisplayed());
        assertFalse(element("param-known.tauSeconds").isDisplayed());

        search("nowhere");
        awaitText("param-none", "No parameter fits");
    }

    @Test
    void shouldRefuseWhatIsOutOfBoundsAndResetToTheDefault() {
        edit("11");
        awaitText(GAIN + "-status", "<= 10");
        assertEquals(1, gain());
        assertEquals("1", element(GAIN).getDomProperty("value"), "the value in force is shown again");
        assertFalse(element(GAIN + "-reset").isEnabled(), "nothing to reset");

        edit("4");
        awaitText(GAIN + "-status", "in force from frame");
        await(() -> element(GAIN + "-reset").isEnabled());
        element(GAIN + "-reset").click();
        await(() -> gain() == 1);
        await(() -> "1".equals(element(GAIN).getDomProperty("value")));
    }

    @Test
    void shouldSaveAndLoadASetOfParameters() throws IOException {
        edit("7");
        awaitText(GAIN + "-status", "in force from frame");

        element("save").click();
        String saved = downloaded("page-parameters.yaml");
        assertTrue(saved.contains("gain: 7.0"), saved);
        assertFalse(saved.contains("tauSeconds"), "only what is not at its default: " + saved);

        Path changed = downloads.resolve("set.yaml");
        Files.writeString(changed, saved.replace("gain: 7.0", "gain: 2.5"));
        element("load-file").sendKeys(changed.toString());
        awaitText("set-status", "set.yaml: 1 changed, in force from frame");
        assertEquals(2.5, gain());
        await(() -> "2.5".equals(element(GAIN).getDomProperty("value")));

        Path wrong = downloads.resolve("wrong.yaml");
        Files.writeString(wrong, saved.replace("gain: 7.0", "gain: 70"));
        element("load-file").sendKeys(wrong.toString());
        awaitText("set-status", "wrong.yaml:");
        assertEquals(2.5, gain(), "a set that is refused changes nothing");
    }

    @Test
    void shouldKeepALogOfChangesToTakeAway() {
        edit("2");
        awaitText(GAIN + "-status", "in force from frame");
        edit("3");
        await(() -> runner.journal().size() == 2);
        await(() -> element("changes").getText().lines().count() == 3);
        List<String> rows = element("changes").getText().lines().toList();
        assertTrue(rows.get(1).contains("known.gain 3"), "the newest first: " + rows);
        assertTrue(rows.get(2).contains("known.gain 2"), rows.toString());

        element("changes-csv").click();
        List<String> csv = downloaded("page-changes.csv").lines().toList();
        assertEquals("number,time,run,path,value,frame", csv.get(0));
        for (int i = 0; i < 2; i++) {
            String end =
                    ",1,known.gain," + (i + 2) + "," + runner.journal().get(i).frame();
            assertTrue(csv.get(i + 1).endsWith(end), csv.get(i + 1) + " should end " + end);
        }
        element("changes-json").click();
        String json = downloaded("page-changes.json");
        assertTrue(json.contains("\"path\": \"known.gain\""), json);
    }

    private void edit(String value) {
        element(GAIN).sendKeys(Keys.chord(Keys.CONTROL, "a"), value + Keys.ENTER);
    }

    private static void search(String words) {
        element("param-search").sendKeys(Keys.chord(Keys.CONTROL, "a"), words);
    }

    private double gain() {
        return runner.parameters("known").get("gain").number();
    }

    /** The text of a file that the browser puts into its place when it is whole. */
    private String downloaded(String name) {
        Path file = downloads.resolve(name);
        await(() -> Files.exists(file));
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
