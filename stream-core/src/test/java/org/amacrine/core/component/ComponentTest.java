package org.amacrine.core.component;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.junit.jupiter.api.Test;

class ComponentTest {

    private static Component<String> echo() {
        return Component.of(
                "test.echo",
                "Says a word several times",
                settings ->
                        settings.get("word").text().repeat(settings.get("times").integer()),
                () -> Parameter.text("word", null).required().doc("What to say"),
                () -> Parameter.integer("times", 2).atLeast(1));
    }

    @Test
    void shouldMakeFromSettings() {
        ParameterTree settings = echo().settings();
        settings.set("word", "on");

        assertEquals("onon", echo().make(settings));
        assertEquals("test.echo", echo().name());
        assertEquals("Says a word several times", echo().doc());
    }

    @Test
    void shouldGiveNewSettingsEachTime() {
        Component<String> component = echo();
        ParameterTree first = component.settings();
        first.set("times", 5);

        assertNotSame(first.get("times"), component.settings().get("times"));
        assertEquals(2, component.settings().get("times").integer());
    }

    @Test
    void shouldNameASettingThatIsMissing() {
        var e = assertThrows(IllegalArgumentException.class, () -> echo().make(echo().settings()));

        assertEquals("test.echo needs word: What to say; there is no default", e.getMessage());
    }

    @Test
    void shouldFindNothingInAnEmptyCatalog() {
        Catalog catalog = Catalog.load();

        var e = assertThrows(IllegalArgumentException.class, () -> catalog.layer("retina"));

        assertEquals("no layer \"retina\"; there are none", e.getMessage());
        assertTrue(catalog.sources().isEmpty());
        assertTrue(catalog.sinks().isEmpty());
    }
}
