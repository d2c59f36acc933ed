package org.amacrine.core.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.WritableGroup;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.amacrine.core.io.InputFiles;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.WholeFile;
import org.amacrine.core.layer.Names;

/**
 * An HDF5 file, read whole arrays at a time: names, arrays, strings and attributes under paths such as {@code params/Ab}.
 * For models and tables, not for the frame path.
 */
public final class Hdf5File implements AutoCloseable {
    /** Kept, for else its level is forgotten. The library tells of every array it reads; what goes wrong, it throws. */
    private static final Logger LOG = Logger.getLogger("io.jhdf");

    static {
        LOG.setLevel(Level.SEVERE);
    }

    private final Path path;
    private final HdfFile file;

    private Hdf5File(Path path, HdfFile file) {
        this.path = path;
        this.file = file;
    }

    /** Opens a file; throws {@link IOException} when it is missing, or no HDF5 file. */
    public static Hdf5File open(Path path) throws IOException {
        InputFiles.require(path, "an HDF5 file");
        HdfFile file = null;
        try {
            file = new HdfFile(path);
            file.getChildren();
            return new Hdf5File(path, file);
        } catch (RuntimeException e) {
            // The library throws all kinds of exceptions at files that are broken.
            if (file != null) {
                file.close();
            }
            throw new IOException(
                    path + " is no HDF5 file, or not a whole one: " + e.getMessage() + "; check what wrote it", e);
        }
    }

    /** Whether there is a group or an array of that path. */
    public boolean has(String name) throws IOException {
        return find(name) != null;
    }

    /** The names in a group, in the order of the file; of the file itself when the path is empty. */
    public List<String> names(String group) throws IOException {
        if (node(group) instanceof Group found) {
            return List.copyOf(found.getChildren().keySet());
        }
        throw new IOException("\"" + group + "\" in " + path + " is an array; a group was expected");
    }

    /** Numbers: whole ones as {@code int64}, others in their own precision, truth values as {@code bool}. */
    public NdArray array(String name) throws IOException {
        Dataset dataset = dataset(name);
        Object data = dataOf(name, dataset);
        if (data instanceof String[] words && Arrays.stream(words).allMatch(Hdf5File::isTruth)) {
            boolean[] truths = new boolean[words.length];
            for (int i = 0; i < truths.length; i++) {
                truths[i] = words[i].equals("TRUE");
            }
            return new NdArray(dataset.getDimensions(), truths);
        }
        return new NdArray(dataset.getDimensions(), numbers(name, data));
    }

    /** Extents of the axes of an array. */
    public int[] extents(String name) throws IOException {
        return dataset(name).getDimensions();
    }

    /**
     * Some rows of an array of numbers, in single precision, without reading the others where the file is not compressed.
     *
     * @param axis the axis that counts the rows; the others are taken whole
     * @param from the first row
     * @param rows how many
     * @param into receives them, the last axis fastest
     */
    public void rows(String name, int axis, int from, int rows, float[] into) throws IOException {
        Dataset dataset = dataset(name);
        int[] part = dataset.getDimensions().clone();
        part[axis] = rows;
        long[] start = new long[part.length];
        start[axis] = from;
        Object read;
        try {
            read = dataset.getData(start, part);
        } catch (RuntimeException e) {
            throw unreadable(name, e);
        }
        flatten(name, read, into, 0);
    }

    /** Copies arrays of arrays into one; returns the place behind the last value. */
    private int flatten(String name, Object read, float[] into, int at) throws IOException {
        int next = at;
        if (read instanceof Object[] below) {
            for (Object part : below) {
                next = flatten(name, part, into, next);
            }
        } else if (read instanceof float[] values) {
            System.arraycopy(values, 0, into, next, values.length);
            next += values.length;
        } else {
            for (double value : new NdArray(new int[] {Array.getLength(read)}, numbers(name, read)).doubles()) {
                into[next++] = (float) value;
            }
        }
        return next;
    }

    private static boolean isTruth(String word) {
        return word.equals("TRUE") || word.equals("FALSE");
    }

