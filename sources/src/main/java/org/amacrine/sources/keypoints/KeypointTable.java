package org.amacrine.sources.keypoints;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Positions of body parts in the frames of a video, of one animal or several. What was not found is NaN.
 *
 * <p>Filled while a file is read; not changed afterwards.
 */
public final class KeypointTable {
    /** Column and row. */
    private static final int COORDINATES = 2;

    private final List<String> animals;
    private final List<String> bodyParts;
    private final int frames;
    private final float[] positions;
    private final float[] confidence;

    /**
     * A table in which nothing is found yet.
     *
     * @param animals names of the animals, at least one, each once
     * @param bodyParts names of the body parts, at least one, each once
     * @param frames number of frames, at least 1
     * @throws IllegalArgumentException when there are none, or more than memory can hold
     */
    KeypointTable(List<String> animals, List<String> bodyParts, long frames) {
        requireNames("animals", animals);
        requireNames("body parts", bodyParts);
        long points = frames * animals.size() * bodyParts.size();
        if (frames < 1 || points > Integer.MAX_VALUE / COORDINATES - 8) {
            throw new IllegalArgumentException(
                    frames + " frames of " + animals.size() + " animals with " + bodyParts.size()
                            + " body parts cannot be held; give at least one frame, and long files in parts");
        }
        this.animals = List.copyOf(animals);
        this.bodyParts = List.copyOf(bodyParts);
        this.frames = (int) frames;
        positions = new float[(int) points * COORDINATES];
        confidence = new float[(int) points];
        Arrays.fill(positions, Float.NaN);
        Arrays.fill(confidence, Float.NaN);
    }

    private static void requireNames(String what, List<String> names) {
        Set<String> once = new LinkedHashSet<>(names);
        if (names.isEmpty() || once.size() < names.size()) {
            throw new IllegalArgumentException(
                    "the " + what + " must have names, each its own, but they are " + names + "; check the file");
        }
    }

    private int index(int frame, int animal, int bodyPart) {
        return (frame * animals.size() + animal) * bodyParts.size() + bodyPart;
    }

    void put(int frame, int animal, int bodyPart, double column, double row, double confident) {
        int i = index(frame, animal, bodyPart);
        positions[COORDINATES * i] = (float) column;
        positions[COORDINATES * i + 1] = (float) row;
        confidence[i] = (float) confident;
    }

    /** Names of the animals. */
    public List<String> animals() {
        return animals;
    }

    /** Names of the body parts. */
    public List<String> bodyParts() {
        return bodyParts;
    }

    /** Number of frames. */
    public int frames() {
        return frames;
    }

    /** Column, in pixels; NaN where it was not found. */
    public float column(int frame, int animal, int bodyPart) {
        return positions[COORDINATES * index(frame, animal, bodyPart)];
    }

    /** Row, in pixels; NaN where it was not found. */
    public float row(int frame, int animal, int bodyPart) {
        return positions[COORDINATES * index(frame, animal, bodyPart) + 1];
    }

    /** How sure the tracker was, 0 to 1; NaN where it does not say. */
    public float confidence(int frame, int animal, int bodyPart) {
        return confidence[index(frame, animal, bodyPart)];
    }

    /**
     * Whether a point was found with at least that confidence. A point whose confidence is not known counts as found.
     */
    public boolean isFound(int frame, int animal, int bodyPart, double minConfidence) {
        int i = index(frame, animal, bodyPart);
        return Float.isFinite(positions[COORDINATES * i])
                && Float.isFinite(positions[COORDINATES * i + 1])
                && !(confidence[i] < minConfidence);
    }
}
