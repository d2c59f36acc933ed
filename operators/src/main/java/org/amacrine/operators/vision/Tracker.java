package org.amacrine.operators.vision;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Parameter;

/**
 * Follows one animal in a video from above: what differs enough from a slowly learned background, without thin parts such as
 * a tail; of that the largest connected blob, as an ellipse.
 *
 * <pre>
 *   image ─▶ difference from background ─▶ threshold ─▶ opening ─▶ largest blob ─▶ ellipse ─▶ heading, velocities
 *                 ▲                             │
 *                 └── background follows ◀──────┘  slowly, and behind the animal hardly at all
 * </pre>
 *
 * <p>Until an animal is found there is no background: each frame is searched for the largest thing that is darker or brighter
 * than its surround, narrower than a quarter of the region, and away from its border; it is painted out, and the rest is the
 * background at first. A background that was recorded beforehand makes that unnecessary: parameter {@code background}, read
 * when a stream begins. Whether the animal is dark or bright is then kept.
 *
 * <p>Lengths are in pixels, the centre of the first pixel is at 0, angles grow from growing columns to growing rows: clockwise
 * in the picture. Which end of the ellipse is the nose is settled by motion, {@link Motion} says how. Where no animal is found
 * all outputs of the frame are missing, NaN, and velocities also in the first frame in which it is found.
 *
 * <ul>
 *   <li>{@code features}: 5: velocity forwards and to the right (pixels/s), turning (rad/s), length, width (pixels)
 *   <li>{@code centroid}: 2: column, row (pixels)
 *   <li>{@code heading}: 1: in (-pi, pi] (rad)
 *   <li>{@code area}: 1 (pixels²)
 *   <li>{@code extent}: 2: length, width of the ellipse (pixels)
 *   <li>{@code speed}: 1 (pixels/s)
 *   <li>{@code velocity}: 2: forwards, to the right of the heading (pixels/s)
 *   <li>{@code turning}: 1: clockwise in the picture (rad/s)
 * </ul>
 *
 * <p>Seconds are those of the resolution: let it have as many steps per second as the video has frames. Allocates nothing
 * itself; OpenCV takes native memory for each frame and gives it back.
 */
public final class Tracker extends BaseLayer {
    private static final List<String> OUTPUTS =
            List.of("features", "centroid", "heading", "area", "extent", "speed", "velocity", "turning");
    private static final List<String> UNITS =
            List.of("", "pixels", "rad", "pixels²", "pixels", "pixels/s", "pixels/s", "rad/s");
    private static final int[] DIMS = {5, 2, 1, 1, 2, 1, 2, 1};

    /** By default an animal has at least this part of the region's pixels. */
    private static final int AREA_PART = 2000;
    /** By default parts thinner than this part of the region's shorter side go. */
    private static final int OPENING_PART = 40;

    private static final int SURROUND_PART = 4;
    private static final double CORRECTION = 10;
    private static final int DARK = 1;
    private static final int BRIGHT = -1;

    private final Parameter animal;
    private final Parameter threshold;
    private final Parameter minimumContrast;
    private final Parameter minimumArea;
    private final Parameter openingPixels;
    private final Parameter adaptation;
    private final Parameter absorption;
    private final Parameter smoothing;
    private final Parameter flipLengths;
    private final Parameter gap;
    private final Parameter top;
    private final Parameter left;
    private final Parameter rowCount;
    private final Parameter columnCount;
    private final Parameter givenBackground;

    private final Contrast contrast = new Contrast();
    private final Motion motion = new Motion();
    private final Blob blob = new Blob();

    private Shape shape;
    private Region region;
    private boolean mayBeDark;
    private boolean mayBeBright;
    private int leastArea;
    private float adaptationGain;
    private float correctionGain;
    private float absorptionGain;
    private Segmenter segmenter;
    private float[] grey;
    private float[] difference;
    private float[] surround;
    private float[] background;
    private boolean hasBackground;
    /** {@link #DARK}, {@link #BRIGHT}, or 0 while not known. */
    private int side;
    /** How clearly the blob of the last {@link #segment} stands out. */
    private double prominence;

