package org.amacrine.sinks.dashboard;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.TestSource;

/**
 * A pipeline with a dashboard: frames of 3 x 4 pixels that all hold the number of the frame, twice that from {@code model}, and
 * spikes of the cell with the number of the frame, modulo 12.
 */
final class Live implements AutoCloseable {
    static final String TOKEN = "control";

    final Dashboard dashboard;
    final Runner runner;

    Live() {
        this(TestSource.endless().shape(Shape.image(3, 4)));
    }

    Live(TestSource source) {
        dashboard = new Dashboard(new DashboardSettings(
                "127.0.0.1", 0, TOKEN, "", List.of(), null, "", DashboardSettings.DEFAULT_BYTES_PER_SECOND));
        runner = new Runner(Pipeline.builder()
                .name("test")
                .dt(10)
                .paced(true)
                .source(Stage.of(() -> source))
                .layer(Stage.of(Gain::new).named("model"))
                .layer(Stage.of(Spiky::new).named("cells").from("source"))
                .sink(Stage.of(() -> dashboard).named("dashboard").from("*"))
                .build());
    }

    String address() {
        return dashboard.address().replaceFirst("/\\?.*", "");
    }

    Client control(String token) {
        return new Client(address(), "/ws/control", token);
    }

    Client stream() {
        return new Client(address(), "/ws/stream", "");
    }

    HttpResponse<String> http(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        runner.close();
    }

    /** Spikes of one cell after the other. */
    private static final class Spiky extends BaseLayer {
        private Spiky() {
            super("spiky");
        }

        @Override
        public List<String> outputs() {
            return List.of("spikes");
        }

        @Override
        protected List<Shape> allocate() {
            return List.of(context().input());
        }

        @Override
        public void process(Chunk[] in, Chunk[] out) {
            int size = in[0].shape().values();
            for (int t = 0; t < in[0].frames(); t++) {
                for (int i = 0; i < size; i++) {
                    out[0].values()[out[0].start(t) + i] = (in[0].firstFrame() + t) % size == i ? 1 : 0;
                }
            }
        }
    }
}
