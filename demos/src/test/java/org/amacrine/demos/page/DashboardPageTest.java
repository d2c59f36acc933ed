package org.amacrine.demos.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;

/** The page of a retina in a real browser: pictures, commands, parameters, connections. */
@Timeout(180)
class DashboardPageTest extends InBrowser {
    private void serve(int port) {
        serve(
                port,
                Stage.of("retina").setting("outputs", List.of("opl", "bipolar")).parameter("bipolar.leakHertz", 50));
    }

    /** Index of the frame that the panel of the input shows; -1 before there is one. */
    private static double frame() {
        return number("window.amacrine.image('input.output')?.frame ?? -1");
    }

    @Test
    void shouldNameTheStageWhereTwoHaveTheSameSignal() {
        serve(
                0,
                Stage.of("retina").named("left").from("input.output").setting("outputs", List.of("opl")),
                Stage.of("retina").named("right").from("input.output"));
        show(dashboard.address());
        String spikes = "panel-right.ganglion_spikes_ON-image";
        await(() -> isThere("panel-left.opl-image") && isThere(spikes));

        assertEquals(
                "right.ganglion_spikes_ON",
                element(spikes).findElement(By.cssSelector("h2")).getText());
        assertEquals(
                "opl",
                element("panel-left.opl-image")
                        .findElement(By.cssSelector("h2"))
                        .getText());
    }

    @Test
    void shouldShowMovingPicturesOfTheRightPixels() {
        serve(0);
        show(dashboard.address());
        await(() -> isThere("panel-input.output-image") && isThere("panel-retina.opl-image"));
        await(() -> is("!isNaN(window.amacrine.pixel('input.output', 1, 1))"));

        for (int row = 1; row < Numbered.ROWS; row += 3) {
            for (int column = 0; column < Numbered.COLUMNS; column += 5) {
                double shown = number("window.amacrine.pixel('input.output', " + row + ", " + column + ")");
                assertEquals(
                        row * Numbered.COLUMNS + column,
                        shown,
                        0.5 * 191 / 255 + 0.01,
                        "row " + row + ", column " + column);
            }
        }
        assertTrue(
                is("document.querySelector(\"[data-testid='panel-input.output-image'] .colorbar\").style.background"
                        + ".includes('rgb(0, 0, 0), rgb(255, 255, 255)')"),
                "what comes from a source is shown in grey");
        double first = frame();
        await(() -> frame() > first + 200);
        byte[] before = element("panel-input.output-image")
                .findElement(By.cssSelector("canvas"))
                .getScreenshotAs(OutputType.BYTES);
        await(() -> !Arrays.equals(
                before,
                element("panel-input.output-image")
                        .findElement(By.cssSelector("canvas"))
                        .getScreenshotAs(OutputType.BYTES)));
    }

    @Test
    void shouldPauseResumeStopAndStart() {
        serve(0);
        show(dashboard.address());
        awaitText("state", "running");

        element("pause").click();
        awaitText("state", "paused");
        assertEquals(RunnerState.PAUSED, runner.state());
        assertFalse(element("pause").isEnabled());
        element("resume").click();
        awaitText("state", "running");
        element("stop").click();
        awaitText("state", "stopped");
        assertEquals(RunnerState.STOPPED, runner.state());
        element("start").click();
        awaitText("state", "running");
        assertEquals(2, runner.runs());
    }

    @Test
    void shouldChangeAParameterWhileItRuns() {
        serve(0);
        show(dashboard.address());
        browser.executeScript("window.amacrine.openParameters(true)");
        await(() -> isThere("param-retina.bipolar.leakHertz"));
        WebElement field = element("param-retina.bipolar.leakHertz");
        WebElement input = field.getTagName().equals("input") ? field : field.findElement(By.cssSelector("input"));

        input.sendKeys(Keys.chord(Keys.CONTROL, "a"), "40" + Keys.ENTER);

        awaitText("param-retina.bipolar.leakHertz-status", "in force from frame");
        assertEquals(40, runner.parameters("retina").get("bipolar.leakHertz").number());
        assertTrue(runner.journal().get(0).frame() >= 0);
        input.sendKeys(Keys.chord(Keys.CONTROL, "a"), "-1" + Keys.ENTER);
        awaitText("param-retina.bipolar.leakHertz-status", "must be");
        assertEquals(40, runner.parameters("retina").get("bipolar.leakHertz").number());
    }

    @Test
    void shouldRecoverWhenTheServerComesBack() {
        serve(0);
        show(dashboard.address());
        await(() -> isThere("panel-input.output-image"));
        await(() -> frame() > 0);
        int port = URI.create(dashboard.viewAddress()).getPort();

        runner.close();
        await(() -> !element("connection").getText().equalsIgnoreCase("connected"));
        serve(port);

        awaitText("connection", "connected");
        awaitText("state", "running");
        double before = frame();
        await(() -> frame() >= 0 && frame() != before);
    }

    @Test
    void shouldAskAgainWhenARefusalWasOnItsWayAsTheSignalsCame() {
        serve(0);
        show(dashboard.address());

        Object asked = browser.executeAsyncScript("const done = arguments[0];"
                + "import('/page/streams.js').then(async ({Streams}) => {"
                + "  const streams = new Streams(null, () => {});"
                + "  const asked = [];"
                + "  streams.connection = {isOpen: true, request: () => new Promise((yes, no) => asked.push({yes, no}))};"
                + "  const refusals = [];"
                + "  streams.subscribe({signal: 'a'}, {failed: sentence => refusals.push(sentence)});"
                + "  streams.retry();"
                + "  asked[0].no(new Error('nothing has run yet'));"
                + "  await new Promise(resolve => setTimeout(resolve));"
                + "  asked[1]?.no(new Error('no signal a'));"
                + "  await new Promise(resolve => setTimeout(resolve));"
                + "  done([asked.length, ...refusals]);"
                + "})");

        assertEquals(List.of(2L, "no signal a"), asked);
    }

    @Test
    void shouldLetAViewerWithoutTheTokenOnlyLook() {
        serve(0);
        show(dashboard.viewAddress());

        await(() -> element("read-only").isDisplayed());
        for (String button : List.of("start", "pause", "resume", "stop")) {
            assertFalse(element(button).isEnabled(), button);
        }
        assertEquals(RunnerState.RUNNING, runner.state());
    }
}
