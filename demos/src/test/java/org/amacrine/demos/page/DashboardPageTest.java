package org.amacrine.demos.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.RunnerState;
import org.amacrine.core.run.Stage;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sinks.dashboard.Dashboard;
import org.amacrine.sinks.dashboard.DashboardSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The dashboard's page in a real browser. Needs Chromium and its driver, and says so where they are missing. */
@Timeout(180)
class DashboardPageTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final String TOKEN = "control";
    private static final int ROWS = 12;
    private static final int COLUMNS = 16;

    private static ChromeDriver browser;
    private Runner runner;
    private Dashboard dashboard;

    @BeforeAll
    static void openBrowser() {
        Path chromium = found("chromium", "chromium-browser", "google-chrome");
        Path driver = found("chromedriver");
        assumeTrue(
                chromium != null && driver != null,
                "Chromium and chromedriver are not installed, so the page is not tested;"
                        + " install them, for example with: apt-get install chromium chromium-driver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--window-size=1440,900");
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.toFile())
                        .build(),
                options);
    }

    private static Path found(String... names) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .flatMap(folder -> Stream.of(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.quit();
        }
    }

    @AfterEach
    void closeRunner() {
        if (runner != null) {
            runner.close();
        }
    }

    /** Frames in which each pixel holds its number, and the first one the number of the frame, modulo 192. */
    private static final class Numbered implements FrameSource {
        private long next;

        @Override
        public SourceFormat open(SourceContext context) {
            next = 0;
            return SourceFormat.of(Shape.image(ROWS, COLUMNS), -1);
        }

        @Override
        public boolean read(Frame frame) {
            for (int i = 0; i < ROWS * COLUMNS; i++) {
                frame.values()[i] = i;
            }
            frame.values()[0] = next++ % (ROWS * COLUMNS);
            return true;
        }

        @Override
        public void close() {
            next = 0;
        }
    }

    private void serve(int port) {
        dashboard = new Dashboard(new DashboardSettings(
                "127.0.0.1", port, TOKEN, "", List.of(), null, "", DashboardSettings.DEFAULT_BYTES_PER_SECOND));
        runner = new Runner(Pipeline.builder()
                .name("page")
                .dt(20)
                .paced(true)
                .source(Stage.of(Numbered::new))
                .layer(Stage.of("retina")
                        .setting("outputs", List.of("opl", "bipolar"))
                        .parameter("bipolar.leakHertz", 50))
                .sink(Stage.of(() -> dashboard).named("dashboard").from("*"))
                .build());
        runner.start();
    }

    private void show(String address) {
        browser.get("about:blank");
        browser.get(address);
        awaitText("connection", "connected");
    }

    private static WebElement element(String testId) {
        return browser.findElement(By.cssSelector("[data-testid='" + testId + "']"));
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        new WebDriverWait(browser, LIMIT)
                .ignoring(StaleElementReferenceException.class)
                .until(driver -> condition.getAsBoolean());
    }

    private static void awaitText(String testId, String text) {
        await(() -> element(testId).getText().toLowerCase().contains(text.toLowerCase()));
    }

    private static double number(String script) {
        return ((Number) browser.executeScript("return " + script)).doubleValue();
    }

    private static boolean isThere(String panel) {
        return !browser.findElements(By.cssSelector("[data-testid='" + panel + "']"))
                .isEmpty();
    }

    @Test
    void shouldShowMovingPicturesOfTheRightPixels() {
        serve(0);
        show(dashboard.address());
        await(() -> isThere("panel-source.output-image") && isThere("panel-retina.opl-image"));
        await(() -> Boolean.TRUE.equals(
                browser.executeScript("return !isNaN(window.amacrine.pixel('source.output', 1, 1))")));

        for (int row = 1; row < ROWS; row += 3) {
            for (int column = 0; column < COLUMNS; column += 5) {
                double shown = number("window.amacrine.pixel('source.output', " + row + ", " + column + ")");
                assertEquals(
                        row * COLUMNS + column, shown, 0.5 * 191 / 255 + 0.01, "row " + row + ", column " + column);
            }
        }
        double first = number("window.amacrine.image('source.output').frame");
        await(() -> number("window.amacrine.image('source.output').frame") > first + 200);
        byte[] before = element("panel-source.output-image")
                .findElement(By.cssSelector("canvas"))
                .getScreenshotAs(OutputType.BYTES);
        await(() -> !java.util.Arrays.equals(
                before,
                element("panel-source.output-image")
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
        await(() -> isThere("panel-source.output-image"));
        await(() -> number("window.amacrine.image('source.output').frame") > 0);
        int port = URI.create(dashboard.viewAddress()).getPort();

        runner.close();
        await(() -> !element("connection").getText().equalsIgnoreCase("connected"));
        serve(port);

        awaitText("connection", "connected");
        awaitText("state", "running");
        double frame = number("window.amacrine.image('source.output').frame");
        await(() -> number("window.amacrine.image('source.output').frame") != frame);
        assertNotEquals(0, number("window.amacrine.image('source.output').frame"));
    }

    @Test
    void shouldLetAViewerWithoutTheTokenOnlyLook() {
        serve(0);
        browser.get(dashboard.viewAddress());
        browser.executeScript("sessionStorage.clear()");
        show(dashboard.viewAddress());

        await(() -> element("read-only").isDisplayed());
        for (String button : List.of("start", "pause", "resume", "stop")) {
            assertFalse(element(button).isEnabled(), button);
        }
        assertEquals(RunnerState.RUNNING, runner.state());
    }
}
