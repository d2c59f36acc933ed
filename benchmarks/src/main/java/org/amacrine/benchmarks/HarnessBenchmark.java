package org.amacrine.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nothing at all for about as long as a chunk takes: what the measurement itself allocates, to hold the retina against. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
public class HarnessBenchmark {
    private static final long CHUNK_NANOS = 60_000_000;

    /** Waits, busily. */
    @Benchmark
    public long nothing() {
        long end = System.nanoTime() + CHUNK_NANOS;
        long now = System.nanoTime();
        while (now < end) {
            now = System.nanoTime();
        }
        return now;
    }
}
