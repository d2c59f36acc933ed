package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may see whom, read from the imports: models know nothing of plumbing, and each library stays behind one package. */
class ModuleRulesTest {
    private static final Path ROOT = Path.of("..");

    private record Rule(String folder, String forbidden, String except) {}

    private static final List<Rule> RULES = List.of(
            new Rule("operators", "(reactor|io\\.netty|org\\.nd4j|com\\.lmax)\\.", "operators/(autodiff|arrays)/"),
            new Rule("operators", "org\\.bytedeco\\.", "operators/vision/"),
            new Rule("operators", "org\\.amacrine\\.(sources|sinks|demos|backends)\\.", ""),
            // A refit watches a stream and steers a layer, so it is a sink; sinks cannot see models.
            new Rule(
                    "operators",
                    "org\\.amacrine\\.core\\.(flux|run|ring|metrics|sink)\\.",
                    "OperatorComponents\\.java"),
            // A model that runs freely is a source; sources cannot see models.
            new Rule(
                    "operators",
                    "org\\.amacrine\\.core\\.source\\.",
                    "(OperatorComponents|latent/GeneratorSource|epi/SamplerSource)\\.java"),
            new Rule("sources", "org\\.amacrine\\.(operators|sinks|demos|backends)\\.", ""),
            new Rule("sources", "org\\.bytedeco\\.", "sources/(video|camera)/"),
            new Rule("sources", "reactor\\.|io\\.netty\\.", "sources/network/"),
            new Rule("sinks", "org\\.amacrine\\.(operators|sources|demos|backends)\\.", ""),
            new Rule("sinks", "org\\.bytedeco\\.", "sinks/video/"),
            new Rule("stream-core", "org\\.amacrine\\.(operators|sources|sinks|demos|backends)\\.", ""),
            new Rule("stream-core", "com\\.lmax\\.", "core/ring/"),
            new Rule("stream-core", "org\\.HdrHistogram|io\\.micrometer\\.", "core/metrics/"),
            new Rule("stream-core", "reactor\\.|org\\.reactivestreams\\.", "core/(flux|run)/"),
            new Rule("stream-core", "io\\.jhdf\\.", "core/hdf5/"),
            new Rule("operators", "io\\.jhdf\\.", ""),
            new Rule("sources", "io\\.jhdf\\.", ""),
            new Rule("stream-core", "jdk\\.incubator\\.", ""),
            new Rule("backends", "org\\.amacrine\\.(operators|sources|sinks|demos)\\.", ""));

    @Test
    void shouldKeepModulesAndLibrariesApart() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Rule rule : RULES) {
            Pattern forbidden = Pattern.compile("^import (static )?(" + rule.forbidden + ").*");
            for (Path file : sources(rule.folder)) {
                boolean excepted = !rule.except.isEmpty()
                        && Pattern.compile(rule.except)
                                .matcher(file.toString().replace('\\', '/'))
                                .find();
                for (String line : Files.readAllLines(file)) {
                    if (!excepted && forbidden.matcher(line).matches()) {
                        broken.add(ROOT.relativize(file) + ": " + line);
                    }
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    private static List<Path> sources(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().replace('\\', '/').contains("src/main/java"))
                    .toList();
            assertTrue(found.size() > 1, "no sources in " + folder);
            return found;
        }
    }
}
