package org.amacrine.operators.spiking;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.Parameter;

/** The neurons that pipelines can name. */
public final class SpikingLayers {
    private SpikingLayers() {}

    private static String currents() {
        return Arrays.stream(Izhikevich.Preset.values())
                .filter(preset -> preset.current() != 0)
                .map(preset -> preset.word() + " " + preset.current())
                .collect(Collectors.joining(", "));
    }

    /** One component for each kind of neuron. */
    public static List<Component<Layer>> components() {
        return List.of(
                Component.of(
                        "spiking.poisson",
                        "Spikes by chance: the input is their probability",
                        s -> new Poisson("spiking.poisson")),
                Component.of(
                        "spiking.lif",
                        "Leaky integrate-and-fire cells with noise",
                        s -> new LeakyIntegrateAndFire("spiking.lif", false)),
                Component.of(
                        "spiking.lif-refractory",
                        "Leaky integrate-and-fire cells with noise and a refractory time",
                        s -> new LeakyIntegrateAndFire("spiking.lif-refractory", true)),
                Component.of(
                        "spiking.izhikevich",
                        "Izhikevich's cells, with twenty presets",
                        s -> new Izhikevich(
                                "spiking.izhikevich",
                                Izhikevich.Preset.of(s.get("preset").text()),
                                List.of(s.get("outputs").text().split(","))),
                        () -> Parameter.text("preset", Izhikevich.Preset.TONIC_SPIKING.word())
                                .choices(Arrays.stream(Izhikevich.Preset.values())
                                        .map(Izhikevich.Preset::word)
                                        .toArray(String[]::new))
                                .doc("Constants of a known way to fire; suggested inputs: " + currents()),
                        () -> Parameter.text("outputs", "spikes")
                                .choices(Izhikevich.OUTPUTS.toArray(String[]::new))
                                .several()
                                .doc("What is given out; spikes always are")),
                Component.of(
                        "spiking.fitzhugh-nagumo",
                        "FitzHugh's and Nagumo's cells",
                        s -> new FitzHughNagumo("spiking.fitzhugh-nagumo")),
                Component.of(
                        "spiking.hodgkin-huxley",
                        "Hodgkin's and Huxley's cells",
                        s -> new HodgkinHuxley("spiking.hodgkin-huxley")),
                Component.of(
                        "spiking.motion-sensor",
                        "Spikes where the input has changed by a threshold",
                        s -> new MotionSensor(
                                "spiking.motion-sensor",
                                MotionSensor.Mode.valueOf(s.get("mode").text().toUpperCase(Locale.ROOT))),
                        () -> Parameter.text("mode", "linear")
                                .choices("linear", "logarithmic")
                                .doc("Whether changes are sums or ratios")));
    }
}
