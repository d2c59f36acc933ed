package org.amacrine.sources;

import static org.amacrine.sources.TestSources.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
    @TempDir
    Path folder;

    @Test
    void shouldPassAFileWithSomethingInIt() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "x");
        assertEquals(file, InputFiles.require(file, "a video"));
    }

    @Test
    void shouldSayWhatIsWrong() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        assertFails(IOException.class, () -> InputFiles.require(folder.resolve("b"), "a video"), "no file", "b;");
        assertFails(IOException.class, () -> InputFiles.require(folder, "a video"), "is a folder", "a video");
        assertFails(IOException.class, () -> InputFiles.require(empty, "a video"), "empty is empty", "a video");
    }

    @Test
    void shouldNameAFileThatMustNotBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "x");
        assertTrue(file.toFile().setReadable(false));
        assumeFalse(Files.isReadable(file), "this user may read every file, whatever its permissions");
        assertFails(IOException.class, () -> InputFiles.require(file, "a video"), "no permission", "secret");
    }
}
