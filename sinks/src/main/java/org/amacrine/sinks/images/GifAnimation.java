package org.amacrine.sinks.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * An animated GIF, which shows its pictures again and again. Each has 256 colours of its own.
 *
 * <p>Pictures are shown for whole hundredths of a second, at least two, because browsers slow down anything faster.
 */
final class GifAnimation implements Animation {
    /** Most frames per second that it can show. */
    static final int MOST_FRAMES_PER_SECOND = 50;

    private static final String FORMAT = "javax_imageio_gif_image_1.0";
    /** Block of the browser Netscape that says how often to repeat: 1, then the number of times as two bytes, 0 for ever. */
    private static final byte[] FOR_EVER = {1, 0, 0};

    private final OutputStream file;
    private final ImageOutputStream out;
    private final ImageWriter writer;
    private final String hundredths;
    private boolean begun;

    GifAnimation(Path path, double framesPerSecond) throws IOException {
        hundredths = Long.toString(Math.max(2, Math.round(100 / framesPerSecond)));
        file = Files.newOutputStream(path);
        out = new MemoryCacheImageOutputStream(file);
        writer = ImageIO.getImageWritersByFormatName("gif").next();
        writer.setOutput(out);
        writer.prepareWriteSequence(null);
    }

    @Override
    public void add(BufferedImage image, long frame) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(FORMAT);
        // Java's own reader loses rows of small interlaced pictures.
        ((IIOMetadataNode) root.getElementsByTagName("ImageDescriptor").item(0)).setAttribute("interlaceFlag", "FALSE");
        IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("transparentColorIndex", "0");
        control.setAttribute("delayTime", hundredths);
        root.appendChild(control);
        if (!begun) {
            IIOMetadataNode repeat = new IIOMetadataNode("ApplicationExtension");
            repeat.setAttribute("applicationID", "NETSCAPE");
            repeat.setAttribute("authenticationCode", "2.0");
            repeat.setUserObject(FOR_EVER.clone());
            IIOMetadataNode all = new IIOMetadataNode("ApplicationExtensions");
            all.appendChild(repeat);
            root.appendChild(all);
            begun = true;
        }
        metadata.setFromTree(FORMAT, root);
        writer.writeToSequence(new IIOImage(image, null, metadata), null);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        try (file) {
            if (begun) {
                writer.endWriteSequence();
            }
            out.close();
        } finally {
            writer.dispose();
        }
    }
}
