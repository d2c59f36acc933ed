package org.amacrine.core.flux;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Chunk;
import reactor.core.publisher.Flux;

/** Connects the stages of a pipeline: every stage that gives signals gives them to all that take them. */
public final class StageGraph {
    /** Chunks that can be with a layer: waiting, and one in work. */
    static final int QUEUE_CHUNKS = 2;

    private final Map<String, ChunkFanout> fanouts = new LinkedHashMap<>();
    private final Map<String, Flux<Chunk>> layers = new LinkedHashMap<>();

    private Flux<Chunk> signal(String name) {
        int dot = name.indexOf('.');
        ChunkFanout fanout = fanouts.computeIfAbsent(name.substring(0, dot), stage -> new ChunkFanout());
        return fanout.output(name.substring(dot + 1));
    }

    /**
     * Adds a layer that runs on {@code thread}.
     *
     * @param signal the signal that the layer keeps step with, {@code stage.output}
     * @param sides signals that its side inputs take, by input
     */
    public void layer(LayerOperator layer, StageThread thread, String signal, Map<Integer, String> sides) {
        LayerStage stage = layer.stage();
        Flux<Chunk> chunks = signal(signal).doOnNext(chunk -> stage.chunkQueued());
        sides.forEach((input, side) -> stage.side(input).take(signal(side)));
        layers.put(stage.path(), layer.apply(new HandOver(chunks, thread, QUEUE_CHUNKS, stage.sides())));
    }

    /** Adds a sink, which takes its signals. */
    public void sink(SinkStage sink) {
        List<org.amacrine.core.sink.Signal> signals = sink.signals();
        for (int i = 0; i < signals.size(); i++) {
            sink.take(i, signal(signals.get(i).name()));
        }
    }

    /** Connects the layers, the last one first, and then the source: chunks begin to flow. */
    public void connect(String sourceName, Flux<Chunk> source) {
        String[] names = layers.keySet().toArray(String[]::new);
        for (int i = names.length - 1; i >= 0; i--) {
            ChunkFanout fanout = fanouts.get(names[i]);
            if (fanout != null) {
                fanout.connect(layers.get(names[i]));
            }
        }
        fanouts.get(sourceName).connect(source);
    }

    /** Stops all chunks where they are. */
    public void disconnect() {
        fanouts.values().forEach(ChunkFanout::disconnect);
    }
}
