package org.amacrine.sources;

import java.util.Map;
import java.util.function.Supplier;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;

/**
 * Which of a picture's colours become the channels of the frame, and which values black and white have. Pictures have 8 bits
 * each of blue, green and red.
 */
public final class Colours {
    /** Blue, green, red. */
    public static final int BYTES_PER_PIXEL = 3;

    /** Where blue, green and red stand in a pixel. */
    private static final Map<String, int[]> PLACES =
            Map.of("r", new int[] {2}, "g", new int[] {1}, "b", new int[] {0}, "rgb", new int[] {2, 1, 0});

    private static final int WHITE_BYTE = 255;

    /** Which colour goes to each channel; null for their mean. */
    private final int[] places;
    /** The value for a byte, or for the sum of three. */
    private final float[] valueOf;

    /** The colours that were chosen with {@link #channelSetting()} and {@link Settings#range()}. */
    public Colours(ParameterTree chosen) {
        this(chosen.get("channel").text(), Settings.white(chosen));
    }

    /**
     * These colours.
     *
     * @param channel {@code mean}, {@code r}, {@code g}, {@code b} or {@code rgb}
     * @param white the value of white; black is 0
     */
    public Colours(String channel, float white) {
        places = PLACES.get(channel);
        int whiteSum = places == null ? BYTES_PER_PIXEL * WHITE_BYTE : WHITE_BYTE;
        valueOf = new float[whiteSum + 1];
        for (int sum = 0; sum <= whiteSum; sum++) {
            valueOf[sum] = sum * white / whiteSum;
        }
    }

    /** Setting {@code channel}. */
    public static Supplier<Parameter> channelSetting() {
        return () -> Parameter.text("channel", "mean")
                .choices("mean", "r", "g", "b", "rgb")
                .alias("mode")
                .doc("Mean of the three colours, one of them, or all three as channels");
    }

    /** Number of channels of the frame. */
    public int channels() {
        return places == null ? 1 : places.length;
    }

    /**
     * Converts a row of pixels.
     *
     * @param pixels blue, green and red, from {@code from} on
     * @param columns number of pixels
     * @param values the frame, {@code [channel][row][column]}
     * @param at where the row begins in the frame's first channel
     * @param channelSize number of values between two channels
     */
    public void convertRow(byte[] pixels, int from, int columns, float[] values, int at, int channelSize) {
        if (places == null) {
            for (int j = 0, k = from; j < columns; j++, k += BYTES_PER_PIXEL) {
                values[at + j] = valueOf[
                        Byte.toUnsignedInt(pixels[k])
                                + Byte.toUnsignedInt(pixels[k + 1])
                                + Byte.toUnsignedInt(pixels[k + 2])];
            }
        } else {
            for (int c = 0; c < places.length; c++) {
                for (int j = 0, k = from + places[c]; j < columns; j++, k += BYTES_PER_PIXEL) {
                    values[at + c * channelSize + j] = valueOf[Byte.toUnsignedInt(pixels[k])];
                }
            }
        }
    }
}
