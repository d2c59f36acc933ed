package org.amacrine.demos.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amacrine.core.run.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.Select;

/** Panels where a person puts them, in light and dark, on a wide screen and on a phone. */
@Timeout(180)
class DashboardLayoutTest extends InBrowser {
    private static final List<String> AT_FIRST = List.of(
            "panel-input.output-image",
            "panel-known.scaled-image",
            "panel-known.ganglion_spikes_ON-image",
            "panel-known.ganglion_spikes_OFF-image",
            "panel-known.ganglion_spikes_ON-raster",
            "panel-known.ganglion_spikes_ON-trace",
            "panel-known.ganglion_spikes_ON-histogram",
            "panel-known.filtered-ribbon",
            "panel-known.features-trace",
            "panel-pipeline-graph");

    @BeforeEach
    void showKnownSignals() {
        serve(0, Stage.of(Known::new).named("known"));
        show(dashboard.address());
        await(() -> isThere("panel-pipeline-graph"));
    }

    @AfterEach
    void forgetTheScreen() {
        browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    @Test
    void shouldKeepPanelsThatWereAddedRemovedAndMoved() {
        assertEquals(AT_FIRST, panels());
        List<String> wanted = new ArrayList<>(AT_FIRST);

        element("panel-known.ganglion_spikes_OFF-image")
                .findElement(By.cssSelector("[aria-label='Remove']"))
                .click();
        wanted.remove("panel-known.ganglion_spikes_OFF-image");
        browser.findElement(By.id("add")).click();
        element("add-known.filtered-trace").click();
        wanted.add("panel-known.filtered-trace");
        handle("panel-known.scaled-image").sendKeys(Keys.ARROW_LEFT);
        wanted.remove("panel-known.scaled-image");
        wanted.add(0, "panel-known.scaled-image");
        new Actions(browser)
                .clickAndHold(handle("panel-known.scaled-image"))
                .moveToElement(element("panel-known.ganglion_spikes_ON-image"))
                .release()
                .perform();
        wanted.remove("panel-known.scaled-image");
        wanted.add(1 + wanted.indexOf("panel-known.ganglion_spikes_ON-image"), "panel-known.scaled-image");
        element("panel-input.output-image")
                .findElement(By.cssSelector("[aria-label='Two columns wide']"))
                .click();
        assertEquals(wanted, panels());

        open(dashboard.address());
        await(() -> isThere("panel-pipeline-graph"));
        assertEquals(wanted, panels());
        assertTrue(element("panel-input.output-image").getAttribute("class").contains("wide"));

        browser.findElement(By.id("add")).click();
        element("reset-layout").click();
        assertEquals(AT_FIRST, panels());
    }

    @Test
    void shouldTurnDarkAndStayDark() {
        Select theme = new Select(browser.findElement(By.id("theme")));
        theme.selectByValue("light");
        assertTrue(brightness("body", "backgroundColor") > 200, "a light page");
        assertTrue(brightness("body", "color") < 80, "dark letters");
        panel("known.ganglion_spikes_ON", "raster");
        await(() -> plotBrightness() > 200);

        theme.selectByValue("dark");
        assertTrue(brightness("body", "backgroundColor") < 60, "a dark page");
        assertTrue(brightness("body", "color") > 200, "light letters");
        await(() -> plotBrightness() < 60);

        open(dashboard.address());
        assertTrue(brightness("body", "backgroundColor") < 60, "dark after the page is opened again");
    }

    @Test
    void shouldFitAPhone() {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
        open(dashboard.address());
        await(() -> isThere("panel-pipeline-graph"));

        assertEquals(390, number("innerWidth"));
        assertEquals(0, number("document.documentElement.scrollWidth - innerWidth"), "the page scrolls sideways");
        for (String part : List.of("#panels", "#top")) {
            assertEquals(
                    0,
                    number("document.querySelector('%s').scrollWidth - document.querySelector('%s').clientWidth"
                            .formatted(part, part)),
                    part + " scrolls sideways");
        }
        for (String testId : panels()) {
            assertTrue(
                    is("(r => r.left >= 0 && r.right <= innerWidth && r.width > 300)(document.querySelector("
                            + "\"[data-testid='" + testId + "']\").getBoundingClientRect())"),
                    testId);
        }
        for (String button : List.of("start", "pause", "resume", "stop", "parameters")) {
            assertTrue(element(button).isDisplayed(), button);
            assertTrue(
                    is("(r => r.right <= innerWidth && r.height >= 28)(document.getElementById('" + button
                            + "').getBoundingClientRect())"),
                    button);
        }
        panel("input.output", "image");
        await(() -> is("window.amacrine.image('input.output') !== null"));

        element("parameters").click();
        await(() -> isThere("param-known.gain"));
        assertEquals(390, number("document.getElementById('drawer').getBoundingClientRect().width"));
        assertEquals(0, number("document.documentElement.scrollWidth - innerWidth"), "with the parameters open");
    }

    @Test
    void shouldShowTheStagesWithTheirLampsAndNumbers() {
        WebElement graph = panel("pipeline", "graph");
        for (String stage : List.of("input", "known", "dashboard")) {
            await(() -> graph.getText().contains(stage));
        }
        await(() -> graph.getText().matches("(?s).*\\d /s.*queue \\d+, lost \\d+.*\\d / [0-9.]+ ms.*"));
        await(() -> graph.findElements(By.cssSelector("circle.lamp[data-lamp='off']"))
                .isEmpty());
        assertEquals(
                3, graph.findElements(By.cssSelector("circle.lamp[data-lamp]")).size());

        element("stop").click();
        awaitText("state", "stopped");
        assertFalse(graph.getText().isEmpty());
        assertNotEquals(0, number("window.amacrine.stats().messages"));
    }

    private static List<String> panels() {
        return browser.findElements(By.cssSelector("#panels > section")).stream()
                .map(panel -> panel.getDomAttribute("data-testid"))
                .toList();
    }

    private static WebElement handle(String testId) {
        return element(testId).findElement(By.cssSelector(".handle"));
    }

    /** From 0 for black to 255 for white. */
    private static double brightness(String selector, String property) {
        return number(
                "(c => (c[0] + c[1] + c[2]) / 3)(getComputedStyle(document.querySelector('%s')).%s.match(/[\\d.]+/g).map(Number))"
                        .formatted(selector, property));
    }

    /** Of the raster's plot, at its upper left corner, where the window begins. */
    private static double plotBrightness() {
        return number(
                "(d => (d[0] + d[1] + d[2]) / 3)(document.querySelector('.raster-body canvas').getContext('2d').getImageData(40, 60, 1, 1).data)");
    }
}
