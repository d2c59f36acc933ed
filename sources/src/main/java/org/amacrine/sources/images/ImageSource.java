package org.amacrine.sources.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.Crop;
import org.amacrine.sources.Settings;

/**
 * Shows image files one after the other, each for some frames. All are cropped to the same extent, that of the first image
 * unless other rows and columns are chosen.
 *
 * <p>Of a colour image the mean of red, green and blue is taken, or all three as channels. Images of 16 bits keep their
 * precision. Transparency is left out.
 *
 * <p>Differs from the reference: values are 0 to 1 unless {@code range} asks for its 0 to 255; an image smaller than the crop is
 * an error, for it would change the extent of the stream; and the stream ends after the last image.
 */
public final class ImageSource implements FrameSource {
    private static final int COLOURS = 3;

    private final String list;
    private final Crop chosenCrop;
    private final boolean colour;
    private final float white;
    private final long repeat;
    private final long loop;
    private final double framesPerSecond;

    private List<Path> files;
    private Crop crop;
    /** The image shown now, as a frame. */
    private float[] image;

    private int imageIndex;
    private long next;
    private long frames;

    /** A source with the settings of {@link #component()}. */
    ImageSource(ParameterTree chosen) {
        list = chosen.get("files").text();
        chosenCrop = Crop.chosen(chosen);
        colour = chosen.get("color").isOn();
        white = Settings.white(chosen);
        repeat = (long) chosen.get("repeat").number();
        loop = (long) chosen.get("loop").number();
        framesPerSecond = chosen.get("framesPerSecond").number();
    }

    /** Source {@code images}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "images",
                "Image files one after the other",
                ImageSource::new,
                () -> Parameter.text("files", null)
                        .required()
                        .alias("filenames")
                        .doc(
                                "File names, or patterns like frames/*.png, separated by commas; each pattern sorted by name"),
                Crop.rowsSetting(),
                Crop.columnsSetting(),
                Crop.rowOffsetSetting(),
                Crop.columnOffsetSetting(),
                () -> Parameter.integer("repeat", 1)
                        .unit("frames")
                        .atLeast(1)
                        .atMost(1_000_000)
                        .doc("Number of frames that each image is shown"),
                () -> Parameter.integer("loop", 1)
                        .atLeast(0)
                        .atMost(1_000_000)
                        .doc("How often to show all images; 0 for without end"),
                () -> Parameter.flag("color", false)
                        .alias("is_color")
                        .doc("Red, green and blue as three channels instead of their mean"),
                Settings.range(),
                Settings.framesPerSecond());
    }

    @Override
    public SourceFormat open(SourceContext context) throws IOException {
        close();
        List<Path> found = ImageFiles.find(list);
        Path file = found.get(0);
        Picture picture = Picture.read(file);
        crop = chosenCrop.within(picture.rows(), picture.columns(), file.toString());
        Shape shape = new Shape(colour ? COLOURS : 1, crop.rows(), crop.columns());
        image = new float[shape.values()];
        write(picture, crop);
        files = found;
        imageIndex = 0;
        next = 0;
        frames = loop == 0 ? -1 : found.size() * repeat * loop;
        return new SourceFormat(shape, framesPerSecond, frames, false);
    }

    private void write(Picture picture, Crop part) {
        if (colour) {
            picture.writeColours(part, white, image);
        } else {
            picture.writeMean(part, white, image);
        }
    }

    @Override
    public boolean read(Frame frame) throws IOException {
        if (files == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (next == frames) {
            return false;
        }
        int index = (int) (next / repeat % files.size());
        if (index != imageIndex) {
            show(files.get(index));
            imageIndex = index;
        }
        System.arraycopy(image, 0, frame.values(), 0, image.length);
        next++;
        return true;
    }

    private void show(Path file) throws IOException {
        try {
            Picture picture = Picture.read(file);
            Crop wanted = new Crop(crop.rows(), crop.columns(), chosenCrop.rowOffset(), chosenCrop.columnOffset());
            write(picture, wanted.within(picture.rows(), picture.columns(), file.toString()));
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("no image for frame " + next + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        files = null;
        image = null;
    }
}
