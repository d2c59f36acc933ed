package org.amacrine.core.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.flux.JobRun;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.job.Job;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.sink.Signal;

/**
 * A sink that has the model of a layer fitted anew while frames go on: it keeps the last frames of a signal, gives a copy of them
 * now and then to a job beside the pipeline, and sets what comes of it on the layer, by one command between two chunks.
 *
 * <pre>
 *   signal ──▶ window of the last frames ──copy──▶ job ──values──▶ command ──▶ layer
 * </pre>
 *
 * <p>Frames that were lost before a chunk are NaN in the window. One refit is under way at a time; the next begins when
 * enough frames have come in since the last one began. A job whose run ends before it is cancelled. Parameters that
 * somebody else sets between a refit's beginning and the moment its values come into force stay as they were set, also when that was
 * before the same chunk: the command asks when its turn comes.
 *
 * <p>Frames are taken by the sink's thread; what becomes of each refit can be read by any.
 */
public final class RefitSink implements ChunkSink, RunnerPart {
    private static final System.Logger LOG = System.getLogger(RefitSink.class.getName());
    /** Refits that are remembered; older ones go. */
    private static final int REMEMBERED = 1000;

    /** What knows the model. */
    @FunctionalInterface
    public interface Fitter {
        /**
         * A job that ends with values to set on the layer, by the names of its parameters; with none when these are to stay as
         * they are.
         *
         * @param window the last frames, the job's own
         * @param layer parameters as they are, to read here
         * @param number of the refit, from 1; 0 for a window of zeros and a job that is never run, when the sink is opened
         * @throws IllegalArgumentException when a layer of these parameters is not fitted to such frames
         */
        Job<Map<String, NdArray>> job(Frames window, ParameterTree layer, long number);
    }

    /** What can become of a refit. */
    public enum Outcome {
        /** Its values are in force. */
        SET,
        /** It found nothing better. */
        KEPT,
        /** Somebody else set parameters of the layer meanwhile. */
        OVERTAKEN,
        /** The job or the command failed. */
        FAILED,
        /** The run ended first. */
        CANCELLED
    }

    /**
     * What became of a refit.
     *
     * @param number from 1
     * @param outcome what became of it
     * @param frame index of the first frame that the new values are in force for; -1 when there are none
     * @param detail the job's objectives, or what went wrong
     */
    public record Entry(long number, Outcome outcome, long frame, String detail) {}

    private final String layer;
    private final int windowFrames;
    private final long everyFrames;
    private final Fitter fitter;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    private Runner runner;
    private Shape shape;
    /** The window as a ring, and where its next frame goes. */
    private float[] ring;

    private int next;
    private int filled;
    private long since;
    private long number;
    /** Number of the last refit of which it is known what became of it. */
    private volatile long concluded;

    private JobRun<Map<String, NdArray>> job;
    private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

    /**
     * A sink that steers a layer.
     *
     * @param layer name of the layer in the pipeline
     * @param windowFrames how many of the last frames are fitted to, at least 1
     * @param everyFrames frames from one refit to the next; the first begins when as many have come in, or the window is full,
     *     whichever is later
     * @param fitter what knows the model
     */
    public RefitSink(String layer, int windowFrames, long everyFrames, Fitter fitter) {
        if (windowFrames < 1 || everyFrames < 1) {
            throw new IllegalArgumentException(
                    "windowFrames and everyFrames must be >= 1 but were " + windowFrames + " and " + everyFrames);
        }
        this.layer = layer;
        this.windowFrames = windowFrames;
        this.everyFrames = everyFrames;
        this.fitter = fitter;
    }

    @Override
    public void attached(Runner newRunner) {
        newRunner.parameters(layer);
        runner = newRunner;
    }

    @Override
    public String notice() {
        return "layer " + layer + " is fitted anew every " + everyFrames + " frames";
    }

    @Override
    public boolean startsRuns() {
        return false;
    }

    @Override
    public void detached() {}

    @Override
    public void open(List<Signal> signals) {
        if (signals.size() != 1) {
            throw new IllegalArgumentException("a refit takes one signal, the one that layer " + layer
                    + " takes, but was given " + signals.size());
        }
        if (runner == null) {
            throw new IllegalStateException(
                    "a refit sets parameters through the runner of a pipeline but has none; make it"
                            + " a sink of a pipeline");
        }
        shape = signals.get(0).shape();
        fitter.job(Frames.zeros(shape, windowFrames), runner.parameters(layer), 0);
        ring = new float[Math.multiplyExact(windowFrames, shape.values())];
        next = 0;
        filled = 0;
        since = 0;
    }

