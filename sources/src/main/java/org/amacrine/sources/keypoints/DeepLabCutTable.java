package org.amacrine.sources.keypoints;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Makes a table of what DeepLabCut writes: columns labelled scorer, (individual,) body part, and x, y or likelihood.
 */
final class DeepLabCutTable {
    /** What an animal is called where there is only one. */
    static final String ONLY_ANIMAL = "animal";

    private static final int SINGLE = 3;
    private static final int MULTI = 4;

    /** Value in row {@code row} of column {@code column}. */
    @FunctionalInterface
    interface Values {
        double at(int row, int column);
    }

    private DeepLabCutTable() {}

    /**
     * Makes the table.
     *
     * @param what the file, for messages
     * @param labels of each column, from scorer to coordinate
     * @param rows number of rows
     * @param frameOf frame of a row
     */
    static KeypointTable of(String what, List<List<String>> labels, int rows, IntUnaryOperator frameOf, Values values)
            throws IOException {
        Set<String> animals = new LinkedHashSet<>();
        Set<String> bodyParts = new LinkedHashSet<>();
        for (List<String> label : labels) {
            if (label.size() != SINGLE && label.size() != MULTI) {
                throw new IOException(
                        what + " has columns with the labels " + label
                                + "; DeepLabCut's have scorer, bodyparts and coords, or scorer, individuals, bodyparts and coords");
            }
            animals.add(animal(label));
            bodyParts.add(bodyPart(label));
        }
        int frames = 0;
        for (int row = 0; row < rows; row++) {
            frames = Math.max(frames, frameOf.applyAsInt(row) + 1);
        }
        List<String> animalNames = new ArrayList<>(animals);
        List<String> partNames = new ArrayList<>(bodyParts);
        KeypointTable table = new KeypointTable(animalNames, partNames, frames);
        for (int a = 0; a < animalNames.size(); a++) {
            for (int p = 0; p < partNames.size(); p++) {
                int x = column(labels, animalNames.get(a), partNames.get(p), "x");
                int y = column(labels, animalNames.get(a), partNames.get(p), "y");
                int likelihood = column(labels, animalNames.get(a), partNames.get(p), "likelihood");
                if ((x < 0) != (y < 0)) {
                    throw new IOException(what + " has only one of x and y for " + animalNames.get(a) + ", "
                            + partNames.get(p) + "; give both");
                }
                for (int row = 0; x >= 0 && row < rows; row++) {
                    double confident = likelihood < 0 ? Double.NaN : values.at(row, likelihood);
                    table.put(frameOf.applyAsInt(row), a, p, values.at(row, x), values.at(row, y), confident);
                }
            }
        }
        return table;
    }

    private static String animal(List<String> label) {
        return label.size() == MULTI ? label.get(1) : ONLY_ANIMAL;
    }

    private static String bodyPart(List<String> label) {
        return label.get(label.size() - 2);
    }

    private static int column(List<List<String>> labels, String animal, String bodyPart, String coordinate) {
        for (int i = 0; i < labels.size(); i++) {
            List<String> label = labels.get(i);
            if (animal(label).equals(animal)
                    && bodyPart(label).equals(bodyPart)
                    && label.get(label.size() - 1).equals(coordinate)) {
                return i;
            }
        }
        return -1;
    }
}
