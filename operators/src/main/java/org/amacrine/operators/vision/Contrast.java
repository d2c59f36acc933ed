package org.amacrine.operators.vision;

import java.util.Arrays;

/**
 * Finds out how much an animal differs from its ground: the level that at least as many pixels exceed as an animal has. Half
 * of it is the threshold, so that a soft edge is cut in its middle.
 */
final class Contrast {
    private static final int BINS = 1024;

    private final int[] counts = new int[BINS];

    /**
     * The level that at least {@code area} pixels of the region reach; 0 when fewer are above 0.
     *
     * @param difference from the ground, positive where an animal may be, [rows][columns]
     * @param columns number of columns of a row
     */
    float level(float[] difference, int columns, Region region, int area) {
        float highest = 0;
        for (int y = region.top(); y < region.bottom(); y++) {
            for (int i = y * columns + region.left(); i < y * columns + region.right(); i++) {
                highest = Math.max(highest, difference[i]);
            }
        }
        if (!(highest > 0)) {
            return 0;
        }
        Arrays.fill(counts, 0);
        float perBin = highest / BINS;
        for (int y = region.top(); y < region.bottom(); y++) {
            for (int i = y * columns + region.left(); i < y * columns + region.right(); i++) {
                if (difference[i] > 0) {
                    counts[Math.min(BINS - 1, (int) (difference[i] / perBin))]++;
                }
            }
        }
        int above = 0;
        for (int bin = BINS - 1; bin >= 0; bin--) {
            above += counts[bin];
            if (above >= area) {
                return bin * perBin;
            }
        }
        return 0;
    }
}
