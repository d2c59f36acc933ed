package org.amacrine.benchmarks;

import java.io.PrintWriter;
import java.util.Locale;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.util.Statistics;

/** {@code amacrine bench latent}: steps of generators and iterations of fits, with what bounds them, as tables. */
final class LatentBench {
    private LatentBench() {}

    static void run(String backend, boolean quick, PrintWriter out) throws RunnerException {
        out.println("a generator's step, in microseconds: variables x modes x trajectories, backend " + backend);
        out.flush();
        for (RunResult result : Bench.execute(
                LatentGeneratorBenchmark.class,
                quick,
                b -> b.param("backend", backend).mode(Mode.AverageTime))) {
            line(out, result, "%9.2f us");
        }
        out.println("how long single steps take, in microseconds: median, 99 %, 99.9 %, 99.99 % and the longest");
        out.flush();
        for (RunResult result : Bench.execute(
                LatentGeneratorBenchmark.class,
                "step",
                quick,
                b -> b.param("backend", backend).mode(Mode.SampleTime))) {
            Statistics steps = result.getPrimaryResult().getStatistics();
            out.printf(
                    Locale.ROOT,
                    "  %-12s %9.2f %9.2f %9.2f %9.2f %9.2f%n",
                    result.getParams().getParam("problem"),
                    steps.getPercentile(50),
                    steps.getPercentile(99),
                    steps.getPercentile(99.9),
                    steps.getPercentile(99.99),
                    steps.getMax());
            out.flush();
        }
        out.println("a fit's iterations per second: variables x modes x rows of a batch, in double precision");
        out.flush();
        for (RunResult result : Bench.execute(LatentFitBenchmark.class, quick, b -> b.param("backend", backend))) {
            line(out, result, "%9.0f /s");
        }
        out.println("the same, one worker");
        out.flush();
        for (RunResult result : Bench.execute(
                LatentFitBenchmark.class,
                "iteration",
                quick,
                b -> b.param("backend", backend).param("workers", "1"))) {
            line(out, result, "%9.0f /s");
        }
    }

    private static void line(PrintWriter out, RunResult result, String format) {
        String name = result.getParams().getBenchmark();
        out.printf(
                Locale.ROOT,
                "  %-12s %-14s " + format + "  (+- %.2f)%n",
                result.getParams().getParam("problem"),
                name.substring(name.lastIndexOf('.') + 1),
                Bench.score(result),
                Bench.error(result));
        out.flush();
    }
}
