package org.amacrine.sources;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amacrine.core.component.Component;
import org.amacrine.core.component.Components;
import org.amacrine.core.layer.Names;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.FrameSource;
import org.amacrine.sources.arrays.ArraySource;
import org.amacrine.sources.arrays.Hdf5Source;
import org.amacrine.sources.arrays.InrSource;
import org.amacrine.sources.camera.CameraSource;
import org.amacrine.sources.digits.Digits;
import org.amacrine.sources.images.ImageSource;
import org.amacrine.sources.keypoints.KeypointSource;
import org.amacrine.sources.network.UdpSource;
import org.amacrine.sources.network.WebSocketSource;
import org.amacrine.sources.random.RandomSource;
import org.amacrine.sources.stimulus.Checkerboard;
import org.amacrine.sources.stimulus.Chirp;
import org.amacrine.sources.stimulus.ChirpSample;
import org.amacrine.sources.stimulus.DriftingGrating;
import org.amacrine.sources.stimulus.Flash;
import org.amacrine.sources.stimulus.MovingBar;
import org.amacrine.sources.stimulus.MovingBarSample;
import org.amacrine.sources.stimulus.MovingGratingSample;
import org.amacrine.sources.stimulus.PulseSample;
import org.amacrine.sources.stimulus.RandomCheckerSample;
import org.amacrine.sources.stimulus.RandomDots;
import org.amacrine.sources.stimulus.SparseSample;
import org.amacrine.sources.stimulus.WhiteNoise;
import org.amacrine.sources.video.VideoSource;

/** All sources of this module, for pipelines that name them. */
public final class SourceComponents implements Components {
    private static final List<Component<FrameSource>> SOURCES =
            Stream.concat(single().stream(), Digits.components().stream()).toList();

    private static List<Component<FrameSource>> single() {
        return List.of(
                RandomSource.component(),
                ArraySource.component(),
                Hdf5Source.component(),
                InrSource.component(),
                ImageSource.component(),
                VideoSource.component(),
                CameraSource.component(),
                KeypointSource.component(),
                WebSocketSource.component(),
                UdpSource.component(),
                DriftingGrating.component(),
                MovingBar.component(),
                RandomDots.component(),
                Checkerboard.component(),
                WhiteNoise.component(),
                Flash.component(),
                Chirp.component(),
                MovingGratingSample.component(),
                MovingBarSample.component(),
                RandomCheckerSample.component(),
                SparseSample.component(),
                PulseSample.component(),
                ChirpSample.component());
    }

    @Override
    public List<Component<FrameSource>> sources() {
        return SOURCES;
    }

    /**
     * Makes a source of this module, for programs: {@code source("stimulus.grating", Map.of("contrast", 0.5))}.
     *
     * @param name what the source is called in pipelines
     * @param settings values by name; those not given keep their defaults
     * @throws IllegalArgumentException for an unknown name, and for a value that is not allowed
     */
    public static FrameSource source(String name, Map<String, ?> settings) {
        List<String> names = SOURCES.stream().map(Component::name).toList();
        Component<FrameSource> component = SOURCES.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no source \"" + name + "\""
                        + Names.suggest(name, names) + "; there are " + String.join(", ", names)));
        ParameterTree chosen = component.settings();
        chosen.set(settings);
        return component.make(chosen);
    }
}
