package org.amacrine.sinks;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Places that sinks write to: made ready before the first frame, and named in every error. */
public final class OutputFiles {
    private OutputFiles() {}

    /**
     * Makes the folder of a file that is about to be written, where it is missing.
     *
     * @param overwrite whether the file may exist already
     * @throws IOException when the folder cannot be made, when {@code file} is a folder itself, or when it must not be
     *     overwritten
     */
    public static void prepare(Path file, boolean overwrite) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; give the name of a file in it");
        }
        if (!overwrite && Files.exists(file)) {
            throw new IOException(file + " exists already; choose another name, or set overwrite to true");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            folder(folder);
        }
    }

    /** Makes a folder, and those it lies in, where they are missing; throws {@link IOException} when it cannot. */
    public static void folder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException(
                    "cannot make the folder " + folder + ": " + reason(e) + "; choose another place or make it by hand",
                    e);
        }
    }

    /** An error of the file system as one that names the file and says what to do. */
    public static IOException failure(Path file, IOException cause) {
        return new IOException(
                "cannot write " + file + ": " + reason(cause)
                        + "; check permissions and free space, what was written before stays readable",
                cause);
    }

    /** What the file system objects to, in words. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        if (e instanceof NoSuchFileException missing) {
            return "there is no " + missing.getFile();
        }
        if (e instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + " is a file";
        }
        if (e instanceof DirectoryNotEmptyException folder) {
            return folder.getFile() + " is a folder";
        }
        if (e instanceof FileSystemException refused && refused.getReason() != null) {
            return refused.getFile() + ": " + refused.getReason();
        }
        return e.getMessage();
    }
}
