package org.amacrine.operators.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.CheckedLayer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.LayerContract;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackerTest {
    private static final double RATE = 50;
    private static final Resolution RESOLUTION = Resolution.of(10, RATE);
    private static final double LENGTH = 30;
    private static final double WIDTH = 14;
    /** The border of an ellipse is cut at half coverage: its centroid is wrong by some hundredths of a pixel. */
    private static final double PLACE = 0.15;
    /** As many border pixels as the circumference has, each in or out by a fraction: about 1 part in 100 of the area. */
    private static final double AREA = 0.03;

    private static Tracker tracker(Object... namesAndValues) {
        Tracker tracker = new Tracker("vision.tracker");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            tracker.parameters().set((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return tracker;
    }

    private static Map<String, Frames> track(Tracker tracker, Frames film, int dt) {
        return LayerRun.of("vision.tracker", tracker)
                .resolution(RESOLUTION)
                .kernels(ScalarKernels.INSTANCE)
                .dt(dt)
                .apply(film);
    }

    private static Map<String, Frames> track(Ellipses film, Object... namesAndValues) {
        return track(tracker(namesAndValues), film.frames(), 16);
    }

    private static double at(Map<String, Frames> tracks, String output, int frame, int i) {
        Frames frames = tracks.get(output);
        return frames.values()[frame * frames.shape().values() + i];
    }

    private static double heading(Map<String, Frames> tracks, int frame) {
        return at(tracks, "heading", frame, 0);
    }

    private static void assertPlace(Map<String, Frames> tracks, int frame, double column, double row, double within) {
        assertEquals(column, at(tracks, "centroid", frame, 0), within, "column in frame " + frame);
        assertEquals(row, at(tracks, "centroid", frame, 1), within, "row in frame " + frame);
    }

    private static void assertMissing(Map<String, Frames> tracks, int frame) {
        tracks.forEach((name, frames) -> {
            int size = frames.shape().values();
            for (int i = 0; i < size; i++) {
                assertTrue(Float.isNaN(frames.values()[frame * size + i]), name + " in frame " + frame);
            }
        });
    }

    /** Both ends of an ellipse look alike: only after a way walked it is settled which is the nose. */
    private static void assertHeading(double expected, Map<String, Frames> tracks, int frame, double within) {
        double off = heading(tracks, frame) - expected;
        double difference = frame < 25 ? Math.asin(Math.sin(off)) : Math.atan2(Math.sin(off), Math.cos(off));
        assertEquals(0, difference, within, "heading in frame " + frame);
    }

    /** An ellipse that walks straight ahead, 1.5 columns and 0.5 rows a frame. */
    private static Ellipses walk(int frames, double ground, double shade) {
        Ellipses film = new Ellipses(frames, ground);
        for (int t = 0; t < frames; t++) {
            film.draw(t, 30 + 1.5 * t, 40 + 0.5 * t, Math.atan2(0.5, 1.5), LENGTH, WIDTH, shade);
        }
        return film;
    }

    // ------------------------------------------------------------------------------------------------ what is measured

    @ParameterizedTest
    @CsvSource({"0.8, 0.1", "0.1, 0.8", "200, 30", "20, 220"})
    void shouldMeasureAnEllipseThatWalks(double ground, double shade) {
        Map<String, Frames> tracks = track(walk(60, ground, shade));

        double speed = Math.hypot(1.5, 0.5) * RATE;
        for (int t = 0; t < 60; t++) {
            assertPlace(tracks, t, 30 + 1.5 * t, 40 + 0.5 * t, PLACE);
            assertHeading(Math.atan2(0.5, 1.5), tracks, t, 0.03);
            double area = Math.PI / 4 * LENGTH * WIDTH;
            assertEquals(area, at(tracks, "area", t, 0), AREA * area, "area in frame " + t);
            assertEquals(LENGTH, at(tracks, "extent", t, 0), AREA * LENGTH);
            assertEquals(WIDTH, at(tracks, "extent", t, 1), AREA * WIDTH);
        }
        // Smoothed over 5 frames, an error of PLACE is one of about PLACE / 5 a frame.
        double within = 0.2 * PLACE * RATE;
        for (int t = 40; t < 60; t++) {
            assertEquals(speed, at(tracks, "speed", t, 0), within);
            assertEquals(speed, at(tracks, "velocity", t, 0), within);
            assertEquals(0, at(tracks, "velocity", t, 1), within);
            assertEquals(0, at(tracks, "turning", t, 0), 0.2);
            assertEquals(at(tracks, "velocity", t, 0), at(tracks, "features", t, 0));
            assertEquals(at(tracks, "velocity", t, 1), at(tracks, "features", t, 1));
            assertEquals(at(tracks, "turning", t, 0), at(tracks, "features", t, 2));
            assertEquals(at(tracks, "extent", t, 0), at(tracks, "features", t, 3));
            assertEquals(at(tracks, "extent", t, 1), at(tracks, "features", t, 4));
        }
    }

    @Test
    void shouldHaveAUnitForEachOutput() {
        Tracker tracker = tracker();
        assertEquals("pixels", tracker.unit("centroid"));
        assertEquals("rad", tracker.unit("heading"));
        assertEquals("pixels²", tracker.unit("area"));
        assertEquals("pixels/s", tracker.unit("speed"));
        assertEquals("rad/s", tracker.unit("turning"));
        assertEquals("", tracker.unit("features"));
    }

    @Test
    void shouldMeasureTurningOfAnEllipseThatWalksInACircle() {
        double radius = 35;
        double step = 2 * Math.PI / 100;
        Ellipses film = new Ellipses(210, 0.8);
        for (int t = 0; t < 210; t++) {
            double a = step * t;
            film.draw(t, 80 + radius * Math.cos(a), 60 + radius * Math.sin(a), a + Math.PI / 2, LENGTH, WIDTH, 0.1);
        }
        Map<String, Frames> tracks = track(film);

        double turning = 0;
        double forwards = 0;
        for (int t = 60; t < 160; t++) {
            double expected = step * t + Math.PI / 2;
            assertEquals(1, Math.cos(heading(tracks, t) - expected), 0.002, "heading in frame " + t);
            turning += at(tracks, "turning", t, 0) / 100;
            forwards += at(tracks, "velocity", t, 0) / 100;
        }
        assertEquals(step * RATE, turning, 0.01 * step * RATE);
        // A vector that turns by w a frame keeps the part Re(exp(-i w / 2) g / (1 - (1 - g) exp(-i w))) along the
        // heading:
        // a way points between two headings, and the smoothing, g = 1 - exp(-1 / 5), lags. With w = 2 pi / 100: 0.910.
        assertEquals(radius * step * RATE * 0.910, forwards, 0.005 * radius * step * RATE);
    }

    // ------------------------------------------------------------------------------------------------ the heading

    @Test
    void shouldTurnTheHeadingRoundOnceAfterTheWayItTakes() {
        // Drawn thicker in front: the thin end, first taken for the nose, is behind.
        Ellipses film = new Ellipses(60, 0.8);
        for (int t = 0; t < 60; t++) {
            film.draw(t, 40 + 1.5 * t, 60, 0, LENGTH, WIDTH, 0.1).draw(t, 47 + 1.5 * t, 60, 0, 18, 18, 0.1);
        }
        Map<String, Frames> tracks = track(film);

        assertEquals(Math.PI, Math.abs(heading(tracks, 0)), 0.01);
        int turned = 0;
        while (Math.abs(heading(tracks, turned)) > 1) {
            turned++;
        }
        // 0.75 of some 30 pixels at 1.5 a frame: 15 frames, and some more because the sum forgets.
        assertTrue(turned >= 14 && turned <= 20, "turned round in frame " + turned);
        for (int t = turned; t < 60; t++) {
            assertEquals(0, heading(tracks, t), 0.01);
            assertEquals(0, at(tracks, "turning", t, 0), 0.3, "a heading that is turned round is no turning");
        }
        assertTrue(at(tracks, "velocity", turned - 1, 0) < 0 && at(tracks, "velocity", turned, 0) > 0);
    }

    @Test
    void shouldKeepTheHeadingWhenTheAnimalStepsBack() {
        Ellipses film = new Ellipses(80, 0.8);
        for (int t = 0; t < 80; t++) {
            double way = t < 60 ? 1.2 * t : 72 - 1.2 * (t - 60);
            film.draw(t, 30 + way, 60, 0, LENGTH, WIDTH, 0.1);
        }
        Map<String, Frames> tracks = track(film);

        assertEquals(0, heading(tracks, 79), 0.01);
        // 19 steps after it turned: 2 exp(-19 / 5) of the velocity are still those of before.
        assertEquals(-1.2 * RATE * (1 - 2 * Math.exp(-3.8)), at(tracks, "velocity", 79, 0), 1.5);
    }

    // ------------------------------------------------------------------------------------------------ what is in the
    // way

    @Test
    void shouldGiveMissingValuesWhileTheAnimalIsAway() {
        Ellipses film = new Ellipses(60, 0.8);
        for (int t = 0; t < 60; t++) {
            if (t < 20 || t >= 30) {
                film.draw(t, 30 + 1.5 * t, 60, 0, LENGTH, WIDTH, 0.1);
            }
        }
        Map<String, Frames> tracks = track(film);

        for (int t = 20; t < 30; t++) {
            assertMissing(tracks, t);
        }
        assertPlace(tracks, 30, 75, 60, PLACE);
        assertEquals(1.5 * RATE, at(tracks, "speed", 30, 0), 2, "the way over the gap by its time");
        assertEquals(1.5 * RATE, at(tracks, "speed", 45, 0), 2);
    }

    @Test
    void shouldBeginMotionAnewAfterALongAbsence() {
        Ellipses film = new Ellipses(90, 0.8);
        for (int t = 0; t < 90; t++) {
            if (t < 10 || t >= 70) {
                film.draw(t, 40 + t % 10, 60, 0, LENGTH, WIDTH, 0.1);
            }
        }
        Map<String, Frames> tracks = track(film);

        assertTrue(Double.isNaN(at(tracks, "speed", 0, 0)), "nothing to compare with");
        assertTrue(Double.isNaN(at(tracks, "features", 0, 0)));
        assertPlace(tracks, 0, 40, 60, PLACE);
        assertTrue(Double.isNaN(at(tracks, "speed", 70, 0)));
        assertEquals(RATE, at(tracks, "speed", 71, 0), 5);
    }

    @Test
    void shouldFollowTheLargerOfTwo() {
        Ellipses film = new Ellipses(40, 0.8);
        for (int t = 0; t < 40; t++) {
            film.draw(t, 110 - t, 90, 0, 20, 12, 0.1).draw(t, 40 + t, 40, 0, LENGTH, WIDTH, 0.1);
        }
        Map<String, Frames> tracks = track(film);

        for (int t = 0; t < 40; t++) {
            assertPlace(tracks, t, 40 + t, 40, PLACE);
        }
    }

    @Test
    void shouldCutOffATail() {
        Ellipses film = walk(50, 0.8, 0.1);
        for (int t = 0; t < 50; t++) {
            double angle = Math.atan2(0.5, 1.5);
            film.draw(t, 30 + 1.5 * t - 25 * Math.cos(angle), 40 + 0.5 * t - 25 * Math.sin(angle), angle, 30, 2.5, 0.1);
        }
        Map<String, Frames> tracks = track(film, "openingPixels", 5);

        for (int t = 0; t < 50; t++) {
            assertPlace(tracks, t, 30 + 1.5 * t, 40 + 0.5 * t, 0.5);
            assertEquals(LENGTH, at(tracks, "extent", t, 0), 1.5);
        }
    }

    @Test
    void shouldFindItsWayThroughNoise() {
        Map<String, Frames> tracks = track(walk(60, 0.8, 0.3).noise(0.05, 3));

        // Each of some 70 border pixels is wrong by 0.4: some 0.1 pixels of the centroid, five of which are never
        // reached.
        for (int t = 0; t < 60; t++) {
            assertPlace(tracks, t, 30 + 1.5 * t, 40 + 0.5 * t, 0.5);
            assertHeading(Math.atan2(0.5, 1.5), tracks, t, 0.06);
        }
    }

    @Test
    void shouldFindNothingInNoiseAlone() {
        Map<String, Frames> tracks = track(new Ellipses(20, 0.8).noise(0.01, 4));

        for (int t = 0; t < 20; t++) {
            assertMissing(tracks, t);
        }
    }

    @Test
    void shouldFollowTheLight() {
        int frames = 400;
        Ellipses film = new Ellipses(frames, 0.6);
        for (int t = 0; t < frames; t++) {
            double a = 2 * Math.PI * t / 100;
            film.draw(t, 80 + 30 * Math.cos(a), 60 + 30 * Math.sin(a), a + Math.PI / 2, LENGTH, WIDTH, 0.1);
        }
        // Within 8 s the light grows by half, three times as much as the contrast an animal must have.
        Map<String, Frames> tracks = track(film.light(t -> 1 + 0.5 * t / frames), "adaptationSeconds", 2);

        for (int t = 0; t < frames; t++) {
            double a = 2 * Math.PI * t / 100;
            assertPlace(tracks, t, 80 + 30 * Math.cos(a), 60 + 30 * Math.sin(a), 0.5);
        }
    }

    @Test
    void shouldKeepAnAnimalThatRestsForAMinute() {
        Ellipses film = new Ellipses(60, 0.8);
        for (int t = 0; t < 60; t++) {
            film.draw(t, 60, 50, 0.3, LENGTH, WIDTH, 0.1);
        }
        Map<String, Frames> tracks = LayerRun.of("vision.tracker", tracker())
                .resolution(Resolution.of(10, 1))
                .kernels(ScalarKernels.INSTANCE)
                .apply(film.frames());

        for (int t = 0; t < 60; t++) {
            assertPlace(tracks, t, 60, 50, PLACE);
        }
    }

    @Test
    void shouldForgetAPlaceWhereAnAnimalLayWhenItLeaves() {
        Ellipses film = new Ellipses(120, 0.8);
        for (int t = 0; t < 120; t++) {
            film.draw(t, t < 20 ? 60 : 60 + 1.5 * (t - 20) % 60, t < 20 ? 50 : 80, 0, LENGTH, WIDTH, 0.1);
        }
        float[] withAnimal = Arrays.copyOf(film.frames().values(), Ellipses.SHAPE.values());
        // The recorded background has an animal in it: what it leaves is bright, and no animal.
        Map<String, Frames> tracks = track(film, "animal", "dark", "background", NdArray.of(withAnimal, 120, 160));

        assertMissing(tracks, 5);
        for (int t = 21; t < 120; t++) {
            assertPlace(tracks, t, 60 + 1.5 * (t - 20) % 60, 80, 0.3);
        }
    }

    // ------------------------------------------------------------------------------------------------ settings

    @Test
    void shouldBeginWithABackgroundThatIsGiven() {
        // The animal begins at the border, where none is looked for without a background.
        Ellipses film = new Ellipses(30, 0.8);
        for (int t = 0; t < 30; t++) {
            film.draw(t, 2 + t, 60, 0, LENGTH, WIDTH, 0.1);
        }
        float[] ground = new float[Ellipses.SHAPE.values()];
        Arrays.fill(ground, 0.8f);

        assertMissing(track(film), 0);
        Map<String, Frames> tracks = track(film, "background", NdArray.of(ground, 120, 160));
        assertTrue(at(tracks, "area", 0, 0) > 100);
        assertPlace(tracks, 29, 31, 60, PLACE);
    }

    @Test
    void shouldLookInsideTheRegionOnly() {
        Ellipses film = new Ellipses(30, 0.8);
        for (int t = 0; t < 30; t++) {
            film.draw(t, 40 + t, 30, 0, 40, 25, 0.1).draw(t, 110 - t, 90, 0, LENGTH, WIDTH, 0.1);
        }
        Map<String, Frames> tracks = track(film, "regionTop", 60, "regionLeft", 20, "regionColumns", 130);

        for (int t = 0; t < 30; t++) {
            assertPlace(tracks, t, 110 - t, 90, PLACE);
        }
    }

    @Test
    void shouldTakeOnlyTheSideThatIsAskedFor() {
        Ellipses film = walk(20, 0.5, 0.1);
        for (int t = 0; t < 20; t++) {
            film.draw(t, 110, 90, 0, 40, 20, 0.9);
        }
        assertPlace(track(film, "animal", "dark"), 19, 58.5, 49.5, PLACE);
        assertPlace(track(film, "animal", "bright"), 19, 110, 90, PLACE);
    }

    @Test
    void shouldUseAThresholdThatIsGiven() {
        // A dark core in a paler coat: half the contrast cuts the coat off, a low threshold does not.
        Ellipses film = new Ellipses(20, 0.8);
        for (int t = 0; t < 20; t++) {
            film.draw(t, 50 + t, 60, 0, LENGTH, WIDTH, 0.6).draw(t, 50 + t, 60, 0, 16, 8, 0);
        }
        assertEquals(16, at(track(film), "extent", 19, 0), 1);
        assertEquals(LENGTH, at(track(film, "threshold", 0.1), "extent", 19, 0), 1);
    }

    @Test
    void shouldAverageColours() {
        Frames grey = walk(20, 0.8, 0.1).frames();
        Shape shape = new Shape(2, 120, 160);
        Frames colour = Frames.zeros(shape, 20);
        for (int i = 0; i < grey.values().length; i++) {
            int at = i / grey.shape().values() * shape.values()
                    + i % grey.shape().values();
            colour.values()[at] = grey.values()[i] * 1.5f;
            colour.values()[at + grey.shape().values()] = grey.values()[i] * 0.5f;
        }
        Map<String, Frames> tracks = track(tracker(), colour, 7);
        assertPlace(tracks, 19, 58.5, 49.5, PLACE);
    }

    @Test
    void shouldCountFramesThatWereLost() {
        CheckedLayer layer = new CheckedLayer("vision.tracker", tracker("smoothingSeconds", 0));
        var shapes = layer.prepare(new LayerContext(
                "vision.tracker",
                java.util.List.of(Ellipses.SHAPE),
                RESOLUTION,
                ScalarKernels.INSTANCE,
                Bands.ALONE,
                0,
                1));
        Frames film = walk(20, 0.8, 0.1).frames();
        Chunk[] out = shapes.stream().map(shape -> Chunk.unpooled(shape, 1)).toArray(Chunk[]::new);
        for (int frame : new int[] {0, 1, 10}) {
            Chunk in = Chunk.unpooled(Ellipses.SHAPE, 1);
            in.begin(frame, frame == 10 ? 8 : 0);
            in.frames(1);
            System.arraycopy(film.values(), frame * in.values().length, in.values(), 0, in.values().length);
            layer.process(new Chunk[] {in}, out);
        }
        assertEquals(Math.hypot(1.5, 0.5) * RATE, out[5].values()[0], 2);
    }

    @Test
    void shouldRejectARegionOutsideTheFrameAndABackgroundOfAnotherExtent() {
        Frames film = walk(2, 0.8, 0.1).frames();

        var outside = assertThrows(
                IllegalArgumentException.class, () -> track(tracker("regionTop", 100, "regionRows", 21), film, 2));
        assertTrue(outside.getMessage().contains("regionRows 21, which is not within the 120"), outside.getMessage());
        var other = assertThrows(
                IllegalArgumentException.class,
                () -> track(tracker("background", NdArray.of(new float[6], 2, 3)), film, 2));
        assertTrue(other.getMessage().contains("120x160 pixels but has the shape (2, 3)"), other.getMessage());
    }

    // ------------------------------------------------------------------------------------------------ the laws

    @Test
    void shouldGiveTheSameForAnyChunksAndAfterARestore(@TempDir Path folder) throws Exception {
        Frames film = walk(50, 0.8, 0.1).noise(0.05, 5).frames();
        Map<String, Frames> whole = track(tracker(), film, 50);
        for (int dt : new int[] {1, 7}) {
            Map<String, Frames> cut = track(tracker(), film, dt);
            whole.forEach((name, frames) ->
                    assertArrayEquals(frames.values(), cut.get(name).values(), name + " with dt " + dt));
        }
        int size = film.shape().values();
        Frames first = new Frames(film.shape(), 20, Arrays.copyOf(film.values(), 20 * size));
        Frames rest = new Frames(film.shape(), 30, Arrays.copyOfRange(film.values(), 20 * size, 50 * size));
        Supplier<LayerRun> run = () -> LayerRun.of("vision.tracker", tracker())
                .resolution(RESOLUTION)
                .kernels(ScalarKernels.INSTANCE)
                .dt(8);
        LayerRun before = run.get();
        before.apply(first);
        before.save(folder.resolve("states.npz"));
        LayerRun after = run.get();
        after.prepare(film.shape());
        after.load(folder.resolve("states.npz"));
        Map<String, Frames> continued = after.apply(rest);
        whole.forEach((name, frames) -> {
            int values = frames.shape().values();
            assertArrayEquals(
                    Arrays.copyOfRange(frames.values(), 20 * values, 50 * values),
                    continued.get(name).values(),
                    name);
        });
    }

    @TestFactory
    Stream<DynamicContainer> shouldKeepTheLaws(@TempDir Path folder) {
        Supplier<Tracker> small = () -> tracker("minimumAreaPixels", 3);
        return Stream.of(
                        LayerContract.of("tracker", small, Shape.image(17, 33)).changing("threshold", 0.4),
                        LayerContract.of("tracker", small, new Shape(3, 7, 6)).changing("openingPixels", 2),
                        LayerContract.of("tracker", () -> tracker("animal", "bright"), Shape.image(1, 1))
                                .changing("adaptationSeconds", 3),
                        LayerContract.of(
                                        "tracker with a background",
                                        () -> tracker(
                                                "minimumAreaPixels", 2, "background", NdArray.of(new float[35], 5, 7)),
                                        Shape.image(5, 7))
                                .boundToExtent()
                                .changing("regionLeft", 2))
                .map(contract -> contract.range(0, 1).frames(60).givingMissing().laws(folder));
    }
}
