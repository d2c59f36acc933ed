package org.amacrine.operators.retina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.operators.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a retina configuration: XML, YAML and JSON. */
class RetinaConfigurationFileTest {
    private static final String LINEAR = "outer-plexiform-layers.0.linear-version.";

    @TempDir
    Path folder;

    /** Values that differ from all defaults, in the words that a file holds. */
    private static RetinaConfiguration unusual() {
        RetinaConfiguration configuration = RetinaConfiguration.humanParvo();
        configuration.set("center-sigma__deg", 0.0625);
        configuration.set("center-n__uint", 3);
        configuration.set("tau__sec", 0.5);
        configuration.set("contrast-gain-control.adaptation-feedback-amplification__Hz", 12.5);
        configuration.set("ganglion-layers.0.spiking-channel.sigma-V", 0.25);
        configuration.set("ganglion-layers.1.name", "OFF: <all> & \"some\"");
        configuration.set("ganglion-layers.1.sigma-pool__deg", 0.125);
        return configuration;
    }

    @ParameterizedTest
    @ValueSource(strings = {"retina.xml", "retina.XML", "retina.yaml", "retina.yml", "retina.json"})
    void shouldSurviveARoundTripThroughAFile(String name) throws IOException {
        Path file = folder.resolve(name);
        ParameterTree before = new Retina().parameters();
        List<String> withoutBefore = unusual().applyTo(before);

        unusual().write(file);
        RetinaConfiguration read = RetinaConfiguration.read(file);

        ParameterTree after = new Retina().parameters();
        List<String> without = read.applyTo(after);
        assertEquals(6, after.changed().size());
        assertEquals(before.values(), after.values());
        assertEquals(new TreeSet<>(withoutBefore), new TreeSet<>(without));
        assertEquals("OFF: <all> & \"some\"", read.get("ganglion-layers.1.name", null));
        assertEquals(words(unusual()), words(read));
    }

    /** All values as words, which is what XML keeps. */
    private static Map<String, String> words(RetinaConfiguration configuration) {
        Map<String, String> words = new LinkedHashMap<>();
        for (String path : RetinaConfiguration.humanParvo().applyTo(new Retina().parameters())) {
            words.put(path, String.valueOf(configuration.get(path, null)));
        }
        return words;
    }

    @Test
    void shouldWriteJsonThatOthersCanRead() throws IOException {
        Path file = folder.resolve("retina.json");

        RetinaConfiguration configuration = new RetinaConfiguration();
        configuration.set("retina.pixels-per-degree", 5.5);
        configuration.set("ganglion-layers.+.enabled", true);

        configuration.write(file);

        String json = Files.readString(file).replaceAll("\\s", "");
        assertEquals("{\"retina\":{\"pixels-per-degree\":5.5},\"ganglion-layers\":[{\"enabled\":true}]}", json);
    }

    @Test
    void shouldReadXmlOfVirtualRetina() throws IOException {
        RetinaConfiguration configuration = RetinaConfiguration.read(Golden.file("config_a.xml"));

        assertEquals(".01", configuration.get("retina.temporal-step__sec", null));
        assertEquals("1.0", configuration.get("log-polar-scheme.fovea-radius__deg", null));
        assertEquals("0.6", configuration.get(LINEAR + "undershoot.relative-weight", null));
        assertEquals(List.of("1", "-1"), configuration.get("ganglion-layers.*.sign", null));
        assertEquals(
                "15.0",
                configuration.get("ganglion-layers.1.spiking-channel.circular-array.fovea-density__inv-deg", null));
    }

    @Test
    void shouldReadTheUnitsOfAnXmlFile() throws IOException {
        Path file = Files.writeString(folder.resolve("units.xml"), """
                <retina-description-file><retina><ganglion-layer sign="1"><spiking-channel sigma-V="0.2"><all-units>
                <unit x-offset__deg="1" y-offset__deg="2" mvaspike-id="7"/>
                <unit x-offset__deg="3" y-offset__deg="4" mvaspike-id="8"/>
                </all-units></spiking-channel></ganglion-layer></retina></retina-description-file>
                """);
        ParameterTree parameters = new Retina().parameters();

        RetinaConfiguration configuration = RetinaConfiguration.read(file);

        String units = "ganglion-layers.0.spiking-channel.all-units.units.";
        assertEquals(List.of("1", "3"), configuration.get(units + "*.x-offset__deg", null));
        assertEquals(6, configuration.applyTo(parameters).size());
        assertEquals(0.2f, (float) parameters.get("on.spiking.noiseSigma").number());
    }

    @ParameterizedTest
    @CsvSource({
        "broken.xml, <retina, is not XML: ",
        "other.xml, <html/>, has no retina element; it is no retina description",
        "entity.xml, '<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><x>&e;</x>', is not XML: ",
        "broken.yaml, '[1, 2', 'line 1: expected '','' or '']'', but got <stream end>; this is not YAML'",
        "other.yaml, just a word, holds no configuration; it must begin with keys such as outer-plexiform-layers",
        "empty.json, '', holds no configuration; it must begin with keys such as outer-plexiform-layers"
    })
    void shouldSayWhatIsWrongWithAFile(String name, String text, String reason) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);

        IOException e = assertThrows(IOException.class, () -> RetinaConfiguration.read(file));

        assertTrue(
                e.getMessage().startsWith(file + " " + reason) || e.getMessage().startsWith(file + ", " + reason),
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.xml", "missing.yaml"})
    void shouldNameAFileThatIsNotThere(String name) {
        Path file = folder.resolve(name);

        IOException e = assertThrows(IOException.class, () -> RetinaConfiguration.read(file));

        assertEquals("no file " + file + "; check the path", e.getMessage());
    }
}