    private float limit;
    private int label;

    /** A tracker of that name. */
    public Tracker(String name) {
        super(name);
        animal = add(Parameter.text("animal", "auto")
                .choices("auto", "dark", "bright")
                .doc("Whether the animal is darker or brighter than its ground; auto finds out"));
        threshold = add(Parameter.number("threshold", 0)
                .atLeast(0)
                .doc("Difference from the background that makes a pixel foreground, in units of the input;"
                        + " 0 for half of the animal's contrast"));
        minimumContrast = add(Parameter.number("minimumContrast", 0.1)
                .atLeast(0)
                .doc("Contrast below which nothing is an animal, in units of the input; 25 suits bytes"));
        minimumArea = add(Parameter.integer("minimumAreaPixels", 0)
                .unit("pixels²")
                .atLeast(0)
                .atMost(Shape.MAX_VALUES)
                .doc("Area below which a blob is no animal; 0 for a 2000th of the region"));
        openingPixels = add(
                Parameter.integer("openingPixels", 0)
                        .unit("pixels")
                        .atLeast(0)
                        .atMost(999)
                        .doc(
                                "Parts thinner than this go, such as a tail; 0 for a 40th of the region's shorter side, 1 for none"));
        adaptation = add(Parameter.number("adaptationSeconds", 10)
                .unit("s")
                .above(0)
                .doc("Time constant with which the background follows the image"));
        absorption = add(
                Parameter.number("absorptionSeconds", 300)
                        .unit("s")
                        .above(0)
                        .doc(
                                "Time constant with which the background takes up what stands out: an animal at rest, a thing left"));
        smoothing = add(Parameter.number("smoothingSeconds", 0.1)
                .unit("s")
                .atLeast(0)
                .doc("Time constant of velocities and turning; 0 for differences from frame to frame"));
        flipLengths = add(Parameter.number("flipLengths", 0.75)
                .unit("body lengths")
                .above(0)
                .doc("Way walked backwards, within about a second, after which nose and tail are exchanged"));
        gap = add(Parameter.number("gapSeconds", 1)
                .unit("s")
                .above(0)
                .doc("After a longer time without the animal its motion begins anew"));
        top = add(extent("regionTop", "First row of the region that is looked at"));
        left = add(extent("regionLeft", "First column of the region that is looked at"));
        rowCount = add(extent("regionRows", "Height of the region; 0 for all rows below its top"));
        columnCount = add(extent("regionColumns", "Width of the region; 0 for all columns right of its left"));
        givenBackground = add(Parameter.array("background")
                .doc("Picture without the animal, [rows][columns], that a stream begins with"));
    }

    private static Parameter extent(String name, String doc) {
        return Parameter.integer(name, 0)
                .unit("pixels")
                .atLeast(0)
                .atMost(Shape.MAX_VALUES)
                .doc(doc);
    }

    @Override
    public List<String> outputs() {
        return OUTPUTS;
    }

    @Override
    public String unit(String output) {
        int index = OUTPUTS.indexOf(output);
        return index < 0 ? "" : UNITS.get(index);
    }

    @Override
    protected void derive() {
        shape = context().input();
        region = new Region(
                top.integer(),
                left.integer(),
                end("regionRows", top, rowCount, shape.rows()),
                end("regionColumns", left, columnCount, shape.columns()));
        mayBeDark = !animal.has("bright");
        mayBeBright = !animal.has("dark");
        leastArea = minimumArea.integer() > 0 ? minimumArea.integer() : Math.max(1, region.pixels() / AREA_PART);
        if (givenBackground.value() != null && givenBackground.values().length != shape.pixels()) {
            throw new IllegalArgumentException("background must have one value for each of the " + shape.rows() + "x"
                    + shape.columns() + " pixels but has the shape "
                    + NdArray.text(((NdArray) givenBackground.value()).shape()) + "; scale it like the video");
        }
        double stepSeconds = context().resolution().stepSeconds();
        adaptationGain = (float) -Math.expm1(-stepSeconds / adaptation.number());
        correctionGain = (float) -Math.expm1(-CORRECTION * stepSeconds / adaptation.number());
        absorptionGain = (float) -Math.expm1(-stepSeconds / absorption.number());
        if (!isPreparing()) {
            segmenter.opening(opening());
        }
    }

