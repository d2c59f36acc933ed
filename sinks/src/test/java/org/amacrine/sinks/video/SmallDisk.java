package org.amacrine.sinks.video;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A file on a disk that has room for so many bytes. */
final class SmallDisk extends RandomAccessFile {
    private final long room;

    SmallDisk(Path file, long room) throws IOException {
        super(file.toFile(), "rw");
        this.room = room;
    }

    @Override
    public void write(byte[] bytes, int start, int count) throws IOException {
        if (getFilePointer() + count > room) {
            throw new IOException("no space");
        }
        super.write(bytes, start, count);
    }
}
