package org.amacrine.core.component;

import java.util.List;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.source.FrameSource;

/** What a module brings, found with {@link java.util.ServiceLoader}. */
public interface Components {

    /** Kinds of sources. */
    default List<Component<FrameSource>> sources() {
        return List.of();
    }

    /** Kinds of layers. */
    default List<Component<Layer>> layers() {
        return List.of();
    }

    /** Kinds of sinks. */
    default List<Component<ChunkSink>> sinks() {
        return List.of();
    }
}
