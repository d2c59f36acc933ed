package org.amacrine.sources.stimulus;

import java.util.Arrays;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.GeneratedSource;
import org.amacrine.sources.Settings;

/**
 * The reference's sample {@code moving_bar}: 1 on a bar that crosses the frame again and again, else 0. With the
 * coordinates of {@link MovingGratingSample}, θ the direction, b = width / rows and W = 2 + b / 2, the bar is where
 *
 * <pre>
 *   | X sin θ - Y cos θ - position + W ((speed τ mod 2) - 1) + 0.005 | &lt;= b
 * </pre>
 *
 * <p>Unless it is sharp, each pixel is then smoothed along time by a Gaussian cut off at four standard deviations, the stream
 * being mirrored at its ends with the end frames repeated. That is computed frame by frame: nothing is kept.
 */
public final class MovingBarSample extends GeneratedSource {
    private final double position;
    private final double directionRadians;
    private final double width;
    private final double speed;
    /** Weights of the frames from -radius to radius. */
    private final double[] weights;
    /** X sin θ - Y cos θ - position of each pixel. */
    private double[] offsets;

    private double[] sums;

    /** A source with the settings of {@link #component()}. */
    MovingBarSample(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        position = chosen.get("position").number();
        directionRadians = chosen.get("directionRadians").number();
        width = chosen.get("width").number() / shape().rows();
        speed = chosen.get("speed").number();
        weights = gaussian(
                chosen.get("sharp").isOn() ? 0 : chosen.get("smoothingFrames").number());
    }

    /** Source {@code sample.moving-bar}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "sample.moving-bar",
                "The reference's sample: bar that crosses the frame",
                MovingBarSample::new,
                Samples.rows(),
                Samples.columns(),
                () -> Settings.level("position", -1)
                        .alias("bar_pos")
                        .doc("Position of the bar's way, in units of half a frame"),
                () -> Parameter.number("directionRadians", 0)
                        .unit("rad")
                        .alias("bar_direction")
                        .doc("Direction of the bar's way"),
                () -> Parameter.number("width", 1)
                        .above(0)
                        .atMost(1e6)
                        .alias("bar_width")
                        .doc("Half the width of the bar, in units of half a frame divided by the number of rows"),
                () -> Settings.level("speed", 0.01)
                        .unit("1/frame")
                        .alias("bar_v")
                        .doc("Part of half a crossing that passes with each frame"),
                () -> Parameter.flag("sharp", false).doc("Without smoothing along time"),
                () -> Parameter.number("smoothingFrames", 1)
                        .unit("frames")
                        .atLeast(0)
                        .atMost(10000)
                        .alias("temporal_smoothing")
                        .doc("Standard deviation of the smoothing along time; 0 for none"),
                Samples.frames());
    }

    private static double[] gaussian(double sigma) {
        int radius = (int) (4 * sigma + 0.5);
        double[] weights = new double[2 * radius + 1];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = radius == 0 ? 1 : Math.exp(-0.5 * (i - radius) * (i - radius) / (sigma * sigma));
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    @Override
    protected void prepare(SourceContext context) {
        double[] x = Samples.coordinates(shape().rows());
        double[] y = Samples.coordinates(shape().columns());
        offsets = new double[shape().pixels()];
        sums = new double[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = x[i / y.length] * Math.sin(directionRadians)
                    - y[i % y.length] * Math.cos(directionRadians)
                    - position;
        }
    }

    @Override
    protected void render(long index, float[] values) {
        Arrays.fill(sums, 0);
        int radius = weights.length / 2;
        for (int k = -radius; k <= radius; k++) {
            double way = way(mirror(index + k));
            double weight = weights[k + radius];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += Math.abs(offsets[i] + way + 0.005) <= width ? weight : 0;
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) sums[i];
        }
    }

    private double way(long index) {
        double time = Samples.linspace(0, frames(), frames(), index) * speed;
        double cycle = time - 2 * Math.floor(time / 2);
        return (2 + width / 2) * (cycle - 1);
    }

    /** The frame that stands for one before the first or after the last. */
    private long mirror(long index) {
        long within = Math.floorMod(index, 2 * frames());
        return within < frames() ? within : 2 * frames() - 1 - within;
    }
}
