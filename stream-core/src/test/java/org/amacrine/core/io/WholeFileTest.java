package org.amacrine.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldLeaveWhatWasThereWhenWritingFails() throws IOException {
        Path file = folder.resolve("x y.txt");
        WholeFile.write(file, part -> Files.writeString(part, "first"));

        IOException e = assertThrows(
                IOException.class,
                () -> WholeFile.write(file, part -> {
                    Files.writeString(part, "half");
                    throw new IOException("disk full");
                }));

        assertEquals("disk full", e.getMessage());
        assertEquals("first", Files.readString(file));
        assertEquals(List.of("x y.txt"), names());
    }

    @Test
    void shouldBeAsReadableAsAnyFileThatIsMade() throws IOException {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "there are permissions");
        Path usual = Files.createFile(folder.resolve("usual"));
        NdArray array = NdArray.of(1.0);
        NpyWriter.write(folder.resolve("a.npy"), array);
        Npz.write(folder.resolve("a.npz"), Map.of("a", array));

        for (String name : List.of("a.npy", "a.npz")) {
            assertEquals(
                    Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(folder.resolve(name)), name);
        }
    }
}
