package org.amacrine.sources.video;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.InputFiles;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.Colours;
import org.amacrine.sources.Crop;
import org.amacrine.sources.Settings;

/**
 * Plays a video file, or anything else that FFmpeg opens by an address like {@code rtsp://…}.
 *
 * <pre>
 *   decoded picture ──scale──▶ scaled picture ──crop──▶ one channel, or red, green, blue ──range──▶ frame
 * </pre>
 *
 * <p>Colours are decoded to 8 bits each of red, green and blue. Pictures are made smaller by averaging over areas, larger by
 * linear interpolation, in FFmpeg's bit-exact mode. A rotation that the file asks for is not carried out.
 *
 * <p>Of a video that is cut off or damaged, every frame that can be decoded is delivered; an {@link IOException} then says how
 * many there should have been, as far as the file says so, or which frame was damaged. FFmpeg's own messages are switched off,
 * for the whole process.
 *
 * <p>Differs from the reference: values are 0 to 1 unless {@code range} asks for its 0 to 255; {@code rgb} is in this order,
 * where the reference has the decoder's blue, green, red; and the stream ends after the last frame instead of going on with
 * zeros.
 */
public final class VideoSource implements FrameSource {
    private final String file;
    private final double scale;
    private final Crop chosenCrop;
    private final Colours colours;

    private final long loop;
    private final double startSeconds;
    private final double durationSeconds;

    private VideoDecoder decoder;
    private Crop crop;
    private byte[] row;
    /** Whether the decoder stands at the first picture of a pass, which was not delivered yet. */
    private boolean atFirst;

    private long startFrame;
    private long passFrames;
    private long passesLeft;
    private long readInPass;
    private long readInAll;
    private long firstDamaged;

    /** A source with the settings of {@link #component()}. */
    VideoSource(ParameterTree chosen) {
        file = chosen.get("file").text();
        scale = chosen.get("scale").number();
        chosenCrop = Crop.chosen(chosen);
        colours = new Colours(chosen);
        loop = (long) chosen.get("loop").number();
        startSeconds = chosen.get("startSeconds").number();
        durationSeconds = chosen.get("durationSeconds").number();
    }

    /** Source {@code video}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "video",
                "Video file, or any address that FFmpeg opens",
                VideoSource::new,
                () -> Parameter.text("file", null).required().doc("The file, or an address with ://"),
                () -> Parameter.number("scale", 1)
                        .above(0)
                        .atMost(16)
                        .doc("Factor by which pictures are made smaller or larger before the crop"),
                Crop.rowsSetting(),
                Crop.columnsSetting(),
                Crop.rowOffsetSetting(),
                Crop.columnOffsetSetting(),
                Colours.channelSetting(),
                () -> Parameter.integer("loop", 1)
                        .atLeast(0)
                        .atMost(Integer.MAX_VALUE)
                        .alias("repeat")
                        .doc("How often to play it; 0 for without end"),
                seconds("startSeconds", "Where in the video to begin, each time; all before is decoded and left out"),
                seconds("durationSeconds", "How much of the video to play, each time; 0 for all"),
                Settings.range());
    }

    private static Supplier<Parameter> seconds(String name, String doc) {
        return () -> Parameter.number(name, 0).unit("s").atLeast(0).atMost(1e9).doc(doc);
    }

    @Override
    public SourceFormat open(SourceContext context) throws IOException {
        close();
        String address = file;
        if (!file.contains("://")) {
            // Without the prefix, a name with a colon would be taken for a protocol.
            address = "file:" + InputFiles.require(Path.of(file), "a video");
        }
        decoder = new VideoDecoder(address, file, scale);
        try {
            crop = chosenCrop.within(decoder.rows(), decoder.columns(), file);
            choosePart();
            toFirst();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        row = new byte[Colours.BYTES_PER_PIXEL * crop.columns()];
        passesLeft = loop == 0 ? Long.MAX_VALUE : loop;
        readInAll = 0;
        firstDamaged = -1;
        Shape shape = new Shape(colours.channels(), crop.rows(), crop.columns());
        long frames = loop == 0 || due() < 0 ? -1 : loop * due();
        return new SourceFormat(shape, decoder.framesPerSecond(), frames, false);
    }

    private void choosePart() {
        double rate = decoder.framesPerSecond();
        if (rate == 0 && (startSeconds > 0 || durationSeconds > 0)) {
            throw new IllegalArgumentException(
                    file + " does not say its frame rate; leave startSeconds and durationSeconds out");
        }
        startFrame = Math.round(startSeconds * rate);
        passFrames = durationSeconds == 0 ? Long.MAX_VALUE : Math.max(1, Math.round(durationSeconds * rate));
        if (decoder.expected() > 0 && startFrame >= decoder.expected()) {
            throw new IllegalArgumentException("startSeconds " + startSeconds + " is frame " + startFrame + " but "
                    + file + " has " + decoder.expected() + " frames; begin earlier");
        }
    }

    private void toFirst() throws IOException {
        boolean found = startFrame == 0 ? decoder.next() : decoder.skipTo(startFrame);
        if (!found) {
            throw new IOException(file + " has no picture "
                    + (startFrame > 0 ? "from startSeconds " + startSeconds + " on" : "that can be decoded")
                    + "; check that it plays elsewhere");
        }
        atFirst = true;
        readInPass = 0;
    }

    /** Number of frames that a pass should have; -1 when the file does not say. */
    private long due() {
        boolean known = decoder.expected() > 0 && (startFrame == 0 || decoder.constantRate());
        return known ? Math.min(passFrames, decoder.expected() - startFrame) : -1;
    }

    @Override
    public boolean read(Frame frame) throws IOException {
        if (decoder == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (passesLeft == 0) {
            return false;
        }
        if (!atFirst && (readInPass == passFrames || !decoder.next())) {
            requireWhole();
            passesLeft--;
            if (passesLeft == 0) {
                return false;
            }
            decoder.rewind();
            toFirst();
        }
        atFirst = false;
        if (decoder.damaged() && firstDamaged < 0) {
            firstDamaged = readInAll;
        }
        convert(frame.values());
        readInPass++;
        readInAll++;
        return true;
    }

    /** Throws an {@link IOException} when the pass that ends now was not as it should have been. */
    private void requireWhole() throws IOException {
        if (readInPass < due()) {
            throw new IOException(file + " ended after frame " + (readInAll - 1) + ": only " + readInPass + " of "
                    + due() + " frames could be decoded; it is cut off or damaged");
        }
        if (firstDamaged >= 0) {
            throw new IOException(file + " is damaged at frame " + firstDamaged
                    + ", which was delivered as far as it could be decoded; get the file anew");
        }
    }

    private void convert(float[] values) {
        int columns = crop.columns();
        for (int i = 0; i < crop.rows(); i++) {
            decoder.copyRow(crop.rowOffset() + i, crop.columnOffset(), row);
            colours.convertRow(row, 0, columns, values, i * columns, crop.rows() * columns);
        }
    }

    @Override
    public void close() throws IOException {
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
    }
}