    /** Numbers of one column of a table, {@code [rows]} or {@code [rows][values]}. */
    public NdArray column(String name, String column) throws IOException {
        Object data = dataOf(name, dataset(name));
        if (!(data instanceof Map<?, ?> columns)) {
            throw new IOException(
                    "\"" + name + "\" in " + path + " is no table but was asked for its column " + column);
        }
        Object values = columns.get(column);
        if (values == null) {
            throw new IOException(
                    "no column \"" + column + "\" in table " + name + " of " + path + "; it has " + columns.keySet());
        }
        int rows = Array.getLength(values);
        if (!(values instanceof Object[] each)) {
            return new NdArray(new int[] {rows}, numbers(name, values));
        }
        int width = rows == 0 ? 0 : Array.getLength(each[0]);
        double[] flat = new double[Math.multiplyExact(rows, width)];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < width; j++) {
                flat[i * width + j] = Array.getDouble(each[i], j);
            }
        }
        return new NdArray(new int[] {rows, width}, flat);
    }

    /** Words; of an array without values, none. */
    public List<String> strings(String name) throws IOException {
        Object data = dataOf(name, dataset(name));
        if (data instanceof String[] words) {
            return List.of(words);
        }
        if (isEmpty(data)) {
            return List.of();
        }
        throw new IOException("\"" + name + "\" in " + path + " holds numbers; words were expected");
    }

    /** An attribute as text; null when there is none. */
    public String attribute(String name, String attribute) throws IOException {
        Attribute found = node(name).getAttribute(attribute);
        return found == null || found.getData() == null ? null : String.valueOf(found.getData());
    }

    private Object dataOf(String name, Dataset dataset) throws IOException {
        try {
            return dataset.isEmpty() ? new double[0] : dataset.getDataFlat();
        } catch (RuntimeException e) {
            throw unreadable(name, e);
        }
    }

    private IOException unreadable(String name, RuntimeException e) {
        return new IOException(
                "cannot read \"" + name + "\" in " + path + ": " + e.getMessage()
                        + "; write it without unusual types or compression",
                e);
    }

    private Object numbers(String name, Object data) throws IOException {
        if (data instanceof float[] || data instanceof double[] || data instanceof long[]) {
            return data;
        }
        if (data instanceof int[] || data instanceof short[] || data instanceof byte[]) {
            long[] whole = new long[Array.getLength(data)];
            for (int i = 0; i < whole.length; i++) {
                whole[i] = Array.getLong(data, i);
            }
            return whole;
        }
        if (isEmpty(data)) {
            return new double[0];
        }
        throw new IOException("\"" + name + "\" in " + path + " holds "
                + data.getClass().getSimpleName() + "; numbers were expected");
    }

    private static boolean isEmpty(Object data) {
        return data.getClass().isArray() && Array.getLength(data) == 0;
    }

    private Node find(String name) throws IOException {
        Node node = file;
        try {
            for (String part : name.split("/")) {
                if (!part.isEmpty()) {
                    node = node instanceof Group group ? group.getChild(part) : null;
                }
            }
        } catch (RuntimeException e) {
            throw new IOException("cannot read \"" + name + "\" in " + path + ": " + e.getMessage(), e);
        }
        return node;
    }

    private Node node(String name) throws IOException {
        Node found = find(name);
        if (found == null) {
            String above = name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "";
            List<String> there = find(above) instanceof Group ? names(above) : names("");
            throw new IOException("no \"" + name + "\" in " + path
                    + Names.suggest(name.substring(name.lastIndexOf('/') + 1), there) + "; there are " + there);
        }
        return found;
    }

    private Dataset dataset(String name) throws IOException {
        if (node(name) instanceof Dataset dataset) {
            return dataset;
        }
        throw new IOException(
                "\"" + name + "\" in " + path + " is a group of " + names(name) + "; an array was expected");
    }

    @Override
    public void close() {
        file.close();
    }

    /** Writes arrays under their paths; groups are made as needed. Replaces {@code path} only once all are written. */
    public static void write(Path path, Map<String, NdArray> arrays) throws IOException {
        write(path, arrays, 0);
    }

    /**
     * The same, compressed (shuffled and deflated), in pieces that can be read each by itself.
     *
     * @param rows of a piece, along the first axis
     */
    public static void writeCompressed(Path path, Map<String, NdArray> arrays, int rows) throws IOException {
        write(path, arrays, rows);
    }

    private static void write(Path path, Map<String, NdArray> arrays, int rows) throws IOException {
        try {
            WholeFile.write(path, part -> {
                try (var out = HdfFile.write(part)) {
                    Map<String, WritableGroup> groups = new LinkedHashMap<>();
                    groups.put("", out);
                    for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
                        String name = entry.getKey();
                        group(groups, name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "")
                                .putDataset(
                                        name.substring(name.lastIndexOf('/') + 1),
                                        nested(entry.getValue()),
                                        options(entry.getValue(), rows));
                    }
                }
            });
        } catch (HdfException e) {
            throw new IOException("cannot write " + path + ": " + e.getMessage(), e);
        }
    }

    private static DatasetCreationOptions options(NdArray array, int rows) {
        if (rows == 0 || array.size() == 0 || array.shape().length == 0) {
            return DatasetCreationOptions.DEFAULT;
        }
        int[] piece = array.shape().clone();
        piece[0] = Math.min(rows, piece[0]);
        return DatasetCreationOptions.builder()
                .chunkDimensions(piece)
                .shuffle()
                .deflate()
                .build();
    }

    private static WritableGroup group(Map<String, WritableGroup> groups, String name) {
        if (!groups.containsKey(name)) {
            int cut = name.lastIndexOf('/');
            WritableGroup above = group(groups, cut < 0 ? "" : name.substring(0, cut));
            groups.put(name, above.putGroup(name.substring(cut + 1)));
        }
        return groups.get(name);
    }

    /** Arrays of arrays, as the library wants them. */
    private static Object nested(NdArray array) {
        int[] shape = array.shape();
        if (shape.length == 0) {
            return Array.get(array.data(), 0);
        }
        return nested(array.data(), shape, 0, 0);
    }

    private static Object nested(Object flat, int[] shape, int axis, int from) {
        int below = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            below *= shape[i];
        }
        int[] rest = Arrays.copyOfRange(shape, axis, shape.length);
        Object made = Array.newInstance(flat.getClass().getComponentType(), rest);
        if (rest.length == 1) {
            System.arraycopy(flat, from, made, 0, rest[0]);
            return made;
        }
        for (int i = 0; i < rest[0]; i++) {
            Array.set(made, i, nested(flat, shape, axis + 1, from + i * below));
        }
        return made;
    }
}
