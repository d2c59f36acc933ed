package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.amacrine.demos.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

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

    /** A program that runs until it is told to end. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] args) throws InterruptedException {
            Pipeline pipeline = Pipeline.builder()
                    .backend("scalar")
                    .paced(true)
                    .source(Stage.of("stimulus.flash").setting("rows", 2).setting("columns", 2))
                    .sink(Stage.of("console"))
                    .build();
            PrintWriter out = new PrintWriter(System.out);
            System.exit(new LiveRun(new Runner(pipeline), out, progress -> "").run(() -> out.println("the last word")));
        }
    }

    /** As with Ctrl-C, which a program that a script started in the background would never see. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a program cannot be told to end, only be ended")
    void shouldHaveTheLastWordWhenTheProgramIsToldToEnd() throws Exception {
        List<String> lines = Cli.runUntil("memory in flight", Endless.class, List.of());

        assertEquals("the last word", lines.get(lines.size() - 1), lines::toString);
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
