package org.amacrine.sources.digits;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.Settings;

/**
 * Digits of the MNIST database, from files that the user has, one after the other: as they are, as spikes by chance, or moved
 * about as in the recordings of N-MNIST (Orchard, Jayant, Cohen and Thakor 2015). One frame for each model step; with a file
 * of labels a second channel holds the label at each of its pixels.
 *
 * <pre>
 *   digit        value = white byte / 255                                                   rows x columns of the file
 *   spikes       1 with the probability probability byte / 255, else 0                      the same
 *   saccades     along three lines of framesPerDigit / 3, over a field larger by margin     with margin, edge 0
 * </pre>
 *
 * <p>The digit shown as number n, from 0, is {@code (first + (n + 1) advance) mod count}. A saccade goes from the upper left corner
 * of the field to the middle of its right edge, to the lower left corner and back; between pixels values are interpolated.
 *
 * <p>Differs from the reference: the first digit is counted from the seed, not drawn anew each time, unless {@code first} says
 * it; for its sensor of moving digits, let {@code spiking.motion-sensor} with the threshold 5 follow.
 */
public final class Digits implements FrameSource {

    /** How digits are shown. */
    enum Show {
        STILL,
        SPIKES,
        SACCADES
    }

    private static final int BYTE = 255;
    private static final int DIGIT_FRAMES = 10;
    private static final int SACCADE_FRAMES = 300;
    private static final long ADVANCE = 179_425_529;
    private static final int FIRST = 0;
    private static final int SPIKES = 1;

    private final Show show;
    private final Path imageFile;
    private final Path labelFile;
    private final int framesPerDigit;
    private final float white;
    private final long givenFirst;
    private final long advance;
    private final long frames;
    private final int margin;

    private IdxFile images;
    private IdxFile labels;
    private Shape shape;
    private float[] random;
    private SourceContext context;
    private long spikeKey;
    private long first;
    private long next;

    private Digits(Show show, ParameterTree chosen) {
        this.show = show;
        imageFile = Path.of(chosen.get("images").text());
        labelFile = chosen.get("labels").has("")
                ? null
                : Path.of(chosen.get("labels").text());
        framesPerDigit = chosen.get("framesPerDigit").integer();
        white = (float)
                chosen.get(show == Show.SPIKES ? "probability" : "white").number();
        givenFirst = (long) chosen.get("first").number();
        advance = (long) chosen.get("advance").number();
        frames = Settings.frames(chosen);
        margin = show == Show.SACCADES ? chosen.get("margin").integer() : 0;
    }

    /** Sources {@code digits}, {@code digits.spikes} and {@code digits.saccades}. */
    public static List<Component<FrameSource>> components() {
        return List.of(
                Component.of(
                        "digits",
                        "Digits of MNIST files, each for some frames",
                        chosen -> new Digits(Show.STILL, chosen),
                        Digits::images,
                        Digits::labels,
                        () -> framesPerDigit(DIGIT_FRAMES, 1),
                        Digits::first,
                        Digits::advance,
                        Digits::white,
                        Settings.frames()),
                Component.of(
                        "digits.spikes",
                        "Digits of MNIST files as spikes by chance",
                        chosen -> new Digits(Show.SPIKES, chosen),
                        Digits::images,
                        Digits::labels,
                        () -> framesPerDigit(DIGIT_FRAMES, 1),
                        Digits::first,
                        Digits::advance,
                        () -> Parameter.number("probability", 0.05)
                                .atLeast(0)
                                .atMost(1)
                                .alias("fr")
                                .doc("Probability of a spike in a frame where a digit is white"),
                        Settings.frames()),
                Component.of(
                        "digits.saccades",
                        "Digits of MNIST files, moved along three lines",
                        chosen -> new Digits(Show.SACCADES, chosen),
                        Digits::images,
                        Digits::labels,
                        () -> framesPerDigit(SACCADE_FRAMES, 3),
                        Digits::first,
                        Digits::advance,
                        Digits::white,
                        () -> Parameter.integer("margin", 6)
                                .unit("pixels")
                                .atLeast(1)
                                .atMost(1000)
                                .doc("How much larger than a digit the field is that it moves over"),
                        Settings.frames()));
    }

    private static Parameter images() {
        return Parameter.text("images", null).required().doc("File of images, such as t10k-images-idx3-ubyte.gz");
    }

    private static Parameter labels() {
        return Parameter.text("labels", "").doc("File of labels, which become a second channel; none when empty");
    }

    private static Parameter framesPerDigit(int otherwise, int least) {
        return Parameter.integer("framesPerDigit", otherwise)
                .unit("frames")
                .atLeast(least)
                .atMost(Integer.MAX_VALUE)
                .alias("rep")
                .doc("How long each digit is shown");
    }

