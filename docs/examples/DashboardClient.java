import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/** Prints the mean of ten images of a running pipeline: java DashboardClient.java 'http://127.0.0.1:8080/?token=...' SIGNAL */
public class DashboardClient implements WebSocket.Listener {
    private final CountDownLatch images = new CountDownLatch(10);
    private ByteBuffer whole = ByteBuffer.allocate(0);

    public static void main(String[] args) throws InterruptedException {
        String[] page = args[0].replaceFirst("http", "ws").split("/\\?token=");
        DashboardClient client = new DashboardClient();
        WebSocket stream = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(page[0] + "/ws/stream?token=" + page[1]), client)
                .join();
        String subscribe = "{\"id\": 1, \"do\": \"subscribe\", \"stream\": 0, \"signal\": \"%s\", \"format\": \"f32\"}";
        stream.sendText(subscribe.formatted(args[1]), true).join();
        client.images.await();
        stream.abort();
    }

    @Override
    public CompletionStage<?> onText(WebSocket stream, CharSequence text, boolean last) {
        System.out.println(text);
        stream.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket stream, ByteBuffer part, boolean last) {
        whole = ByteBuffer.allocate(whole.capacity() + part.remaining()).put(whole.rewind()).put(part);
        if (last) {
            show(whole.order(ByteOrder.LITTLE_ENDIAN));
            whole = ByteBuffer.allocate(0);
        }
        stream.request(1);
        return null;
    }

    private void show(ByteBuffer message) {
        int count = message.getInt(28);
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += message.getFloat(56 + 4 * i);
        }
        System.out.printf("frame %d: mean %.3f, %.0f ms old%n", message.getLong(16), sum / count, message.getDouble(40));
        images.countDown();
    }
}
