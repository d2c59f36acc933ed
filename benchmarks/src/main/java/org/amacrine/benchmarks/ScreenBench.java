package org.amacrine.benchmarks;

import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.sinks.dashboard.Dashboard;
import org.amacrine.sinks.dashboard.DashboardSettings;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * {@code amacrine bench screen}: how many images per second of four 640 x 480 streams, at 60 per second, come to a browser and
 * are drawn there: beside a light pipeline, which leaves the browser its share of the machine, and beside the full retina. The
 * browser runs without a window and draws by software where there is no graphics card.
 */
public final class ScreenBench {
    private static final int FRAMES_PER_SECOND = 60;
    private static final List<String> LIGHT = List.of("source.output", "fast.output", "medium.output", "slow.output");
    private static final List<String> RETINA =
            List.of("source.output", "retina.opl", "retina.bipolar", "retina.ganglion_spikes_ON");
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final int SECONDS = 30;
    private static final int QUICK_SECONDS = 10;

    /** Four images and nothing else, kept as the page keeps its layout. */
    private static final String LAYOUT = """
            localStorage.setItem('amacrine.layout.camera', JSON.stringify({version: 1, panels: arguments[0].map(
                signal => ({kind: 'image', signal, wide: false, tall: false, options: {rate: 60}}))}));
            """;

    /** Counts the screen's frames from now on. */
    private static final String COUNT = """
            window.screenFrames = 0;
            const count = () => { window.screenFrames++; requestAnimationFrame(count); };
            requestAnimationFrame(count);
            """;

    private static final String READ =
            "return {now: performance.now(), screen: window.screenFrames, streams: window.amacrine.stats().streams,"
                    + " renderer: window.amacrine.image('source.output').renderer}";

    /** Kept, so that its level stays: Selenium warns about versions of what is not used here. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final Path chromium = program("chromium", "chromium-browser", "google-chrome");
    private final Path driver = program("chromedriver");
    private final int seconds;
    private final PrintWriter out;

    private ScreenBench(int seconds, PrintWriter out) {
        this.seconds = seconds;
        this.out = out;
    }

    /**
     * Measures and prints the tables; throws {@link IllegalStateException} when there is no browser.
     *
     * @param quick for 10 seconds instead of 30
     */
    public static void run(boolean quick, PrintWriter out) throws InterruptedException {
        SELENIUM.setLevel(Level.SEVERE);
        ScreenBench bench = new ScreenBench(quick ? QUICK_SECONDS : SECONDS, out);
        out.println(Figures.machine());
        bench.measure(BenchPipelines.lightCamera(FRAMES_PER_SECOND), BenchPipelines.LIGHT_CAMERA, LIGHT);
        bench.measure(BenchPipelines.camera(FRAMES_PER_SECOND, "opl", "bipolar"), BenchPipelines.CAMERA, RETINA);
    }

    private void measure(Pipeline.Builder pipeline, String words, List<String> watched) throws InterruptedException {
        out.printf("%s, %d frames per second; in the browser: %s%n", words, FRAMES_PER_SECOND, watched);
        out.flush();
        Dashboard dashboard = new Dashboard(DashboardSettings.local(0));
        try (Runner runner = new Runner(
                pipeline.sink(Stage.of(() -> dashboard).named("dashboard").from("*"))
                        .build())) {
            runner.start();
            ChromeDriver browser = browser();
            try {
                browser.get(dashboard.viewAddress());
                browser.executeScript(LAYOUT, watched);
                browser.navigate().refresh();
                runner.awaitEnd(WARM_UP);
                browser.executeScript(COUNT);
                Map<?, ?> before = (Map<?, ?>) browser.executeScript(READ);
                runner.awaitEnd(Duration.ofSeconds(seconds));
                print(before, (Map<?, ?>) browser.executeScript(READ));
            } finally {
                browser.quit();
            }
        }
    }

    private static Path program(String... names) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("found no " + String.join(", ", names)
                        + " on the PATH; install it, for example with: apt-get install chromium chromium-driver"));
    }

    private ChromeDriver browser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-background-networking", "--window-size=1440,900");
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.toFile())
                        .build(),
                options);
    }

    private void print(Map<?, ?> before, Map<?, ?> after) {
        double elapsed = (number(after, "now") - number(before, "now")) * 1e-3;
        out.printf("  %-30s %12s %10s %10s   (per second)%n", "signal", "delivered", "drawn", "dropped");
        List<?> streams = (List<?>) after.get("streams");
        for (int i = 0; i < streams.size(); i++) {
            Map<?, ?> was = (Map<?, ?>) ((List<?>) before.get("streams")).get(i);
            Map<?, ?> is = (Map<?, ?>) streams.get(i);
            out.printf(
                    Locale.ROOT,
                    "  %-30s %12.1f %10.1f %10.1f%n",
                    is.get("signal"),
                    (number(is, "messages") - number(was, "messages")) / elapsed,
                    (number(is, "drawn") - number(was, "drawn")) / elapsed,
                    (number(is, "dropped") - number(was, "dropped")) / elapsed);
        }
        out.printf(
                Locale.ROOT,
                "  %-30s %23.1f   drawn with %s%n",
                "frames of the screen",
                (number(after, "screen") - number(before, "screen")) / elapsed,
                after.get("renderer"));
        out.flush();
    }

    private static double number(Map<?, ?> values, String key) {
        return ((Number) values.get(key)).doubleValue();
    }
}