    private static Parameter first() {
        return Parameter.integer("first", -1)
                .atLeast(-1)
                .atMost(Integer.MAX_VALUE)
                .alias("init")
                .doc("Digit to start behind, from 0; -1 for one that follows from the seed");
    }

    private static Parameter advance() {
        return Parameter.integer("advance", ADVANCE)
                .atLeast(1)
                .atMost(Integer.MAX_VALUE)
                .doc("How far in the file it is from one digit to the next");
    }

    private static Parameter white() {
        return Settings.level("white", 1).alias("max_value").doc("Value of white");
    }

    @Override
    public SourceFormat open(SourceContext opened) throws IOException {
        images = IdxFile.read(imageFile, 3, "a file of images, such as t10k-images-idx3-ubyte.gz");
        labels = labelFile == null
                ? null
                : IdxFile.read(labelFile, 1, "a file of labels, such as t10k-labels-idx1-ubyte.gz");
        int count = images.extents()[0];
        if (labels != null && labels.extents()[0] != count) {
            throw new IllegalArgumentException(labelFile + " has " + labels.extents()[0] + " labels but " + imageFile
                    + " has " + count + " images; give files that belong together");
        }
        if (givenFirst >= count) {
            throw new IllegalArgumentException("first must be below the " + count + " images of " + imageFile
                    + " but was " + givenFirst + "; they are counted from 0");
        }
        context = opened;
        shape = new Shape(labels == null ? 1 : 2, images.extents()[1] + margin, images.extents()[2] + margin);
        random = new float[show == Show.SPIKES ? shape.pixels() : 0];
        first = givenFirst >= 0 ? givenFirst : (long) (count * (double) CounterRandom.uniform(key(FIRST), 0, 0));
        spikeKey = key(SPIKES);
        next = 0;
        return SourceFormat.of(shape, frames);
    }

    private long key(int purpose) {
        return CounterRandom.key(context.seed(), context.name(), purpose);
    }

    @Override
    public boolean read(Frame frame) {
        if (images == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (next == frames) {
            return false;
        }
        int count = images.extents()[0];
        int digit = (int) ((first + (next / framesPerDigit + 1) % count * (advance % count)) % count);
        float[] values = frame.values();
        switch (show) {
            case STILL -> still(digit, values);
            case SPIKES -> spikes(digit, values);
            case SACCADES -> saccade(digit, (int) (next % framesPerDigit), values);
        }
        if (labels != null) {
            Arrays.fill(values, shape.pixels(), shape.values(), labels.at(digit));
        }
        next++;
        return true;
    }

    private void still(int digit, float[] values) {
        int at = digit * shape.pixels();
        for (int i = 0; i < shape.pixels(); i++) {
            values[i] = white * images.at(at + i) / BYTE;
        }
    }

    private void spikes(int digit, float[] values) {
        int at = digit * shape.pixels();
        context.kernels().uniform(random, 0, 0, shape.pixels(), spikeKey, next, 1f, 0f);
        for (int i = 0; i < shape.pixels(); i++) {
            values[i] = random[i] < white * images.at(at + i) / BYTE ? 1 : 0;
        }
    }

    private void saccade(int digit, int t, float[] values) {
        double way = 3.0 * t / framesPerDigit;
        double part = way - Math.floor(way);
        double down;
        double right;
        if (way < 1) {
            down = part / 2;
            right = part;
        } else if (way < 2) {
            down = (1 + part) / 2;
            right = 1 - part;
        } else {
            down = 1 - part;
            right = 0;
        }
        for (int r = 0; r < shape.rows(); r++) {
            for (int c = 0; c < shape.columns(); c++) {
                values[r * shape.columns() + c] = between(digit, r - down * margin, c - right * margin);
            }
        }
    }

    /** The value of a digit at a place between its pixels; beyond its edge it is 0. */
    private float between(int digit, double row, double column) {
        int r = (int) Math.floor(row);
        int c = (int) Math.floor(column);
        float down = (float) (row - r);
        float right = (float) (column - c);
        float above = (1 - right) * pixel(digit, r, c) + right * pixel(digit, r, c + 1);
        float below = (1 - right) * pixel(digit, r + 1, c) + right * pixel(digit, r + 1, c + 1);
        return white * ((1 - down) * above + down * below) / BYTE;
    }

    private int pixel(int digit, int row, int column) {
        int rows = images.extents()[1];
        int columns = images.extents()[2];
        return row < 0 || row >= rows || column < 0 || column >= columns
                ? 0
                : images.at((digit * rows + row) * columns + column);
    }

    @Override
    public void close() {
        images = null;
        labels = null;
    }
}
