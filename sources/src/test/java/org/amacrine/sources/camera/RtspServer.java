package org.amacrine.sources.camera;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.amacrine.core.testing.Await;

/**
 * A camera of the network on loopback, as small as one can be: RTSP (RFC 2326) with one track of motion JPEG (RFC 2435), in
 * RTP packets that go between the answers on the same connection, or as datagrams.
 *
 * <pre>
 *   client: OPTIONS, DESCRIBE, SETUP, PLAY ───────────────────────────────────────▶ TEARDOWN
 *   server: an answer to each, then  $ 0 length RTP │ $ 0 length RTP │ …
 * </pre>
 *
 * <p>Picture n is grey, of brightness {@code DARK + BRIGHTER (n % LEVELS)}, with a right half that is brighter by
 * {@code RIGHT}. Numbers go on with time, whoever watches.
 */
final class RtspServer implements AutoCloseable {
    static final int ROWS = 48;
    static final int COLUMNS = 64;
    static final int RATE = 50;
    static final int DARK = 20;
    static final int BRIGHTER = 8;
    static final int LEVELS = 20;
    static final int RIGHT = 60;

    private static final int TICKS_PER_SECOND = 90_000;
    /** Types of the payload in RTP, and of pictures with colours at half the rows and columns in its JPEG. */
    private static final int JPEG = 26;

    private static final int HALF_COLOURS = 1;
    /** Says that the quantization tables come along. */
    private static final int OWN_TABLES = 255;

    private static final int TABLES_LENGTH = 128;
    /** So small that a picture takes several packets. */
    private static final int MOST_SCAN_BYTES = 50;

    private static final int SENDER = 0x1234567;
    private static final Pattern PORT = Pattern.compile("client_port=(\\d+)");

    /** The parts of a JPEG file that go into packets. */
    private record Jpeg(byte[] tables, byte[] scan) {}

    /** Where the packets of a viewer go. */
    private interface Track {
        void send(byte[] packet) throws IOException;
    }

    private final boolean isOverTcp;
    private final long begunNanos = System.nanoTime();
    private final Jpeg[] pictures = new Jpeg[LEVELS];
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Set<Socket> viewers = ConcurrentHashMap.newKeySet();
    private final List<String> methods = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final int port;
    private volatile ServerSocket door;
    private volatile boolean isSilent;

    /**
     * A server that is up.
     *
     * @param isOverTcp whether packets go over the connection of the answers; otherwise they go as datagrams only
     */
    RtspServer(boolean isOverTcp) throws IOException {
        this.isOverTcp = isOverTcp;
        for (int n = 0; n < LEVELS; n++) {
            pictures[n] = jpeg(n);
        }
        port = open(0);
    }

    String address(String path) {
        return "rtsp://127.0.0.1:" + port + path;
    }

    /** Methods of the requests so far. */
    List<String> methods() {
        return methods;
    }

    /** Sends no more pictures, or sends them again. */
    void silent(boolean is) {
        isSilent = is;
    }

    /** Brightness of a pixel of picture {@code n}. */
    static int brightness(int n, int column) {
        return DARK + BRIGHTER * (n % LEVELS) + (column < COLUMNS / 2 ? 0 : RIGHT);
    }

    // ------------------------------------------------------------------------------------------------- connections

    private int open(int at) throws IOException {
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
        door = opened;
        start(() -> acceptAll(opened));
        return opened.getLocalPort();
    }

    /** Drops all viewers and takes no new ones. */
    void goAway() throws IOException {
        door.close();
        for (Socket viewer : viewers) {
            viewer.close();
        }
    }

    /** Takes viewers again, at the same address. */
    void comeBack() throws IOException {
        open(port);
    }

