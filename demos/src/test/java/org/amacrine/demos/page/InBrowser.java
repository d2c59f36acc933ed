package org.amacrine.demos.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.sinks.dashboard.Dashboard;
import org.amacrine.sinks.dashboard.DashboardSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A browser and a pipeline whose page it shows. Needs Chromium and its driver; tests are skipped, and say so, without. */
abstract class InBrowser {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final String TOKEN = "control";

    static ChromeDriver browser;
    Runner runner;
    Dashboard dashboard;

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
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.quit();
            browser = null;
        }
    }

    @AfterEach
    void closeRunner() {
        if (runner != null) {
            runner.close();
        }
    }

    /** Runs {@link Numbered} frames through a layer, at a thousand steps per second, with all signals on the page. */
    void serve(int port, Stage... layers) {
        dashboard = new Dashboard(new DashboardSettings(
                "127.0.0.1", port, TOKEN, "", List.of(), null, "", DashboardSettings.DEFAULT_BYTES_PER_SECOND));
        Pipeline.Builder pipeline = Pipeline.builder()
                .name("page")
                .dt(20)
                .paced(true)
                .source(Stage.of(Numbered::new).named("input"));
        for (Stage layer : layers) {
            pipeline.layer(layer);
        }
        runner = new Runner(
                pipeline.sink(Stage.of(() -> dashboard).named("dashboard").from("*"))
                        .build());
        runner.start();
    }

    /** Opens the page as a browser that was never there before. */
    void show(String address) {
        browser.get(dashboard.viewAddress());
        browser.executeScript("localStorage.clear(); sessionStorage.clear()");
        open(address);
    }

    /** Opens the page, with what the browser has kept of it. */
    void open(String address) {
        browser.get("about:blank");
        browser.get(address);
        awaitText("connection", "connected");
    }

    static WebElement element(String testId) {
        return browser.findElement(byId(testId));
    }

    static By byId(String testId) {
        return By.cssSelector("[data-testid='" + testId + "']");
    }

    static boolean isThere(String testId) {
        return !browser.findElements(byId(testId)).isEmpty();
    }

    /** A panel, once it is there, within view: panels take data only while they can be seen. */
    static WebElement panel(String signal, String kind) {
        String testId = "panel-" + signal + "-" + kind;
        await(() -> isThere(testId));
        WebElement panel = element(testId);
        browser.executeScript("arguments[0].scrollIntoView({block: 'center'})", panel);
        return panel;
    }

    static void await(BooleanSupplier condition) {
        await(condition, () -> "what was awaited did not come");
    }

    private static void await(BooleanSupplier condition, Supplier<String> message) {
        new WebDriverWait(browser, LIMIT)
                .pollingEvery(POLL)
                .ignoring(StaleElementReferenceException.class)
                .withMessage(message)
                .until(driver -> condition.getAsBoolean());
    }

    static void awaitText(String testId, String text) {
        awaitText(() -> element(testId), text);
    }

    /** Waits for words in an element; capitals do not matter. */
    static void awaitText(Supplier<WebElement> where, String text) {
        await(
                () -> where.get().getText().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)),
                () -> "\"" + text + "\" did not come; there was: " + where.get().getText());
    }

    static double number(String script) {
        return ((Number) browser.executeScript("return " + script)).doubleValue();
    }

    static boolean is(String script) {
        return Boolean.TRUE.equals(browser.executeScript("return " + script));
    }

    /** A list of objects that a script returns. */
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> list(String script) {
        return (List<Map<String, Object>>) browser.executeScript("return " + script);
    }
}
