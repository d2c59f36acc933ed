package org.amacrine.benchmarks;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.util.Statistics;

/** {@code amacrine bench arhmm}: live frames and whole sequences of the AR-HMM, and how both grow, as tables. */
final class ArHmmBench {
    private static final String[] LAYERS = {"step", "filter", "filter-full", "smoother", "viterbi", "learner"};
    private static final String[] LIVE = {"4x3x25", "10x3x100"};
    /** One thing grows at a time: K, then D; L. */
    private static final String[] LIVE_GROWTH = {
        "4x3x10", "4x3x25", "4x3x50", "4x3x100", "4x3x200", "2x3x25", "8x3x25", "16x3x25", "4x1x25", "4x6x25"
    };

    private static final String[] BATCH = {"1x10000x4x3x25", "10x1000x10x3x100"};
    /** One thing grows at a time: T, then K, then D. */
    private static final String[] BATCH_GROWTH = {
        "1x1000x4x3x25",
        "1x10000x4x3x25",
        "1x100000x4x3x25",
        "1x10000x4x3x50",
        "1x10000x4x3x100",
        "1x10000x8x3x25",
        "1x10000x16x3x25"
    };

    private ArHmmBench() {}

    static void run(String backend, boolean quick, PrintWriter out) throws RunnerException {
        out.println("AR-HMM, backend " + backend);
        out.println(
                "one live frame, microseconds                 p50      p90      p99   of p50, in the quietest second"
                        + "   median over the filter's");
        Map<String, Double> filters = new HashMap<>();
        for (RunResult result : live(backend, quick, LAYERS, LIVE)) {
            String problem = result.getParams().getParam("problem");
            String layer = result.getParams().getParam("layer");
            Statistics times = result.getPrimaryResult().getStatistics();
            double median = times.getPercentile(50);
            if (layer.equals("filter")) {
                filters.put(problem, median);
            }
            out.printf(
                    Locale.ROOT,
                    "  %-12s %-22s %8.2f %8.2f %8.2f   %6.2f times                      %s%n",
                    layer,
                    live(problem),
                    median,
                    times.getPercentile(90),
                    times.getPercentile(99),
                    quietest(result),
                    filters.containsKey(problem) && !layer.startsWith("filter")
                            ? String.format(Locale.ROOT, "%+.2f", median - filters.get(problem))
                            : "");
            out.flush();
        }
        out.println("smoother and viterbi are at a lag of 10 frames; step is the filter's kernels without a layer");
        out.println("how a live frame of the filter grows, microseconds  least      p50");
        for (RunResult result : live(backend, true, new String[] {"filter"}, LIVE_GROWTH)) {
            Statistics times = result.getPrimaryResult().getStatistics();
            out.printf(
                    Locale.ROOT,
                    "  %-42s %8.2f %8.2f%n",
                    live(result.getParams().getParam("problem")),
                    times.getMin(),
                    times.getPercentile(50));
            out.flush();
        }
        out.println("whole sequences, milliseconds");
        whole(
                Bench.execute(
                        ArHmmBatchBenchmark.class,
                        quick,
                        b -> b.param("backend", backend).param("problem", BATCH)),
                out);
        out.println("how whole sequences grow, milliseconds");
        whole(
                Bench.execute(
                        ArHmmBatchBenchmark.class,
                        true,
                        b -> b.param("backend", backend).param("problem", BATCH_GROWTH)),
                out);
    }

    /**
     * The least ratio of p99 to p50 of any iteration, which lasts a second: what is left of it when nothing else works on the
     * machine's memory and on the other half of the core.
     */
    private static double quietest(RunResult result) {
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .map(iteration -> iteration.getPrimaryResult().getStatistics())
                .mapToDouble(times -> times.getPercentile(99) / times.getPercentile(50))
                .min()
                .orElse(Double.NaN);
    }

    private static Collection<RunResult> live(String backend, boolean quick, String[] layers, String[] problems)
            throws RunnerException {
        return Bench.execute(
                ArHmmLiveBenchmark.class,
                quick,
                b -> b.mode(Mode.SampleTime)
                        .param("backend", backend)
                        .param("layer", layers)
                        .param("problem", problems));
    }

    private static void whole(Collection<RunResult> results, PrintWriter out) {
        for (RunResult result : results) {
            String[] sizes = result.getParams().getParam("problem").split("x");
            out.printf(
                    Locale.ROOT,
                    "  %-10s N %-3s T %-7s D %-3s L %-3s K %-4s %9.2f  (+- %.2f, least %.2f)%n",
                    result.getPrimaryResult().getLabel(),
                    sizes[0],
                    sizes[1],
                    sizes[2],
                    sizes[3],
                    sizes[4],
                    Bench.score(result),
                    Bench.error(result),
                    result.getPrimaryResult().getStatistics().getMin());
        }
        out.flush();
    }

    private static String live(String problem) {
        String[] sizes = problem.split("x");
        return String.format(Locale.ROOT, "K %-4s D %-3s L %-3s", sizes[2], sizes[0], sizes[1]);
    }
}
