package org.amacrine.sources;

import java.util.function.Supplier;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;

/**
 * The part of a picture that becomes the frame.
 *
 * @param rows height in pixels; 0 for all
 * @param columns width in pixels; 0 for all
 * @param rowOffset first row; -1 for the middle of the picture
 * @param columnOffset first column; -1 for the middle of the picture
 */
public record Crop(int rows, int columns, int rowOffset, int columnOffset) {
    private static final int MAX_EXTENT = 1 << 16;

    /** Setting {@code rows}. */
    public static Supplier<Parameter> rowsSetting() {
        return () -> setting("rows", 0).doc("Number of rows to take from a picture; 0 for all");
    }

    /** Setting {@code columns}. */
    public static Supplier<Parameter> columnsSetting() {
        return () -> setting("columns", 0).doc("Number of columns to take from a picture; 0 for all");
    }

    /** Setting {@code rowOffset}. */
    public static Supplier<Parameter> rowOffsetSetting() {
        return () -> setting("rowOffset", -1).doc("First row to take from a picture; -1 takes them from its middle");
    }

    /** Setting {@code columnOffset}. */
    public static Supplier<Parameter> columnOffsetSetting() {
        return () ->
                setting("columnOffset", -1).doc("First column to take from a picture; -1 takes them from its middle");
    }

    private static Parameter setting(String name, int lowest) {
        return Parameter.integer(name, lowest).unit("pixels").atLeast(lowest).atMost(MAX_EXTENT);
    }

    /** The crop that was chosen with these four settings. */
    public static Crop chosen(ParameterTree settings) {
        return new Crop(
                settings.get("rows").integer(),
                settings.get("columns").integer(),
                settings.get("rowOffset").integer(),
                settings.get("columnOffset").integer());
    }

    /**
     * The same crop with its place in a picture of this size worked out.
     *
     * @param what the picture, for messages
     * @throws IllegalArgumentException when the picture is too small
     */
    public Crop within(int pictureRows, int pictureColumns, String what) {
        int height = rows == 0 ? pictureRows - Math.max(0, rowOffset) : rows;
        int width = columns == 0 ? pictureColumns - Math.max(0, columnOffset) : columns;
        int top = rowOffset < 0 ? (pictureRows - height) / 2 : rowOffset;
        int left = columnOffset < 0 ? (pictureColumns - width) / 2 : columnOffset;
        if (height < 1
                || width < 1
                || top < 0
                || left < 0
                || top + height > pictureRows
                || left + width > pictureColumns) {
            throw new IllegalArgumentException(
                    what + " has " + pictureRows + "x" + pictureColumns + " pixels but the crop " + this
                            + " reaches beyond them; choose fewer rows and columns, or another offset");
        }
        return new Crop(height, width, top, left);
    }

    /** For example {@code 48x64 at 10,20}. */
    @Override
    public String toString() {
        return text(rows, "all") + "x" + text(columns, "all")
                + (rowOffset < 0 && columnOffset < 0
                        ? " in the middle"
                        : " at " + text(rowOffset, "middle") + "," + text(columnOffset, "middle"));
    }

    private static String text(int number, String otherwise) {
        return number < 0 || (number == 0 && otherwise.equals("all")) ? otherwise : Integer.toString(number);
    }
}
