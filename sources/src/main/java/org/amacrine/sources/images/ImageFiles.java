package org.amacrine.sources.images;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds the files that a list of names and patterns means. */
final class ImageFiles {
    private ImageFiles() {}

    /**
     * The files, in the order of the list; those that match one pattern, in the order of their names.
     *
     * @param list file names, or patterns like {@code frames/*.png}, separated by commas
     * @throws IOException when a pattern matches nothing
     */
    static List<Path> find(String list) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String part : list.split(",")) {
            String name = part.strip();
            if (isPattern(name)) {
                files.addAll(matching(name));
            } else if (!name.isEmpty()) {
                files.add(Path.of(name));
            }
        }
        if (files.isEmpty()) {
            throw new IOException("files \"" + list + "\" names no file; for example frames/*.png");
        }
        return files;
    }

    private static boolean isPattern(String name) {
        return name.matches(".*[*?].*");
    }

    private static List<Path> matching(String pattern) throws IOException {
        int cut = pattern.lastIndexOf('/') + 1;
        String folder = pattern.substring(0, cut);
        if (isPattern(folder)) {
            throw new IOException(
                    "\"" + pattern + "\" has a pattern among its folders; only the file name may have one");
        }
        Path path = Path.of(folder);
        if (!Files.isDirectory(path)) {
            throw new IOException("no folder " + folder + "; check the path in \"" + pattern + "\"");
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, pattern.substring(cut))) {
            found.forEach(files::add);
        }
        if (files.isEmpty()) {
            throw new IOException("no file matches \"" + pattern + "\"; check the folder and the ending");
        }
        Collections.sort(files);
        return files;
    }
}
