package org.amacrine.sinks.video;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import org.bytedeco.javacv.Seekable;

/**
 * The file behind a recording. FFmpeg calls it from native code, which no exception can cross: the first thing that goes
 * wrong is kept, and thrown by {@link #check()}. After it nothing is written any more, so that the end of a recording cannot
 * spoil what is in the file already.
 */
final class VideoFile extends OutputStream implements Seekable {
    private static final int FROM_BEGINNING = 0;
    private static final int FROM_HERE = 1;
    private static final int FROM_END = 2;
    private final RandomAccessFile file;
    private IOException failure;

    /** Writes to this file, which is closed with it. */
    VideoFile(RandomAccessFile file) {
        this.file = file;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int start, int count) {
        if (failure == null) {
            try {
                file.write(bytes, start, count);
            } catch (IOException e) {
                keep(e);
            }
        }
    }

    /** {@inheritDoc} FFmpeg also asks for the size of the file, with another {@code whence}: nothing moves then. */
    @Override
    public void seek(long offset, int whence) {
        try {
            switch (whence) {
                case FROM_BEGINNING -> file.seek(offset);
                case FROM_HERE -> file.seek(file.getFilePointer() + offset);
                case FROM_END -> file.seek(file.length() + offset);
                default -> {}
            }
        } catch (IOException e) {
            keep(e);
        }
    }

    private void keep(IOException e) {
        if (failure == null) {
            failure = e;
        }
    }

    /** Throws the first thing that went wrong. */
    void check() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
