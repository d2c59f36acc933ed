package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.Npz;
import org.amacrine.core.layer.Names;
import org.amacrine.operators.latent.Groups;

/** Groups of variables in files: one matrix for each, with a row for each sample or step. */
final class GroupFiles {
    private GroupFiles() {}

    /**
     * Reads one group from each file: {@code .npy} of (T), (T, d) or (T, d, 1, 1), or {@code .npz} with one array; of several
     * arrays, {@code FILE.npz:NAME} is one.
     *
     * @throws IllegalArgumentException when shapes do not fit
     */
    static Groups read(List<String> files) throws IOException {
        NdArray[] groups = new NdArray[files.size()];
        for (int g = 0; g < groups.length; g++) {
            groups[g] = matrix(files.get(g), array(files.get(g)));
        }
        for (int g = 1; g < groups.length; g++) {
            if (groups[g].shape()[0] != groups[0].shape()[0]) {
                throw new IllegalArgumentException(
                        files.get(g) + " has " + groups[g].shape()[0] + " rows but " + files.get(0) + " has "
                                + groups[0].shape()[0] + "; give groups of the same samples");
            }
        }
        return Groups.of(groups);
    }

    private static NdArray array(String file) throws IOException {
        int colon = file.lastIndexOf(".npz:");
        String name = colon < 0 ? "" : file.substring(colon + ".npz:".length());
        Path path = Path.of(colon < 0 ? file : file.substring(0, colon + ".npz".length()));
        if (!path.toString().endsWith(".npz")) {
            return NpyReader.readAll(path);
        }
        Map<String, NdArray> arrays = Npz.read(path);
        if (name.isEmpty() && arrays.size() == 1) {
            return arrays.values().iterator().next();
        }
        NdArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException((name.isEmpty()
                            ? path + " holds several arrays"
                            : "no array \"" + name + "\" in " + path + Names.suggest(name, arrays.keySet()))
                    + "; there are " + arrays.keySet() + ", name one like " + path + ":"
                    + arrays.keySet().stream().findFirst().orElse("x"));
        }
        return array;
    }

    private static NdArray matrix(String file, NdArray array) {
        int[] shape = array.shape();
        boolean layered = shape.length == 4 && shape[2] == 1 && shape[3] == 1;
        if (shape.length < 1 || shape.length > 2 && !layered) {
            throw new IllegalArgumentException(file + " has the shape " + NdArray.text(shape)
                    + "; a group is (T, d), a row for each sample or step, or (T) for one variable");
        }
        return new NdArray(new int[] {shape[0], shape.length == 1 ? 1 : shape[1]}, array.doubles());
    }

    /** Columns of each group; groups have at least one row. */
    static int[] widths(Groups groups) {
        if (groups.rows() == 0) {
            throw new IllegalArgumentException("there are no rows; give at least one sample");
        }
        return Arrays.stream(groups.values())
                .mapToInt(values -> values.length / groups.rows())
                .toArray();
    }

    /** Rows {@code from} to {@code to}, the latter left out. */
    static Groups rows(Groups groups, int from, int to) {
        int[] widths = widths(groups);
        double[][] some = new double[widths.length][];
        for (int g = 0; g < some.length; g++) {
            some[g] = Arrays.copyOfRange(groups.group(g), from * widths[g], to * widths[g]);
        }
        return new Groups(to - from, some);
    }
}
