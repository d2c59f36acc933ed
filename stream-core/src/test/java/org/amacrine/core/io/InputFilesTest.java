package org.amacrine.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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
        assertFails(() -> InputFiles.require(folder.resolve("b"), "a video"), "no file", "b;");
        assertFails(() -> InputFiles.require(folder, "a video"), "is a folder", "a video");
        assertFails(() -> InputFiles.require(empty, "a video"), "empty is empty", "a video");
    }

    @Test
    void shouldNameAFileThatMustNotBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "x");
        assertTrue(file.toFile().setReadable(false));
        assumeFalse(Files.isReadable(file), "this user may read every file, whatever its permissions");
        assertFails(() -> InputFiles.require(file, "a video"), "no permission", "secret");
    }

    @Test
    void shouldReadTextAndSayWhatIsNone() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "5 °");
        Path empty = Files.createFile(folder.resolve("empty"));
        Path bytes = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertEquals("5 °", InputFiles.text(text, "a pipeline"));
        assertEquals("", InputFiles.text(empty, "a pipeline"));
        assertFails(() -> InputFiles.text(bytes, "a pipeline"), "bytes is no text in UTF-8", "a pipeline");
        assertFails(() -> InputFiles.text(folder, "a pipeline"), "is a folder");
    }

    private static void assertFails(Executable action, String... parts) {
        String message = assertThrows(IOException.class, action).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }
}
