package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.run.Pipeline;
import org.amacrine.core.run.Runner;
import org.amacrine.core.run.Stage;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.junit.jupiter.api.Test;

class LiveRunTest {
    /** A sink with a library that is not there. */
    private static final class Broken implements ChunkSink {
        @Override
        public void open(List<Signal> signals) {}

        @Override
        public void accept(int signal, Chunk chunk) {
            throw new NoClassDefFoundError("some.Library");
        }

        @Override
        public void close() {}
    }

    @Test
    void shouldFailAlsoWhenAnErrorEndedTheRun() {
        StringWriter out = new StringWriter();
        Pipeline pipeline = Pipeline.builder()
                .durationSeconds(0.2)
                .source(Stage.of("stimulus.flash").setting("rows", 4).setting("columns", 4))
                .sink(Stage.of(Broken::new).named("broken"))
                .build();

        var e = assertThrows(
                RuntimeException.class,
                () -> new LiveRun(new Runner(pipeline), new PrintWriter(out), progress -> "").run());

        assertTrue(e.getMessage().contains("some.Library"), e.getMessage());
        assertTrue(out.toString().contains("failed after"), out.toString());
    }
}
