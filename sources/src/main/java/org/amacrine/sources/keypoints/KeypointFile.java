package org.amacrine.sources.keypoints;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.amacrine.core.hdf5.Hdf5File;
import org.amacrine.core.io.InputFiles;
import org.amacrine.core.io.NdArray;

/**
 * Reads files of keypoints. What wrote a file is found out from what is in it:
 *
 * <ul>
 *   <li>DeepLabCut: {@code .csv} with three lines of header (scorer, bodyparts, coords) or four (individuals too), and
 *       {@code .h5} that pandas wrote as a table or in its fixed form
 *   <li>SLEAP: {@code .csv} and the {@code .h5} of its analysis export
 * </ul>
 *
 * <p>Frames that a file leaves out are there, with nothing found.
 */
public final class KeypointFile {
    private static final int TRACK_AXES = 4;

    private KeypointFile() {}

    /** Reads a file; throws {@link IOException} that says what is wrong with it. */
    public static KeypointTable read(Path file) throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        try {
            if (name.endsWith(".csv")) {
                return KeypointCsv.read(file);
            }
            if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
                return readHdf5(file);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        InputFiles.find(file, "a table of keypoints");
        throw new IOException(file + " is of no known kind; give a .csv or .h5 file of DeepLabCut or SLEAP");
    }

    private static KeypointTable readHdf5(Path file) throws IOException {
        try (Hdf5File hdf5 = Hdf5File.open(file)) {
            if (hdf5.has("tracks")) {
                return sleap(file, hdf5);
            }
            for (String group : hdf5.names("")) {
                if (hdf5.has(group + "/table")) {
                    return pandasTable(file + "[" + group + "]", hdf5, group + "/table");
                }
                if (hdf5.has(group + "/block0_values")) {
                    return pandasFixed(file + "[" + group + "]", hdf5, group);
                }
            }
            throw new IOException(
                    file + " is no analysis file of SLEAP, which has tracks, nor a table of DeepLabCut; it has "
                            + hdf5.names(""));
        }
    }

    // ------------------------------------------------------------------------------------------------ SLEAP

    private static KeypointTable sleap(Path file, Hdf5File hdf5) throws IOException {
        NdArray tracks = hdf5.array("tracks");
        List<String> bodyParts = hdf5.strings("node_names");
        int[] shape = tracks.shape();
        if (shape.length != TRACK_AXES || shape[1] != 2 || shape[2] != bodyParts.size()) {
            throw new IOException(file + " has tracks of shape " + NdArray.text(shape) + " and " + bodyParts.size()
                    + " nodes; its analysis export has (tracks, 2, nodes, frames)");
        }
        int animals = shape[0];
        int frames = shape[3];
        NdArray scores = hdf5.has("point_scores") ? hdf5.array("point_scores") : null;
        if (scores != null && scores.size() != animals * bodyParts.size() * frames) {
            throw new IOException(file + " has point_scores of shape " + NdArray.text(scores.shape())
                    + "; they must be (tracks, nodes, frames)");
        }
        KeypointTable table = new KeypointTable(trackNames(hdf5, animals), bodyParts, frames);
        for (int a = 0; a < animals; a++) {
            for (int p = 0; p < bodyParts.size(); p++) {
                for (int t = 0; t < frames; t++) {
                    int x = ((a * 2) * bodyParts.size() + p) * frames + t;
                    int y = ((a * 2 + 1) * bodyParts.size() + p) * frames + t;
                    double score = scores == null ? Double.NaN : scores.at((a * bodyParts.size() + p) * frames + t);
                    table.put(t, a, p, tracks.at(x), tracks.at(y), score);
                }
            }
        }
        return table;
    }

    /** The names in the file, or numbers when animals were not told apart. */
    private static List<String> trackNames(Hdf5File hdf5, int animals) throws IOException {
        List<String> names = hdf5.has("track_names") ? hdf5.strings("track_names") : List.of();
        if (names.size() == animals) {
            return names;
        }
        if (animals == 1) {
            return List.of(DeepLabCutTable.ONLY_ANIMAL);
        }
        List<String> numbers = new ArrayList<>();
        for (int a = 0; a < animals; a++) {
            numbers.add("track_" + a);
        }
        return numbers;
    }

    // ------------------------------------------------------------------------------------------------ pandas

    private static KeypointTable pandasTable(String what, Hdf5File hdf5, String table) throws IOException {
        String pickled = hdf5.attribute(table, "values_block_0_kind");
        if (pickled == null) {
            throw new IOException(what + " has no labels of its columns; save it with DataFrame.to_hdf");
        }
        return pandas(
                what, PandasLabels.read(pickled), hdf5.column(table, "index"), hdf5.column(table, "values_block_0"));
    }

    private static KeypointTable pandasFixed(String what, Hdf5File hdf5, String group) throws IOException {
        List<NdArray> codes = new ArrayList<>();
        List<List<String>> levels = new ArrayList<>();
        for (int i = 0; hdf5.has(group + "/block0_items_level" + i); i++) {
            codes.add(hdf5.array(group + "/block0_items_label" + i));
            levels.add(hdf5.strings(group + "/block0_items_level" + i));
        }
        List<List<String>> labels = new ArrayList<>();
        for (int column = 0; !codes.isEmpty() && column < codes.get(0).size(); column++) {
            List<String> label = new ArrayList<>();
            for (int i = 0; i < codes.size(); i++) {
                label.add(levels.get(i).get((int) codes.get(i).at(column)));
            }
            labels.add(label);
        }
        return pandas(what, labels, hdf5.array(group + "/axis1"), hdf5.array(group + "/block0_values"));
    }

    private static KeypointTable pandas(String what, List<List<String>> labels, NdArray index, NdArray values)
            throws IOException {
        int rows = index.size();
        int columns = labels.size();
        if (values.size() != rows * columns) {
            throw new IOException(what + " has values of shape " + NdArray.text(values.shape()) + " for " + rows
                    + " rows and " + columns + " columns; all columns must be numbers of one kind");
        }
        for (int row = 0; row < rows; row++) {
            double frame = index.at(row);
            if (frame != Math.rint(frame) || frame < 0 || frame >= Integer.MAX_VALUE) {
                throw new IOException(what + " has a row " + frame + "; rows must be the numbers of frames, from 0 on");
            }
        }
        return DeepLabCutTable.of(
                what, labels, rows, row -> (int) index.at(row), (row, column) -> values.at(row * columns + column));
    }
}
