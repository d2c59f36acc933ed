package org.amacrine.operators.retina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amacrine.core.layer.ParameterTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetinaConfigurationTest {
    private static final String LINEAR = "outer-plexiform-layers.0.linear-version.";

    private static RetinaConfiguration of(Map<String, Object> tree) {
        RetinaConfiguration configuration = new RetinaConfiguration();
        configuration.merge(tree);
        return configuration;
    }

    private static RetinaConfiguration of(String path, Object value) {
        RetinaConfiguration configuration = new RetinaConfiguration();
        configuration.set(path, value);
        return configuration;
    }

    private static String refusal(Executable code) {
        return assertThrows(IllegalArgumentException.class, code).getMessage();
    }

    // ------------------------------------------------------------------------------------------------ get

    @Test
    void shouldGetValuesByTheirPaths() {
        RetinaConfiguration parvo = RetinaConfiguration.humanParvo();

        assertEquals(0.15, parvo.get(LINEAR + "surround-sigma__deg", null));
        assertEquals(-1, parvo.get("ganglion-layers.1.sign", null));
        assertEquals("Magnocellular On", parvo.get("ganglion-layers.2.name", null));
        assertEquals(
                Map.of("enabled", true, "relative-weight", 0.8, "tau__sec", 0.1),
                parvo.get(LINEAR + "undershoot", null));
    }

    @Test
    void shouldGetTheValuesOfAllEntriesInOrder() {
        RetinaConfiguration parvo = RetinaConfiguration.humanParvo();

        assertEquals(List.of(37, 37, 80, 80), parvo.get("ganglion-layers.*.value-at-linear-threshold__Hz", null));
        assertEquals(List.of(5.0, 200), parvo.get("*.pixels-per-degree", null));
        assertEquals(List.of(), parvo.get("ganglion-layers.*.no-such-key", null));
    }

    @Test
    void shouldGetTheOtherwiseOfWhatIsNotThere() {
        RetinaConfiguration parvo = RetinaConfiguration.humanParvo();

        assertEquals("none", parvo.get("contrast-gain-control.no-such-key", "none"));
        assertEquals("none", parvo.get("ganglion-layers.4.sign", "none"));
        assertEquals("none", parvo.get("ganglion-layers.first.sign", "none"));
        assertEquals("none", parvo.get("retina.pixels-per-degree.deeper", "none"));
    }

    @Test
    void shouldGetThePixelsPerDegreeOfTheRetinaByThatNameAlone() {
        assertEquals(5.0, RetinaConfiguration.humanParvo().get("pixels-per-degree", null));
    }

    // ------------------------------------------------------------------------------------------------ set

    @Test
    void shouldMakeWhatIsMissingOnTheWay() {
        RetinaConfiguration configuration = of("ganglion-layers.0.spiking-channel.sigma-V", 0.3);

        assertEquals(
                List.of(Map.of("spiking-channel", Map.of("sigma-V", 0.3))), configuration.get("ganglion-layers", null));
    }

    @Test
    void shouldAppendAnEmptyEntryWithPlus() {
        RetinaConfiguration configuration = of("ganglion-layers.+.sign", 1);
        configuration.set("ganglion-layers.+.sign", -1);

        assertEquals(List.of(Map.of("sign", 1), Map.of("sign", -1)), configuration.get("ganglion-layers", null));
    }

    @Test
    void shouldAppendACopyOfTheLastEntryWithEquals() {
        RetinaConfiguration configuration = RetinaConfiguration.humanParvo();

        configuration.set("ganglion-layers.=.sign", 7);

        assertEquals("Magnocellular Off", configuration.get("ganglion-layers.4.name", null));
        assertEquals(List.of(1, -1, 1, -1, 7), configuration.get("ganglion-layers.*.sign", null));
    }

    @Test
    void shouldAppendACopyOfAnyEntryWithEqualsAndItsNumber() {
        RetinaConfiguration configuration = RetinaConfiguration.humanParvo();

        configuration.set("ganglion-layers.=0.spiking-channel.g-leak__Hz", 20);

        assertEquals("Parvocellular On", configuration.get("ganglion-layers.4.name", null));
        assertEquals(
                List.of(50, 50, 50, 50, 20), configuration.get("ganglion-layers.*.spiking-channel.g-leak__Hz", null));
    }

    @Test
    void shouldSetAllEntriesWithAStar() {
        RetinaConfiguration configuration = RetinaConfiguration.humanParvo();

        configuration.set("ganglion-layers.*.spiking-channel.sigma-V", 0.2);
        configuration.set("log-polar-scheme.*", 3);

        assertEquals(List.of(0.2, 0.2, 0.2, 0.2), configuration.get("ganglion-layers.*.spiking-channel.sigma-V", null));
        assertEquals(List.of(3, 3, 3), configuration.get("log-polar-scheme.*", null));
    }

    @Test
    void shouldChangeOneLayerWithoutTheOthers() {
        RetinaConfiguration configuration = RetinaConfiguration.humanParvo();

        configuration.set("ganglion-layers.0.spiking-channel.sigma-V", 0.2);

        assertEquals(List.of(0.2, 0.1, 0, 0), configuration.get("ganglion-layers.*.spiking-channel.sigma-V", null));
        assertEquals(0.1, RetinaConfiguration.humanParvo().get("ganglion-layers.0.spiking-channel.sigma-V", null));
    }

    @ParameterizedTest
    @CsvSource({
        "center-sigma__deg, outer-plexiform-layers.0.linear-version.center-sigma__deg",
        "center-n__uint, outer-plexiform-layers.0.linear-version.center-n__uint",
        "opl-amplification, outer-plexiform-layers.0.linear-version.opl-amplification",
        "leaky-heat-equation, outer-plexiform-layers.0.linear-version.leaky-heat-equation",
        "relative-weight, outer-plexiform-layers.0.linear-version.undershoot.relative-weight",
        "tau__sec, outer-plexiform-layers.0.linear-version.undershoot.tau__sec",
        "pixels-per-degree, retina.pixels-per-degree",
        "pixels-per-degree, basic-microsaccade-generator.pixels-per-degree",
        "size__deg, ganglion-layers.3.spiking-channel.square-array.size-x__deg",
        "size__deg, ganglion-layers.0.spiking-channel.square-array.size-y__deg",
        "uniform-density__inv-deg, ganglion-layers.2.spiking-channel.square-array.uniform-density__inv-deg",
        "enabled, ganglion-layers.1.enabled",
        "enabled, ganglion-layers.2.enabled"
    })
    void shouldKnowShortNames(String shortName, String path) {
        RetinaConfiguration configuration = RetinaConfiguration.humanParvo();

        configuration.set(shortName, 4711);

        assertEquals(4711, configuration.get(path, null));
    }

    @Test
    void shouldEnableLayersWhoseNameContainsAWord() {
        RetinaConfiguration configuration = RetinaConfiguration.humanParvo();

        configuration.setEnabled(true, "Magno");
        configuration.setEnabled(false, "Off");

        assertEquals(List.of(true, false, true, false), configuration.get("ganglion-layers.*.enabled", null));
    }

    @ParameterizedTest
    @CsvSource({
        "retina.pixels-per-degree.x, 'leads through the value 5.0; shorten it'",
        "ganglion-layers.7.sign, 'names entry 7 of a list of 4; append one with +'",
        "ganglion-layers.first.sign, 'names entry first of a list of 4; append one with +'",
        "ganglion-layers.=4.sign, 'copies entry 4 of a list of 4; append one with +'",
        "retina.pixels-per-degree.*, 'leads through the value 5.0; shorten it'",
        "no-such-layers.*.sign, 'means all entries of no-such-layers but there are none; append one with +'"
    })
    void shouldRejectPathsThatLeadNowhere(String path, String reason) {
        RetinaConfiguration configuration = RetinaConfiguration.humanParvo();

        String message = refusal(() -> configuration.set(path, 1));

        assertEquals("the path " + path + " " + reason, message);
    }

    @Test
    void shouldMergeTreesEntryByEntry() {
        RetinaConfiguration configuration = RetinaConfiguration.humanParvo();

        configuration.merge(Map.of(
                "contrast-gain-control",
                Map.of("adaptation-sigma__deg", 0.3),
                "ganglion-layers",
                List.of(Map.of(), Map.of("sign", 5))));

        assertEquals(0.3, configuration.get("contrast-gain-control.adaptation-sigma__deg", null));
        assertEquals(50, configuration.get("contrast-gain-control.opl-amplification__Hz", null));
        assertEquals(List.of(1, 5, 1, -1), configuration.get("ganglion-layers.*.sign", null));
    }

    // ------------------------------------------------------------------------------------------------ parameters

    @ParameterizedTest
    @CsvSource({
        "outer-plexiform-layers.0.linear-version.center-sigma__deg, 0.07, opl.centerSigmaDegrees",
        "outer-plexiform-layers.0.linear-version.surround-sigma__deg, 0.2, opl.surroundSigmaDegrees",
        "outer-plexiform-layers.0.linear-version.center-tau__sec, 0.02, opl.centerTauSeconds",
        "outer-plexiform-layers.0.linear-version.center-n__uint, 2, opl.centerOrder",
        "outer-plexiform-layers.0.linear-version.surround-tau__sec, 0.005, opl.surroundTauSeconds",
        "outer-plexiform-layers.0.linear-version.opl-amplification, 3, opl.amplification",
        "outer-plexiform-layers.0.linear-version.opl-relative-weight, 0.9, opl.surroundWeight",
        "outer-plexiform-layers.0.linear-version.undershoot.relative-weight, 0.6, opl.undershootWeight",
        "outer-plexiform-layers.0.linear-version.undershoot.tau__sec, 0.2, opl.undershootTauSeconds",
        "contrast-gain-control.opl-amplification__Hz, 40, bipolar.inputHertz",
        "contrast-gain-control.bipolar-inert-leaks__Hz, 30, bipolar.leakHertz",
        "contrast-gain-control.adaptation-sigma__deg, 0.3, bipolar.adaptationSigmaDegrees",
        "contrast-gain-control.adaptation-tau__sec, 0.01, bipolar.adaptationTauSeconds",
        "contrast-gain-control.adaptation-feedback-amplification__Hz, 60, bipolar.feedbackHertz",
        "ganglion-layers.0.sign, 2, on.input.sign",
        "ganglion-layers.1.sign, -2, off.input.sign",
        "ganglion-layers.0.transient-tau__sec, 0.03, on.input.transientTauSeconds",
        "ganglion-layers.1.transient-relative-weight, 0.5, off.input.transientWeight",
        "ganglion-layers.0.bipolar-linear-threshold, 0.25, on.input.threshold",
        "ganglion-layers.1.value-at-linear-threshold__Hz, 50, off.input.currentAtThresholdHertz",
        "ganglion-layers.0.bipolar-amplification__Hz, 150, on.input.gainHertz",
        "ganglion-layers.1.sigma-pool__deg, 0.1, off.input.poolingSigmaDegrees",
        "ganglion-layers.0.spiking-channel.g-leak__Hz, 40, on.spiking.leakHertz",
        "ganglion-layers.1.spiking-channel.sigma-V, 0.05, off.spiking.noiseSigma",
        "ganglion-layers.0.spiking-channel.refr-mean__sec, 1e-3, on.spiking.refractoryMeanSeconds",
        "ganglion-layers.1.spiking-channel.refr-stdev__sec, 5e-4, off.spiking.refractorySigmaSeconds"
    })
    void shouldSetTheParameterThatAKeyMeans(String path, String value, String parameter) {
        ParameterTree parameters = new Retina().parameters();
        RetinaConfiguration configuration = of(Map.of("ganglion-layers", List.of(Map.of(), Map.of())));
        configuration.set(path, value);

        List<String> without = configuration.applyTo(parameters);

        assertEquals(List.of(), without);
        assertEquals(Set.of(parameter), parameters.changed().keySet());
        assertEquals(Float.parseFloat(value), (float) parameters.get(parameter).number());
    }

    @Test
    void shouldFindTheDefaultsOfTheRetinaInTheDefaultConfiguration() {
        ParameterTree parameters = new Retina().parameters();
        parameters.set(Map.of("opl.amplification", 1, "bipolar.leakHertz", 1, "off.spiking.noiseSigma", 1));

        RetinaConfiguration.humanParvo().applyTo(parameters);

        assertEquals(Map.of(), parameters.changed());
    }

    @Test
    void shouldChangeNothingWhenEmpty() {
        ParameterTree parameters = new Retina().parameters();
        parameters.set("opl.amplification", 3);

        assertEquals(List.of(), new RetinaConfiguration().applyTo(parameters));

        assertEquals(Map.of("opl.amplification", 3.0), parameters.changed());
    }

    /**
     * Of the default configuration 19 values describe no layer of cells, 6 how each of two simulated layers is laid out, and
     * 17 each of two layers that are not simulated.
     */
    @Test
    void shouldListWhatHasNoEffect() {
        List<String> without = RetinaConfiguration.humanParvo().applyTo(new Retina().parameters());

        assertEquals(19 + 2 * 6 + 2 * 17, without.size());
        assertTrue(without.containsAll(List.of(
                "retina.pixels-per-degree",
                LINEAR + "undershoot.enabled",
                "ganglion-layers.0.name",
                "ganglion-layers.1.spiking-channel.square-array.size-x__deg",
                "ganglion-layers.2.sign",
                "ganglion-layers.3.spiking-channel.sigma-V")));
        assertFalse(without.contains("contrast-gain-control.adaptation-sigma__deg"));
    }

    @Test
    void shouldListTheKeysOfStagesThatAreLeftOut() {
        Retina retina =
                Retina.builder().stages(EnumSet.of(Retina.Stage.BIPOLAR)).build();
        RetinaConfiguration configuration = of(LINEAR + "center-sigma__deg", 0.1);
        configuration.set("contrast-gain-control.bipolar-inert-leaks__Hz", 20);

        assertEquals(List.of(LINEAR + "center-sigma__deg"), configuration.applyTo(retina.parameters()));
        assertEquals(20, retina.parameters().get("bipolar.leakHertz").number());
    }

    @Test
    void shouldNameAnUnknownKeyAndSuggestTheRightOne() {
        ParameterTree parameters = new Retina().parameters();
        RetinaConfiguration configuration = of("contrast-gain-control.bipolar-inert-leaks__Hz", 20);
        configuration.set("contrast-gain-control.adaptation-sigma_deg", 1);

        String message = refusal(() -> configuration.applyTo(parameters));

        assertTrue(
                message.startsWith("no key \"contrast-gain-control.adaptation-sigma_deg\" in a retina configuration;"
                        + " did you mean \"contrast-gain-control.adaptation-sigma__deg\"?"),
                message);
        assertEquals(Map.of(), parameters.changed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wide", "", "0,05", "0.05 deg", "null"})
    void shouldNameAValueThatIsNoNumber(String value) {
        ParameterTree parameters = new Retina().parameters();
        RetinaConfiguration configuration = of("contrast-gain-control.bipolar-inert-leaks__Hz", 20);
        configuration.set("center-sigma__deg", value);

        String message = refusal(() -> configuration.applyTo(parameters));

        assertEquals(
                LINEAR + "center-sigma__deg must be a number but was \"" + value + "\"; for example 0.05", message);
        assertEquals(Map.of(), parameters.changed());
    }

    @Test
    void shouldSetNothingWhenOneValueIsNotAllowed() {
        ParameterTree parameters = new Retina().parameters();
        RetinaConfiguration configuration = of("center-sigma__deg", 0.1);
        configuration.set("center-tau__sec", -0.01);

        String message = refusal(() -> configuration.applyTo(parameters));

        assertTrue(message.startsWith("opl.centerTauSeconds must be a finite number > 0 but was -0.01"), message);
        assertEquals(Map.of(), parameters.changed());
    }
}
