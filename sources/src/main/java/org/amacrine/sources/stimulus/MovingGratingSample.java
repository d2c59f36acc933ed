package org.amacrine.sources.stimulus;

import org.amacrine.core.component.Component;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.GeneratedSource;
import org.amacrine.sources.Settings;

/**
 * The reference's sample {@code moving_grating}: {@code sin(timeFrequency τ + rowFrequency X + columnFrequency Y)} with τ from
 * 0 to the number of frames, and X and Y from -1 to 1 over rows and columns, ends included. Frequencies are in radians for
 * each unit of these coordinates.
 */
public final class MovingGratingSample extends GeneratedSource {
    private final double timeFrequency;
    private final double rowFrequency;
    private final double columnFrequency;
    private PlaneWave wave;

    /** A source with the settings of {@link #component()}. */
    MovingGratingSample(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        timeFrequency = chosen.get("timeFrequency").number();
        rowFrequency = chosen.get("rowFrequency").number();
        columnFrequency = chosen.get("columnFrequency").number();
    }

    /** Source {@code sample.moving-grating}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "sample.moving-grating",
                "The reference's sample: drifting sine grating from -1 to 1",
                MovingGratingSample::new,
                Samples.rows(),
                Samples.columns(),
                () -> Settings.level("timeFrequency", 1 / 200.0)
                        .unit("rad/frame")
                        .alias("vt")
                        .doc("Phase from frame to frame"),
                () -> Settings.level("rowFrequency", 3)
                        .unit("rad")
                        .alias("vx")
                        .doc("Phase from the middle row to the last one"),
                () -> Settings.level("columnFrequency", 2)
                        .unit("rad")
                        .alias("vy")
                        .doc("Phase from the middle column to the last one"),
                Samples.frames());
    }

    @Override
    protected void prepare(SourceContext context) {
        wave = new PlaneWave(phases(rowFrequency, shape().rows()), phases(columnFrequency, shape().columns()));
    }

    private static double[] phases(double frequency, int count) {
        double[] phases = Samples.coordinates(count);
        for (int i = 0; i < count; i++) {
            phases[i] *= frequency;
        }
        return phases;
    }

    @Override
    protected void render(long index, float[] values) {
        wave.render(timeFrequency * Samples.linspace(0, frames(), frames(), index), 1, 0, values);
    }
}
