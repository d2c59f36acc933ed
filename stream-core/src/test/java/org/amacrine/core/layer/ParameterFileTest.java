package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterFileTest {

    @TempDir
    Path folder;

    private static ParameterTree tree() {
        ParameterTree tree = new ParameterTree("retina");
        tree.add(Parameter.number("opl.tauSeconds", 0.01).above(0));
        tree.add(Parameter.integer("opl.order", 2));
        tree.add(Parameter.field("leakHertz", 50).alias("g_leak"));
        tree.add(Parameter.array("kernel").derivedFrom(tree.get("opl.tauSeconds")));
        tree.add(Parameter.text("filter", "half").choices("half", "full", "off"));
        tree.add(Parameter.flag("pools", false));
        return tree;
    }

    private static ParameterTree awkward() {
        ParameterTree tree = tree();
        tree.set("opl.tauSeconds", 1 / 3.0);
        tree.set("opl.order", 7);
        float[] map = {0.1f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, 1e-7f, 16777217f};
        tree.set("leakHertz", NdArray.of(map, 2, 3));
        tree.set("kernel", NdArray.of(new float[] {1 / 3f, -2e-30f}, 1, 2, 1));
        tree.set("filter", "off");
        tree.set("pools", true);
        return tree;
    }

    /** {@code off} would be a switch in YAML 1.1. */
    @ParameterizedTest
    @ValueSource(strings = {"p.npz", "p.yaml", "p.yml", "p.json", "P.NPZ", "P.YAML"})
    void shouldKeepEveryBit(String name) throws IOException {
        ParameterTree saved = awkward();
        Path file = folder.resolve(name);

        saved.save(file);
        ParameterTree loaded = tree();
        loaded.load(file);

        assertEquals(saved.values(), loaded.values());
        assertTrue(loaded.get("kernel").overridden());
    }

    @ParameterizedTest
    @ValueSource(strings = {"p.npz", "p.yaml"})
    void shouldLeaveDerivedArraysOut(String name) throws IOException {
        ParameterTree saved = tree();
        saved.get("kernel").derive(NdArray.of(new float[] {1, 2}, 2));
        Path file = folder.resolve(name);

        saved.save(file);
        ParameterTree loaded = tree();
        loaded.load(file);

        assertFalse(loaded.get("kernel").overridden());
        assertEquals(saved.values(), loaded.values());
    }

    @Test
    void shouldWriteLinesThatAPersonReads() throws IOException {
        Path file = folder.resolve("p.yaml");
        ParameterTree tree = tree();
        tree.set("leakHertz", 0.1);

        tree.save(file);

        String text = Files.readString(file);
        assertTrue(text.contains("opl.tauSeconds: 0.01"), text);
        assertTrue(text.contains("leakHertz: 0.1"), text);
        assertTrue(text.contains("filter: half"), text);
    }

    @Test
    void shouldReadNestedMapsAliasesAndJson() throws IOException {
        ParameterTree yaml = tree();
        yaml.load(Files.writeString(
                folder.resolve("a.yaml"),
                "opl:\n  tauSeconds: 0.25\n  order: 3\ng_leak: [[1, 2], [3, 4.5]]\npools: true\n"));
        assertEquals(0.25, yaml.get("opl.tauSeconds").number());
        assertEquals(3, yaml.get("opl.order").integer());
        assertEquals(
                NdArray.of(new float[] {1, 2, 3, 4.5f}, 2, 2),
                yaml.get("leakHertz").value());
        assertTrue(yaml.get("pools").isOn());

        ParameterTree json = tree();
        json.load(
                Files.writeString(folder.resolve("a.json"), "{\"opl\": {\"tauSeconds\": 1e-3}, \"filter\": \"full\"}"));
        assertEquals(0.001, json.get("opl.tauSeconds").number());
        assertEquals("full", json.get("filter").text());
    }

    @Test
    void shouldReadDoublePrecisionArraysOfOtherPrograms() throws IOException {
        Path file = folder.resolve("p.npz");
        Npz.write(
                file,
                Map.of(
                        "opl.tauSeconds", NdArray.of(0.5),
                        "g_leak", new NdArray(new int[] {1, 2}, new double[] {1, 2}),
                        "filter", NdArray.of(1L)));
        ParameterTree tree = tree();

        tree.load(file);

        assertEquals(0.5, tree.get("opl.tauSeconds").number());
        assertEquals(NdArray.of(new float[] {1, 2}, 1, 2), tree.get("leakHertz").value());
        assertEquals("full", tree.get("filter").text());
    }

    // ------------------------------------------------------------------------------------------------ errors

    private String refusal(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        ParameterTree tree = tree();
        String message = assertThrows(Exception.class, () -> tree.load(file))
                .getMessage()
                .replace(file.toString(), "FILE");
        assertEquals(tree().values(), tree.values());
        return message;
    }

    @Test
    void shouldSetNothingWhenANameIsUnknown() throws IOException {
        assertTrue(refusal("a.yaml", "opl.order: 5\nopl.tauSecond: 2\n")
                .startsWith("no parameter \"opl.tauSecond\"; did you mean \"opl.tauSeconds\"?"));
    }

    @Test
    void shouldSetNothingWhenAValueIsMissingOrNotAllowed() throws IOException {
        assertTrue(refusal("a.yaml", "opl.order: 5\nopl.tauSeconds: -2\n")
                .startsWith("opl.tauSeconds must be a finite number > 0 but was -2"));
        assertTrue(refusal("a.yaml", "opl.order: 5\nopl.tauSeconds:\n")
                .startsWith("opl.tauSeconds must be a finite number > 0 but was nothing"));
    }

    @Test
    void shouldRejectFilesThatHoldNoParameters() throws IOException {
        assertEquals(
                "FILE holds no parameters; write lines like: bipolar.leakHertz: 50", refusal("a.yaml", "- 1\n- 2\n"));
        assertEquals("FILE holds no parameters; write lines like: bipolar.leakHertz: 50", refusal("a.yaml", ""));
        assertEquals(
                "FILE, line 1: expected ',' or ']', but got <stream end>; this is not YAML",
                refusal("a.yaml", "opl.order: [1"));
        assertTrue(refusal("a.json", "{\n\"opl\": ").startsWith("FILE, line 2: expected the node content"));
        assertTrue(refusal("a.npz", "text").startsWith("FILE is not an .npz file: "));
    }

    @Test
    void shouldRejectAliasesThatGrowWithoutBounds() throws IOException {
        StringBuilder bomb = new StringBuilder("a0: &a0 [1, 1]\n");
        for (int i = 1; i <= 25; i++) {
            bomb.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }

        String message = refusal("a.yaml", bomb.toString());
        assertTrue(message.contains("aliases make more than"), message);
        assertEquals(
                "FILE, line 1: contains itself; put the alias outside of what it names",
                refusal("a.yaml", "gain: &a [*a]\n"));
    }

    @Test
    void shouldSayWhereLargeArraysBelong() throws IOException {
        assertEquals(
                "FILE has 4000000 characters, but YAML of at most 3145728 is read; keep large arrays in .npz files",
                refusal("a.yaml", " ".repeat(4_000_000)));
    }

    @Test
    void shouldRejectAParameterThatIsGivenTwice() throws IOException {
        assertEquals("FILE gives opl.order twice; remove one", refusal("a.yaml", "opl.order: 5\nopl: {order: 6}\n"));
        assertEquals(
                "leakHertz is given twice, under two names; remove one",
                refusal("a.yaml", "leakHertz: 5\ng_leak: 6\n"));
    }

    @Test
    void shouldSayThatAFileIsMissing() {
        Path file = folder.resolve("none.yaml");

        var e = assertThrows(IOException.class, () -> tree().load(file));

        assertEquals("no file " + file + "; check the path", e.getMessage());
    }

    @Test
    void shouldRejectOtherEndings() {
        Path file = folder.resolve("p.toml");

        var e = assertThrows(IOException.class, () -> tree().save(file));

        assertEquals("a parameter file ends in .npz, .yaml, .yml or .json but was " + file, e.getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void shouldSayThatFreeWordsNeedText() {
        ParameterTree tree = new ParameterTree("source");
        tree.add(Parameter.text("file", "a.mp4"));

        var e = assertThrows(IllegalStateException.class, () -> tree.save(folder.resolve("p.npz")));

        assertEquals(
                "file is the word \"a.mp4\", which an .npz file cannot hold; save the parameters as .yaml",
                e.getMessage());
    }

    /** Words that YAML could take for something else come back as they were. */
    @ParameterizedTest
    @ValueSource(strings = {"true", "1.5", "null", "~", "a: b", "- x", "", "0x10", "line one\nline two", "ümläut"})
    void shouldKeepAwkwardWordsInYaml(String word) throws IOException {
        ParameterTree saved = new ParameterTree("source");
        saved.add(Parameter.text("file", "a"));
        saved.set("file", word);
        Path file = folder.resolve("p.yaml");
        saved.save(file);
        ParameterTree loaded = new ParameterTree("source");
        loaded.add(Parameter.text("file", "a"));

        loaded.load(file);

        assertEquals(word, loaded.get("file").text());
    }
}
