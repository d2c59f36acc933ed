package org.amacrine.core.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckedLayerTest {
    private static final Shape SHAPE = new Shape(2, 3, 4);
    private CheckedLayer layer;

    @BeforeEach
    void prepare() {
        layer = new CheckedLayer("retina.gain", new TestLayers.Gain(2));
        layer.prepare(TestLayers.context("retina.gain", 5, SHAPE));
    }

    private static Chunk zeros(long firstFrame, int frames) {
        return TestLayers.chunk(SHAPE, firstFrame, new float[frames * SHAPE.values()]);
    }

    private static Chunk[] room() {
        return new Chunk[] {Chunk.unpooled(SHAPE, 5)};
    }

    private LayerException refusal(Chunk in) {
        return assertThrows(LayerException.class, () -> layer.process(new Chunk[] {in}, room()));
    }

    @Test
    void shouldFillInHeaders() {
        Chunk in = zeros(40, 3);
        in.begin(40, 2);
        in.frames(3);
        in.values()[SHAPE.values()] = 1.5f;
        in.captureNanos(2, 777);
        Chunk[] out = room();

        layer.process(new Chunk[] {in}, out);

        assertEquals(3, out[0].frames());
        assertEquals(40, out[0].firstFrame());
        assertEquals(2, out[0].framesLostBefore());
        assertEquals(777, out[0].captureNanos(2));
        assertEquals(3, out[0].values()[out[0].start(1)]);
        assertEquals(43, layer.nextFrame());
    }

    @ParameterizedTest
    @CsvSource({"NaN,0,0,0,0", "Infinity,2,1,2,3", "-Infinity,1,1,0,1", "NaN,4,0,2,0"})
    void shouldNameFrameAndPixelOfAValueThatIsNotFinite(float bad, int frame, int channel, int row, int column) {
        Chunk in = zeros(1_000_000_000_000L, 5);
        in.values()[in.start(frame) + (channel * 3 + row) * 4 + column] = bad;
        in.values()[in.values().length - 1] = Float.NaN;

        LayerException e = refusal(in);

        assertEquals(
                "layer retina.gain at frame " + (1_000_000_000_000L + frame) + ": channel " + channel + ", row " + row
                        + ", column " + column + " is " + bad + "; replace it before it reaches the layer",
                e.getMessage());
        assertEquals("retina.gain", e.layer());
        assertEquals(1_000_000_000_000L + frame, e.frame());
    }

    @Test
    void shouldPassNanOnToALayerThatTakesMissingValuesButNotInfinity() {
        layer = new CheckedLayer("retina.gain", new TestLayers.Gain(2) {
            @Override
            public boolean takesMissing(String input) {
                return input.equals("input");
            }
        });
        layer.prepare(TestLayers.context("retina.gain", 5, SHAPE));
        Chunk in = zeros(0, 5);
        in.values()[0] = Float.NaN;
        in.values()[in.start(2) + 3] = Float.NaN;
        in.values()[in.values().length - 1] = Float.NaN;
        Chunk[] out = room();

        layer.process(new Chunk[] {in}, out);

        assertEquals(Float.NaN, out[0].values()[in.start(2) + 3]);
        assertEquals(0, out[0].values()[in.start(2) + 4]);
        in.values()[in.start(3) + 1] = Float.POSITIVE_INFINITY;
        assertEquals(3, refusal(in).frame());
    }

    @Test
    void shouldLookOnlyAtTheFramesOfAWindow() {
        Chunk in = zeros(0, 5);
        in.values()[0] = Float.NaN;
        in.values()[in.start(4)] = Float.NaN;
        Chunk[] out = room();

        layer.process(new Chunk[] {Chunk.window().show(in, 1, 3)}, out);

        assertEquals(3, out[0].frames());
        assertEquals(3, refusal(Chunk.window().show(in, 3, 2)).frame() - 1);
    }

    @Test
    void shouldRejectFramesOfAnotherExtent() {
        Chunk in = TestLayers.chunk(new Shape(2, 4, 3), 7, new float[24]);

        assertEquals(
                "layer retina.gain at frame 7: it was prepared for 2x3x4 frames but the chunk holds 2x4x3; resize the"
                        + " source or prepare again",
                refusal(in).getMessage());
    }

    @Test
    void shouldRejectAChunkWithoutFrames() {
        assertEquals(
                "layer retina.gain at frame 9: the chunk holds no frames; send chunks of 1 to 5 frames, and complete"
                        + " the stream at its end",
                refusal(zeros(9, 0)).getMessage());
    }

    @Test
    void shouldRejectAChunkThatIsTooLong() {
        assertEquals(
                "layer retina.gain at frame 9: the chunk holds 6 frames but the layer was prepared for at most 5; set"
                        + " dt to the longest chunk",
                refusal(zeros(9, 6)).getMessage());
    }

    @Test
    void shouldRejectInputsOfDifferentFrames() {
        CheckedLayer both = new CheckedLayer("both", new TestLayers.SumAndDifference());
        both.prepare(TestLayers.context("both", 5, SHAPE, SHAPE));
        Chunk[] out = {room()[0], room()[0]};

        var later = assertThrows(LayerException.class, () -> both.process(new Chunk[] {zeros(4, 2), zeros(6, 2)}, out));
        assertEquals(
                "layer both at frame 4: its inputs must hold the same frames but were chunk output[4..6) 2x3x4 and"
                        + " chunk output[6..8) 2x3x4; cut both streams alike",
                later.getMessage());
        assertThrows(LayerException.class, () -> both.process(new Chunk[] {zeros(4, 2), zeros(4, 3)}, out));
    }

    @Test
    void shouldNotCountFramesThatItRefused() {
        refusal(zeros(0, 6));
        assertEquals(0, layer.nextFrame());
    }

    @Test
    void shouldNameTheLayerWhenItFails() {
        CheckedLayer fragile =
                new CheckedLayer("retina.fragile", new TestLayers.Fragile(new ArithmeticException("it broke")));
        fragile.prepare(TestLayers.context("retina.fragile", 5, SHAPE));
        Chunk in = zeros(12, 2);
        in.values()[0] = 101;

        var e = assertThrows(LayerException.class, () -> fragile.process(new Chunk[] {in}, room()));

        assertEquals("layer retina.fragile at frame 12: it broke", e.getMessage());
        assertEquals(ArithmeticException.class, e.getCause().getClass());
    }

    @Test
    void shouldKeepAnErrorThatNamesAPartAlready() {
        LayerException own = new LayerException("retina.part", 13, "it broke", null);
        CheckedLayer fragile = new CheckedLayer("retina", new TestLayers.Fragile(own));
        fragile.prepare(TestLayers.context("retina", 5, SHAPE));
        Chunk in = zeros(12, 2);
        in.values()[0] = 101;

        assertSame(own, assertThrows(LayerException.class, () -> fragile.process(new Chunk[] {in}, room())));
    }

    @Test
    void shouldNameTheLayerThatCannotBePrepared() {
        CheckedLayer half = new CheckedLayer("half", new TestLayers.EverySecondRow());

        var e = assertThrows(
                IllegalArgumentException.class, () -> half.prepare(TestLayers.context("half", 5, Shape.image(1, 4))));

        assertEquals("layer half: frames need at least 2 rows but have the extent 1x1x4", e.getMessage());
    }

    @Test
    void shouldBeginAgainWithAnotherExtent() {
        layer.process(new Chunk[] {zeros(0, 4)}, room());
        Shape other = Shape.image(1, 2);

        assertEquals(List.of(other), layer.prepare(TestLayers.context("retina.gain", 1, other)));
        assertEquals(List.of(other), layer.outputShapes());
        assertEquals(0, layer.nextFrame());
        Chunk[] out = {Chunk.unpooled(other, 1)};
        layer.process(new Chunk[] {TestLayers.chunk(other, 0, 1, 2)}, out);

        assertArrayEquals(new float[] {2, 4}, out[0].toArray());
    }
}
