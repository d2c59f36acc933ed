package org.amacrine.core.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Reads and writes NumPy's {@code .npz}: a zip file of {@code .npy} arrays. Small arrays, whole in memory. */
public final class Npz {
    private Npz() {}

    /** Reads all arrays in the order of the file; names come without {@code .npy}. Texts are passed over. */
    public static Map<String, NdArray> read(Path file) throws IOException {
        InputFiles.require(file, "an .npz file");
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory() && !isText(entry)) {
                    try (NpyReader reader = entryReader(zip, entry, file)) {
                        arrays.put(nameOf(entry), reader.readAll());
                    }
                }
            }
        } catch (ZipException e) {
            throw noNpz(file, e);
        }
        return arrays;
    }

    /** Reads one array by its name without {@code .npy}; throws {@link IOException} that lists the names when it is not there. */
    public static NdArray read(Path file, String name) throws IOException {
        Map<String, NdArray> arrays = read(file);
        NdArray array = arrays.get(name);
        if (array == null) {
            throw new IOException("no array \"" + name + "\" in " + file + "; it holds " + arrays.keySet());
        }
        return array;
    }

    /**
     * Reads one of the texts that lie beside the arrays.
     *
     * @param name whole, for example {@code model.json}
     * @throws IOException when it is not there
     */
    public static String readText(Path file, String name) throws IOException {
        InputFiles.require(file, "an .npz file");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(name);
            if (entry == null) {
                throw new IOException("no " + name + " in " + file + "; it holds "
                        + Collections.list(zip.entries()).stream()
                                .map(ZipEntry::getName)
                                .toList());
            }
            return new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        } catch (ZipException e) {
            throw noNpz(file, e);
        }
    }

    /** Writes the arrays to {@code file}, replacing it only once all are written. */
    public static void write(Path file, Map<String, NdArray> arrays) throws IOException {
        write(file, arrays, Map.of());
    }

    /**
     * Writes arrays, and beside them texts.
     *
     * @param texts by their whole names, which end in {@code .json} or {@code .txt}
     */
    public static void write(Path file, Map<String, NdArray> arrays, Map<String, String> texts) throws IOException {
        WholeFile.write(file, part -> {
            try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(part)))) {
                for (Map.Entry<String, String> text : texts.entrySet()) {
                    zip.putNextEntry(fixedTime(text.getKey()));
                    zip.write(text.getValue().getBytes(StandardCharsets.UTF_8));
                    zip.closeEntry();
                }
                for (Map.Entry<String, NdArray> array : arrays.entrySet()) {
                    zip.putNextEntry(entry(array.getKey()));
                    NpyWriter.write(zip, array.getValue());
                    zip.closeEntry();
                }
            }
        });
    }

    /** Puts finished {@code .npy} files together into one {@code .npz}, named by the keys. */
    public static void join(Path file, Map<String, Path> arrays) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (Map.Entry<String, Path> array : arrays.entrySet()) {
                zip.putNextEntry(entry(array.getKey()));
                Files.copy(array.getValue(), zip);
                zip.closeEntry();
            }
        }
    }

    private static boolean isText(ZipEntry entry) {
        return entry.getName().endsWith(".json") || entry.getName().endsWith(".txt");
    }

    private static IOException noNpz(Path file, ZipException cause) {
        return new IOException(
                file + " is not an .npz file: " + cause.getMessage() + "; write it with numpy.savez", cause);
    }

    private static ZipEntry entry(String name) {
        return fixedTime(name + ".npy");
    }

    /** An entry with a fixed time, so that the same arrays give the same bytes. */
    private static ZipEntry fixedTime(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        return entry;
    }

    private static NpyReader entryReader(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        InputStream in = zip.getInputStream(entry);
        return NpyReader.of(in, file + "[" + nameOf(entry) + "]", entry.getSize());
    }

    private static String nameOf(ZipEntry entry) {
        String name = entry.getName();
        return name.endsWith(".npy") ? name.substring(0, name.length() - 4) : name;
    }
}
