package org.amacrine.core.run;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.component.Components;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.testing.Gain;
import org.amacrine.core.testing.Mix;
import org.amacrine.core.testing.Split;
import org.amacrine.core.testing.TestSink;
import org.amacrine.core.testing.TestSource;

/** A source, two layers and a sink that pipelines of tests can name. */
public final class TestComponents implements Components {

    /**
     * The catalog with these. They are registered in {@code folder}, by a class loader of its own, so that no other test finds
     * them on its class path.
     */
    static Catalog catalog(Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Components.class.getName()), TestComponents.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            return Catalog.load();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public List<Component<FrameSource>> sources() {
        return List.of(Component.of(
                "test.count",
                "Frames that hold their number",
                settings -> TestSource.of(settings.get("frames").integer()),
                () -> Parameter.integer("frames", 10).atLeast(1).doc("How many there are")));
    }

    @Override
    public List<Component<Layer>> layers() {
        return List.of(
                Component.of(
                        "test.gain",
                        "Multiplies",
                        settings -> new Gain(),
                        () -> Parameter.text("mode", "plain")
                                .choices("plain", "fancy")
                                .doc("Just a word")),
                Component.of("test.split", "Adds and takes away", settings -> new Split()),
                Component.of("test.mix", "Adds what two signals are", settings -> new Mix()));
    }

    @Override
    public List<Component<ChunkSink>> sinks() {
        return List.of(Component.of(
                "test.keep",
                "Keeps what comes",
                settings -> new TestSink(),
                () -> Parameter.text("file", null).required().doc("Where to")));
    }
}
