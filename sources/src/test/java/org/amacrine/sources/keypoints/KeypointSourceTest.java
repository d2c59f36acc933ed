package org.amacrine.sources.keypoints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.sources.SourceComponents;
import org.amacrine.sources.TestSources;
import org.junit.jupiter.api.Test;

class KeypointSourceTest {
    private static final Resolution RESOLUTION = Resolution.of(10, 30);
    private static final float NONE = Float.NaN;

    private static FrameSource source(String file, Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("file", KeypointFileTest.resource(file).toString());
        return SourceComponents.source("keypoints", all);
    }

    private static Frames play(String file, Map<String, ?> settings) throws Exception {
        return TestSources.frames(source(file, settings), RESOLUTION, 100);
    }

    @Test
    void shouldPlayColumnAndRowOfEachBodyPart() throws Exception {
        Frames frames = play("dlc.csv", Map.of());

        assertEquals(Shape.vector(4), frames.shape());
        assertArrayEquals(
                new float[] {10, 20, 30, 40, NONE, NONE, 30, 40, 12, 20.5f, NONE, NONE, 13, 21, 30.25f, 40},
                frames.values());
    }

    @Test
    void shouldPassOnPointsOfAnyConfidenceWhenAsked() throws Exception {
        Frames frames = play("dlc.csv", Map.of("pcutoff", 0));

        assertArrayEquals(new float[] {11, 20, 30, 40}, TestSources.frame(frames, 1));
    }

    @Test
    void shouldPlayTheBodyPartsThatAreAskedForInTheirOrder() throws Exception {
        Frames frames = play("dlc.csv", Map.of("bodyParts", "tail base, nose"));

        assertArrayEquals(new float[] {30, 40, 10, 20}, TestSources.frame(frames, 0));
        assertEquals(
                Shape.vector(2), play("dlc.csv", Map.of("bodyParts", "nose")).shape());
    }

    @Test
    void shouldPlayOneAnimalOfSeveral() throws Exception {
        Frames frames = play("dlc_multi_table.h5", Map.of("animal", "m2"));

        assertArrayEquals(new float[] {101, 101.5f, 111, 111.5f}, TestSources.frame(frames, 1));
        assertArrayEquals(new float[] {NONE, NONE, NONE, NONE}, TestSources.frame(frames, 2));
    }

    @Test
    void shouldPlayAllAnimalsSideBySide() throws Exception {
        Frames frames = play("sleap.analysis.h5", Map.of("animal", "all"));

        assertEquals(new Shape(4, 2, 1), frames.shape());
        assertArrayEquals(new float[] {1, 101, 1.5f, 101.5f, 11, 111, 11.5f, 111.5f}, TestSources.frame(frames, 1));
        assertArrayEquals(new float[] {2, NONE, 2.5f, NONE, 12, NONE, 12.5f, NONE}, TestSources.frame(frames, 2));
    }

    @Test
    void shouldSayItsRateAndPlaySeveralTimes() throws Exception {
        Map<String, ?> settings = Map.of("framesPerSecond", 20, "repeat", 2, "startSeconds", 0.1);
        try (FrameSource source = source("dlc.csv", settings)) {
            assertEquals(new SourceFormat(Shape.vector(4), 20, 4, false), source.open(TestSources.context(RESOLUTION)));
        }
        assertEquals(12, play("dlc.csv", settings).at(0, 0, 0));
    }

    @Test
    void shouldAskWhichAnimalIsMeant() {
        TestSources.assertFails(
                IllegalArgumentException.class,
                () -> play("dlc_multi.csv", Map.of()),
                "has the animals [m1, m2]; choose one of them, or all");
        TestSources.assertFails(
                IllegalArgumentException.class,
                () -> play("dlc_multi.csv", Map.of("animal", "m3")),
                "no animal \"m3\"",
                "did you mean");
        TestSources.assertFails(
                IllegalArgumentException.class,
                () -> play("dlc.csv", Map.of("bodyParts", "nose,tailbase")),
                "no body part \"tailbase\"",
                "did you mean \"tail base\"?");
    }
}
