package org.amacrine.operators.vision;

/**
 * A rectangle of pixels.
 *
 * @param top first row
 * @param left first column
 * @param bottom the row after the last one
 * @param right the column after the last one
 */
record Region(int top, int left, int bottom, int right) {

    int rows() {
        return bottom - top;
    }

    int columns() {
        return right - left;
    }

    int pixels() {
        return rows() * columns();
    }
}
