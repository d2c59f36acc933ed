package org.amacrine.demos.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amacrine.core.run.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Traces, rasters, histograms and ribbons of {@link Known} signals, down to the pixels. */
@Timeout(180)
class DashboardPanelsTest extends InBrowser {
    /** Where a panel's plot lies within its canvas, in pixels, as the panels draw it. */
    private static final int LEFT = 34;

    private static final int TOP = 4;
    private static final int RIGHT = 4;
    private static final int BOTTOM = 18;

    private static final String ON = "known.ganglion_spikes_ON";

    @BeforeEach
    void showKnownSignals() {
        serve(0, Stage.of(Known::new).named("known"));
        show(dashboard.address());
    }

    @Test
    void shouldDrawImagesThatComeTogetherOneAfterTheOther() {
        Object drawn = browser.executeAsyncScript("const done = arguments[0];"
                + "import('/page/panels/image.js').then(({ImagePanel}) => {"
                + "  const panel = new ImagePanel({control: {signal: () => null}}, {kind: 'image', signal: 'a'});"
                + "  const drawn = [];"
                + "  panel.surface = {draw: payload => drawn.push(payload[0])};"
                + "  const image = value => ({payload: [value], rows: 1, columns: 1, format: 0, lo: 0, hi: 1, firstFrame: value});"
                + "  [1, 2, 3, 4, 5].forEach(value => panel.receive(image(value)));"
                + "  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done(drawn))));"
                + "})");

        // At most three wait.
        assertEquals(List.of(3L, 4L, 5L), drawn);
    }

    @Test
    void shouldTraceTheChosenPixelAndTheMean() {
        WebElement canvas = panel("input.output", "image").findElement(By.cssSelector("canvas"));
        await(() -> is("window.amacrine.image('input.output') !== null"));
        Number zoom = (Number) browser.executeScript(
                "const c = arguments[0]; return Math.min(c.clientWidth / c.width, c.clientHeight / c.height)", canvas);
        // The middle of row 0, column 0, seen from the middle of the canvas.
        int x = (int) Math.round(zoom.doubleValue() * (0.5 - Numbered.COLUMNS / 2.0));
        int y = (int) Math.round(zoom.doubleValue() * (0.5 - Numbered.ROWS / 2.0));
        new Actions(browser).moveToElement(canvas, x, y).click().perform();

        WebElement trace = panel("input.output", "trace");
        addLine(trace, "mean");

        await(() -> list("window.amacrine.traces('input.output')").size() == 2);
        await(() -> newest("input.output", 1) > 0);
        List<Map<String, Object>> lines = list("window.amacrine.traces('input.output')");
        assertEquals(List.of(0L, 0L, 0L), lines.get(0).get("probe"));
        assertEquals("mean", lines.get(1).get("probe"));
        int pixels = Numbered.ROWS * Numbered.COLUMNS;
        long step = (long) lines.get(0).get("step");
        assertEquals(step % pixels, number(lines.get(0)));
        // The others hold 1 to 191, which sum to 18336.
        long meanStep = (long) lines.get(1).get("step");
        assertEquals((18336.0 + meanStep % pixels) / pixels, number(lines.get(1)), 1e-4);
        // The pixel's line goes up and down all over the plot.
        await(() -> inked(trace, "--line-0", 0, 0.4) > 0 && inked(trace, "--line-0", 0.6, 1) > 0);
    }

    @Test
    void shouldTraceTheEntriesOfAVector() {
        WebElement panel = panel("known.features", "trace");
        await(() -> newest("known.features", 0) > 0);

        List<Map<String, Object>> lines = list("window.amacrine.traces('known.features')");
        assertEquals(3, lines.size());
        assertEquals((long) lines.get(0).get("step") % 100, number(lines.get(0)));
        assertEquals(-1, number(lines.get(1)));
        assertEquals(0.5, number(lines.get(2)));

        panel.findElement(By.cssSelector("[aria-label='Remove 1']")).click();
        await(() -> probes("known.features").equals(List.of(0L, 2L)));
        addLine(panel, "7");
        assertTrue(is("document.querySelector(\"[data-testid='line-probe']\").validationMessage"
                + ".includes('from 0 to 2')"));
        panel.findElement(byId("line-probe")).clear();
        addLine(panel, "0-1");
        await(() -> probes("known.features").equals(List.of(0L, 2L, 1L)));
    }

