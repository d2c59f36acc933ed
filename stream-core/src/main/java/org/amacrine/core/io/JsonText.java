package org.amacrine.core.io;

import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.NonPrintableStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** Writes JSON; {@link YamlText} reads it. */
public final class JsonText {
    private JsonText() {}

    /** Maps, lists, words and numbers as JSON, which is YAML in quotes and braces, on one line. */
    public static String of(Map<String, Object> values) {
        return new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.FLOW)
                        .setDefaultScalarStyle(ScalarStyle.JSON_SCALAR_STYLE)
                        .setNonPrintableStyle(NonPrintableStyle.ESCAPE)
                        .setWidth(Integer.MAX_VALUE)
                        .setSplitLines(false)
                        .build())
                .dumpToString(values);
    }
}
