package org.amacrine.core.run;

import java.util.List;
import java.util.Locale;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.sink.Signal;
import org.amacrine.core.source.SourceFormat;

/**
 * A pipeline with its numbers, known once the source is open and the layers are prepared: what flows where, and how much
 * memory can be under way.
 *
 * @param pipeline the blueprint
 * @param backend the choice of the backend and its reasons
 * @param workers threads that share a frame
 * @param source what the source gives
 * @param signals every signal, the source's first
 * @param ringBytes memory of the frames that wait in the ring
 * @param chunkBytes memory of all chunks
 */
public record PipelinePlan(
        Pipeline pipeline,
        String backend,
        int workers,
        SourceFormat source,
        List<Signal> signals,
        long ringBytes,
        long chunkBytes) {

    /** Copies the list. */
    public PipelinePlan {
        signals = List.copyOf(signals);
    }

    /**
     * The plan of a pipeline that is not run: its source is opened and closed again, its layers are prepared, its sinks are
     * left alone. Throws what the source or a layer says.
     */
    public static PipelinePlan of(Pipeline pipeline, Catalog catalog) {
        Run run = new Run(pipeline, Run.Parts.make(pipeline, catalog), Clock.SYSTEM, applied -> {});
        try {
            return run.prepare();
        } finally {
            run.abandon();
        }
    }

    /** The graph, one stage a line, with shapes and rates, and the memory in flight. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "pipeline %s: dt %d, %s steps/s, %s pixels/deg, seed %d",
                pipeline.name(),
                pipeline.dt(),
                number(pipeline.resolution().stepsPerSecond()),
                number(pipeline.resolution().pixelsPerDegree()),
                pipeline.seed());
        line(text, "%s, %d workers", backend, workers);
        line(
                text,
                "  source  %-16s %-24s -> %s",
                pipeline.sourceName(),
                pipeline.source().typeText(),
                signal(pipeline.sourceName()));
        String rate = source.framesPerSecond() == 0
                ? "one frame for each step"
                : number(source.framesPerSecond()) + " frames/s, "
                        + pipeline.interpolation().name().toLowerCase(Locale.ROOT);
        line(
                text,
                "          %s, %s, overflow %s",
                rate,
                source.frames() < 0 ? "no end known" : source.frames() + " frames",
                pipeline.overflow().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        for (Stage layer : pipeline.layers()) {
            line(text, "  layer   %-16s %-24s <- %s", layer.name(), layer.typeText(), String.join(", ", layer.from()));
            layer.feedback().forEach((input, edge) -> line(text, "          %s <~ %s", input, edge));
            for (Signal signal : signals) {
                if (signal.name().startsWith(layer.name() + ".")) {
                    line(text, "          -> %s", signal(signal));
                }
            }
        }
        for (Stage sink : pipeline.sinks()) {
            line(text, "  sink    %-16s %-24s <- %s", sink.name(), sink.typeText(), String.join(", ", sink.from()));
        }
        text.append(String.format(
                Locale.ROOT,
                "memory in flight: at most %.1f MB (ring %.1f MB, chunks %.1f MB)",
                (ringBytes + chunkBytes) / 1e6,
                ringBytes / 1e6,
                chunkBytes / 1e6));
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private String signal(String stage) {
        return signals.stream()
                .filter(s -> s.name().startsWith(stage + "."))
                .map(PipelinePlan::signal)
                .findFirst()
                .orElse("?");
    }

    private static String signal(Signal signal) {
        return signal.name() + "  " + signal.shape() + " at " + number(signal.stepsPerSecond()) + "/s";
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