    @Test
    void shouldRasterTheSpikesOfARow() {
        WebElement panel = panel(ON, "raster");

        awaitText(() -> panel, "ON 37.5 Hz");
        awaitText(() -> panel, "OFF 10.0 Hz");
        // Cells are columns, the first on top: ON cells spike in the upper half of their band, OFF cells in the lower.
        await(() -> inked(panel, "--on", 0, 0.25) > 100);
        await(() -> inked(panel, "--off", 0.75, 1) > 100);
        assertEquals(0, inked(panel, "--on", 0.27, 1), "ON cells that are silent");
        assertEquals(0, inked(panel, "--off", 0, 0.73), "OFF cells that are silent");
        assertFalse(panel.findElement(byId("account")).getText().isEmpty(), "the age of what is shown");
    }

    @Test
    void shouldCountCellsByTheirRates() {
        WebElement panel = panel(ON, "histogram");

        // Images show rates at the ends of chunks, which decay with 50 ms from each spike. These are always the same:
        // 19.8 exp(-10 / 50) / (1 - exp(-20 / 50)) = 49.2 and 19.8 exp(-5 / 50) / (1 - exp(-10 / 50)) = 98.8 Hz.
        await(() -> panel.getText().matches("(?s).*mean 3(6\\.9|7\\.[01]) Hz.*silent 50 %.*max 99 Hz.*"));
        double at50 = 0;
        double at100 = 0;
        double elsewhere = 0;
        Map<?, ?> bars = (Map<?, ?>) browser.executeScript("return window.amacrine.histogram('" + ON + "')");
        List<?> hertz = (List<?>) bars.get("hertz");
        List<?> percent = (List<?>) bars.get("percent");
        for (int i = 0; i < hertz.size(); i++) {
            double rate = ((Number) hertz.get(i)).doubleValue();
            double share = ((Number) percent.get(i)).doubleValue();
            at50 += Math.abs(rate - 50) < 5 ? share : 0;
            at100 += Math.abs(rate - 100) < 5 ? share : 0;
            elsewhere += Math.abs(rate - 50) < 5 || Math.abs(rate - 100) < 5 ? 0 : share;
        }
        assertEquals(25, at50, 1e-6);
        assertEquals(25, at100, 1e-6);
        assertEquals(0, elsewhere, 1e-6);
        assertTrue(inked(panel, "--accent", 0, 1) > 20, "bars are drawn");
    }

    @Test
    void shouldStackProbabilitiesInTheColoursOfTheirStates() {
        WebElement panel = panel("known.filtered", "ribbon");
        await(() -> swatches(panel).size() == Known.STATES);
        List<String> colours = swatches(panel);

        // One column of the canvas in the middle of the plot, upward: each state in its order.
        await(() ->
                colours.containsAll(column(panel, 0.9)) && column(panel, 0.6).size() == Known.STATES);
        assertEquals(colours, column(panel, 0.9));
        // The state with 0.7 always crosses the middle; the states take turns of 500 steps, a tenth of the five
        // seconds.
        await(() -> row(panel, 0.5).size() >= 7);
        List<Run> runs = row(panel, 0.5);
        double width =
                ((Number) browser.executeScript("return arguments[0].querySelector('canvas').clientWidth", panel))
                                .doubleValue()
                        - LEFT
                        - RIGHT;
        for (int i = 1; i < runs.size() - 1; i++) {
            assertEquals(width * Known.STEPS_IN_STATE / 5000, runs.get(i).pixels(), 3, "run " + i + " of " + runs);
            int state = colours.indexOf(runs.get(i).colour());
            int before = colours.indexOf(runs.get(i - 1).colour());
            assertEquals((before + 1) % Known.STATES, state, "run " + i + " of " + runs);
        }
        assertFalse(panel.getText().contains("not probabilities"), panel.getText());
    }

    @Test
    void shouldSayWhatIsNoProbability() {
        browser.findElement(By.id("add")).click();
        element("add-known.features-ribbon").click();
        WebElement panel = panel("known.features", "ribbon");

        awaitText(() -> panel, "not probabilities: entry 1 is -1");
    }

