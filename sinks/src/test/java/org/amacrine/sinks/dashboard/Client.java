package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A small client of the dashboard's protocol: one WebSocket. */
final class Client implements WebSocket.Listener, AutoCloseable {
    private static final long LIMIT_SECONDS = 30;
    private static final int WAITING = 100_000;

    private final BlockingQueue<ObjectNode> texts = new LinkedBlockingQueue<>(WAITING);
    /** Messages {@code change}: they may come before or after the answer to what caused them. */
    private final BlockingQueue<ObjectNode> changes = new LinkedBlockingQueue<>(WAITING);

    private final BlockingQueue<ByteBuffer> messages = new LinkedBlockingQueue<>(WAITING);
    private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final AtomicInteger ids = new AtomicInteger(1_000_000);
    private byte[] part = new byte[0];
    private final WebSocket socket;

    /**
     * Connects.
     *
     * @param address for example {@code http://127.0.0.1:8080}
     * @param path {@code /ws/control} or {@code /ws/stream}
     * @param token token, or empty for none
     */
    Client(String address, String path, String token) {
        URI uri = URI.create(address.replaceFirst("^http", "ws") + path + (token.isEmpty() ? "" : "?token=" + token));
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(uri, this)
                .join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            ObjectNode message = Json.parse(text.toString());
            (message.path("type").asText().equals("change") ? changes : texts).add(message);
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] whole = new byte[part.length + data.remaining()];
        System.arraycopy(part, 0, whole, 0, part.length);
        data.get(whole, part.length, whole.length - part.length);
        part = last ? new byte[0] : whole;
        if (last) {
            messages.add(ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN));
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
        closes.add(status);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closes.add(-1);
    }

    void sendText(String message) {
        socket.sendText(message, true).join();
    }

    void sendBytes(byte[] message) {
        socket.sendBinary(ByteBuffer.wrap(message), true).join();
    }

    /** Sends {@code {"id": …, MESSAGE}} and returns the answer. */
    ObjectNode ask(String message) throws InterruptedException {
        int id = ids.incrementAndGet();
        sendText("{\"id\": " + id + ", " + message + "}");
        return await(answer -> answer.path("id").asInt(-1) == id);
    }

    /** The next message {@code change}. */
    ObjectNode nextChange() throws InterruptedException {
        ObjectNode change = changes.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (change == null) {
            throw new AssertionError("no change came within " + LIMIT_SECONDS + " s");
        }
        return change;
    }

    /** The next text message of that type, other than {@code change}. */
    ObjectNode next(String type) throws InterruptedException {
        return await(message -> message.path("type").asText().equals(type));
    }

    ObjectNode await(Predicate<ObjectNode> wanted) throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (System.nanoTime() < limit) {
            ObjectNode message = texts.poll(1, TimeUnit.SECONDS);
            if (message != null && wanted.test(message)) {
                return message;
            }
        }
        throw new AssertionError("no such message came within " + LIMIT_SECONDS + " s");
    }

    /** The next binary message. */
    ByteBuffer nextMessage() throws InterruptedException {
        ByteBuffer message = messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no binary message came within " + LIMIT_SECONDS + " s");
        }
        return message;
    }

    /** Status with which the server closed the connection. */
    int awaitClose() throws InterruptedException {
        Integer status = closes.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (status == null) {
            throw new AssertionError("the server did not close within " + LIMIT_SECONDS + " s");
        }
        return status;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
