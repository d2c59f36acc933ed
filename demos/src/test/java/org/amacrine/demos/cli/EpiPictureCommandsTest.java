package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.demos.Cli;
import org.amacrine.demos.epi.RunMovie;
import org.amacrine.operators.epi.SavedRun;
import org.amacrine.operators.epi.SavedRuns;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures, videos and tables of saved fits. */
class EpiPictureCommandsTest {
    @TempDir
    Path folder;

    private static Cli epi(Object... words) {
        return Cli.run(Stream.concat(Stream.of("epi"), Stream.of(words))
                .map(Object::toString)
                .toArray(String[]::new));
    }

    private static Cli done(Object... words) {
        Cli cli = epi(words);
        assertEquals(0, cli.code(), cli.err());
        return cli;
    }

    private static void refused(String why, Object... words) {
        Cli cli = epi(words);
        assertFalse(cli.code() == 0, "it was not refused");
        assertTrue(cli.err().contains(why), cli.err());
    }

    private void fit(Object... more) {
        Object[] small = {"--epochs", 2, "--iterations", 10, "--log-rate", 5, "--samples", 20, "--init-iterations", 20};
        done(Stream.of(new Object[] {"fit", "stomatogastric", "--out", folder, "--units", 4}, small, more)
                .flatMap(Stream::of)
                .toArray());
    }

