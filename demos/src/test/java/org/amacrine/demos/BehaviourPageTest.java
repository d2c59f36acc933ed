package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.operators.arhmm.ArHmmModel;
import org.amacrine.operators.arhmm.ArHmmModelFile;
import org.amacrine.operators.arhmm.Functions;
import org.amacrine.operators.arhmm.Hyperparameters;
import org.amacrine.operators.arhmm.Sequences;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands and the Java of the page on states of behaviour, as they stand there. */
class BehaviourPageTest {
    private static final Path PAGE = Path.of("..", "docs", "arhmm.md");
    private static final int PARTS = 6;
    private static final int FRAMES = 120;

    @TempDir
    Path folder;

    private String page;

    @BeforeEach
    void readPage() throws IOException {
        page = Files.readString(PAGE);
    }

    private String example(String language) {
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertTrue(matcher.find(), "no " + language + " block");
        return matcher.group(1);
    }

    /** A table as DeepLabCut writes it, of six body parts that wobble about. */
    private void poses(String name, long seed) throws IOException {
        StringBuilder csv = new StringBuilder();
        for (String head : List.of("scorer", "bodyparts", "coords")) {
            csv.append(head);
            for (int i = 0; i < PARTS * 3; i++) {
                String part = "p" + i / 3;
                String column = List.of("x", "y", "likelihood").get(i % 3);
                csv.append(',').append(head.equals("scorer") ? "s" : head.equals("coords") ? column : part);
            }
            csv.append('\n');
        }
        Random random = new Random(seed);
        for (int t = 0; t < FRAMES; t++) {
            csv.append(t);
            for (int p = 0; p < PARTS; p++) {
                csv.append(String.format(
                        Locale.ROOT,
                        ",%.3f,%.3f,0.99",
                        100 + 10 * p + t + random.nextGaussian(),
                        50 + 3 * (p % 2) + random.nextGaussian()));
            }
            csv.append('\n');
        }
        Files.writeString(folder.resolve(name), csv);
    }

    @Test
    void shouldRunEveryCommand() throws IOException {
        poses("poses1.csv", 1);
        poses("poses2.csv", 2);
        poses("poses3.csv", 3);
        try (NpyWriter writer = new NpyWriter(folder.resolve("features.npy"), 10)) {
            writer.append(new float[10 * 40], 0, 40);
        }
        Set<String> files = Set.of("live", "video.mp4");
        int run = 0;
        // A model of so few frames has states that grow without bound, sooner or later.
        String commands = example("").replace("--frames 3000", "--frames 100");
        for (String line : commands.lines().toList()) {
            List<String> words = new ArrayList<>();
            for (String word : line.trim().split(" +")) {
                boolean isFile = word.matches("[a-z0-9-]+\\.(csv|npz|npy|mp4|png)") || files.contains(word);
                words.add(isFile ? folder.resolve(word).toString() : word);
            }
            assertEquals("./amacrine", words.remove(0), line);
            if (words.get(0).equals("demo")) {
                // There is no video here: whether its options are known is all that can be said.
                Amacrine.commandLine().parseArgs(words.toArray(String[]::new));
                continue;
            }
            Cli cli = Cli.run(words.toArray(String[]::new));
            assertEquals(0, cli.code(), line + "\n" + cli.err());
            run++;
        }
        assertTrue(run >= 8, run + " commands");
        assertTrue(Files.exists(folder.resolve("live/filtered.npy")));
    }

    @Test
    void shouldKnowEveryCommandAndOptionInItsText() {
        Matcher commands = Pattern.compile("`(?:\\./)?amacrine ([^`]+)`").matcher(page.replaceAll("\\s+", " "));
        int count = 0;
        while (commands.find()) {
            Amacrine.commandLine().parseArgs(commands.group(1).split(" "));
            count++;
        }
        assertTrue(count >= 5, count + " commands in the text");
        Set<String> known = new HashSet<>();
        Map<String, CommandLine> all = Amacrine.commandLine().getSubcommands();
        for (CommandLine group : List.of(all.get("arhmm"), all.get("demo"))) {
            for (CommandLine command : group.getSubcommands().values()) {
                known.addAll(command.getCommandSpec().optionsMap().keySet());
            }
        }
        Matcher options = Pattern.compile("`(--[a-z0-9-]+)[^`]*`").matcher(page);
        while (options.find()) {
            assertTrue(known.contains(options.group(1)), options.group());
        }
    }

    @Test
    void shouldRunThePipeline() throws IOException {
        double[] x = new double[40];
        try (NpyWriter writer = new NpyWriter(folder.resolve("features.npy"), 1)) {
            Random random = new Random(5);
            for (int t = 0; t < 40; t++) {
                x[t] = random.nextGaussian();
                writer.append(new float[] {(float) x[t]}, 0, 1);
            }
        }
        Hyperparameters prior = Hyperparameters.of(new Hyperparameters.Transitions(2, 5.7, 10, 100), 1, 1, 0.1, 1);
        Functions functions = new Functions();
        ArHmmModel model = functions.initModel(
                Sequences.of(new NdArray(new int[] {1, 40, 1}, x), null), null, null, prior, 1, null, null);
        ArHmmModelFile.of(model).write(folder.resolve("model.npz"));
        String pipeline = example("yaml")
                .replaceAll("([a-z]+\\.np[yz])", folder + "/$1")
                .replace("windowFrames: 6000, everyFrames: 3000", "windowFrames: 10, everyFrames: 10");
        Path file = Files.writeString(folder.resolve("pipeline.yaml"), pipeline);

        Cli cli = Cli.run("run", file.toString());

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("layer behaviour is fitted anew every 10 frames"), cli.out());
        assertEquals(40, NpyReader.readAll(folder.resolve("live.npy")).shape()[0]);
    }

    @Test
    void shouldCompileTheJava() throws IOException {
        String source = """
                import java.nio.file.Path;
                import org.amacrine.core.flux.JobRun;
                import org.amacrine.core.io.NdArray;
                import org.amacrine.core.kernel.Bands;
                import org.amacrine.core.kernel.Kernels;
                import org.amacrine.core.layer.Layer;
                import org.amacrine.operators.arhmm.*;

                class Page {
                    void example(NdArray x, NdArray mask, int dims, Kernels kernels, Bands bands) throws Exception {
                """ + example("java") + "    }\n}\n";
        Path file = Files.writeString(folder.resolve("Page.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = compiler.run(
                null,
                null,
                errors,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                file.toString());

        assertEquals(0, code, errors.toString(StandardCharsets.UTF_8));
    }
}
