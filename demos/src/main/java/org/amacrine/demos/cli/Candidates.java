package org.amacrine.demos.cli;

import java.util.Iterator;
import java.util.stream.Stream;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;

/** Words that tab completion offers. */
final class Candidates {
    private Candidates() {}

    /** Names of layers. */
    static final class Layers implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Catalog.load().layers().stream().map(Component::name).iterator();
        }
    }

    /** Names of backends. */
    static final class BackendNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.concat(Stream.of("auto"), Backends.all().stream().map(b -> b.name()))
                    .iterator();
        }
    }
}