    private static int end(String name, Parameter first, Parameter count, int extent) {
        long end = count.integer() == 0 ? extent : (long) first.integer() + count.integer();
        if (first.integer() >= extent || end > extent) {
            throw new IllegalArgumentException("the region begins at " + first.integer() + " and has " + name + " "
                    + count.integer() + ", which is not within the " + extent
                    + " that a frame has; give a region within the frame, or 0 for all of it");
        }
        return (int) end;
    }

    private int opening() {
        return openingPixels.integer() > 0
                ? openingPixels.integer()
                : Math.max(1, Math.min(region.rows(), region.columns()) / OPENING_PART);
    }

    @Override
    protected List<Shape> allocate() {
        segmenter = new Segmenter(shape.rows(), shape.columns());
        segmenter.opening(opening());
        grey = new float[shape.pixels()];
        difference = new float[shape.pixels()];
        surround = new float[shape.pixels()];
        background = new float[shape.pixels()];
        states().add("background", background, shape.rows(), shape.columns());
        states().add("found", this::found, this::restoreFound);
        states().add(
                        "motion",
                        () -> new NdArray(new int[] {Motion.VALUES}, motion.copy()),
                        array -> motion.restore(sized(array, Motion.VALUES)));
        states().onClear(this::clear);
        return Arrays.stream(DIMS).mapToObj(Shape::vector).toList();
    }

    private void clear() {
        Arrays.fill(background, 0);
        hasBackground = givenBackground.value() != null;
        if (hasBackground) {
            System.arraycopy(givenBackground.values(), 0, background, 0, background.length);
        }
        side = 0;
        motion.clear();
    }

    private NdArray found() {
        return new NdArray(new int[] {2}, new long[] {hasBackground ? 1 : 0, side});
    }

    private void restoreFound(NdArray array) {
        double[] values = sized(array, 2);
        hasBackground = values[0] != 0;
        side = (int) Math.signum(values[1]);
    }

    private static double[] sized(NdArray array, int size) {
        if (array.size() != size) {
            throw new IllegalArgumentException(
                    "needs the shape (" + size + ",) but was given " + NdArray.text(array.shape()));
        }
        return array.doubles();
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        motion.pass(in[0].framesLostBefore());
        for (int t = 0; t < in[0].frames(); t++) {
            motion.pass(1);
            toGrey(in[0].values(), in[0].start(t));
            boolean found = detect();
            if (found) {
                motion.take(
                        blob,
                        context().resolution().stepSeconds(),
                        smoothing.number(),
                        flipLengths.number(),
                        gap.number());
            }
            adapt();
            write(out, t, found);
        }
    }

    private void toGrey(float[] image, int at) {
        int pixels = shape.pixels();
        System.arraycopy(image, at, grey, 0, pixels);
        if (shape.channels() > 1) {
            for (int c = 1; c < shape.channels(); c++) {
                for (int i = 0; i < pixels; i++) {
                    grey[i] += image[at + c * pixels + i];
                }
            }
            for (int i = 0; i < pixels; i++) {
                grey[i] /= shape.channels();
            }
        }
    }

    private boolean detect() {
        if (side == DARK && !mayBeDark || side == BRIGHT && !mayBeBright) {
            side = 0;
        }
        if (!hasBackground) {
            findAnimal();
        } else if (side == 0) {
            side = clearerSide();
        }
        return side != 0 && segmentBy(side);
    }

