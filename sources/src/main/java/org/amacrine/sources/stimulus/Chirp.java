package org.amacrine.sources.stimulus;

import java.util.function.Supplier;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.sources.Settings;

/**
 * The chirp by which types of retinal ganglion cells are told apart (Baden, Berens, Franke, Román Rosón, Bethge, Euler 2016):
 * a bright step, then sines of rising frequency, then sines of rising contrast, over the whole field; again and again.
 *
 * <pre>
 *   beforeSeconds     dark
 *   onSeconds         bright
 *   offSeconds        dark
 *   greySeconds       grey
 *   frequencySeconds  sine around grey, fromHertz to toHertz, of full contrast
 *   greySeconds       grey
 *   contrastSeconds   sine around grey, contrastHertz, of contrast 0 to 1
 *   greySeconds       grey
 *   afterSeconds      dark
 * </pre>
 *
 * <p>In the frequency sweep, with T its length, {@code f(t) = from + (to - from) t / T} is the frequency at time t, and the
 * phase is its integral. In the contrast sweep the amplitude rises evenly. Both begin at phase 0. Segments are rounded
 * to whole steps.
 */
public final class Chirp extends FullField {
    private static final String[] SEGMENTS = {
        "beforeSeconds",
        "onSeconds",
        "offSeconds",
        "greySeconds",
        "frequencySeconds",
        "greySeconds",
        "contrastSeconds",
        "greySeconds",
        "afterSeconds"
    };

    private final double[] seconds = new double[SEGMENTS.length];
    private final double fromHertz;
    private final double toHertz;
    private final double contrastHertz;
    private final double dark;
    private final double bright;
    /** Frame after the last one of each segment. */
    private final long[] ends = new long[SEGMENTS.length];

    private double stepSeconds;

    /** A source with the settings of {@link #component()}. */
    Chirp(ParameterTree chosen) {
        super(Settings.image(chosen), Settings.frames(chosen));
        for (int i = 0; i < SEGMENTS.length; i++) {
            seconds[i] = chosen.get(SEGMENTS[i]).number();
        }
        fromHertz = chosen.get("fromHertz").number();
        toHertz = chosen.get("toHertz").number();
        contrastHertz = chosen.get("contrastHertz").number();
        dark = chosen.get("dark").number();
        bright = chosen.get("bright").number();
    }

    /** Source {@code stimulus.chirp}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "stimulus.chirp",
                "Full-field chirp: a step, a sweep of frequency, a sweep of contrast",
                Chirp::new,
                Settings.rows(64),
                Settings.columns(64),
                Stimuli.seconds("beforeSeconds", 2, "Length of the dark before the step"),
                Stimuli.seconds("onSeconds", 3, "Length of the bright step"),
                Stimuli.seconds("offSeconds", 3, "Length of the dark after the step"),
                Stimuli.seconds("greySeconds", 2, "Length of the grey before, between and after the sweeps"),
                Stimuli.seconds("frequencySeconds", 8, "Length of the sweep of frequency"),
                hertz("fromHertz", 0.5, "Frequency at the beginning of the sweep"),
                hertz("toHertz", 8, "Frequency at the end of the sweep"),
                Stimuli.seconds("contrastSeconds", 8, "Length of the sweep of contrast"),
                hertz("contrastHertz", 2, "Frequency during the sweep of contrast"),
                Stimuli.seconds("afterSeconds", 2, "Length of the dark at the end"),
                () -> Settings.level("dark", 0).doc("Luminance of the dark"),
                () -> Settings.level("bright", 1).doc("Luminance of the bright step; grey lies midway"),
                Settings.frames());
    }

    private static Supplier<Parameter> hertz(String name, double otherwise, String doc) {
        return () -> Parameter.number(name, otherwise).unit("Hz").atLeast(0).doc(doc);
    }

    @Override
    protected void prepare(SourceContext context) {
        Resolution resolution = context.resolution();
        double highest = Math.max(contrastHertz, Math.max(fromHertz, toHertz));
        Stimuli.requireAtMost(
                "the highest frequency", highest, resolution.stepsPerSecond() / 2, "half the steps per second");
        stepSeconds = resolution.stepSeconds();
        double end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += seconds[i];
            ends[i] = Math.round(resolution.toSteps(end));
        }
        if (ends[ends.length - 1] == 0) {
            throw new IllegalArgumentException("the chirp lasts " + end + " s, less than a step of " + stepSeconds
                    + " s; make its segments longer");
        }
    }

    @Override
    double luminance(long index) {
        long time = index % ends[ends.length - 1];
        int segment = 0;
        while (time >= ends[segment]) {
            segment++;
        }
        double t = (segment == 0 ? time : time - ends[segment - 1]) * stepSeconds;
        double grey = (dark + bright) / 2;
        double amplitude = (bright - dark) / 2;
        return switch (SEGMENTS[segment]) {
            case "onSeconds" -> bright;
            case "greySeconds" -> grey;
            case "frequencySeconds" ->
                grey
                        + amplitude
                                * Math.sin(2
                                        * Math.PI
                                        * t
                                        * (fromHertz + (toHertz - fromHertz) * t / (2 * seconds[segment])));
            case "contrastSeconds" ->
                grey + amplitude * t / seconds[segment] * Math.sin(2 * Math.PI * contrastHertz * t);
            default -> dark;
        };
    }
}
