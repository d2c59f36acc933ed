package org.amacrine.benchmarks;

import java.io.PrintWriter;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/** {@code amacrine bench filters}: filters and an LN model, forward and back, and a copy beside them. */
final class FilterBench {
    private FilterBench() {}

    static void run(String backend, boolean quick, PrintWriter out) throws RunnerException {
        out.println("filters, 100 x 100, dt " + FilterBenchmark.FRAMES + ", backend " + backend
                + ": microseconds per frame");
        out.flush();
        for (RunResult result : Bench.execute(FilterBenchmark.class, quick, b -> b.param("backend", backend))) {
            out.printf(
                    Locale.ROOT,
                    "  %-12s %s workers  %-9s %10.2f  (+- %.2f)   %.1f bytes allocated per chunk%n",
                    result.getParams().getParam("layer"),
                    result.getParams().getParam("workers"),
                    result.getPrimaryResult().getLabel(),
                    Bench.score(result),
                    Bench.error(result),
                    Bench.allocated(result) * FilterBenchmark.FRAMES);
            out.flush();
        }
    }
}