    /** Looks for an animal while there is no background; the frame without it, and what is around it, is the background. */
    private void findAnimal() {
        int found = clearerSide();
        if (found != 0) {
            side = found;
            segmentBy(found);
            segmenter.grow(label, opening());
            byte[] mask = segmenter.mask();
            for (int i = 0; i < background.length; i++) {
                background[i] = mask[i] != 0 ? surround[i] : grey[i];
            }
            hasBackground = true;
        }
    }

    /** The side on which a blob stands out, the clearer one of two; 0 when there is none. */
    private int clearerSide() {
        double dark = mayBeDark && segmentBy(DARK) ? prominence : 0;
        double bright = mayBeBright && segmentBy(BRIGHT) ? prominence : 0;
        return dark == 0 && bright == 0 ? 0 : dark >= bright ? DARK : BRIGHT;
    }

    /** Finds the largest blob on one side of the background, or, without one, of the surround. */
    private boolean segmentBy(int sign) {
        float[] ground = background;
        if (!hasBackground) {
            int size = Math.max(1, Math.min(region.rows(), region.columns()) / SURROUND_PART);
            segmenter.surround(grey, size, sign == DARK, surround);
            ground = surround;
        }
        for (int i = 0; i < grey.length; i++) {
            difference[i] = sign * (ground[i] - grey[i]);
        }
        return segment();
    }

    private boolean segment() {
        byte[] mask = segmenter.mask();
        Arrays.fill(mask, (byte) 0);
        label = 0;
        float level = contrast.level(difference, shape.columns(), region, leastArea);
        limit = threshold.number() > 0 ? (float) threshold.number() : level / 2;
        if (level <= 0 || level < minimumContrast.number()) {
            limit = Float.MAX_VALUE;
            return false;
        }
        for (int y = region.top(); y < region.bottom(); y++) {
            for (int i = y * shape.columns() + region.left(); i < y * shape.columns() + region.right(); i++) {
                mask[i] = (byte) (difference[i] > limit ? 1 : 0);
            }
        }
        label = segmenter.largest(hasBackground ? null : region, leastArea, blob);
        prominence = label == 0 ? 0 : (double) level * blob.area;
        return label != 0;
    }

    /**
     * The background follows the image. Where the image is on the other side of it than the animal, the background was
     * wrong, such as after an animal at rest has left: there it follows ten times as fast.
     */
    private void adapt() {
        if (hasBackground) {
            byte[] mask = segmenter.mask();
            for (int i = 0; i < background.length; i++) {
                float gain = mask[i] != 0 ? absorptionGain : difference[i] < -limit ? correctionGain : adaptationGain;
                background[i] = Math.fma(gain, grey[i] - background[i], background[i]);
            }
        }
    }

    private void write(Chunk[] out, int t, boolean found) {
        if (!found) {
            for (Chunk chunk : out) {
                Arrays.fill(chunk.values(), chunk.start(t), chunk.start(t + 1), Float.NaN);
            }
            return;
        }
        float forwards = (float) motion.forwards();
        float sideways = (float) motion.sideways();
        float turning = (float) motion.turning;
        float length = (float) blob.length;
        float width = (float) blob.width;
        put(out[0], t, 0, forwards);
        put(out[0], t, 1, sideways);
        put(out[0], t, 2, turning);
        put(out[0], t, 3, length);
        put(out[0], t, 4, width);
        put(out[1], t, 0, (float) blob.column);
        put(out[1], t, 1, (float) blob.row);
        put(out[2], t, 0, (float) motion.heading);
        put(out[3], t, 0, blob.area);
        put(out[4], t, 0, length);
        put(out[4], t, 1, width);
        put(out[5], t, 0, (float) motion.speed());
        put(out[6], t, 0, forwards);
        put(out[6], t, 1, sideways);
        put(out[7], t, 0, turning);
    }

    private static void put(Chunk chunk, int t, int i, float value) {
        chunk.values()[chunk.start(t) + i] = value;
    }
}
