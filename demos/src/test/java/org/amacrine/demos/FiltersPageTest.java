package org.amacrine.demos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.io.Npz;
import org.amacrine.core.layer.Layer;
import org.amacrine.operators.fit.Optimisers;
import org.amacrine.operators.models.Cascades;
import org.amacrine.operators.models.ModelLayers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on filters, docs/filters.md: its commands and its program as they stand there, and its tables. */
class FiltersPageTest {
    private static final Path PAGE = Path.of("..", "docs", "filters.md");
    private static final Shape SHAPE = Shape.image(7, 6);
    private static final int FRAMES = 60;

    @TempDir
    Path folder;

    @BeforeEach
    void writeArrays() throws IOException {
        NdArray kernel = gaussian(1, 10, 5, 5);
        Layer truth = Cascades.ln("ln", 1, true, false, 10, 5, 5);
        truth.parameters().set("conv.weight", kernel);
        NdArray x = gaussian(2, FRAMES, SHAPE.rows(), SHAPE.columns());
        float[] y = truth.run(new Frames(SHAPE, FRAMES, x.floats()), FRAMES)
                .get("output")
                .values();
        NpyWriter.write(folder.resolve("kernel.npy"), kernel);
        NpyWriter.write(folder.resolve("x.npy"), x);
        NpyWriter.write(folder.resolve("y.npy"), NdArray.of(y, x.shape()));
    }

    private static NdArray gaussian(long seed, int... axes) {
        Random random = new Random(seed);
        float[] values = new float[NdArray.count(axes)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return NdArray.of(values, axes);
    }

    private static List<String> blocks(String language) throws IOException {
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    /** The words of a command; files are those of the folder. */
    private String[] words(String command) {
        List<String> words = new ArrayList<>();
        for (String word : command.split("\\s+")) {
            boolean isFile = word.matches("[a-z]+\\.(npy|npz)|out");
            words.add(isFile ? folder.resolve(word).toString() : word.replace("@", "@" + folder + "/"));
        }
        return words.subList(1, words.size()).toArray(String[]::new);
    }

    @Test
    void shouldRunTheCommands() throws IOException {
        for (String command : blocks("console").get(0).lines().toList()) {
            Cli cli = Cli.run(words(command));
            assertEquals(0, cli.code(), command + ": " + cli.err());
        }
        assertArrayEquals(
                new int[] {1, 1, 10, 5, 5},
                Npz.read(folder.resolve("ln.npz")).get("conv.weight").shape());
        assertArrayEquals(
                new int[] {FRAMES, SHAPE.rows(), SHAPE.columns()},
                NpyReader.readAll(folder.resolve("out").resolve("output.npy")).shape());
    }

    @Test
    void shouldCompileAndRunTheProgram() throws Exception {
        String printed = PageProgram.run(folder, "FitLn", blocks("java").get(0));

        assertEquals(3, printed.lines().count());
        assertTrue(Files.exists(folder.resolve("fitted.npz")));
    }

    @Test
    void shouldListEveryLayerAndOptimiser() throws IOException {
        String page = Files.readString(PAGE);
        List<String> names = new ArrayList<>(Optimisers.names());
        ModelLayers.components().forEach(component -> names.add(component.name()));
        names.removeIf(name -> page.contains("`" + name + "`"));
        assertTrue(names.isEmpty(), names::toString);
    }
}
