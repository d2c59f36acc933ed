package org.amacrine.operators.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The modules of one's own in docs/latent.md, as they stand there. */
class PageSnippetsTest {
    @TempDir
    Path folder;

    private static List<String> snippets() throws IOException {
        Matcher matcher = Pattern.compile("```java\n(Tensor.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "latent.md")));
        List<String> snippets = new ArrayList<>();
        while (matcher.find()) {
            snippets.add(matcher.group(1));
        }
        return snippets;
    }

    @Test
    void shouldCompile() throws IOException {
        List<String> snippets = snippets();
        assertEquals(2, snippets.size());
        Path source = Files.writeString(
                folder.resolve("Own.java"),
                "import java.util.Map;\nimport org.amacrine.operators.autodiff.*;\nimport org.amacrine.operators.latent.*;\n"
                        + "class Own {\nstatic {\n" + String.join("", snippets) + "}\n}\n");
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        errors,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertEquals(0, code, errors.toString(StandardCharsets.UTF_8));
    }
}