    /** Rows 0, 5, 10, 15 and 20 of the table. */
    @Test
    void shouldWriteAVideoOfASavedRun() throws IOException {
        fit("--movie-data", "--norm-batches", 2, "--test-batches", 2);
        Path file = folder.resolve("fit.mp4");
        Cli cli = done("movie", folder, "--out", file);
        assertTrue(cli.out().contains("5 frames"), cli.out());
        SavedRun run = SavedRuns.find(folder).get(0);
        BufferedImage drawn = new RunMovie(run).frame(4);
        try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.toFile())) {
            grabber.start();
            assertEquals(30, grabber.getVideoFrameRate(), 1e-9);
            assertEquals(drawn.getWidth(), grabber.getImageWidth());
            assertEquals(drawn.getHeight(), grabber.getImageHeight());
            int frames = 0;
            while (grabber.grabImage() != null) {
                frames++;
            }
            assertEquals(5, frames);
        }
        assertFalse(same(new RunMovie(run).frame(0), drawn), "the fit moves");
        done("movie", run.folder());
        assertTrue(Files.exists(run.folder().resolve("epi_opt.mp4")));
        refused("file must end with .mp4 or .mkv", "movie", folder, "--out", folder.resolve("fit.gif"));
    }

    private static boolean same(BufferedImage a, BufferedImage b) {
        for (int x = 0; x < a.getWidth(); x++) {
            for (int y = 0; y < a.getHeight(); y++) {
                if (a.getRGB(x, y) != b.getRGB(x, y)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void shouldSayWhyThereIsNoVideo() throws IOException {
        fit("--norm-batches", 2, "--test-batches", 2);
        Path run = SavedRuns.find(folder).get(0).folder();
        refused("File " + run.resolve("movie_data.npz") + " does not exist.", "movie", run);
        fit("--norm-batches", 2, "--test-batches", 2, "--seed", 2);
        refused("a video is of one fit but there are 2", "movie", folder);
        refused("no fit in", "movie", folder.resolve("nothing"));
    }

    @Test
    void shouldDrawTheFitAndItsStatistics() throws IOException {
        fit("--norm-batches", 2, "--test-batches", 2, "--seeds", 2);
        Path file = folder.resolve("fit.png");
        done("plot", folder, "--of", "fit", "--out", file);
        assertEquals(640, ImageIO.read(file.toFile()).getHeight(), "entropies, and violations of two fits");
        Path run = SavedRuns.find(folder).get(0).folder();
        done("plot", run, "--of", "fit", "--epochs", 1, "--out", file);
        assertEquals(320, ImageIO.read(file.toFile()).getHeight());
        done("plot", run, "--of", "statistics", "--count", 30, "--out", file);
        assertEquals(320, ImageIO.read(file.toFile()).getHeight(), "two statistics side by side");
        refused("did you mean \"pairs\"?", "plot", run, "--of", "pair", "--out", file);
        refused("has no rows to draw up to epoch -1", "plot", run, "--of", "fit", "--epochs", -1, "--out", file);
        refused("a .png file", "plot", run, "--of", "fit", "--out", folder.resolve("fit.jpg"));
    }

    /** The modes of a path, as stars and as a line; two parameters are no square matrix. */
    @Test
    void shouldDrawPairsWithWhatBelongsToThem() throws IOException {
        fit("--norm-batches", 2, "--test-batches", 2);
        Path modes = folder.resolve("modes.npy");
        Cli cli = done("modes", folder, "--hold", "g_el", "--at", "5,6,7", "--steps", 3, "--out", modes);
        assertTrue(cli.out().contains(modes + ": 3 modes of g_el, g_synA"), cli.out());
        NdArray saved = NpyReader.readAll(modes);
        assertArrayEquals(new int[] {3, 2}, saved.shape());
        for (int v = 0; v < 3; v++) {
            assertEquals(5 + v, saved.doubles()[2 * v]);
        }
        Path plain = folder.resolve("plain.png");
        Path file = folder.resolve("pairs.png");
        done("plot", folder, "--count", 50, "--out", plain);
        for (List<Object> extra : List.<List<Object>>of(
                List.of("--stars", modes),
                List.of("--trajectory", modes),
                List.of("--limits=-1,0"),
                List.of("--outliers-apart"))) {
            List<Object> words = new ArrayList<>(List.of("plot", folder, "--count", 50, "--out", file));
            words.addAll(extra);
            done(words.toArray());
            assertFalse(same(ImageIO.read(plain.toFile()), ImageIO.read(file.toFile())), extra.toString());
        }
        refused("must be two log densities but are 1", "plot", folder, "--limits", "1", "--out", file);
        refused("the lower one first, but were 2.0 and 1.0", "plot", folder, "--limits", "2,1", "--out", file);
        refused("exclude each other", "plot", folder, "--limits=-1,0", "--outliers-apart", "--out", file);
        refused("a square matrix has 1, 4, 9", "plot", folder, "--of", "matrix", "--out", file);
    }

    @Test
    void shouldDrawTheMostProbableMatrix() throws IOException {
        Object[] small = {"--epochs", 1, "--iterations", 5, "--samples", 20, "--init-iterations", 20, "--units", 4};
        done(Stream.of(new Object[] {"fit", "linear", "--out", folder, "--norm-batches", 2, "--test-batches", 2}, small)
                .flatMap(Stream::of)
                .toArray());
        Path file = folder.resolve("matrix.png");
        Cli cli = done("plot", folder, "--of", "matrix", "--out", file);
        List<String> lines = cli.out().lines().toList();
        assertTrue(lines.get(0).matches("-?\\d+\\.\\d\\d -?\\d+\\.\\d\\d"), cli.out());
        assertTrue(lines.get(1).matches("-?\\d+\\.\\d\\d -?\\d+\\.\\d\\d"), cli.out());
        assertTrue(ImageIO.read(file.toFile()).getWidth() > 200);
        Path pairs = folder.resolve("pairs.png");
        done("plot", folder, "--count", 20, "--out", pairs);
        done("plot", folder, "--count", 20, "--unity-line", "--out", file);
        assertFalse(same(ImageIO.read(pairs.toFile()), ImageIO.read(file.toFile())), "a line is drawn");
    }

    @Test
    void shouldListFitsAndJoinTheirTables() throws IOException {
        fit("--norm-batches", 2, "--test-batches", 2, "--seeds", 2);
        Path file = folder.resolve("all.csv");
        Cli cli = done("runs", folder, "--out", file);
        assertEquals(3, cli.out().lines().count());
        assertTrue(cli.out().contains(": 2 epochs, "), cli.out());
        assertTrue(cli.out().lines().limit(2).allMatch(line -> line.matches(".*, \\d+\\.\\d s")), cli.out());
        List<String> lines = Files.readAllLines(file);
        assertEquals("k,iteration,H,cost,converged,R1,R2,path,init,arch,EP,AL_hps", lines.get(0));
        assertEquals(1 + 2 * 5, lines.size());
        SavedRun second = SavedRuns.find(folder).get(1);
        String[] last = lines.get(10).split(",");
        assertEquals("2", last[0]);
        assertEquals("20", last[1]);
        assertEquals(second.folder().toString(), last[7]);
        // The cells are the names of the folders on the way to the run.
        assertTrue(second.folder().endsWith(Path.of(last[8], last[9], last[10], last[11])), lines.get(10));
    }

    /** No number is left after a step of that size: the last row of the table has none. */
    @Test
    void shouldDrawAFitThatFailed() throws IOException {
        Object[] small = {"--samples", 20, "--norm-batches", 2, "--init-iterations", 20};
        Object[] words = {"fit", "linear", "--out", folder, "--units", 4, "--rate", "1e300", "--movie-data"};
        Cli fit = epi(Stream.of(words, small).flatMap(Stream::of).toArray());
        assertFalse(fit.code() == 0, "the fit fails");
        SavedRun run = SavedRuns.find(folder).get(0);
        assertTrue(Double.isNaN(run.records().get(run.records().size() - 1).cost()));
        done("movie", folder, "--out", folder.resolve("fit.mp4"));
        done("plot", folder, "--of", "fit", "--out", folder.resolve("fit.png"));
    }
}
