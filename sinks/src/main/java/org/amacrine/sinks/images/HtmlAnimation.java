package org.amacrine.sinks.images;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A page that plays its pictures, which are in it as PNG: one file, which needs no network. The player comes first and each picture is a
 * line behind it, so that the page can be opened at any moment with what there is.
 */
final class HtmlAnimation implements Animation {
    private static final String PLAYER = "animation.html";

    private final OutputStream out;
    private final ByteArrayOutputStream png = new ByteArrayOutputStream();

    HtmlAnimation(Path path, String title, double framesPerSecond, int columns) throws IOException {
        String player;
        try (InputStream in = HtmlAnimation.class.getResourceAsStream(PLAYER)) {
            player = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        out = Files.newOutputStream(path);
        write(player.replace("{title}", escaped(title))
                .replace("{framesPerSecond}", String.format(Locale.ROOT, "%s", framesPerSecond))
                .replace("{columns}", Integer.toString(columns)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void add(BufferedImage image, long frame) throws IOException {
        png.reset();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(png)) {
            ImageIO.write(image, "png", stream);
        }
        write("<script>add(" + frame + ",\"" + Base64.getEncoder().encodeToString(png.toByteArray())
                + "\")</script>\n");
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
