package org.amacrine.core.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file that is written whole: under its name is what was there before, or all of what is new. It can be read by whoever may read the
 * files that this user makes.
 */
public final class WholeFile {
    private WholeFile() {}

    /** Writes what becomes the file. */
    public interface Content {
        /** @param part an empty file beside the one that is written */
        void write(Path part) throws IOException;
    }

    /** Writes a file by way of {@code FILE.ID.part} beside it, of which nothing is left in the end. */
    public static void write(Path file, Content content) throws IOException {
        // Not a temporary file, which nobody else may read.
        Path part = Files.createFile(file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".part"));
        try {
            content.write(part);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
