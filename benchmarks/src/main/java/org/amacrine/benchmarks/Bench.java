package org.amacrine.benchmarks;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@code amacrine bench}: the benchmarks of a subject under JMH, in one run, as tables. */
public final class Bench {
    private Bench() {}

    /**
     * Runs the benchmarks and prints the tables.
     *
     * @param subject retina, arhmm, latent, epi or filters
     * @param backend backend of the kernels
     * @param quick fewer and shorter iterations: rough figures
     */
    public static void run(String subject, String backend, boolean quick, PrintWriter out) throws RunnerException {
        out.printf(
                "%s, %d processors, Java %s%n",
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"));
        if (subject.equals("arhmm")) {
            ArHmmBench.run(backend, quick, out);
        } else if (subject.equals("latent")) {
            LatentBench.run(backend, quick, out);
        } else if (subject.equals("epi")) {
            EpiBench.run(backend, quick, out);
        } else if (subject.equals("filters")) {
            FilterBench.run(backend, quick, out);
        } else {
            retina(backend, quick, out);
        }
    }

    private static void retina(String backend, boolean quick, PrintWriter out) throws RunnerException {
        out.println("full spiking retina, ON and OFF, 320 x 240, dt 100, backend " + backend);
        out.flush();
        for (RunResult result : execute(RetinaBenchmark.class, quick, b -> b.param("backend", backend))) {
            out.printf(
                    Locale.ROOT,
                    "  %2s pixels/deg  %8.1f million pixel-steps/s  (+- %.1f)   %.1f bytes allocated per chunk%n",
                    trim(result.getParams().getParam("pixelsPerDegree")),
                    score(result) / 1e6,
                    error(result) / 1e6,
                    allocated(result) * RetinaBenchmark.ROWS * RetinaBenchmark.COLUMNS * RetinaBenchmark.DT);
            out.flush();
        }
        for (RunResult result : execute(HarnessBenchmark.class, quick, b -> b)) {
            out.printf(
                    Locale.ROOT,
                    "  nothing at all, for as long                                   %.1f bytes allocated per chunk, by the harness%n",
                    allocated(result));
            out.flush();
        }
        for (RunResult result : execute(BioinspiredBenchmark.class, quick, b -> b)) {
            out.printf(
                    Locale.ROOT,
                    "  OpenCV bioinspired (parvo and magno, no spikes), same frames  %8.1f million  (+- %.1f)%n",
                    score(result) / 1e6,
                    error(result) / 1e6);
            out.flush();
        }
        out.println("each stage by itself, nanoseconds per pixel-step");
        for (RunResult result : execute(RetinaStageBenchmark.class, quick, b -> b)) {
            out.printf(
                    Locale.ROOT,
                    "  %-18s %2s pixels/deg  %7.2f  (+- %.2f)%n",
                    result.getParams().getParam("stage"),
                    trim(result.getParams().getParam("pixelsPerDegree")),
                    score(result),
                    error(result));
            out.flush();
        }
    }

    /** Runs the benchmarks of a class, all parameters in one. */
    static Collection<RunResult> execute(Class<?> benchmark, boolean quick, UnaryOperator<ChainedOptionsBuilder> more)
            throws RunnerException {
        return execute(benchmark, "", quick, more);
    }

    /** Runs the benchmarks of a class whose names begin like this. */
    static Collection<RunResult> execute(
            Class<?> benchmark, String name, boolean quick, UnaryOperator<ChainedOptionsBuilder> more)
            throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + benchmark.getSimpleName() + "\\." + name)
                .addProfiler(GCProfiler.class)
                .output(System.getProperty("java.io.tmpdir") + "/amacrine-bench.log")
                .verbosity(VerboseMode.NORMAL);
        if (quick) {
            options.warmupIterations(3)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(3)
                    .measurementTime(TimeValue.seconds(1));
        }
        return new Runner(more.apply(options).build()).run();
    }

    /** Mean of the measurements. */
    static double score(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    /** Half of the interval that holds the mean with a confidence of 99.9 %. */
    static double error(RunResult result) {
        return result.getPrimaryResult().getScoreError();
    }

    /** Bytes allocated per operation, such as a pixel-step. */
    static double allocated(RunResult result) {
        return result.getSecondaryResults().values().stream()
                .filter(r -> r.getLabel().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(Result::getScore)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static String trim(String number) {
        return number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
    }
}
