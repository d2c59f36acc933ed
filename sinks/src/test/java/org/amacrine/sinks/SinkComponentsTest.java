package org.amacrine.sinks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.sink.ChunkSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinkComponentsTest {
    private static final Shape SHAPE = Shape.image(2, 2);

    @TempDir
    Path folder;

    private static ChunkSink make(String kind, Map<String, ?> settings) {
        Component<ChunkSink> component = Catalog.load().sink(kind);
        ParameterTree chosen = component.settings();
        chosen.set(settings);
        return component.make(chosen);
    }

    private Map<String, byte[]> run(ChunkSink sink) throws Exception {
        sink.open(List.of(Feed.signal("m.x", SHAPE)));
        sink.accept(0, Feed.chunk(SHAPE, 0, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3));
        sink.close();
        return Feed.files(folder);
    }

    @Test
    void shouldBeFoundInTheCatalog() {
        List<String> names =
                Catalog.load().sinks().stream().map(Component::name).toList();

        assertEquals(
                List.of("animation", "array", "console", "dashboard", "hdf5", "images", "inr", "spikes", "video"),
                names);
    }

    @ParameterizedTest
    @CsvSource({"array,file", "hdf5,file", "inr,file", "spikes,file", "images,folder", "animation,file", "video,file"})
    void shouldSayWhichSettingIsMissing(String kind, String setting) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> make(kind, Map.of()));

        assertTrue(e.getMessage().startsWith(kind + " needs " + setting + ": "), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "array,file,x.npy",
        "hdf5,file,x.h5",
        "inr,file,x.inr",
        "spikes,file,x.csv",
        "images,folder,x",
        "animation,file,x.gif",
        "video,file,x.mkv"
    })
    void shouldOverwriteUnlessToldNotTo(String kind, String setting, String name) throws Exception {
        String target = folder.resolve(name).toString();
        run(make(kind, Map.of(setting, target)));
        run(make(kind, Map.of(setting, target)));
        ChunkSink careful = make(kind, Map.of(setting, target, "overwrite", "false"));

        assertThrows(IOException.class, () -> careful.open(List.of(Feed.signal("m.x", SHAPE))));
    }

    @Test
    void shouldHandOnTheSettingsOfSpikes() throws Exception {
        ChunkSink sink =
                make("spikes", Map.of("file", folder.resolve("x.csv").toString(), "threshold", 2.5, "names", "true"));

        assertEquals(
                "time,row,column,channel,signal\n0.000,1,1,0,x\n0.001,1,1,0,x\n0.002,1,1,0,x\n",
                new String(run(sink).get("x.csv"), StandardCharsets.US_ASCII));
    }

    @Test
    void shouldHandOnTheSettingsOfImages() throws Exception {
        ChunkSink sink = make(
                "images",
                Map.of("folder", folder.toString(), "prefix", "p", "format", "bmp", "every", 2, "scale", "fixed"));

        assertEquals(Set.of("p_000000000.bmp", "p_000000002.bmp"), run(sink).keySet());
    }

    @Test
    void shouldHandOnTheSettingsOfVideo() throws Exception {
        String small = folder.resolve("small.mp4").toString();
        ChunkSink sink = make("video", Map.of("file", small, "codec", "h264"));
        ChunkSink magnified = make("video", Map.of("file", small, "codec", "h264", "zoom", 8, "quality", 50));

        assertThrows(IllegalArgumentException.class, () -> sink.open(List.of(Feed.signal("m.x", SHAPE))));
        assertEquals(Set.of("small.mp4"), run(magnified).keySet());
    }

    @ParameterizedTest
    @CsvSource({"images,folder,x", "animation,file,x.gif", "video,file,x.mp4"})
    void shouldRejectARangeThatIsEmptyOrHasNoEffect(String kind, String setting, String name) {
        assertThrows(
                IllegalArgumentException.class,
                () -> make(kind, Map.of(setting, name, "scale", "fixed", "min", 1, "max", 1)));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> make(kind, Map.of(setting, name, "scale", "auto", "max", 2)));

        assertEquals("min and max have no effect with scale auto; set scale to fixed", e.getMessage());
    }
}