    @Override
    public void accept(int signal, Chunk chunk) {
        long lost = chunk.framesLostBefore();
        since += lost;
        for (long i = 0; i < Math.min(lost, windowFrames); i++) {
            Arrays.fill(ring, next * shape.values(), (next + 1) * shape.values(), Float.NaN);
            frameCame();
        }
        for (int t = 0; t < chunk.frames(); t++) {
            System.arraycopy(chunk.values(), chunk.start(t), ring, next * shape.values(), shape.values());
            frameCame();
        }
        since += chunk.frames();
        if (since >= everyFrames && filled == windowFrames && concluded == number) {
            since = 0;
            begin();
        }
    }

    private void frameCame() {
        next = (next + 1) % windowFrames;
        filled = Math.min(filled + 1, windowFrames);
    }

    private void begin() {
        float[] window = new float[ring.length];
        int oldest = next * shape.values();
        System.arraycopy(ring, oldest, window, 0, ring.length - oldest);
        System.arraycopy(ring, 0, window, ring.length - oldest, oldest);
        Map<String, Object> before = values();
        long refit = ++number;
        JobRun<Map<String, NdArray>> run;
        try {
            run = JobRun.of(
                    "refit-" + layer,
                    fitter.job(new Frames(shape, windowFrames, window), runner.parameters(layer), refit));
        } catch (RuntimeException e) {
            note(refit, Outcome.FAILED, -1, e.getMessage());
            return;
        }
        CompletableFuture<Void> end = new CompletableFuture<>();
        ended = end;
        job = run;
        run.progress()
                .last()
                .subscribe(
                        last -> finish(refit, run, before, text(last.objectives()), end),
                        error -> finish(refit, run, before, error.getMessage(), end));
        run.start();
    }

    /** All values of the layer, which others may be setting. */
    private Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        runner.parameters(layer).all().forEach((name, parameter) -> values.put(name, parameter.value()));
        return values;
    }

    private static String text(Map<String, Double> objectives) {
        StringBuilder text = new StringBuilder();
        objectives.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : ", ").append(String.format(Locale.ROOT, "%s %.4g", name, value)));
        return text.toString();
    }

    // ------------------------------------------------------------------------------------------------ the job's thread

    private void finish(
            long refit,
            JobRun<Map<String, NdArray>> run,
            Map<String, Object> before,
            String detail,
            CompletableFuture<Void> end) {
        try {
            conclude(refit, run, before, detail);
        } catch (RuntimeException e) {
            note(refit, Outcome.FAILED, -1, e.getMessage());
        } finally {
            end.complete(null);
        }
    }

    private void conclude(long refit, JobRun<Map<String, NdArray>> run, Map<String, Object> before, String detail) {
        Map<String, NdArray> found = run.result();
        if (run.state() == JobRun.State.CANCELLED) {
            note(refit, Outcome.CANCELLED, -1, "the run ended first");
        } else if (run.state() == JobRun.State.FAILED) {
            note(refit, Outcome.FAILED, -1, detail);
        } else if (found.isEmpty()) {
            note(refit, Outcome.KEPT, -1, detail);
        } else {
            Map<String, Object> expected = new HashMap<>(before);
            expected.keySet().retainAll(found.keySet());
            // What is told takes time, which is not the layer's.
            runner.setIfStill(layer, expected, found).whenCompleteAsync((frame, error) -> {
                if (error == null) {
                    note(refit, Outcome.SET, frame, detail);
                } else {
                    boolean isOvertaken = error instanceof Command.OvertakenException;
                    note(refit, isOvertaken ? Outcome.OVERTAKEN : Outcome.FAILED, -1, error.getMessage());
                }
            });
        }
    }

    private void note(long refit, Outcome outcome, long frame, String detail) {
        Entry entry = new Entry(refit, outcome, frame, detail);
        synchronized (entries) {
            if (entries.size() == REMEMBERED) {
                entries.remove(0);
            }
            entries.add(entry);
            counts.merge(outcome, 1L, Long::sum);
            concluded = Math.max(concluded, refit);
        }
        LOG.log(
                outcome == Outcome.FAILED ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                () -> "refit " + refit + " of layer " + layer + ": "
                        + outcome.name().toLowerCase(Locale.ROOT) + (frame < 0 ? "" : " from frame " + frame) + "; "
                        + detail);
    }

    /** What became of the refits so far, the oldest first; the last {@value #REMEMBERED} are kept. */
    public List<Entry> entries() {
        synchronized (entries) {
            return List.copyOf(entries);
        }
    }

    /** How many refits came to that, over all runs. */
    public long count(Outcome outcome) {
        synchronized (entries) {
            return counts.getOrDefault(outcome, 0L);
        }
    }

    /** Name of the layer that is fitted. */
    public String layer() {
        return layer;
    }

    @Override
    public void close() {
        if (job != null) {
            job.cancel();
            try {
                ended.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
