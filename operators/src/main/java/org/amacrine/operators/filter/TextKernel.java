package org.amacrine.operators.filter;

import org.amacrine.core.io.NdArray;

/** A kernel that is a word, to see at a glance how images are turned and flipped: the reference's name in two lines. */
public final class TextKernel {
    private static final String[] ROWS = {
        "................",
        "................",
        "..##...##..#..#.",
        ".#..#.#..#.##.#.",
        ".#....#..#.##.#.",
        ".#..#.#..#.#.##.",
        "..##...##..#.##.",
        "................",
        "................",
        "..#...#.#..###..",
        "..#...#.#.##..#.",
        "...#.#..#..##...",
        "...#.#..#.#..##.",
        "....#...#..###..",
        "................",
        "................"
    };

    private TextKernel() {}

    /** The kernel, 16 rows and 16 columns of 0 and 1. */
    public static NdArray kernel() {
        int side = ROWS.length;
        float[] values = new float[side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = ROWS[i / side].charAt(i % side) == '#' ? 1 : 0;
        }
        return NdArray.of(values, side, side);
    }
}