    private static void addLine(WebElement panel, String probe) {
        if (panel.findElements(byId("line-probe")).isEmpty()) {
            panel.findElement(By.cssSelector("[aria-label='Settings']")).click();
        }
        panel.findElement(byId("line-probe")).sendKeys(probe);
        panel.findElement(byId("line-add")).click();
    }

    private static double newest(String signal, int line) {
        return number("window.amacrine.traces('" + signal + "')[" + line + "]?.step ?? -1");
    }

    private static List<Object> probes(String signal) {
        return list("window.amacrine.traces('" + signal + "')").stream()
                .map(line -> line.get("probe"))
                .toList();
    }

    private static double number(Map<String, Object> line) {
        return ((Number) line.get("value")).doubleValue();
    }

    /** How many pixels of a panel's canvas, between two heights from 0 on top to 1, have about a named colour. */
    private static long inked(WebElement panel, String name, double from, double to) {
        return (long) browser.executeScript("""
                const [panel, name, from, to, top, bottom] = arguments;
                const probe = document.createElement('span');
                probe.style.color = `var(${name})`;
                panel.append(probe);
                const wanted = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
                probe.remove();
                const canvas = panel.querySelector('canvas');
                const ratio = canvas.height / canvas.clientHeight;
                const plot = canvas.clientHeight - top - bottom;
                const first = Math.ceil(ratio * (top + from * plot));
                const rows = Math.floor(ratio * (top + to * plot)) - first;
                const left = Math.ceil(ratio * %d);
                const pixels = canvas.getContext('2d').getImageData(left, first, canvas.width - left, rows).data;
                let count = 0;
                for (let i = 0; i < pixels.length; i += 4) {
                    count += pixels[i + 3] > 200 && wanted.every((x, k) => k > 2 || Math.abs(pixels[i + k] - x) < 12);
                }
                return count""".formatted(LEFT), panel, name, from, to, TOP, BOTTOM);
    }

    /** The colours of the states in a ribbon's legend. */
    @SuppressWarnings("unchecked")
    private static List<String> swatches(WebElement panel) {
        return (List<String>) browser.executeScript(
                "return [...arguments[0].querySelectorAll('.swatch')].map(s => getComputedStyle(s).backgroundColor)",
                panel);
    }

    /** Neighbouring pixels of one colour. */
    private record Run(String colour, int pixels) {}

    /** The colours that a column of a ribbon has, from the bottom to the top; its place from 0 on the left to 1. */
    private static List<String> column(WebElement panel, double place) {
        List<String> colours = new ArrayList<>();
        runs(panel, place, 0, true).forEach(run -> colours.add(0, run.colour()));
        return colours;
    }

    /** The colours along a row of a ribbon, at a probability. */
    private static List<Run> row(WebElement panel, double probability) {
        return runs(panel, 0, probability, false);
    }

    /** Lines of two pixels and less, where states meet, are left out; so is what is still empty. */
    private static List<Run> runs(WebElement panel, double across, double up, boolean vertical) {
        @SuppressWarnings("unchecked")
        List<String> colours =
                (List<String>) browser.executeScript("""
                const [panel, across, up, vertical, left, top, right, bottom] = arguments;
                const canvas = panel.querySelector('canvas');
                const ratio = canvas.height / canvas.clientHeight;
                const width = canvas.clientWidth - left - right;
                const height = canvas.clientHeight - top - bottom;
                const [x, y, w, h] = vertical
                    ? [left + across * width, top, 1, height]
                    : [left, top + (1 - up) * height, width, 1];
                const pixels = canvas.getContext('2d').getImageData(
                    ratio * x, ratio * y, Math.max(1, ratio * w), Math.max(1, ratio * h)).data;
                const colours = [];
                for (let i = 0; i < pixels.length; i += 4) {
                    colours.push(`rgb(${pixels[i]}, ${pixels[i + 1]}, ${pixels[i + 2]})`);
                }
                return colours""", panel, across, up, vertical, LEFT, TOP, RIGHT, BOTTOM);
        List<String> states = swatches(panel);
        List<Run> runs = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= colours.size(); i++) {
            if (i == colours.size() || !colours.get(i).equals(colours.get(start))) {
                if (i - start > 2 && states.contains(colours.get(start))) {
                    runs.add(new Run(colours.get(start), i - start));
                }
                start = i;
            }
        }
        return runs;
    }
}
