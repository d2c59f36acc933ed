package org.amacrine.operators.vision;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * What OpenCV does for the tracker: removing thin parts of a mask, connecting its pixels to blobs, and the surround of
 * everything small in a picture. Pictures are copied to native memory that is allocated once; all results are whole numbers,
 * so they do not depend on OpenCV's threads.
 *
 * <p>Owned by the operator's thread.
 */
final class Segmenter {
    private static final int NEIGHBOURS = 8;
    private static final int BYTE_STEPS = 255;

    private final int rows;
    private final int columns;
    private final byte[] bytes;
    private final int[] labels;
    private final BytePointer inMemory;
    private final BytePointer outMemory;
    private final IntPointer labelMemory;
    private final Mat in;
    private final Mat out;
    private final Mat labelled;
    private Mat disc;
    private int discPixels;
    private Mat square;
    private int squarePixels;
    private int[] areas = new int[64];
    private int[] firstRows = new int[64];
    private int[] lastRows = new int[64];
    private int[] firstColumns = new int[64];
    private int[] lastColumns = new int[64];

    /** For pictures of this extent; throws {@link IllegalArgumentException} when OpenCV's library is not there. */
    Segmenter(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        bytes = new byte[rows * columns];
        labels = new int[rows * columns];
        try {
            inMemory = new BytePointer((long) rows * columns);
            outMemory = new BytePointer((long) rows * columns);
            labelMemory = new IntPointer((long) rows * columns);
            in = new Mat(rows, columns, opencv_core.CV_8UC1, inMemory);
            out = new Mat(rows, columns, opencv_core.CV_8UC1, outMemory);
            labelled = new Mat(rows, columns, opencv_core.CV_32SC1, labelMemory);
            opening(1);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    "it needs OpenCV, whose native library is not usable: " + e.getMessage()
                            + "; add org.bytedeco:opencv and org.bytedeco:openblas for this platform to the class path",
                    e);
        }
    }

    /** Sets the diameter of the disc that must fit into whatever stays of a mask, in pixels; 1 keeps all. */
    void opening(int pixels) {
        if (pixels != discPixels) {
            disc = opencv_imgproc.getStructuringElement(opencv_imgproc.MORPH_ELLIPSE, new Size(pixels, pixels));
            discPixels = pixels;
        }
    }

    /** The mask to fill before {@link #largest}: 1 for foreground, else 0, [rows][columns]. */
    byte[] mask() {
        return bytes;
    }

    /** The label of each pixel after {@link #largest}. */
    int[] labels() {
        return labels;
    }

    /**
     * Finds the largest blob of the mask; of equal ones, the one whose first pixel comes first.
     *
     * @param inside null, or the region that the blob must lie in without touching its border
     * @param into receives the blob
     * @return its label, or 0 when there is none of at least {@code minimumArea} pixels
     */
    int largest(Region inside, int minimumArea, Blob into) {
        inMemory.put(bytes, 0, bytes.length);
        Mat opened = in;
        if (discPixels > 1) {
            opencv_imgproc.morphologyEx(in, out, opencv_imgproc.MORPH_OPEN, disc);
            opened = out;
        }
        int count = opencv_imgproc.connectedComponents(opened, labelled, NEIGHBOURS, opencv_core.CV_32S);
        labelMemory.get(labels, 0, labels.length);
        measure(count);
        int best = 0;
        for (int label = 1; label < count; label++) {
            boolean fits = inside == null
                    || firstRows[label] > inside.top()
                            && lastRows[label] < inside.bottom() - 1
                            && firstColumns[label] > inside.left()
                            && lastColumns[label] < inside.right() - 1;
            if (fits && areas[label] >= minimumArea && (best == 0 || isAhead(label, best))) {
                best = label;
            }
        }
        if (best > 0) {
            into.measure(labels, best, columns, areas[best], firstRows[best], lastRows[best]);
        }
        return best;
    }

    /** Whether a blob is larger than another, or as large and begins above it, or in the same row further left. */
    private boolean isAhead(int label, int other) {
        if (areas[label] != areas[other]) {
            return areas[label] > areas[other];
        }
        return firstRows[label] != firstRows[other]
                ? firstRows[label] < firstRows[other]
                : firstColumns[label] < firstColumns[other];
    }

    private void measure(int count) {
        if (areas.length < count) {
            int room = Math.max(count, 2 * areas.length);
            areas = new int[room];
            firstRows = new int[room];
            lastRows = new int[room];
            firstColumns = new int[room];
            lastColumns = new int[room];
        }
        for (int label = 0; label < count; label++) {
            areas[label] = 0;
            firstColumns[label] = columns;
            lastColumns[label] = -1;
        }
        for (int y = 0, i = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++, i++) {
                int label = labels[i];
                if (label > 0) {
                    if (areas[label]++ == 0) {
                        firstRows[label] = y;
                    }
                    lastRows[label] = y;
                    firstColumns[label] = Math.min(firstColumns[label], x);
                    lastColumns[label] = Math.max(lastColumns[label], x);
                }
            }
        }
    }

    /** Makes the mask the pixels of a blob and those at most so many pixels from it. Not for every frame. */
    void grow(int label, int pixels) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (labels[i] == label ? 1 : 0);
        }
        inMemory.put(bytes, 0, bytes.length);
        try (Size extent = new Size(2 * pixels + 1, 2 * pixels + 1);
                Mat around = opencv_imgproc.getStructuringElement(opencv_imgproc.MORPH_ELLIPSE, extent)) {
            opencv_imgproc.morphologyEx(in, out, opencv_imgproc.MORPH_DILATE, around);
        }
        outMemory.get(bytes, 0, bytes.length);
    }

    /**
     * The picture without whatever is smaller than a square: dark things take the value of their surround where
     * {@code dark}, bright things elsewhere. Values are rounded to 1/255 of the picture's range.
     *
     * @param picture values, [rows][columns]
     * @param size side of the square, in pixels
     * @param surround receives the values; may not be {@code picture}
     */
    void surround(float[] picture, int size, boolean dark, float[] surround) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : picture) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        float step = (high - low) / BYTE_STEPS;
        if (!(step > 0)) {
            System.arraycopy(picture, 0, surround, 0, picture.length);
            return;
        }
        for (int i = 0; i < picture.length; i++) {
            bytes[i] = (byte) Math.round((picture[i] - low) / step);
        }
        inMemory.put(bytes, 0, bytes.length);
        if (size != squarePixels) {
            square = opencv_imgproc.getStructuringElement(opencv_imgproc.MORPH_RECT, new Size(size, size));
            squarePixels = size;
        }
        opencv_imgproc.morphologyEx(in, out, dark ? opencv_imgproc.MORPH_CLOSE : opencv_imgproc.MORPH_OPEN, square);
        outMemory.get(bytes, 0, bytes.length);
        for (int i = 0; i < picture.length; i++) {
            surround[i] = low + step * (bytes[i] & 0xff);
        }
    }
}
