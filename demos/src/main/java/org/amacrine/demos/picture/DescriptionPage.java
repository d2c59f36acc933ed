package org.amacrine.demos.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Parameter;
import org.amacrine.operators.analysis.ArrayViews;
import org.amacrine.operators.analysis.Description;
import org.amacrine.operators.analysis.Overview;

/**
 * A description of a layer as a page, light or dark as the browser is: one file, which needs no network. Arrays are drawn: their mean over
 * time as a line, and up to ten frames in one scale as images.
 */
public final class DescriptionPage {
    private static final String STYLE = "description.css";
    private static final int WIDTH = 420;
    private static final int HEIGHT = 90;
    private static final int FRAMES = 10;
    private static final int MOST_ZOOM = 12;
    /** Larger arrays are told of, but not drawn. */
    private static final int MOST_VALUES = 1 << 18;

    private final StringBuilder page = new StringBuilder();

    private DescriptionPage() {}

    /**
     * The page.
     *
     * @param about what the layer is, in a sentence; empty for none
     */
    public static String html(Description description, String about) {
        DescriptionPage written = new DescriptionPage();
        written.page
                .append("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
                .append(escaped(description.name()))
                .append("</title>\n<style>\n")
                .append(style())
                .append("</style>\n<h1>")
                .append(escaped(description.name()))
                .append("</h1>\n<p>")
                .append(escaped(about))
                .append("</p>\n");
        written.content(description);
        return written.page.append("</html>\n").toString();
    }

    private static String style() {
        try (InputStream in = DescriptionPage.class.getResourceAsStream(STYLE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private void content(Description description) {
        if (!description.parameters().isEmpty() || !description.states().isEmpty()) {
            page.append("<table>\n");
            description.parameters().forEach(this::row);
            description.states().forEach(this::row);
            page.append("</table>\n");
        }
        description.parts().forEach((name, part) -> {
            page.append("<details open>\n<summary>").append(escaped(name)).append("</summary>\n");
            content(part);
            page.append("</details>\n");
        });
    }

    private void row(String name, Parameter parameter) {
        page.append("<tr><th>").append(escaped(name)).append("</th><td><span class=\"value\">");
        page.append(escaped(Description.valueText(parameter))).append("</span>");
        if (parameter.value() instanceof NdArray array) {
            draw(array, name);
        }
        page.append("<div>").append(escaped(parameter.doc())).append("</div><small>");
        page.append(escaped(Description.factsText(parameter))).append("</small></td></tr>\n");
    }

    private void row(String name, NdArray state) {
        page.append("<tr class=\"state\"><th>state ").append(escaped(name)).append("</th><td><span class=\"value\">");
        page.append(escaped(Description.stateText(state))).append("</span>");
        if (state != null) {
            draw(state, "state " + name);
        }
        page.append("</td></tr>\n");
    }

    private void draw(NdArray array, String name) {
        int axes = array.shape().length;
        if (array.size() < 2 || array.size() > MOST_VALUES || axes > ArrayViews.AXES) {
            return;
        }
        int[] five = ArrayViews.fiveAxes(array).shape();
        if (five[ArrayViews.TIME] > 1) {
            drawLine(ArrayViews.lines(array, 0, 1, 3, 4).doubles(), name);
        }
        if (five[0] * five[1] * five[3] * five[4] > 1) {
            drawFrames(array, name);
        }
    }

    private void drawLine(double[] values, String name) {
        double low = Arrays.stream(values).min().orElseThrow();
        double high = Arrays.stream(values).max().orElseThrow();
        if (!Double.isFinite(low + high)) {
            return;
        }
        double range = high > low ? high - low : 1;
        page.append(String.format(
                Locale.ROOT,
                "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s over time\">"
                        + "<polyline fill=\"none\" stroke=\"currentColor\" points=\"",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT,
                escaped(name)));
        for (int i = 0; i < values.length; i++) {
            page.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    2 + i * (WIDTH - 4.0) / (values.length - 1),
                    HEIGHT - 3 - (values[i] - low) / range * (HEIGHT - 6)));
        }
        page.append("\"/></svg>");
    }

    private void drawFrames(NdArray array, String name) {
        NdArray shown = Overview.of(array, FRAMES, 0).shown();
        NdArray mosaic = shown.shape()[ArrayViews.TIME] == 1
                ? ArrayViews.mosaic(shown, new int[] {0, 1, 3}, new int[] {2, 4})
                : ArrayViews.mosaic(shown, Double.NaN);
        Shape shape = Shape.image(mosaic.shape()[0], mosaic.shape()[1]);
        double[] known =
                Arrays.stream(mosaic.doubles()).filter(Double::isFinite).toArray();
        double low = Arrays.stream(known).min().orElse(0);
        double high = Arrays.stream(known).max().orElse(1);
        boolean isSigned = low < 0;
        double end = Math.max(Math.abs(low), Math.abs(high));
        BufferedImage image = HeatMap.image(
                isSigned ? ColourMap.SIGNED : ColourMap.HEAT,
                shape,
                mosaic.floats(),
                isSigned ? -end : low,
                isSigned ? end : high > low ? high : low + 1);
        int zoom = Math.max(1, Math.min(MOST_ZOOM, WIDTH / shape.columns()));
        page.append(String.format(
                "<img width=\"%d\" height=\"%d\" alt=\"%s as images\" src=\"data:image/png;base64,%s\">",
                zoom * shape.columns(), zoom * shape.rows(), escaped(name), png(image)));
    }

    private static String png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
