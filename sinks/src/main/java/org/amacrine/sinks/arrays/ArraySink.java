package org.amacrine.sinks.arrays;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.io.Npz;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.BaseSink;
import org.amacrine.sinks.OutputFiles;

/**
 * Writes signals as {@code float32} NumPy arrays, one row for each frame that comes.
 *
 * <pre>
 *   target      written                                                       signals
 *   x.npy       the array                                                     one
 *   x.npz       an entry for each signal; until closed x.npz.parts/NAME.npy   one or several
 *   x/          x/NAME.npy                                                    one or several
 * </pre>
 *
 * <p>A feature vector of {@code d} dimensions gives an array {@code (T, d)}, frames of one channel {@code (T, rows, columns)},
 * all others {@code (T, channels, rows, columns)}. NAME is the last part of the signal's name, or the whole name where two
 * signals would share it. Lost frames leave no row; the first row is the first frame that came, whatever its index.
 *
 * <p>An {@code .npy} file can be read up to its last whole chunk at any moment, also when the process died. Parts of an
 * {@code .npz} are such files: they are joined, and then removed, when the sink is closed, for which there must be space
 * for both; when the process died or the disk was full they stay, and a later run into the same target replaces them.
 */
public final class ArraySink extends BaseSink {
    private enum Kind {
        FILE,
        ZIP,
        FOLDER
    }

    private final Path target;
    private final Kind kind;
    private final List<Path> files = new ArrayList<>();
    private final List<NpyWriter> writers = new ArrayList<>();
    private List<String> names = List.of();
    private boolean overwrite = true;

    /**
     * A sink for this target.
     *
     * @param target a file {@code .npy} or {@code .npz}, or a folder: one that exists, or a name that ends with {@code /}
     * @throws IllegalArgumentException for any other target
     */
    public ArraySink(String target) {
        super("array");
        this.target = Path.of(target);
        this.kind = kind(target);
    }

    /** Whether files may exist already, and are then replaced; true by default. */
    public ArraySink overwrite(boolean allowed) {
        overwrite = allowed;
        return this;
    }

    private static Kind kind(String target) {
        String name = target.toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy")) {
            return Kind.FILE;
        }
        if (name.endsWith(".npz")) {
            return Kind.ZIP;
        }
        if (name.endsWith("/") || name.endsWith(File.separator) || Files.isDirectory(Path.of(target))) {
            return Kind.FOLDER;
        }
        throw new IllegalArgumentException("file must end with .npy, .npz or, for a folder, / but was \"" + target
                + "\"; for example " + target + ".npz");
    }

    @Override
    protected void begin(List<Signal> all) throws IOException {
        if (kind == Kind.FILE) {
            onlyOne(all);
        } else {
            names = names(all);
        }
        if (kind == Kind.ZIP) {
            OutputFiles.prepare(target, overwrite);
            removeParts();
        }
        try {
            for (int i = 0; i < all.size(); i++) {
                Path file = kind == Kind.FILE ? target : folder().resolve(names.get(i) + ".npy");
                OutputFiles.prepare(file, overwrite);
                writers.add(writer(file, all.get(i).shape()));
                files.add(file);
            }
        } catch (IOException | RuntimeException e) {
            IOException failure = closeWriters();
            if (failure != null) {
                e.addSuppressed(failure);
            }
            throw e;
        }
    }

    /** Removes what a run that was not closed has left. */
    private void removeParts() throws IOException {
        if (!Files.isDirectory(folder())) {
            return;
        }
        if (!overwrite) {
            throw new IOException(folder()
                    + " holds the arrays of a run that was not closed; move it away, or set overwrite to true");
        }
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder(), "*.np[yz]")) {
            for (Path part : parts) {
                Files.delete(part);
            }
        }
    }

    private Path folder() {
        return kind == Kind.ZIP ? target.resolveSibling(target.getFileName() + ".parts") : target;
    }

    private static List<String> names(List<Signal> all) {
        List<String> shortNames = all.stream().map(Signal::shortName).toList();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String shortName = shortNames.get(i);
            boolean alone = shortNames.indexOf(shortName) == shortNames.lastIndexOf(shortName);
            names.add(alone ? shortName : all.get(i).name());
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException(
                        "two signals are called " + name + "; sink array names its arrays after them, rename one");
            }
            if (name.isEmpty() || name.contains("/") || name.contains("\\")) {
                throw new IllegalArgumentException("sink array names its files after the signals but \"" + name
                        + "\" is no file name; rename the signal");
            }
        }
        return names;
    }

    private static NpyWriter writer(Path file, Shape shape) throws IOException {
        try {
            if (shape.pixels() == 1) {
                return new NpyWriter(file, shape.channels());
            }
            if (shape.channels() == 1) {
                return new NpyWriter(file, shape.rows(), shape.columns());
            }
            return new NpyWriter(file, shape.channels(), shape.rows(), shape.columns());
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }

    @Override
    protected void write(int signal, Chunk chunk) throws IOException {
        try {
            writers.get(signal).append(chunk.values(), chunk.start(0), chunk.frames());
        } catch (IOException e) {
            throw OutputFiles.failure(files.get(signal), e);
        }
    }

    @Override
    protected void finish() throws IOException {
        List<Path> written = List.copyOf(files);
        IOException failure = closeWriters();
        if (failure != null) {
            throw OutputFiles.failure(target, failure);
        }
        if (kind == Kind.ZIP) {
            join(written);
        }
    }

    /** Closes all files; returns what went wrong, or null. */
    private IOException closeWriters() {
        IOException failure = null;
        for (NpyWriter writer : writers) {
            try {
                writer.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        writers.clear();
        files.clear();
        return failure;
    }

    private void join(List<Path> parts) throws IOException {
        Map<String, Path> arrays = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            arrays.put(names.get(i), parts.get(i));
        }
        Path joined = folder().resolve("joined.npz");
        try {
            Npz.join(joined, arrays);
            Files.move(joined, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(joined);
            throw new IOException(
                    "cannot join " + target + ": " + OutputFiles.reason(e) + "; its arrays stay in " + folder(), e);
        }
        for (Path part : parts) {
            Files.delete(part);
        }
        Files.delete(folder());
    }
}
