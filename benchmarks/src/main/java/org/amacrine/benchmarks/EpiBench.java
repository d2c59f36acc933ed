package org.amacrine.benchmarks;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/** {@code amacrine bench epi}: optimisation steps and single points of emergent property inference, and how steps grow. */
final class EpiBench {
    private EpiBench() {}

    static void run(String backend, boolean quick, PrintWriter out) throws RunnerException {
        out.println(
                "emergent property inference, linear system, 3 stages of 2 x 50 units, batch 500, backend " + backend);
        out.println("microseconds");
        for (RunResult result : Bench.execute(EpiBenchmark.class, quick, b -> b.param("backend", backend))) {
            String name = result.getPrimaryResult().getLabel();
            out.printf(
                    Locale.ROOT,
                    "  %-20s %9.1f  (+- %.1f)%s%n",
                    name,
                    Bench.score(result),
                    Bench.error(result),
                    name.equals("step")
                            ? String.format(Locale.ROOT, "   %.0f per second", 1e6 / Bench.score(result))
                            : "");
            out.flush();
        }
        out.println("how a step grows, microseconds");
        grow(backend, out, "stages", "1", "3", "6");
        grow(backend, out, "units", "25", "50", "100");
        grow(backend, out, "samples", "250", "500", "1000");
        grow(backend, out, "dims", "2", "4", "16", "64");
    }

    private static void grow(String backend, PrintWriter out, String what, String... values) throws RunnerException {
        UnaryOperator<ChainedOptionsBuilder> options =
                b -> b.param("backend", backend).param(what, values);
        for (RunResult result : Bench.execute(EpiBenchmark.class, "step", true, options)) {
            out.printf(
                    Locale.ROOT, "  %-8s %5s %11.1f%n", what, result.getParams().getParam(what), Bench.score(result));
            out.flush();
        }
    }
}
