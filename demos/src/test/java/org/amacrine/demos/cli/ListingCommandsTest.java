package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amacrine.demos.Cli;
import org.junit.jupiter.api.Test;

/** Commands that only tell: version, backends, layers, sources, sinks, params, completion, help. */
class ListingCommandsTest {

    private static void assertTells(Cli cli, String... parts) {
        assertEquals(0, cli.code(), cli.err());
        for (String part : parts) {
            assertTrue(cli.out().contains(part), "\"" + part + "\" is missing in:\n" + cli.out());
        }
    }

    @Test
    void shouldTellItsVersion() {
        Cli cli = Cli.run("version");

        assertTells(cli, "amacrine 0.", "Java " + System.getProperty("java.version"));
        assertFalse(cli.out().contains("${"), cli.out());
    }

    @Test
    void shouldListBackendsWithTheirReasons() {
        assertTells(Cli.run("backends"), "scalar   usable", "vector   usable", "auto takes: backend vector");
    }

    @Test
    void shouldListAllLayersOfTheRetina() {
        assertTells(
                Cli.run("layers"),
                "retina ",
                "retina.opl ",
                "retina.opl-recursive ",
                "retina.opl-separable ",
                "retina.opl-full ",
                "retina.bipolar ",
                "retina.ganglion-input ",
                "retina.ganglion-spiking ");
    }

    @Test
    void shouldListSourcesAndSinksWithSettings() {
        assertTells(Cli.run("sources", "--settings"), "stimulus.grating", "video", "temporalFrequencyHertz");
        assertTells(Cli.run("sinks", "--settings"), "spikes", "array", "file");
    }

    @Test
    void shouldListParametersWithUnitDefaultAndBounds() {
        assertTells(
                Cli.run("params", "retina"),
                "stages",
                "bipolar.leakHertz",
                "Leak conductance [50.0 Hz; a finite number > 0] = g_leak");
    }

    @Test
    void shouldTellTheShapeOfArrays() {
        assertTells(
                Cli.run("params", "filter.convolution", "--set", "kernel=10,3,2"),
                "[derived, array (1, 1, 10, 3, 2); finite numbers]");
    }

    @Test
    void shouldSearchParametersByTheNamesOfTheReference() {
        Cli cli = Cli.run("params", "retina", "--search", "lambda_G");

        assertEquals(
                List.of("on.input.gainHertz", "off.input.gainHertz"),
                cli.out().lines().map(line -> line.split(" ")[0]).toList());
    }

    @Test
    void shouldListOnlyParametersOfStagesThatAreThere() {
        Cli cli = Cli.run("params", "retina", "--set", "stages=opl", "--search", "leakHertz");

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().isBlank(), cli.out());
    }

    @Test
    void shouldSuggestWhatAMisspeltNameMeans() {
        Cli cli = Cli.run("params", "retina.bipolr");

        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("did you mean \"retina.bipolar\"?"), cli.err());
    }

    @Test
    void shouldRefuseAnUnknownCommandAndSuggestOne() {
        Cli cli = Cli.run("aply");

        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("apply"), cli.err());
    }

    @Test
    void shouldPrintCompletionForBashAndZsh() {
        assertTells(Cli.run("generate-completion"), "_complete_amacrine", "--pixels-per-degree", "bashcompinit");
    }

    @Test
    void shouldRefuseABackendToMeasureThatIsNotThere() {
        Cli cli = Cli.run("bench", "--backend", "cuda");

        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("no backend \"cuda\""), cli.err());
    }

    @Test
    void shouldRefuseToMeasureWhatItDoesNotKnow() {
        Cli cli = Cli.run("bench", "arhm");

        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("called \"arhm\"; did you mean \"arhmm\"?"), cli.err());
    }

    @Test
    void shouldDocumentItsExitCodes() {
        assertTells(Cli.run("--help"), "Exit codes", "130");
    }
}
