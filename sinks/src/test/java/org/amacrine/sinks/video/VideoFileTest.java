package org.amacrine.sinks.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoFileTest {

    @TempDir
    Path folder;

    @Test
    void shouldMoveAsFfmpegSays() throws IOException {
        Path path = folder.resolve("x");
        try (VideoFile file = new VideoFile(new SmallDisk(path, 100))) {
            file.write(new byte[] {0, 1, 2, 3, 4, 5}, 0, 6);
            file.seek(1, 0);
            file.write(11);
            file.seek(1, 1);
            file.write(13);
            file.seek(-1, 2);
            file.write(15);
            file.seek(0, 0x10000);
            file.write(16);
            file.check();
        }

        assertArrayEquals(new byte[] {0, 11, 2, 13, 4, 15, 16}, Files.readAllBytes(path));
    }

    @Test
    void shouldWriteNothingAfterSomethingWentWrong() throws IOException {
        Path path = folder.resolve("x");
        try (VideoFile file = new VideoFile(new SmallDisk(path, 4))) {
            file.write(new byte[] {1, 2, 3}, 0, 3);
            file.write(new byte[] {4, 5}, 0, 2);
            file.write(new byte[] {6}, 0, 1);
            file.seek(0, 0);
            file.write(7);

            assertEquals(
                    "no space", assertThrows(IOException.class, file::check).getMessage());
        }

        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(path));
    }
}
