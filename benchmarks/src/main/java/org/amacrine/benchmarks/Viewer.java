package org.amacrine.benchmarks;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One WebSocket of a dashboard's viewer that does no more than read, on a thread of its own: as fast as messages come, slowly, or
 * not at all. Written on a plain socket, so that it costs little beside what is measured, and so that what it does not read
 * stays in the network. See {@code docs/dashboard-protocol.md}.
 */
final class Viewer implements AutoCloseable {
    /** Reads as fast as messages come. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int CONNECT_MILLIS = 5_000;
    /** Receive buffer of a viewer that is slow, in bytes: what it can leave lying at its end of the line. */
    private static final int SLOW_BUFFER = 1 << 14;

    private static final int SLOW_PIECE = 1_000;
    private static final int LARGEST_HEAD = 8;
    private static final int OPCODE_BITS = 0x0f;
    private static final int LENGTH_BITS = 0x7f;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int TWO_BYTES_LENGTH = 126;
    private static final int EIGHT_BYTES_LENGTH = 127;
    private static final int FIRST_FRAME_AT = 16;
    private static final int AGE_AT = 40;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final Thread thread;
    private final int bytesPerSecond;
    private final Receiver receiver;
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /** Takes note of images. */
    interface Receiver {

        /**
         * Called by the viewer's thread when the last byte of an image has been read.
         *
         * @param frame index of the frame
         * @param writtenMillis age of the frame when its image was written to the socket, as the dashboard says
         * @param nanos the time now
         */
        void received(long frame, double writtenMillis, long nanos);
    }

    private Viewer(URI address, String path, int bytesPerSecond, Receiver receiver) throws IOException {
        this.bytesPerSecond = bytesPerSecond;
        this.receiver = receiver;
        if (bytesPerSecond != UNLIMITED) {
            socket.setReceiveBufferSize(SLOW_BUFFER);
        }
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), SLOW_BUFFER));
        upgrade(address, path);
        thread = new Thread(this::read, "viewer");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * A stream socket, subscribed to images of 8 bits.
     *
     * @param address address of the dashboard, with scheme and port
     * @param bytesPerSecond what it reads at most: 0 for nothing, or {@link #UNLIMITED}
     * @param rate images per second of each signal, 1 to 60
     * @param signals names of the signals
     */
    static Viewer ofImages(URI address, int bytesPerSecond, int rate, Receiver receiver, String... signals)
            throws IOException {
        Viewer viewer = new Viewer(address, "/ws/stream", bytesPerSecond, receiver);
        for (int i = 0; i < signals.length; i++) {
            viewer.send("{\"do\": \"subscribe\", \"stream\": " + i + ", \"signal\": \"" + signals[i]
                    + "\", \"kind\": \"image\", \"rate\": " + rate + "}");
        }
        return viewer;
    }

    /** A control socket: it gets the metrics. */
    static Viewer ofMetrics(URI address, int bytesPerSecond) throws IOException {
        return new Viewer(address, "/ws/control", bytesPerSecond, (frame, age, nanos) -> {});
    }

    /** Binary messages read so far. */
    long messages() {
        return messages.get();
    }

    /** Bytes read so far. */
    long bytes() {
        return bytes.get();
    }

    private void upgrade(URI address, String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + address.getHost() + ":" + address.getPort()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                + "\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String status = line();
        if (!status.startsWith("HTTP/1.1 101")) {
            throw new IOException("the dashboard at " + address + " refused a viewer: " + status);
        }
        while (!line().isEmpty()) {
            continue;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the dashboard closed the connection");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** Sends a text in one frame. Frames of clients are masked; the mask here is 0. */
    private void send(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(payload.length + LARGEST_HEAD);
        frame.put((byte) (FINAL | TEXT));
        if (payload.length < TWO_BYTES_LENGTH) {
            frame.put((byte) (MASKED | payload.length));
        } else {
            frame.put((byte) (MASKED | TWO_BYTES_LENGTH)).putShort((short) payload.length);
        }
        frame.putInt(0).put(payload);
        socket.getOutputStream().write(frame.array(), 0, frame.position());
    }

    private void read() {
        try {
            if (bytesPerSecond == UNLIMITED) {
                readMessages();
            } else if (bytesPerSecond > 0) {
                readSlowly();
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new IllegalStateException("a viewer lost the dashboard: " + e.getMessage(), e);
            }
        }
    }

    private void readMessages() throws IOException {
        byte[] payload = new byte[1 << 16];
        while (true) {
            int opcode = in.readUnsignedByte() & OPCODE_BITS;
            long length = in.readUnsignedByte() & LENGTH_BITS;
            if (length == TWO_BYTES_LENGTH) {
                length = in.readUnsignedShort();
            } else if (length == EIGHT_BYTES_LENGTH) {
                length = in.readLong();
            }
            if (length > payload.length) {
                payload = new byte[Math.toIntExact(length)];
            }
            in.readFully(payload, 0, (int) length);
            bytes.getAndAdd(length);
            if (opcode == BINARY) {
                messages.getAndIncrement();
                ByteBuffer header = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
                receiver.received(header.getLong(FIRST_FRAME_AT), header.getDouble(AGE_AT), System.nanoTime());
            }
        }
    }

    private void readSlowly() throws IOException {
        byte[] piece = new byte[SLOW_PIECE];
        long pieceNanos = 1_000_000_000L * SLOW_PIECE / bytesPerSecond;
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            bytes.getAndAdd(count);
            LockSupport.parkNanos(pieceNanos);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
