package org.amacrine.sources.stimulus;

import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.GeneratedSource;
import org.amacrine.sources.Settings;

/**
 * A drifting grating: with u the distance from the middle of the frame along the direction, in degrees, and t the time in
 * seconds,
 *
 * <pre>
 *   luminance = mean (1 + contrast w(2π (spatialFrequency u - temporalFrequencyHertz t) + phase))
 * </pre>
 *
 * <p>where w is a sine, or a square wave of -1 and 1. {@code contrast} is Michelson's. The edges of the square wave are ramps
 * one pixel wide, and the mean is shown where an edge falls on the middle of a pixel. With an aperture, the mean is shown
 * outside a disc in the middle of the frame, whose edge is smoothed over one pixel.
 */
public final class DriftingGrating extends GeneratedSource {
    /** Steepness of a square wave that does not change from pixel to pixel. */
    private static final double STEEPEST = 1e9;

    private final double directionDegrees;
    private final double spatialFrequency;
    private final double temporalFrequencyHertz;
    private final double contrast;
    private final double mean;
    private final double phase;
    private final boolean square;
    private final double diameterDegrees;
    private Resolution resolution;
    private PlaneWave wave;
    private float[] aperture;
    private double steepness;

    /** A source with the settings of {@link #component()}. */
    DriftingGrating(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        directionDegrees = chosen.get("directionDegrees").number();
        spatialFrequency = chosen.get("spatialFrequency").number();
        temporalFrequencyHertz = chosen.get("temporalFrequencyHertz").number();
        contrast = chosen.get("contrast").number();
        mean = chosen.get("mean").number();
        phase = Math.toRadians(chosen.get("phaseDegrees").number());
        square = chosen.get("waveform").text().equals("square");
        diameterDegrees = chosen.get("diameterDegrees").number();
    }

    /** Source {@code stimulus.grating}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "stimulus.grating",
                "Drifting sine or square grating",
                DriftingGrating::new,
                Settings.rows(64),
                Settings.columns(64),
                Stimuli.direction("the grating drifts"),
                () -> Parameter.number("spatialFrequency", 0.5)
                        .unit("cycles/deg")
                        .atLeast(0)
                        .doc("Cycles per degree of visual angle; at most half the pixels per degree"),
                () -> Parameter.number("temporalFrequencyHertz", 4)
                        .unit("Hz")
                        .atLeast(0)
                        .doc("Cycles per second that pass a point; at most half the steps per second"),
                Stimuli.contrast(),
                Stimuli.mean(),
                () -> Parameter.number("phaseDegrees", 0)
                        .unit("deg")
                        .doc("Phase in the middle of the first frame; 360 is a whole cycle"),
                () -> Parameter.text("waveform", "sine")
                        .choices("sine", "square")
                        .doc("Shape of the wave"),
                Stimuli.degreesOrZero("diameterDegrees", "Diameter of the round aperture; 0 for none"),
                Settings.frames());
    }

    @Override
    protected void prepare(SourceContext context) {
        resolution = context.resolution();
        Stimuli.requireAtMost(
                "spatialFrequency", spatialFrequency, resolution.pixelsPerDegree() / 2, "half the pixels per degree");
        Stimuli.requireAtMost(
                "temporalFrequencyHertz",
                temporalFrequencyHertz,
                resolution.stepsPerSecond() / 2,
                "half the steps per second");
        Shape shape = shape();
        double perPixel = 2 * Math.PI * spatialFrequency / resolution.pixelsPerDegree();
        double angle = Math.toRadians(directionDegrees);
        double[] rowPhase = new double[shape.rows()];
        double[] columnPhase = new double[shape.columns()];
        for (int i = 0; i < rowPhase.length; i++) {
            rowPhase[i] = perPixel * Math.sin(angle) * Field.y(i, shape);
        }
        for (int j = 0; j < columnPhase.length; j++) {
            columnPhase[j] = perPixel * Math.cos(angle) * Field.x(j, shape);
        }
        wave = new PlaneWave(rowPhase, columnPhase);
        steepness = Math.min(STEEPEST, 1 / Math.sin(perPixel / 2));
        aperture = diameterDegrees == 0 ? null : disc(resolution.toPixels(diameterDegrees) / 2);
    }

    private float[] disc(double radiusPixels) {
        Shape shape = shape();
        float[] disc = new float[shape.pixels()];
        for (int i = 0; i < disc.length; i++) {
            double distance = Math.hypot(Field.x(i % shape.columns(), shape), Field.y(i / shape.columns(), shape));
            disc[i] = (float) Math.max(0, Math.min(1, radiusPixels - distance + 0.5));
        }
        return disc;
    }

    @Override
    protected void render(long index, float[] values) {
        double now = phase - 2 * Math.PI * Stimuli.cyclePhase(index, temporalFrequencyHertz, resolution);
        if (square) {
            wave.render(now, steepness, 0, values);
            float amplitude = (float) (contrast * mean);
            float offset = (float) mean;
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.fma(amplitude, Math.max(-1f, Math.min(1f, values[i])), offset);
            }
        } else {
            wave.render(now, contrast * mean, mean, values);
        }
        if (aperture != null) {
            float offset = (float) mean;
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.fma(aperture[i], values[i] - offset, offset);
            }
        }
    }
}
