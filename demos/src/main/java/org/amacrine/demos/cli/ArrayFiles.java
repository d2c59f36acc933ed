package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.Npz;
import org.amacrine.core.layer.Names;

/** Arrays in files. */
final class ArrayFiles {
    private ArrayFiles() {}

    /**
     * The array of an {@code .npy}, or one of an {@code .npz}.
     *
     * @param name of the array in an {@code .npz}; null for the only one, and for an {@code .npy}
     */
    static NdArray read(Path file, String name) throws IOException {
        if (ModelFiles.isNpy(file)) {
            if (name != null) {
                throw new IllegalArgumentException(
                        "--name is for .npz files, but " + file + " is one array; leave it out");
            }
            return NpyReader.readAll(file);
        }
        Map<String, NdArray> arrays = Npz.read(file);
        if (name == null) {
            if (arrays.size() != 1) {
                throw new IllegalArgumentException(file + " holds " + arrays.size()
                        + " arrays; choose one with --name: " + String.join(", ", arrays.keySet()));
            }
            return arrays.values().iterator().next();
        }
        NdArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("no array \"" + name + "\" in " + file
                    + Names.suggest(name, arrays.keySet()) + "; there are " + String.join(", ", arrays.keySet()));
        }
        return array;
    }
}
