package org.amacrine.sources.stimulus;

import java.util.Arrays;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.GeneratedSource;
import org.amacrine.sources.Settings;

/**
 * A random dot kinematogram: dots that all move at the same speed, a part of them, the coherence, in one direction, the others
 * each in a direction of its own. At the end of its life a dot begins anew elsewhere, and it is drawn anew whether it is
 * coherent; lives end spread over time. Dots that leave the frame come in on the opposite side.
 *
 * <p>Place and direction of a dot are counter-based random numbers of (seed, dot, life), so a frame depends on its index
 * alone. Dots are discs whose edge is smoothed over one pixel; where they overlap, nothing adds up.
 */
public final class RandomDots extends GeneratedSource {
    private static final int MAX_DOTS = 1 << 20;
    private static final int BIRTH_X = 0;
    private static final int BIRTH_Y = 1;
    private static final int COHERENT = 2;
    private static final int DIRECTION = 3;
    private static final int AGE = 4;

    private final double density;
    private final double dotDiameterDegrees;
    private final double speed;
    private final double directionRadians;
    private final double coherence;
    private final double lifetimeSeconds;
    private final float background;
    private final float luminance;
    private final long[] keys = new long[AGE + 1];
    private int dots;
    private double radius;
    private double pixelsPerFrame;
    private long lifetime;
    private double width;
    private double height;

    /** A source with the settings of {@link #component()}. */
    RandomDots(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        density = chosen.get("density").number();
        dotDiameterDegrees = chosen.get("dotDiameterDegrees").number();
        speed = chosen.get("speed").number();
        directionRadians = Math.toRadians(chosen.get("directionDegrees").number());
        coherence = chosen.get("coherence").number();
        lifetimeSeconds = chosen.get("lifetimeSeconds").number();
        background = (float) chosen.get("background").number();
        luminance = (float) chosen.get("luminance").number();
    }

    /** Source {@code stimulus.dots}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "stimulus.dots",
                "Random dot kinematogram",
                RandomDots::new,
                Settings.rows(64),
                Settings.columns(64),
                () -> Parameter.number("density", 2).unit("dots/deg²").above(0).doc("Number of dots per square degree"),
                Stimuli.degrees("dotDiameterDegrees", 0.2, "Diameter of a dot"),
                Stimuli.speed("Speed of every dot"),
                Stimuli.direction("coherent dots move"),
                () -> Parameter.number("coherence", 0.5)
                        .atLeast(0)
                        .atMost(1)
                        .doc("Part of the dots that move in the common direction, from 0 to 1"),
                Stimuli.seconds("lifetimeSeconds", 0.2, "Time after which a dot begins anew elsewhere; 0 for never"),
                Stimuli.background(0),
                Stimuli.luminance("the dots", 1),
                Settings.frames());
    }

    @Override
    protected void prepare(SourceContext context) {
        Resolution resolution = context.resolution();
        double ppd = resolution.pixelsPerDegree();
        radius = resolution.toPixels(dotDiameterDegrees) / 2;
        // A margin of a dot around the frame, so that dots come and go in parts.
        width = shape().columns() + 2 * radius;
        height = shape().rows() + 2 * radius;
        double count = Math.rint(density * width * height / (ppd * ppd));
        if (count < 1 || count > MAX_DOTS) {
            throw new IllegalArgumentException("density " + density + " dots/deg² gives " + (long) count
                    + " dots on a frame of " + shape() + " at " + ppd
                    + " pixels per degree; choose one that gives 1 to "
                    + MAX_DOTS);
        }
        dots = (int) count;
        pixelsPerFrame = resolution.toPixels(speed) / resolution.stepsPerSecond();
        lifetime = lifetimeSeconds == 0 ? 0 : Math.max(1, Math.round(resolution.toSteps(lifetimeSeconds)));
        for (int purpose = 0; purpose < keys.length; purpose++) {
            keys[purpose] = CounterRandom.key(context.seed(), context.name(), purpose);
        }
    }

    @Override
    protected void render(long index, float[] values) {
        Arrays.fill(values, background);
        for (int dot = 0; dot < dots; dot++) {
            long life = 0;
            long age = index;
            if (lifetime > 0) {
                long time = index + (long) (random(AGE, 0, dot) * lifetime);
                life = time / lifetime;
                age = time % lifetime;
            }
            double direction = random(COHERENT, life, dot) < coherence
                    ? directionRadians
                    : 2 * Math.PI * random(DIRECTION, life, dot);
            double way = age * pixelsPerFrame;
            double x = wrap(random(BIRTH_X, life, dot) * width + way * Math.cos(direction), width);
            double y = wrap(random(BIRTH_Y, life, dot) * height - way * Math.sin(direction), height);
            draw(x - radius - 0.5, y - radius - 0.5, values);
        }
    }

    private float random(int purpose, long life, int dot) {
        return CounterRandom.uniform(keys[purpose], life, dot);
    }

    private static double wrap(double position, double extent) {
        return position - extent * Math.floor(position / extent);
    }

    /** Draws a disc; the middle of the first pixel is at (0, 0), y goes down. */
    private void draw(double x, double y, float[] values) {
        int columns = shape().columns();
        int top = (int) Math.max(0, Math.ceil(y - radius - 0.5));
        int bottom = (int) Math.min(shape().rows() - 1.0, Math.floor(y + radius + 0.5));
        int left = (int) Math.max(0, Math.ceil(x - radius - 0.5));
        int right = (int) Math.min(columns - 1.0, Math.floor(x + radius + 0.5));
        float step = luminance - background;
        for (int i = top; i <= bottom; i++) {
            for (int j = left; j <= right; j++) {
                double distance = Math.sqrt((i - y) * (i - y) + (j - x) * (j - x));
                float cover = (float) Math.min(1, radius - distance + 0.5);
                int at = i * columns + j;
                float value = Math.fma(step, cover, background);
                if (cover > 0 && (step > 0 ? value > values[at] : value < values[at])) {
                    values[at] = value;
                }
            }
        }
    }
}
