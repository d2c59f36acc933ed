package org.amacrine.sinks.arrays;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.sink.Signal;
import org.amacrine.sinks.BaseSink;
import org.amacrine.sinks.OutputFiles;

/**
 * Writes one signal as an INRIMAGE-4 file: a header of 256 bytes, then the frames as little-endian {@code float64}, channel after
 * channel, rows slower than columns. XDIM are the rows and YDIM the columns, as in the reference. The number of frames is
 * written when the sink is closed; until then it is 0, which readers refuse. A comment in the header, {@code #FRAMES=}, says which key
 * counts them: with VDIM=1 the planes could be channels of one frame, or frames.
 */
public final class InrSink extends BaseSink {
    private static final int HEADER_BYTES = 256;

    /** The key of the header that counts the frames. */
    public enum Count {
        /** The usual one for these files; a frame may have several channels, which ZDIM counts. */
        VDIM,
        /** For programs that look there; frames have one channel. */
        ZDIM
    }

    private final Path target;
    private final Count count;
    private boolean overwrite = true;
    private Shape shape;
    private OutputStream out;
    private ByteBuffer buffer;
    private int frames;

    /**
     * A sink for this file.
     *
     * @param target the file to write
     * @param count where its frames are counted
     */
    public InrSink(Path target, Count count) {
        super("inr");
        this.target = target;
        this.count = count;
    }

    /** Whether the file may exist already, and is then replaced; true by default. */
    public InrSink overwrite(boolean allowed) {
        overwrite = allowed;
        return this;
    }

    @Override
    protected void begin(List<Signal> all) throws IOException {
        Shape announced = onlyOne(all).shape();
        if (count == Count.ZDIM && announced.channels() > 1) {
            throw new IllegalArgumentException("sink inr counts frames by ZDIM, which leaves no place for the "
                    + announced.channels() + " channels of " + all.get(0).name() + "; count them by VDIM");
        }
        OutputFiles.prepare(target, overwrite);
        shape = announced;
        frames = 0;
        buffer = ByteBuffer.allocate(Math.multiplyExact(Double.BYTES, shape.values()))
                .order(ByteOrder.LITTLE_ENDIAN);
        try {
            out = new BufferedOutputStream(Files.newOutputStream(target));
            out.write(header());
        } catch (IOException e) {
            throw OutputFiles.failure(target, e);
        }
    }

    private byte[] header() {
        int planes = count == Count.ZDIM ? frames : shape.channels();
        int vectors = count == Count.VDIM ? frames : 1;
        String text = "#INRIMAGE-4#{\nXDIM=" + shape.rows() + "\nYDIM=" + shape.columns() + "\nZDIM=" + planes
                + "\nVDIM=" + vectors + "\nTYPE=float\nPIXSIZE=64 bits\nCPU=decm\n#FRAMES=" + count + "\n";
        String padded = text + "\n".repeat(HEADER_BYTES - "##}\n".length() - text.length()) + "##}\n";
        return padded.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    protected void write(int signal, Chunk chunk) throws IOException {
        for (int t = 0; t < chunk.frames(); t++) {
            buffer.clear();
            for (int i = chunk.start(t); i < chunk.start(t + 1); i++) {
                buffer.putDouble(chunk.values()[i]);
            }
            try {
                out.write(buffer.array());
            } catch (IOException e) {
                throw OutputFiles.failure(target, e);
            }
            frames++;
        }
    }

    @Override
    protected void finish() throws IOException {
        try {
            out.close();
            try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
                file.write(header());
            }
        } catch (IOException e) {
            throw OutputFiles.failure(target, e);
        }
    }
}
