package org.amacrine.sources.keypoints;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.amacrine.core.io.InputFiles;

/** Reads tables of keypoints as text: those of DeepLabCut with three or four lines of header, and those of SLEAP. */
final class KeypointCsv {
    private static final String FRAME = "frame_idx";
    private static final String TRACK = "track";

    private final Path file;
    private final List<String[]> lines = new ArrayList<>();

    private KeypointCsv(Path file) throws IOException {
        this.file = file;
        int number = 0;
        for (String line : InputFiles.text(file, "a table of keypoints").lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String[] cells = line.split(",", -1);
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cells[i].strip().replaceAll("^\"(.*)\"$", "$1");
            }
            if (!lines.isEmpty() && cells.length != lines.get(0).length) {
                throw new IOException(file + " has " + lines.get(0).length + " columns but line " + number + " has "
                        + cells.length + "; it may be cut off");
            }
            lines.add(cells);
        }
    }

    static KeypointTable read(Path file) throws IOException {
        KeypointCsv csv = new KeypointCsv(file);
        if (!csv.lines.isEmpty() && csv.lines.get(0)[0].equals("scorer")) {
            return csv.deepLabCut();
        }
        if (!csv.lines.isEmpty() && List.of(csv.lines.get(0)).contains(FRAME)) {
            return csv.sleap();
        }
        throw new IOException(
                file + " is no table of DeepLabCut, whose first line begins with scorer, nor of SLEAP, whose"
                        + " first line has " + FRAME + "; export it from one of them");
    }

    private KeypointTable deepLabCut() throws IOException {
        int headers = 0;
        while (headers < lines.size() && !lines.get(headers)[0].equals("coords")) {
            headers++;
        }
        headers++;
        if (lines.size() <= headers) {
            throw new IOException(file + " has no frames below a line that begins with coords; check what wrote it");
        }
        List<List<String>> labels = new ArrayList<>();
        for (int column = 1; column < lines.get(0).length; column++) {
            List<String> label = new ArrayList<>();
            for (int i = 0; i < headers; i++) {
                label.add(lines.get(i)[column]);
            }
            labels.add(label);
        }
        int first = headers;
        int[] frames = new int[lines.size() - first];
        double[][] values = new double[frames.length][labels.size()];
        for (int row = 0; row < frames.length; row++) {
            frames[row] = frame(first + row, 0);
            for (int column = 0; column < labels.size(); column++) {
                values[row][column] = number(first + row, column + 1);
            }
        }
        return DeepLabCutTable.of(
                file.toString(), labels, frames.length, row -> frames[row], (row, column) -> values[row][column]);
    }

    private KeypointTable sleap() throws IOException {
        List<String> header = List.of(lines.get(0));
        int frameColumn = header.indexOf(FRAME);
        int trackColumn = header.indexOf(TRACK);
        List<String> bodyParts = header.stream()
                .filter(name -> name.endsWith(".x"))
                .map(name -> name.substring(0, name.length() - ".x".length()))
                .toList();
        Set<String> animals = new LinkedHashSet<>();
        int frames = 0;
        for (int i = 1; i < lines.size(); i++) {
            animals.add(animal(i, trackColumn));
            frames = Math.max(frames, frame(i, frameColumn) + 1);
        }
        List<String> animalNames = new ArrayList<>(animals);
        KeypointTable table = new KeypointTable(animalNames, bodyParts, frames);
        Set<List<Integer>> seen = new LinkedHashSet<>();
        for (int i = 1; i < lines.size(); i++) {
            int frame = frame(i, frameColumn);
            int animal = animalNames.indexOf(animal(i, trackColumn));
            if (!seen.add(List.of(frame, animal))) {
                throw new IOException(file + " has frame " + frame + " of " + animalNames.get(animal)
                        + " twice; give each animal a track of its own");
            }
            for (int p = 0; p < bodyParts.size(); p++) {
                int x = header.indexOf(bodyParts.get(p) + ".x");
                int y = header.indexOf(bodyParts.get(p) + ".y");
                int score = header.indexOf(bodyParts.get(p) + ".score");
                if (y < 0) {
                    throw new IOException(file + " has x but no y of " + bodyParts.get(p) + "; give both");
                }
                table.put(frame, animal, p, number(i, x), number(i, y), score < 0 ? Double.NaN : number(i, score));
            }
        }
        return table;
    }

    private String animal(int line, int trackColumn) {
        String name = trackColumn < 0 ? "" : lines.get(line)[trackColumn];
        return name.isEmpty() ? DeepLabCutTable.ONLY_ANIMAL : name;
    }

    private int frame(int line, int column) throws IOException {
        double frame = number(line, column);
        if (frame != Math.rint(frame) || frame < 0 || frame >= Integer.MAX_VALUE) {
            throw new IOException(
                    file + " has \"" + lines.get(line)[column]
                            + "\" where the number of a frame was expected, a whole number from 0 on; leave out labelled images");
        }
        return (int) frame;
    }

    /** A number; an empty cell is one that is missing. */
    private double number(int line, int column) throws IOException {
        String cell = lines.get(line)[column];
        if (cell.isEmpty() || cell.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            throw new IOException(
                    file + " has \"" + cell + "\" in column " + (column + 1) + " where a number was expected", e);
        }
    }
}
