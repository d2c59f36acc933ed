package org.amacrine.sources;

import java.util.function.Supplier;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;

/** Settings that several sources have, so that they are called and mean the same everywhere. */
public final class Settings {
    private static final int MAX_EXTENT = 1 << 16;
    private static final double LARGEST_LEVEL = 1e30;

    private Settings() {}

    /** Setting {@code rows}: height of a frame in pixels. */
    public static Supplier<Parameter> rows(int otherwise, String... aliases) {
        return () -> extent("rows", otherwise, aliases).doc("Number of rows of a frame");
    }

    /** Setting {@code columns}: width of a frame in pixels. */
    public static Supplier<Parameter> columns(int otherwise, String... aliases) {
        return () -> extent("columns", otherwise, aliases).doc("Number of columns of a frame");
    }

    private static Parameter extent(String name, int otherwise, String... aliases) {
        return Parameter.integer(name, otherwise)
                .unit("pixels")
                .atLeast(1)
                .atMost(MAX_EXTENT)
                .alias(aliases);
    }

    /** Setting {@code frames}: length of a stream that could go on for ever. */
    public static Supplier<Parameter> frames() {
        return () -> Parameter.integer("frames", -1)
                .unit("frames")
                .atLeast(-1)
                .atMost(Long.MAX_VALUE / 2)
                .doc("Number of frames; -1 for no end")
                .checked(value -> {
                    if ((Double) value == 0) {
                        throw new IllegalArgumentException(
                                "frames must be -1 or >= 1 but was 0; -1 means no end, a number ends the stream");
                    }
                    return value;
                });
    }

    /** Setting {@code framesPerSecond}: rate of recorded frames. */
    public static Supplier<Parameter> framesPerSecond() {
        return () -> Parameter.number("framesPerSecond", 0)
                .unit("Hz")
                .atLeast(0)
                .atMost(1e6)
                .doc("Rate of the frames; 0 for one frame in each model step");
    }

    /** A setting that is a luminance, or another number that becomes values; sums of a few stay finite as {@code float}. */
    public static Parameter level(String name, double otherwise) {
        return Parameter.number(name, otherwise).atLeast(-LARGEST_LEVEL).atMost(LARGEST_LEVEL);
    }

    /** Setting {@code range}: what black and white are. */
    public static Supplier<Parameter> range() {
        return () -> Parameter.text("range", "unit")
                .choices("unit", "byte")
                .doc("Values from black to white: unit for 0 to 1, byte for 0 to 255 as in the reference");
    }

    /** The value of white that {@link #range()} chose: 1 or 255. */
    public static float white(ParameterTree chosen) {
        return chosen.get("range").text().equals("byte") ? 255 : 1;
    }

    /** A frame of one channel with the chosen rows and columns. */
    public static Shape image(ParameterTree chosen) {
        return Shape.image(chosen.get("rows").integer(), chosen.get("columns").integer());
    }

    /** The chosen number of frames. */
    public static long frames(ParameterTree chosen) {
        return (long) chosen.get("frames").number();
    }
}
