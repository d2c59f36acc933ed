package org.amacrine.core.io;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says what is wrong with a file before a library says it less clearly. */
public final class InputFiles {
    private InputFiles() {}

    /**
     * Checks that there is a file with something in it.
     *
     * @param file what is about to be read
     * @param kind what it should be, for messages, for example {@code an image}
     * @return the file
     * @throws IOException when it is missing, a folder, empty or must not be read
     */
    public static Path require(Path file, String kind) throws IOException {
        find(file, kind);
        if (Files.isRegularFile(file) && Files.size(file) == 0) {
            throw new IOException(file + " is empty; give a file that is " + kind);
        }
        return file;
    }

    /** Checks like {@link #require} that there is a file, which may be empty. */
    public static Path find(Path file, String kind) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("no file " + file + "; check the path");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; give a file that is " + kind);
        }
        if (!Files.isReadable(file)) {
            throw new IOException("no permission to read " + file + "; make it readable, for example with chmod +r");
        }
        return file;
    }

    /** The text in a file, in UTF-8; throws {@link IOException} like {@link #find}, and when it is no text. */
    public static String text(Path file, String kind) throws IOException {
        find(file, kind);
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is no text in UTF-8; give a file that is " + kind, e);
        }
    }
}