    private void start(Runnable work) {
        Thread thread = new Thread(work, "rtsp-server");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void acceptAll(ServerSocket opened) {
        try {
            while (true) {
                Socket viewer = opened.accept();
                viewers.add(viewer);
                start(() -> serve(viewer));
            }
        } catch (IOException e) {
            if (!opened.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket viewer) {
        try (viewer;
                DatagramSocket datagrams = new DatagramSocket()) {
            DataInputStream in = new DataInputStream(viewer.getInputStream());
            OutputStream out = viewer.getOutputStream();
            Track track = null;
            String method = "";
            while (!method.equals("TEARDOWN")) {
                String request = request(in);
                method = request.substring(0, Math.max(0, request.indexOf(' ')));
                methods.add(method);
                if (method.equals("SETUP")) {
                    track = track(request, out, datagrams);
                }
                out.write(answer(method, request, track != null).getBytes(StandardCharsets.US_ASCII));
                if (method.equals("PLAY")) {
                    play(track, in);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The viewer went, or was dropped; each of the tests looks at what comes of it on its side.
            methods.add("(gone)");
        } finally {
            viewers.remove(viewer);
        }
    }

    /** The next request; reports of the receiver in between are passed over. */
    private static String request(DataInputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = in.readUnsignedByte();
            if (next == '$' && text.length() == 0) {
                in.readUnsignedByte();
                in.skipNBytes(in.readUnsignedShort());
            } else {
                text.append((char) next);
            }
        }
        return text.toString();
    }

    private Track track(String request, OutputStream out, DatagramSocket datagrams) {
        boolean wantsTcp = request.contains("RTP/AVP/TCP");
        if (wantsTcp != isOverTcp) {
            return null;
        }
        if (wantsTcp) {
            return packet -> {
                ByteBuffer framed = ByteBuffer.allocate(4 + packet.length);
                framed.put((byte) '$')
                        .put((byte) 0)
                        .putShort((short) packet.length)
                        .put(packet);
                out.write(framed.array());
            };
        }
        Matcher port = PORT.matcher(request);
        if (!port.find()) {
            return null;
        }
        InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)));
        return packet -> datagrams.send(new DatagramPacket(packet, packet.length, to));
    }

    private String answer(String method, String request, boolean hasTrack) {
        String sequence = request.replaceAll("(?s).*CSeq: *(\\d+).*", "$1");
        String transport = request.replaceAll("(?s).*Transport: *([^\r]*).*", "$1");
        String first = request.substring(0, request.indexOf('\r'));
        String status = "200 OK";
        String more = "Session: 1\r\n";
        String body = "";
        if (method.equals("OPTIONS")) {
            more = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n";
        } else if (method.equals("DESCRIBE") && !first.contains("/live ")) {
            status = "404 Not Found";
        } else if (method.equals("DESCRIBE")) {
            more = "Content-Type: application/sdp\r\n";
            body = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=live\r\nt=0 0\r\nm=video 0 RTP/AVP " + JPEG
                    + "\r\na=framerate:" + RATE + "\r\na=control:track\r\n";
        } else if (method.equals("SETUP")) {
            status = hasTrack ? status : "461 Unsupported Transport";
            more += "Transport: " + transport + (isOverTcp ? "" : ";server_port=6970-6971") + "\r\n";
        }
        return "RTSP/1.0 " + status + "\r\nCSeq: " + sequence + "\r\n" + more + "Content-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    /** Sends pictures in their time until the viewer asks for something. */
    private void play(Track track, DataInputStream in) throws IOException, InterruptedException {
        int packets = 0;
        long nanosPerPicture = TimeUnit.SECONDS.toNanos(1) / RATE;
        long n = (System.nanoTime() - begunNanos) / nanosPerPicture;
        boolean ended = false;
        while (!ended && in.available() == 0) {
            if (!isSilent) {
                packets = send(track, n, packets);
            }
            n++;
            ended = end.await(begunNanos + n * nanosPerPicture - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    // ---------------------------------------------------------------------------------------------------- pictures

    private static Jpeg jpeg(int n) throws IOException {
        BufferedImage image = new BufferedImage(COLUMNS, ROWS, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                image.setRGB(j, i, brightness(n, j) * 0x010101);
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", file);
        return split(ByteBuffer.wrap(file.toByteArray()));
    }

    /** Quantization tables and coded pixels of a JPEG file. */
    private static Jpeg split(ByteBuffer file) {
        byte[] tables = new byte[TABLES_LENGTH];
        file.getShort();
        int marker = 0;
        while (marker != 0xda) {
            marker = file.getShort() & 0xff;
            int next = file.position() + file.getShort(file.position());
            file.getShort();
            while (marker == 0xdb && file.position() < next) {
                int table = file.get();
                file.get(tables, TABLES_LENGTH / 2 * table, TABLES_LENGTH / 2);
            }
            file.position(next);
        }
        byte[] scan = new byte[file.remaining()];
        file.get(scan);
        return new Jpeg(tables, scan);
    }

    /** Sends a picture; returns how many packets there were then. */
    private int send(Track track, long n, int packetsBefore) throws IOException {
        Jpeg picture = pictures[(int) (n % LEVELS)];
        int packets = packetsBefore;
        for (int at = 0; at < picture.scan.length; at += MOST_SCAN_BYTES) {
            int length = Math.min(MOST_SCAN_BYTES, picture.scan.length - at);
            boolean isLast = at + length == picture.scan.length;
            ByteBuffer packet = ByteBuffer.allocate(12 + 8 + (at == 0 ? 4 + TABLES_LENGTH : 0) + length);
            packet.put((byte) 0x80).put((byte) (isLast ? 0x80 | JPEG : JPEG)).putShort((short) packets++);
            packet.putInt((int) (n * TICKS_PER_SECOND / RATE)).putInt(SENDER);
            packet.putInt(at).put((byte) HALF_COLOURS).put((byte) OWN_TABLES);
            packet.put((byte) (COLUMNS / 8)).put((byte) (ROWS / 8));
            if (at == 0) {
                packet.putInt(TABLES_LENGTH).put(picture.tables);
            }
            packet.put(picture.scan, at, length);
            track.send(packet.array());
        }
        return packets;
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        goAway();
        try {
            for (Thread thread : threads) {
                Await.end(thread);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
