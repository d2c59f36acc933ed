package org.amacrine.core.run;

import static org.amacrine.core.run.Running.pipeline;
import static org.amacrine.core.run.Running.sink;
import static org.amacrine.core.run.Running.source;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;
import org.amacrine.core.testing.TestSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a runner tells the parts that serve it. */
@Timeout(60)
class RunnerPartTest {
    private final List<String> calls = new ArrayList<>();

    /** A sink that writes down what it is told. */
    private final class Part implements ChunkSink, RunnerPart {
        private final String name;
        private final RuntimeException refusal;

        private Part(String name, RuntimeException refusal) {
            this.name = name;
            this.refusal = refusal;
        }

        @Override
        public void attached(Runner runner) {
            if (refusal != null) {
                throw refusal;
            }
            calls.add("attached " + name);
        }

        @Override
        public String notice() {
            return name;
        }

        @Override
        public void detached() {
            calls.add("detached " + name);
        }

        @Override
        public void open(List<Signal> signals) {
            calls.add("open " + name);
        }

        @Override
        public void accept(int signal, Chunk chunk) {
            calls.add("accept " + name);
        }

        @Override
        public void close() {
            calls.add("close " + name);
        }
    }

    private static Runner runner(ChunkSink... sinks) {
        Pipeline.Builder pipeline = pipeline().source(source(TestSource.of(1)));
        for (int i = 0; i < sinks.length; i++) {
            pipeline.sink(sink("sink" + i, sinks[i]));
        }
        return new Runner(pipeline.build());
    }

    @Test
    void shouldDetachAPartOnceHoweverOftenItIsClosed() {
        Runner runner = runner(new Part("a", null));

        runner.close();
        runner.close();

        assertEquals(List.of("attached a", "detached a"), calls);
    }

    @Test
    void shouldDetachThoseBeforeAPartThatRefuses() {
        IllegalStateException refusal = new IllegalStateException("the port is taken");

        assertSame(
                refusal,
                assertThrows(
                        IllegalStateException.class,
                        () -> runner(new Part("a", null), new Part("b", null), new Part("c", refusal))));

        assertEquals(List.of("attached a", "attached b", "detached b", "detached a"), calls);
    }

    @Test
    void shouldNotStartAnyMoreWhenItIsClosed() {
        Runner runner = runner(new Part("a", null));
        runner.close();

        IllegalStateException error = assertThrows(IllegalStateException.class, runner::start);

        assertEquals("pipeline test is closed; make a new runner to run it again", error.getMessage());
        assertEquals(RunnerState.NEW, runner.state());
        assertEquals(List.of("attached a", "detached a"), calls);
    }
}
