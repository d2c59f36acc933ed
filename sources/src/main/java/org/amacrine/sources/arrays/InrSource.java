package org.amacrine.sources.arrays;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.InputFiles;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.Settings;

/**
 * Plays the frames of an INRIMAGE-4 file once; {@link InrHeader} says what is in it. Frames are read as they play, so the file may be
 * larger than memory.
 */
public final class InrSource implements FrameSource {
    private final Path file;
    private final double framesPerSecond;
    private InrHeader header;
    private InputStream in;
    private byte[] bytes;
    private ByteBuffer buffer;
    private long next;

    private InrSource(ParameterTree chosen) {
        file = Path.of(chosen.get("file").text());
        framesPerSecond = chosen.get("framesPerSecond").number();
    }

    /** Source {@code inr}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "inr",
                "Frames of an INRIMAGE-4 file",
                InrSource::new,
                () -> Parameter.text("file", null).required().doc("The file, .inr"),
                Settings.framesPerSecond());
    }

    @Override
    public SourceFormat open(SourceContext context) throws IOException {
        close();
        InputFiles.require(file, "an INRIMAGE file");
        InputStream opened = new BufferedInputStream(Files.newInputStream(file));
        try {
            header = InrHeader.read(opened, file);
            long bytesNeeded = InrHeader.SIZE + header.frames() * header.frameBytes();
            if (Files.size(file) < bytesNeeded) {
                throw new IOException(file + " is cut off: its header says " + header.frames() + " frames of "
                        + header.shape() + ", which are " + bytesNeeded + " bytes, but it has " + Files.size(file)
                        + "; write it again, and close it");
            }
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        in = opened;
        bytes = new byte[header.frameBytes()];
        buffer = ByteBuffer.wrap(bytes).order(header.order());
        next = 0;
        return new SourceFormat(header.shape(), framesPerSecond, header.frames(), false);
    }

    @Override
    public boolean read(Frame frame) throws IOException {
        if (in == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (next == header.frames()) {
            return false;
        }
        if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
            throw new IOException(file + " became shorter while it was read, at frame " + next + "; write it again");
        }
        header.type().read(buffer, frame.values());
        next++;
        return true;
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
    }
}
